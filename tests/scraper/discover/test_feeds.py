"""RSS, Atom and JSON feeds, whole and broken."""

import gzip
import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover.feeds import feed_title, is_feed, parse_feed
from scraper.discover.sitemaps import is_sitemap
from scraper.page import Page

URL = "https://example.org/feed"
RSS = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>The Harbour Post</title><link>https://example.org/</link>
<item><title>Ferry &amp;amp; bridge &lt;b&gt;open&lt;/b&gt;</title>
<link>https://example.org/2026/ferry?utm_source=rss&amp;id=7</link>
<pubDate>Mon, 02 Mar 2026 10:00:00 +0100</pubDate></item>
<item><title>Without a link</title><guid>https://example.org/2026/guid</guid></item>
<item><title>Relative</title><link>/2026/relative</link></item>
<item><title>Again</title><link>https://example.org/2026/ferry?id=7&amp;fbclid=x</link></item>
<item><title>Mail</title><link>mailto:desk@example.org</link></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour</title>
<entry><title type="html">Tide &amp;mdash; rising</title>
<link rel="alternate" href="/tide"/><link rel="enclosure" href="/tide.mp3"/>
<published>2026-03-01T08:00:00Z</published><updated>2026-03-02T09:30:00+01:00</updated></entry>
</feed>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbour",
        "items": [
            {"id": "1", "url": "/tide", "title": "Tide", "date_published": "2026-03-02T09:00:00Z"},
            {"id": "https://example.org/by-id"},
            {"id": 3, "url": None},
            "nonsense",
        ],
    }
).encode()


def page(body: bytes, content_type: str = "application/xml") -> Page:
    return Page(url=URL, body=body, headers={"content-type": content_type})


def test_rss() -> None:
    links = parse_feed(page(RSS))
    assert [link.url for link in links] == [
        "https://example.org/2026/ferry?id=7",
        "https://example.org/2026/guid",
        "https://example.org/2026/relative",
    ]
    assert links[0].title == "Ferry & bridge open"
    assert links[0].lastmod == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert links[1].lastmod is None
    assert feed_title(page(RSS)) == "The Harbour Post"


def test_atom() -> None:
    (link,) = parse_feed(page(ATOM))
    assert (link.url, link.title) == ("https://example.org/tide", "Tide — rising")
    assert link.lastmod == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def test_json_feed() -> None:
    links = parse_feed(page(JSON, "application/feed+json"))
    assert [link.url for link in links] == ["https://example.org/tide", "https://example.org/by-id"]
    assert links[0].lastmod == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert feed_title(page(JSON)) == "Harbour"


@pytest.mark.parametrize(
    "body",
    [
        RSS[: RSS.index(b"<item><title>Relative")],
        RSS.replace(b"&amp;amp;", b"&"),
        RSS.replace(b"</channel></rss>", b""),
        b"\n\n  " + RSS,
        RSS.replace(b"<channel>", b"<channel>\x0b"),
        gzip.compress(RSS, mtime=0),
        RSS.decode().replace("utf-8", "utf-16").encode("utf-16"),
    ],
)
def test_broken_feed_is_read_as_far_as_it_goes(body: bytes) -> None:
    assert is_feed(page(body))
    assert "https://example.org/2026/ferry?id=7" in [link.url for link in parse_feed(page(body))]


@pytest.mark.parametrize("body", [RSS, ATOM, JSON, gzip.compress(ATOM, mtime=0)])
def test_feeds_are_told_by_their_bytes(body: bytes) -> None:
    assert is_feed(page(body, "text/html"))
    assert not is_sitemap(page(body, "text/html"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html><html><head><title>How <rss> works</title></head></html>",
        b"<html><body><feed></feed></body></html>",
        b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'></urlset>",
        b'{"version": 1}',
        b"plain text",
    ],
)
def test_other_pages_are_no_feeds(body: bytes) -> None:
    assert not is_feed(page(body, "text/html"))


def test_entities_are_not_expanded() -> None:
    layers = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    bomb = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">' + layers + b"]>" + RSS[39:]
    bomb = bomb.replace(b"Without a link", b"&l9;")
    assert all(len(link.title or "") <= 300 for link in parse_feed(page(bomb)))


def test_external_entities_are_not_read() -> None:
    doctype = b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    body = RSS.replace(b"<rss", doctype + b"<rss").replace(b"Without a link", b"&x;")
    assert all("root:" not in (link.title or "") for link in parse_feed(page(body)))


def test_links_of_a_feed_are_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.discover.feeds.MAX_FEED_LINKS", 50)
    items = b"".join(b"<item><link>/%d</link></item>" % n for n in range(60))
    body = b'<rss version="2.0"><channel>' + items + b"</channel></rss>"
    assert len(parse_feed(page(body))) == 50


@pytest.mark.parametrize(
    "damage",
    [b"&#1114112;", b"&#xD800;", b"&#" + b"9" * 5000 + b";", b"<link href='http://[::1'>", b"\0",
     b"<title type='base64'>", b"<!ENTITY x 'y'>", b"<pubDate>99999-99-99</pubDate>"],
)  # fmt: skip
def test_known_stumbling_blocks(damage: bytes) -> None:
    body = RSS.replace(b"Without a link", damage + b"</broken>")
    assert "https://example.org/2026/ferry?id=7" in [link.url for link in parse_feed(page(body))]


@given(st.binary(max_size=300))
def test_no_bytes_crash_a_feed(body: bytes) -> None:
    for start in (b"", b"<rss><channel><item>", b'{"version":"https://jsonfeed.org/","items":'):
        broken = page(start + body)
        is_feed(broken)
        feed_title(broken)
        assert len(parse_feed(broken)) <= 300


@given(st.integers(0, len(RSS)), st.integers(0, len(RSS)), st.binary(max_size=8))
def test_no_damage_crashes_a_feed(start: int, end: int, patch: bytes) -> None:
    assert len(parse_feed(page(RSS[:start] + patch + RSS[end:]))) <= 20


@pytest.mark.parametrize(
    "unit", ["<!doctype[", "<!DOCTYPE x [", "<!--", "<!entity ", "<![CDATA[", "]"]
)
@pytest.mark.parametrize(
    "head", ["<?xml version='1.0'?>", "<rss version='2.0'>", "<!doctype rss ["]
)
def test_what_is_never_closed_is_looked_for_once(head: str, unit: str) -> None:
    feed = page(f"{head}{unit * 40_000}<rss>".encode())
    start = time.process_time()
    is_feed(feed)
    assert parse_feed(feed) == ()
    assert time.process_time() - start < 2


def test_a_feed_is_known_behind_comments_and_a_list_of_entities() -> None:
    before = b'<!-- a <html> -->\n<!DOCTYPE rss [<!ENTITY a "x]y"> ] >\n'
    known = page(before + RSS.partition(b"?>")[2])
    assert is_feed(known)
    assert len(parse_feed(known)) == len(parse_feed(page(RSS)))
