"""OPML: what feed readers write, and what somebody may write to harm one."""

import gzip
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover import opml
from scraper.discover.opml import Subscription, is_opml, parse_opml, web_address

_NESTED = b"""\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
 <outline text="Morning"><outline text="Coast">
   <outline type="rss" text="The Pier" xmlUrl="https://pier.example/feed?a=1&b=2" htmlUrl="https://pier.example/"/>
 </outline></outline>
 <OUTLINE TITLE="Hills &amp; vales" XMLURL="feed://hills.example/rss"/>
 <outline text="Pier again" xmlUrl="https://pier.example/feed?a=1&amp;b=2" htmlUrl="https://pier.example/"/>
 <outline type="link" text="A page" url="https://page.example/news"/>
 <outline text="Not of the web" xmlUrl="gopher://old.example/"/>
</body></opml>"""  # fmt: skip


def test_every_folder_is_looked_into_and_each_address_comes_once() -> None:
    found = parse_opml(_NESTED)
    assert found.subscriptions == (
        Subscription("The Pier", "https://pier.example/feed?a=1&b=2", "https://pier.example/"),
        Subscription("Hills & vales", "http://hills.example/rss", None),
        Subscription("A page", None, "https://page.example/news"),
    )
    assert found.unusable == ("gopher://old.example/",)
    assert not found.is_cut_short


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "iso-8859-1"])
def test_any_usual_encoding_is_read(encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        '<opml><outline text="Brücke" xmlUrl="https://a.example/"/></opml>'
    )
    body = text.encode(encoding)
    assert is_opml(body)
    assert parse_opml(body).subscriptions == (Subscription("Brücke", "https://a.example/", None),)
    assert parse_opml(gzip.compress(body)) == parse_opml(body)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
def test_entities_are_neither_expanded_nor_fetched(encoding: str) -> None:
    bomb = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    text = (
        f'<!DOCTYPE opml [<!ENTITY e0 "boom"><!ENTITY f SYSTEM "file:///etc/hostname">{bomb}]>'
        '<opml><outline text="&e12;&f;" xmlUrl="https://a.example/"/></opml>'
    )
    began = time.monotonic()
    (found,) = parse_opml(text.encode(encoding)).subscriptions
    assert found.title == "&e12;&f;"
    assert time.monotonic() - began < 2


def test_a_file_is_read_as_far_as_it_goes() -> None:
    whole = b'<opml><outline xmlUrl="https://a.example/"/>'
    for rest in (b"<outline text=>", b"<outline text='x'>" * 20_000, b"</body></opml"):
        assert [s.feed_url for s in parse_opml(whole + rest).subscriptions] == [
            "https://a.example/"
        ]


def test_no_more_is_read_than_is_sane(monkeypatch: pytest.MonkeyPatch) -> None:
    line = '<outline xmlUrl="https://a.example/{}"/>'
    many = b"<opml>" + b"".join(line.format(n).encode() for n in range(40)) + b"</opml>"
    monkeypatch.setattr(opml, "MAX_SUBSCRIPTIONS", 30)
    found = parse_opml(many)
    assert (len(found.subscriptions), found.is_cut_short) == (30, True)
    monkeypatch.setattr(opml, "MAX_OPML_BYTES", 500)
    assert parse_opml(gzip.compress(many)).is_cut_short


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>opml</body></html>", b"<rss><opml/></rss>", b"opml", b"\x1f\x8b"]
)
def test_other_things_are_no_opml(body: bytes) -> None:
    assert not is_opml(body)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    for prefix in (b"", b"<opml>", b"<opml><outline xmlUrl='", b"\xff\xfe"):
        is_opml(prefix + body)
        parse_opml(prefix + body)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("feed:https://a.example/x", "https://a.example/x"),
        ("feed://https://a.example/x", "https://a.example/x"),
        ("FEED://a.example/x", "http://a.example/x"),
        (" https://a.example ", "https://a.example/"),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_feed_is_another_word_for_an_address(written: str, address: str | None) -> None:
    assert web_address(written) == address
