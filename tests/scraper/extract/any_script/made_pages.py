"""Pages that tell one story in thirteen languages, with something between its paragraphs.

Every page has a frame: a menu, a byline, teasers and a footer in its own language.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LANGUAGES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "languages.toml").read_text("utf-8")
)
SHAPES = ("article", "plain div", "wrapped paragraphs")
_WIDE = ("zh", "ja")  # nothing stands between two sentences


@dataclass(frozen=True, slots=True)
class MadePage:
    """A page, and what of it is the article.

    Attributes:
        wanted: Texts that each belong to the article.
        unwanted: Texts that do not.
        flat: The page as a browser saves it as text.
    """

    html: str
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...] = ()
    flat: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What stands between two paragraphs: its markup, and the texts in it."""

    html: str
    texts: tuple[str, ...]


Words = dict[str, Any]


def _list(words: Words, tag: str) -> Part:
    items = "".join(f"<li>{item}</li>" for item in words["items"][: 2 + len(words["title"]) % 3])
    return Part(f"<{tag}>{items}</{tag}>", tuple(words["items"][: 2 + len(words["title"]) % 3]))


def _link_list(words: Words) -> Part:
    items = "".join(
        f'<li><a href="https://city.example/plan/{n}">{item}</a></li>'
        for n, item in enumerate(words["items"])
    )
    return Part(f"<ul>{items}</ul>", tuple(words["items"]))


def _terms(words: Words) -> Part:
    definitions = [words["sentences"][n] for n in (5, 2, 11)]
    pairs = zip(words["terms"], definitions, strict=True)
    html = "".join(f"<dt>{term}</dt><dd>{text}</dd>" for term, text in pairs)
    return Part(f"<dl>{html}</dl>", (*words["terms"], *definitions))


def _post(words: Words) -> Part:
    html = (
        f'<blockquote class="twitter-tweet" data-lang="{words["code"]}"><p dir="auto">'
        f'{words["post"]}</p>&mdash; {words["author"]} <a href="https://twitter.com/harbouroffice/status/17">'
        "May 3, 2031</a></blockquote><script async src=/widgets.js></script>"
    )
    return Part(html, (words["post"], words["author"]))


def _quote_with(template: str) -> Callable[[Words], Part]:
    def make(words: Words) -> Part:
        html = template.format(quote=words["quote"], speaker=words["speaker"])
        return Part(html, (words["quote"], words["speaker"]))

    return make


def _headings(words: Words) -> Part:
    pairs = list(zip(words["headings"], words["short"], strict=True))
    html = "".join(f"<h2>{heading}</h2><p>{text}</p>" for heading, text in pairs)
    return Part(html, tuple(text for pair in pairs for text in pair))


def _table(words: Words) -> Part:
    cells = words["table"]
    head = "".join(f"<th>{cell}</th>" for cell in cells[:2])
    rows = "".join(f"<tr><td>{cells[n]}</td><td>{cells[n + 1]}</td></tr>" for n in (2, 4))
    return Part(f"<table><tr>{head}</tr>{rows}</table>", tuple(cells))


KINDS: dict[str, Callable[[Words], Part]] = {
    "ul": lambda words: _list(words, "ul"),
    "ol": lambda words: _list(words, "ol"),
    "link list": _link_list,
    "dl": _terms,
    "post": _post,
    "quote with cite": _quote_with("<blockquote><p>{quote}</p><cite>{speaker}</cite></blockquote>"),
    "quote with footer": _quote_with(
        "<blockquote>{quote}<footer>— {speaker}</footer></blockquote>"
    ),
    "quote with figcaption": _quote_with(
        "<figure><blockquote>{quote}</blockquote><figcaption>{speaker}</figcaption></figure>"
    ),
    "quote with dash": _quote_with("<blockquote><p>{quote}</p><p>— {speaker}</p></blockquote>"),
    "quote and dash below": _quote_with(
        "<blockquote><p>{quote}</p></blockquote><p>— {speaker}</p>"
    ),
    "headings": _headings,
    "table": _table,
}


def _stories(words: Words, count: int = 4) -> str:
    return "".join(
        f'<li><a href="/2031/05/0{n + 1}/story-{n}.html">{story}</a></li>'
        for n, story in enumerate(words["stories"][:count])
    )


def _related_box(words: Words) -> Part:
    html = (
        f'<div class="related-articles"><h3>{words["related"]}</h3><ul>{_stories(words)}</ul></div>'
    )
    return Part(html, (words["related"], *words["stories"]))


def _related_aside(words: Words) -> Part:
    html = f"<aside><p>{words['related']}</p><ul>{_stories(words, 3)}</ul></aside>"
    return Part(html, (words["related"], *words["stories"][:3]))


def _most_read(words: Words) -> Part:
    title = words["most_read"]
    html = f'<section class="most-read"><h2>{title}</h2><ol>{_stories(words)}</ol></section>'
    return Part(html, (words["most_read"], *words["stories"]))


