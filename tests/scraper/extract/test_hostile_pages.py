"""Whatever arrives: a record that can be stored, or an ExtractionError. Never anything else.

Pages are cut, shuffled and soiled by a seeded generator. Real pages are taken where they lie beside
the checkout, those of the tests elsewhere. WINNOW_HOSTILE_PAGES makes more than the usual number.
"""

import gzip
import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from scraper import extract_plain_text
from scraper.article import Article
from scraper.errors import ExtractionError
from scraper.extract.extractor import extract_article

_CHECKOUT = Path(__file__).resolve().parents[3]
_REAL_PAGES = sorted((_CHECKOUT.parent / "shared" / "eval").glob("*/html/**/*.gz"))
_OWN_PAGES = sorted((_CHECKOUT / "tests").glob("**/pages/*.html"))
_COUNT = int(os.environ.get("WINNOW_HOSTILE_PAGES", "16"))
_MOST_BYTES = 80_000
_PIECES = (
    b"\0",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"<",
    b"</",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"&#0;",
    b"&#xD800;",
    b"&#x110000;",
    b"&nbsp",
    b"<table><tr>",
    b"</table>",
    b"<script>",
    b"</script>",
    b"<style>",
    b"<title>",
    b"</body></html>",
    b"<body>",
    b"<frameset><frame src=a>",
    b"<noscript>",
    b"<select><option>",
    b"<svg><p>",
    b"<math><mi>",
    b"<template>",
    b"<plaintext>",
    b"<base href='://'>",
    b"<meta charset=utf-16>",
    b"<meta charset=shift_jis>",
    b"<meta charset=x-user-defined>",
    b"<img srcset=', ,1x,,' src='http://['>",
    b"<a href='http://[::1'>",
    b"<h2></h2>",
    b"<ol><dd><li>",
    b'<script type=application/ld+json>{"@graph":[[[]]],"@type":[1,null]}</script>',
    b"<div itemscope itemprop=author itemref='x x'>",
    b"<td colspan=99999999999>",
    b"<pre>\r\r\n",
)


def _mutated(page: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(max(1, len(page) - _MOST_BYTES))
    page = page[:2000] + page[start : start + _MOST_BYTES] if start > 2000 else page[:_MOST_BYTES]
    for _ in range(rng.randint(1, 12)):
        here, there = sorted(rng.randrange(len(page) + 1) for _ in range(2))
        there = min(there, here + 5000)
        match rng.randrange(6):
            case 0:
                page = page[:here] + rng.choice(_PIECES) * rng.choice((1, 1, 50)) + page[here:]
            case 1:
                page = page[:here] + page[there:]
            case 2:
                page = page[:there] + page[here:there] * rng.choice((1, 8)) + page[there:]
            case 3:
                page = page[:here] + page[here:there][::-1] + page[there:]
            case 4:
                page = page[:here] + rng.randbytes(rng.randint(1, 60)) + page[here:]
            case _:
                page = page[:here] + page[here:there].replace(b">", b"", 9) + page[there:]
    return page


def _check(article: Article) -> None:
    record = article.to_dict()
    written = json.dumps(record, ensure_ascii=False).encode()  # no lone surrogate anywhere
    assert b"\\u0000" not in written
    assert Article.from_dict(json.loads(written)) == article
    assert 0 <= article.confidence <= 1


@pytest.mark.parametrize("seed", range(8))
def test_mutated_pages_give_a_record_or_a_clear_error(seed: int) -> None:
    rng = random.Random(seed)
    pages = _REAL_PAGES or _OWN_PAGES
    for _ in range(max(1, _COUNT // 8)):
        path = rng.choice(pages)
        page = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        mutated = _mutated(page, rng)
        content_type = rng.choice(
            (None, None, "text/html; charset=utf-16", "text/html;charset=nope")
        )
        try:
            article = extract_article(
                mutated, url="https://news.example/a", content_type=content_type
            )
        except ExtractionError as error:
            assert str(error)
            continue
        _check(article)
        _check(extract_plain_text(mutated.decode("utf-8", "replace")))


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b" \r\n",
        b"\0\0\0",
        b"\xff\xfe",
        b"<",
        b"<!doctype html>",
        b"<html></html>",
        b"<head><title>Only a head</title></head>",
        b"<frameset cols='1,2'><frame src=/a><frame src=/b></frameset>",
        b"<iframe src=/a></iframe>",
        b"<script>document.write('<p>All is drawn later.</p>')</script>",
        b"<body><div id=root></div><script>render()</script></body>",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b'{"json": "no page"}',
        b"<?xml version='1.0' encoding='utf-16'?><html><body><p>Not so.</p></body></html>",
    ],
)
def test_pages_without_a_text(page: bytes) -> None:
    try:
        article = extract_article(page, url="https://news.example/a")
    except ExtractionError as error:
        assert error.url == "https://news.example/a"
    else:
        _check(article)
        assert len(article.text) < 200


@pytest.mark.parametrize("declared", ["utf-16", "ascii", "iso-8859-1", "koi8-r", "no-such-charset"])
def test_wrong_charset_loses_no_ascii_word(declared: str, article_page: Callable[..., str]) -> None:
    html = article_page().replace("<head>", f"<head><meta charset={declared}>")
    article = extract_article(html.encode())
    assert "Farmers along the northern bank" in article.text


def test_nul_bytes_between_all_words_change_nothing(
    article_page: Callable[..., str],
) -> None:
    html: str = article_page()
    soiled = html.replace(" ", " \0").encode()
    assert extract_article(soiled).text == extract_article(html.encode()).text
