"""Sitemaps, indexes, news sitemaps; whole, broken and hostile."""

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover.feeds import is_feed
from scraper.discover.sitemaps import is_sitemap, parse_sitemap
from scraper.page import Page

NS = b'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
SITEMAP = (
    b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset %s xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><image:image><image:loc>https://example.org/a.jpg</image:loc><image:title>Pic</image:title>
</image:image><loc> https://example.org/2026/03/02/ferry-sails-again?a=1&amp;b=2 </loc>
<lastmod>2026-03-02T10:00:00+01:00</lastmod><priority>0.5</priority></url>
<url><loc>https://example.org/about</loc><lastmod>yesterday</lastmod></url>
<url><loc><![CDATA[https://example.org/cdata]]></loc></url>
<url><loc>https://example.org/about#team</loc></url>
<url><loc></loc></url><url><loc>mailto:desk@example.org</loc></url>
</urlset>"""
    % NS
)
INDEX = (
    b"""<sitemapindex %s><sitemap><loc>https://example.org/s1.xml.gz</loc>
<lastmod>2026-03</lastmod></sitemap><sitemap><loc>/s2.xml</loc></sitemap></sitemapindex>"""
    % NS
)
NEWS = b"""<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><s:url>
<s:loc>https://example.org/x7</s:loc><news:news><news:publication><news:name>Post</news:name>
</news:publication><news:publication_date>2026-03-02</news:publication_date>
<news:title>Bridge &#38; ferry</news:title></news:news></s:url></s:urlset>"""


def page(body: bytes, content_type: str = "application/xml") -> Page:
    url = "https://example.org/sitemap.xml"
    return Page(url=url, body=body, headers={"content-type": content_type})


def test_sitemap() -> None:
    found = parse_sitemap(page(SITEMAP))
    assert [link.url for link in found.links] == [
        "https://example.org/2026/03/02/ferry-sails-again?a=1&b=2",
        "https://example.org/about",
        "https://example.org/cdata",
    ]
    first, about, _ = found.links
    assert (first.lastmod, first.title) == (datetime(2026, 3, 2, 9, tzinfo=UTC), None)
    assert about.lastmod is None
    assert first.score > 0.8
    assert about.score < 0.2
    assert found.sitemaps == ()


def test_index() -> None:
    found = parse_sitemap(page(INDEX))
    assert found.links == ()
    assert [link.url for link in found.sitemaps] == [
        "https://example.org/s1.xml.gz",
        "https://example.org/s2.xml",
    ]
    assert found.sitemaps[0].lastmod == datetime(2026, 3, 1, tzinfo=UTC)


def test_news_sitemap() -> None:
    (link,) = parse_sitemap(page(NEWS)).links
    assert (link.title, link.score) == ("Bridge & ferry", 1.0)
    assert link.lastmod == datetime(2026, 3, 2, tzinfo=UTC)


def test_text_sitemap() -> None:
    body = b"\xef\xbb\xbfhttps://example.org/a\r\n\r\nhttps://example.org/b\nnonsense\n"
    assert is_sitemap(page(body[:27], "text/plain"))
    found = parse_sitemap(page(body, "text/plain"))
    assert [link.url for link in found.links] == ["https://example.org/a", "https://example.org/b"]


@pytest.mark.parametrize(
    "body",
    [
        SITEMAP,
        INDEX,
        NEWS,
        gzip.compress(SITEMAP, mtime=0),
        SITEMAP.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    ],
)
def test_sitemaps_are_told_by_their_bytes(body: bytes) -> None:
    assert is_sitemap(page(body, "application/octet-stream"))
    assert not is_feed(page(body))
    found = parse_sitemap(page(body))
    assert found.links or found.sitemaps


@pytest.mark.parametrize(
    "body", [b"", b"<html>urlset</html>", b"see https://example.org/", b"{}", bytes(range(256))]
)
def test_other_pages_are_no_sitemaps(body: bytes) -> None:
    assert not is_sitemap(page(body, "text/html"))


@pytest.mark.parametrize(
    "body",
    [
        SITEMAP[: SITEMAP.index(b"<url><loc><![CDATA")],
        SITEMAP.replace(b"&amp;", b"&"),
        SITEMAP.replace(b"<priority>", b"<priority>&nbsp;<broken"),
        SITEMAP.replace(b"</urlset>", b""),
        SITEMAP.replace(b"<image:image>", b"<image:image></wrong>\x07"),
        SITEMAP.replace(b"</url>", b""),
        b"\n\n" + SITEMAP,
        gzip.compress(SITEMAP, mtime=0)[:-10],
    ],
)
def test_broken_sitemap_is_read_as_far_as_it_goes(body: bytes) -> None:
    found = [link.url for link in parse_sitemap(page(body)).links]
    assert "https://example.org/2026/03/02/ferry-sails-again?a=1&b=2" in found


def test_feed_can_be_a_sitemap() -> None:
    feed = b'<rss version="2.0"><channel><item><link>/a</link></item></channel></rss>'
    (link,) = parse_sitemap(page(feed)).links
    assert link.url == "https://example.org/a"


def test_entities_are_neither_expanded_nor_loaded() -> None:
    doctype = (
        b'<!DOCTYPE urlset [<!ENTITY a "lol"><!ENTITY b "' + b"&a;" * 1000 + b'"><!ENTITY c "'
        + b"&b;" * 1000 + b'"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    )  # fmt: skip
    body = doctype + (
        b"<urlset %s><url><loc>https://example.org/&c;</loc></url>"
        b"<url><loc>https://example.org/&f;</loc></url><url><loc>/ok</loc></url></urlset>" % NS
    )
    urls = [link.url for link in parse_sitemap(page(body)).links]
    assert all(len(url) < 100 and "root:" not in url for url in urls)


def test_links_are_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.discover.sitemaps.MAX_SITEMAP_LINKS", 50)
    entries = b"".join(b"<url><loc>/%d</loc></url>" % n for n in range(60))
    found = parse_sitemap(page(b"<urlset>" + entries + b"</urlset>"))
    assert len(found.links) == 50


def test_gzip_bomb_stays_small() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * 60_000_000, 1)
    assert parse_sitemap(page(bomb)).links == ()


@given(st.binary(max_size=300))
def test_no_bytes_crash_a_sitemap(body: bytes) -> None:
    for start in (b"", b"<urlset><url><loc>", b"\x1f\x8b\x08", b"https://example.org/"):
        broken = page(start + body)
        is_sitemap(broken)
        assert len(parse_sitemap(broken).links) <= 310


@given(st.integers(0, len(SITEMAP)), st.integers(0, len(SITEMAP)), st.binary(max_size=8))
def test_no_damage_crashes_a_sitemap(start: int, end: int, patch: bytes) -> None:
    assert len(parse_sitemap(page(SITEMAP[:start] + patch + SITEMAP[end:])).links) <= 20
