"""What feeds and sitemaps say of the stories they name, besides where they are."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from scraper.discover.feeds import parse_feed
from scraper.discover.sitemaps import parse_sitemap
from scraper.listing import Listing, make_listing
from scraper.page import Page

URL = "https://kell.example/feed"
READ_AT = datetime(2025, 5, 4, tzinfo=UTC)


def page(body: str) -> Page:
    return Page(url=URL, body=body.encode(), fetched_at=READ_AT)


def test_an_entry_of_a_feed_says_who_wrote_it_when_and_about_what() -> None:
    body = """<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item>
    <title>A ferry on the bank</title><link>https://kell.example/ferry</link>
    <dc:creator>Ida Lund</dc:creator><category>Ships</category><category>Kell</category>
    <pubDate>Sat, 03 May 2025 08:00:00 GMT</pubDate></item></channel></rss>"""
    assert [link.listing for link in parse_feed(page(body))] == [
        Listing(
            kind="feed",
            title="A ferry on the bank",
            published_at="2025-05-03T08:00:00+00:00",
            authors=("Ida Lund",),
            tags=("Ships", "Kell"),
        )
    ]


def test_an_item_of_a_json_feed_says_the_same() -> None:
    item = {
        "url": "https://kell.example/ferry",
        "title": "A ferry on the bank",
        "date_published": "2025-05-03T08:00:00Z",
        "authors": [{"name": "Ida Lund"}, {"url": "x"}, 7],
        "tags": ["Ships", None],
    }
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [item]})
    (link,) = parse_feed(page(body))
    assert link.listing is not None
    assert (link.listing.authors, link.listing.tags) == (("Ida Lund",), ("Ships",))
    assert link.listing.published_at == "2025-05-03T08:00:00+00:00"


def test_a_news_sitemap_says_what_a_story_is_called_and_about() -> None:
    entry = """<url><loc>https://kell.example/{0}</loc><news:news>
    <news:publication_date>2025-05-0{0}</news:publication_date><news:title>Ferry {0}</news:title>
    <news:keywords>ships, Kell</news:keywords></news:news></url>
    <url><loc>https://kell.example/plain-{0}</loc><lastmod>2025-05-01</lastmod></url>"""
    body = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
        f"{entry.format(1)}{entry.format(2)}</urlset>"
    )
    first, plain, *_ = parse_sitemap(page(body)).links
    assert first.listing is not None
    assert (first.listing.kind, first.listing.title) == ("sitemap", "Ferry 1")
    assert first.listing.tags == ("ships", "Kell")
    assert plain.listing is None


def test_a_date_that_all_entries_share_is_none_of_a_story() -> None:
    entry = """<item><title>Ferry {0}</title><link>https://kell.example/{0}</link>
    <pubDate>Sat, 03 May 2025 08:00:00 GMT</pubDate></item>"""
    items = "".join(entry.format(number) for number in range(8))
    links = parse_feed(page(f'<rss version="2.0"><channel>{items}</channel></rss>'))
    assert {link.listing and link.listing.published_at for link in links} == {None}


@given(st.text(max_size=300))
def test_what_is_no_listing_is_none(text: str) -> None:
    found = Listing.from_json(text)
    assert found is None or found.kind in {"feed", "sitemap"}


@given(st.text(max_size=900), st.lists(st.text(max_size=300), max_size=50))
def test_a_listing_is_bounded_and_comes_back_as_it_was(title: str, names: list[str]) -> None:
    made = make_listing("feed", title=title, published_at=None, authors=names, tags=names)
    if made is not None:
        assert len(made.to_json()) < 30_000
        assert Listing.from_json(made.to_json()) == made