def _bare_most_read(words: Words) -> Part:
    """A box without a telling class: its heading and its links say what it is."""
    html = f"<div><h4>{words['most_read']}</h4><ol>{_stories(words)}</ol></div>"
    return Part(html, (words["most_read"], *words["stories"]))


def _newsletter(words: Words) -> Part:
    html = (
        f'<div class="newsletter-signup"><p>{words["newsletter"]}</p><form action="/join">'
        f'<input name="email"><button>{words["share"][0]}</button></form></div>'
    )
    return Part(html, (words["newsletter"],))


def _bare_newsletter(words: Words) -> Part:
    """A box without a telling class: there is a form in it."""
    html = (
        f'<div><p>{words["newsletter"]}</p><form action="/join"><input type="email" name="m">'
        f'<button type="submit">OK</button></form></div>'
    )
    return Part(html, (words["newsletter"],))


def _share_bar(words: Words) -> Part:
    items = "".join(f'<li><a href="#" role="button">{text}</a></li>' for text in words["share"])
    return Part(f'<ul class="share-bar">{items}</ul>', tuple(words["share"]))


FURNITURE: dict[str, Callable[[Words], Part]] = {
    "related box": _related_box,
    "related aside": _related_aside,
    "most read": _most_read,
    "most read without class": _bare_most_read,
    "newsletter": _newsletter,
    "newsletter without class": _bare_newsletter,
    "share bar": _share_bar,
}


def paragraphs_of(code: str) -> list[str]:
    """Six paragraphs of two sentences."""
    sentences = LANGUAGES[code]["sentences"]
    joint = "" if code in _WIDE else " "
    return [joint.join(sentences[n : n + 2]) for n in range(0, 12, 2)]


def _frame(words: Words, body: str) -> str:
    menu = "".join(f'<li><a href="/s{n}">{term}</a></li>' for n, term in enumerate(words["terms"]))
    return (
        f'<!doctype html><html lang="{words["code"]}"><head><meta charset="utf-8">'
        f"<title>{words['title']}</title></head><body>"
        f'<header><nav><ul class="menu">{menu}</ul></nav></header>{body}'
        f'<footer><ul><li><a href="/about">{words["terms"][0]}</a></li></ul>'
        "<p>© 2031 Harbour Herald</p></footer></body></html>"
    )


def make_page(code: str, part: Part, *, shape: str, colon: bool, is_furniture: bool) -> MadePage:
    """A page of that language with `part` between its third and its fourth paragraph."""
    words = {**LANGUAGES[code], "code": code}
    texts = paragraphs_of(code)
    joint = "" if code in _WIDE else " "
    if not is_furniture and colon:
        texts[2] += joint + words["lead_in"] + ("：" if code in _WIDE else ":")
    wrap = "<div class=text-block><p>{}</p></div>" if shape == "wrapped paragraphs" else "<p>{}</p>"
    flow = [wrap.format(text) for text in texts]
    inner = part.html
    if shape == "wrapped paragraphs":
        inner = f"<div class=text-block>{inner}</div>"
    body = "".join([*flow[:3], inner, *flow[3:]])
    title = f"<h1>{words['title']}</h1>"
    if shape == "article":
        body = f"<main><article>{title}{body}</article></main>"
    elif shape == "plain div":
        body = f'<div id="page">{title}<div class="story-body">{body}</div></div>'
    else:
        body = f"<main>{title}<div>{body}</div></main>"
    wanted = tuple(texts) if is_furniture else (*texts, *part.texts)
    unwanted = part.texts if is_furniture else ()
    return MadePage(_frame(words, body), wanted, unwanted)


def make_all(
    makers: dict[str, Callable[[Words], Part]], kind: str
) -> Iterator[tuple[str, MadePage]]:
    """A page of that kind in every language, shape, and with a colon before and without."""
    is_furniture = makers is FURNITURE
    for code, words in LANGUAGES.items():
        part = makers[kind]({**words, "code": code})
        for shape in SHAPES:
            for colon in (False,) if is_furniture else (True, False):
                name = f"{code}, {shape}{', colon' * colon}"
                page = make_page(code, part, shape=shape, colon=colon, is_furniture=is_furniture)
                yield name, page


def make_flat(code: str, kind: str) -> MadePage:
    """A page that was flattened: six paragraphs, headings or a list, between menus and a footer."""
    words = LANGUAGES[code]
    texts = paragraphs_of(code)
    between: list[str] = []
    if kind == "headings":
        between = [words["headings"][0], words["sentences"][7], words["headings"][1]]
    elif kind == "list":
        between = ["\n".join(f"  * {item}" for item in words["items"])]
    lines = [*words["terms"], words["title"], *texts[:3], *between, *texts[3:]]
    lines += [*words["share"], words["related"], *words["stories"], "© 2031 Harbour Herald"]
    wanted = (*texts, *(line.strip("* ") for part in between for line in part.split("\n")))
    return MadePage("", tuple(wanted), tuple(words["stories"]), "\n\n".join(lines))
