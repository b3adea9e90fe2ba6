"""Each field of a page by itself: which of its sources is believed."""

import pytest

from scraper.extract.dom import parse_html
from scraper.extract.metadata import Metadata, find_metadata
from scraper.extract.structured.structured_data import parse_structured_data

URL = "https://www.bote.example/news/2031/04/05/bridge"


def read(head: str, body: str = "", url: str | None = URL) -> Metadata:
    root = parse_html(f"<html><head>{head}</head><body>{body}</body></html>")
    return find_metadata(root, url=url, structured=parse_structured_data(root))


def news(**properties: str) -> str:
    pairs = ",".join(f'"{key}": {value}' for key, value in properties.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {pairs}}}</script>'


def test_the_shown_headline_beats_the_title_for_search_engines() -> None:
    head = "<title>Bridge opening 2031: all you need to know about the bridge - Bote</title>"
    assert read(head, "<h1>A bridge, at last</h1>").title == "A bridge, at last"


def test_the_heading_that_is_the_sites_name_is_no_headline() -> None:
    head = "<title>A bridge, at last | The Bote</title>"
    head += '<meta property="og:title" content="A bridge, at last">'
    assert read(head, "<h1>The Bote</h1><h2>A bridge, at last</h2>").title == "A bridge, at last"


@pytest.mark.parametrize(
    "title",
    [
        "A bridge at last | Bote",
        "A bridge at last – bote.example",
        "Bote: A bridge at last",
        "A bridge at last | City | Bote",
    ],
)
def test_the_sites_name_is_cut_from_the_title(title: str) -> None:
    head = f"<title>{title}</title><meta property=og:site_name content=Bote>"
    assert read(head).title == "A bridge at last"


@pytest.mark.parametrize("title", ["A bridge at last | Bote", "A bridge at lastㅣBote"])
def test_the_name_may_be_the_end_of_the_domains(title: str) -> None:
    head = f"<title>{title}</title>"
    assert read(head, url="https://getbote.example/a-bridge").title == "A bridge at last"


def test_a_kicker_in_the_heading_is_left_out() -> None:
    head = news(headline='"A bridge opens at last"')
    body = "<h1><span>City council:</span> A bridge opens at last</h1>"
    assert read(head, body).title == "A bridge opens at last"


def test_the_newsrooms_headline_beats_a_heading_made_for_searching() -> None:
    head = "<title>Bridge Varnholt: opening - Bote</title>" + news(headline='"They cried on it"')
    assert read(head, "<h1>Bridge Varnholt: opening</h1>").title == "They cried on it"


@pytest.mark.parametrize(
    "body",
    [
        '<h1>Bridge</h1><p class="byline">By <a href="/authors/ida">Ida Brunn</a></p>',
        '<h1>Bridge</h1><span class="author vcard">Ida Brunn</span>',
        "<h1>Bridge</h1><div class=x>By Ida Brunn</div>",
        "<h1>Bridge</h1><div><i>Von</i> <b>Ida Brunn</b></div>",
        "<h1>Bridge</h1><p>Ida Brunn</p><p>April 5, 2031</p>",
        '<h1>Bridge</h1><a href="/author/ida-brunn/">Ida Brunn</a>',
        '<div class="author-box"><img><p>Ida Brunn</p><p>Ida writes about bridges.</p></div>',
        '<a rel="author" href="/x">Ida Brunn</a>',
        '<h1>Bridge</h1><p class=byline>By <a href="/authors/ida">Ida Brunn</a>,'
        ' reviewed by <a href="/authors/jon">Jon Öst</a></p>',
    ],
)
def test_a_byline_is_found_where_nothing_is_stated(body: str) -> None:
    assert read("<title>Bridge</title>", body).authors == ("Ida Brunn",)


def test_a_person_in_the_byline_beats_the_site_that_is_stated() -> None:
    head = "<meta property=og:site_name content='The Bote'>" + news(author='{"name": "The Bote"}')
    body = "<h1>Bridge</h1><p class=byline>By Ida Brunn</p>"
    assert read(head, body).authors == ("Ida Brunn",)
    assert read(head, "<h1>Bridge</h1>").authors == ("The Bote",)


