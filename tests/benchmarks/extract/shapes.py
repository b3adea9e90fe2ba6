"""Pages of a size or depth that nobody writes by hand, by what they have too much of."""

from collections.abc import Callable
from typing import Final

_WORDS: Final = "The ferry was late again, and nobody on the quay knew when it would come. "
_HEAD: Final = "<!doctype html><html lang=en><head><title>The ferry</title></head><body><article>"
_STORY: Final = f"<h1>The ferry</h1><p>{_WORDS * 12}</p><p>{_WORDS * 9}</p>"


def _repeated(unit: str) -> Callable[[int], str]:
    return lambda count: _HEAD + _STORY + unit * count


def _nested(opening: str, closing: str) -> Callable[[int], str]:
    return lambda depth: _HEAD + _STORY + opening * depth + _WORDS + closing * depth


def _numbered(unit: str, count: int) -> str:
    return " ".join(map(unit.format, range(count)))


def _json_ld(text: str) -> str:
    return f"{_HEAD}<script type='application/ld+json'>{text}</script>{_STORY}"


# A shape makes a page of `count` elements, of about `count` characters, or `count` levels deep.
BY_ELEMENTS: Final[dict[str, Callable[[int], str]]] = {
    "paragraphs": _repeated(f"<p>{_WORDS}</p>"),
    "empty elements": _repeated("<div></div>"),
    "links": _repeated("<a href='/a'>Harbour news</a> "),
    "cards": _repeated("<div class=card><h3><a href='/a'>Harbour</a></h3><p>News</p></div>"),
    "list items": lambda count: _HEAD + _STORY + "<ul>" + "<li>A rope" * count,
    "nested lists": _repeated("<ul><li>A<ul><li>B<ol><li>C</ol></ul></ul>"),
    "cells": lambda count: _HEAD + _STORY + "<table>" + "<tr><td>1<td>2<td>3" * count,
    "pictures": _repeated("<figure><img src=/a.jpg><figcaption>A quay</figcaption></figure>"),
    "same pictures": _repeated("<img src=/a.jpg>"),
    "headings": _repeated("<h2>Fares</h2>"),
    "questions": _repeated(f"<h3>When does the ferry leave?</h3><p>{_WORDS}</p>"),
    "folded answers": lambda count: (
        _HEAD
        + _STORY
        + "".join(
            f"<button aria-controls=p{n}>Why {n}?</button><div id=p{n} hidden>{_WORDS}</div>"
            for n in range(count)
        )
    ),
    "definitions": lambda count: _HEAD + _STORY + "<dl>" + "<dt>Why?<dd>Because" * count,
    "bold words": _repeated("<b>rope</b> "),
    "line breaks": _repeated("• rope<br>"),
    "quotes": _repeated("<blockquote>A word.</blockquote>"),
    "code": _repeated("<pre><code>x = 1\n</code></pre>"),
    "footnotes": lambda count: _HEAD + _STORY + "<ol>" + "<li id=fn1>A note ↩" * count,
    "unclosed": _repeated("<div><p><b>"),
    "scripts": _repeated("<script>var a = 1;</script>"),
    "forms": _repeated("<form><input><select><option>a</select></form>"),
    "frames": _repeated("<iframe src=/a></iframe>"),
    "attributes": lambda count: _HEAD + f"<div {_numbered('a{}=1', count)}>" + _STORY,
    "namespaces": lambda count: _HEAD + f"<div {_numbered('xmlns:a{0}=u:{0}', count)}>" + _STORY,
    "classes": lambda count: _HEAD + f"<div class='{_numbered('c{}', count)}'>" + _STORY,
    "addresses": lambda count: _HEAD + _STORY + _numbered("<p id=a{0}><a href=#a{0}>b</a>", count),
    "anchors": lambda count: _HEAD + _STORY + _numbered("<a href=/news/{0}>Ferry {0}</a>", count),
    "titles": lambda count: "<title>A</title>" * count + _HEAD + _STORY,
    "tags in a title": lambda count: f"<title>{'<b>' * count}</title>{_HEAD}{_STORY}",
    "tags of an article": lambda count: (
        "<meta property=article:tag content=quay>" * count + _HEAD + _STORY
    ),
    "data scripts": _repeated('<script type=\'application/ld+json\'>{"@type":"Event"}</script>'),
    "stated articles": lambda count: _json_ld(
        "[" + '{"@type":"NewsArticle","author":{"name":"Ann"}},' * count + "1]"
    ),
    "microdata": _repeated("<div itemscope itemtype=//schema.org/Article><b itemprop=author>A</b>"),
    "documents": lambda count: _HEAD + _STORY + "</body></html><p>A" * count,
}
BY_CHARACTERS: Final[dict[str, Callable[[int], str]]] = {
    "one paragraph": lambda size: f"{_HEAD}{_STORY}<p>{_WORDS * (size // len(_WORDS))}",
    "one word": lambda size: f"{_HEAD}{_STORY}<p>{'a' * size}",
    "one number": lambda size: f"{_HEAD}{_STORY}<p>{'1' * size}",
    "question marks": lambda size: f"{_HEAD}{_STORY}<h2>{'?' * size}</h2><p>No.",
    "spaces": lambda size: f"{_HEAD}{_STORY}<p>a{' ' * size}b",
    "one class": lambda size: f"{_HEAD}{_STORY}<p class='{'quote-' * (size // 6)}'>A",
    "one address": lambda size: f"{_HEAD}{_STORY}<img srcset='{'a 1x,' * (size // 5)}'><p>A",
    "one comment": lambda size: f"{_HEAD}{_STORY}<!--{'-' * size}",
    "tags without end": lambda size: f"{_HEAD}{_STORY}{'<' * size}",
    "structured data": lambda size: _json_ld("[" + '{"@type":"Question"},' * (size // 21) + "1]"),
    "broken structured data": lambda size: _json_ld('{"a":[' * (size // 6)),
    "ideographs": lambda size: f"{_HEAD}{_STORY}<p>{'渡船又晚点了。' * (size // 7)}",
}
BY_DEPTH: Final[dict[str, Callable[[int], str]]] = {
    "divisions": _nested("<div>", "</div>"),
    "lists": _nested("<ul><li>a", "</li></ul>"),
    "quotes": _nested("<blockquote>", "</blockquote>"),
    "tables": _nested("<table><tr><td>", "</td></tr></table>"),
    "spans": _nested("<span>", "</span>"),
    "bold": _nested("<b>", "</b>"),
    "links": _nested("<a href=/a><div>", "</div></a>"),
    "details": _nested("<details><summary>Why?</summary>", "</details>"),
    "unclosed fonts": _nested("<font><p>", ""),
}