def test_commenters_and_photographers_are_no_authors() -> None:
    body = (
        "<h1>Bridge</h1><figure><span class=author>Lens Holder</span></figure>"
        "<div class=comments><span class=author>Angry Reader</span></div>"
    )
    assert read("", body).authors == ()


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        ('<meta property="article:published_time" content="2031-04-05T10:00:00+02:00">', "", 5),
        (news(datePublished='"2031-04-05"'), "", 5),
        ("", "<h1>Bridge</h1><p>Published 5 April 2031</p>", 5),
        ("", "<h1>Bridge</h1><time datetime=2031-04-05>yesterday</time>", 5),
        ("", "<div class=post-date>April 5, 2031</div>", 5),
        ("", "", 5),  # the address alone
        (news(datePublished='"2031-04-02"'), "<h1>Bridge</h1><p>April 5, 2031</p>", 5),
        (news(datePublished='"2031-04-02"'), "<h1>Bridge</h1><p>Updated April 5, 2031</p>", 2),
        (
            news(datePublished='"2031-04-02"', dateModified='"2031-04-05"'),
            "<h1>Bridge</h1><p>April 5, 2031</p>",
            2,
        ),
    ],
)
def test_the_day_of_publication(head: str, body: str, day: int) -> None:
    assert (read(head, body).published_at or "")[:10] == f"2031-04-0{day}"


def test_a_date_called_an_update_is_when_the_article_was_changed() -> None:
    head = news(datePublished='"2031-04-02"')
    assert read(head, "<h1>Bridge</h1><p>Updated April 5, 2031</p>").modified_at == "2031-04-05"


@pytest.mark.parametrize(
    ("head", "access"),
    [
        (news(isAccessibleForFree="false"), "paywalled"),
        (news(isAccessibleForFree='"True"'), "free"),
        (news(isAccessibleForFree='"http://schema.org/False"'), "paywalled"),
        (news(hasPart='{"isAccessibleForFree": "False", "cssSelector": ".wall"}'), "paywalled"),
        ('<meta property="article:content_tier" content="metered">', "paywalled"),
        ('<meta property="article:content_tier" content="free">', "free"),
        ("", "unknown"),
    ],
)
def test_access_is_what_the_page_says(head: str, access: str) -> None:
    assert read(head).access == access


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("?page=2", f"{URL}?page=2"),
        ("/news/2031/04/05/bridge/2", f"{URL}/2"),
        ("/news/2031/04/05/another-story", None),
        ("https://other.example/news/2031/04/05/bridge?page=2", None),
    ],
)
def test_next_is_followed_within_the_article_only(href: str, expected: str | None) -> None:
    assert read(f'<link rel="next" href="{href}">').next_page_url == expected


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/bridge", "https://www.bote.example/bridge"),
        ("https://www.bote.example/", None),
        ("javascript:void(0)", None),
        ("http://localhost/bridge", None),
    ],
)
def test_a_canonical_address_must_make_sense(href: str, expected: str | None) -> None:
    assert read(f'<link rel="canonical" href="{href}">').canonical_url == expected


def test_relative_addresses_follow_the_base_element() -> None:
    head = '<base href="https://cdn.bote.example/x/"><meta property="og:image" content="b.jpg">'
    assert read(head).image_url == "https://cdn.bote.example/x/b.jpg"


def test_tags_are_split_and_ids_are_left_out() -> None:
    head = '<meta name="keywords" content="Bridge, City Council; bridge, 1234567, type:story">'
    assert read(head).tags == ("Bridge", "City Council")


@pytest.mark.parametrize(
    ("html", "language"),
    [("pt_br", "pt-BR"), ("zh-hans-cn", "zh-Hans-CN"), ("EN", "en"), ("x-none", None), ("", None)],
)
def test_language_tags_are_written_as_the_standard_has_them(
    html: str, language: str | None
) -> None:
    root = parse_html(f"<html lang='{html}'><p>x</p></html>")
    metadata = find_metadata(root, url=None, structured=parse_structured_data(root))
    assert metadata.language == language
