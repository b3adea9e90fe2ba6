"""Links of index pages: which are articles, which are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover.alternates import (
    candidate_feeds,
    candidate_sitemaps,
    find_feeds,
    find_next_pages,
)
from scraper.discover.links import ARTICLE_SCORE, Outlink, find_links
from scraper.page import Page
from scraper.urls.url_score import score_url
from scraper.urls.web_urls import hostname_of

URL = "https://www.example.org/news/"


def page(html: str | bytes, **headers: str) -> Page:
    body = html.encode() if isinstance(html, str) else html
    fields = {"content-type": "text/html; charset=utf-8", **headers}
    return Page(url=URL, body=body, headers=fields)


FRONT = page("""<!doctype html><html><head><title>Harbour Post</title></head><body>
<header><a href="/">Harbour Post</a><nav><ul><li><a href="/politics/">Politics</a></li>
<li><a href="/sport/">Sport</a></li><li><a href="/about-us/">About us</a></li>
<li><a href="/login?next=/news/">Sign in</a></li></ul></nav></header>
<main>
<article><a href="/2026/03/02/ferry-sails-again-after-storm/"><img src="a.jpg" alt="Ferry"></a>
<h2><a href="/2026/03/02/ferry-sails-again-after-storm/?utm_source=front">Ferry sails again after
three days of storm</a></h2><a href="/author/mara-lind/">Mara Lind</a>
<a href="/2026/03/02/ferry-sails-again-after-storm/#comments">12 comments</a>
<a href="/2026/03/02/ferry-sails-again-after-storm/">Read more</a></article>
<article><h2><a href="/politics/council-votes-on-new-harbour-wall-48213.html">Council votes on new
harbour wall</a></h2><a href="/tag/harbour/">harbour</a></article>
<div class="card"><h3><a href="https://www.example.org/story.php?id=48214">Why the lighthouse went
dark on Sunday</a></h3></div>
<div class="card"><a href="/sport/rowers-win-at-home">Rowers win at home for once</a></div>
<div><a href="https://other.example/2026/03/02/elsewhere-in-the-world">Elsewhere in the world</a>
<a href="/report.pdf">The report</a><a href="/events/2031-05/">May</a>
<a href="mailto:desk@example.org">Mail</a><a href="#top">Top</a><a>no address</a></div>
</main>
<aside class="sidebar"><a href="/newsletter/">Newsletter</a></aside>
<footer><a href="/privacy-policy/">Privacy</a><a href="/terms-of-use">Terms</a></footer>
</body></html>""")


def test_articles_are_told_from_the_rest() -> None:
    links = find_links(FRONT)
    likely = [link.url.removeprefix("https://www.example.org") for link in links
              if link.score >= ARTICLE_SCORE]  # fmt: skip
    assert likely == [
        "/2026/03/02/ferry-sails-again-after-storm/",
        "/politics/council-votes-on-new-harbour-wall-48213.html",
        "/story.php?id=48214",
        "/sport/rowers-win-at-home",
    ]


def test_title_is_what_the_article_is_called() -> None:
    titles = {link.url: link.title for link in find_links(FRONT)}
    ferry = "https://www.example.org/2026/03/02/ferry-sails-again-after-storm/"
    assert titles[ferry] == "Ferry sails again after three days of storm"


def test_only_pages_of_the_site_are_links() -> None:
    urls = [link.url for link in find_links(FRONT)]
    assert len(urls) == len(set(urls))
    assert all(url.startswith("https://www.example.org/") for url in urls)
    assert not any(part in url for url in urls for part in (".pdf", "2031", "#", "utm_"))
    away = [link.url for link in find_links(FRONT, same_site=False)]
    assert "https://other.example/2026/03/02/elsewhere-in-the-world" in away


def test_a_blog_leads_to_no_other_blog_of_its_platform() -> None:
    hosts = ("foo.github.io", "www.foo.github.io", "drafts.foo.github.io", "bar.github.io",
             "www.github.io", "github.io")  # fmt: skip
    links = "".join(f"<a href='https://{host}/news/storm-hits-coast'>Storm</a>" for host in hosts)
    found = find_links(Page(url="https://foo.github.io/", body=links.encode()))
    assert [hostname_of(link.url) for link in found] == list(hosts[:3])


def test_base_element_counts() -> None:
    html = '<base href="/sport/"><a href="rowers-win-again">Rowers win again</a>'
    (link,) = find_links(page(html))
    assert link.url == "https://www.example.org/sport/rowers-win-again"


@pytest.mark.parametrize(
    ("html", "header"),
    [
        ('<meta name="robots" content="noindex, nofollow"><a href="/a">A</a>', ""),
        ('<meta name="ROBOTS" content="NONE"><a href="/a">A</a>', ""),
        ('<a href="/a">A</a>', "nofollow"),
    ],
)
def test_page_that_asks_not_to_be_followed(html: str, header: str) -> None:
    assert find_links(page(html, **{"x-robots-tag": header})) == ()


def test_title_in_another_encoding() -> None:
    body = '<a href="/a-b-c">Brücke über den Fluss</a>'.encode("iso-8859-1")
    source = Page(url=URL, body=body, headers={"content-type": "text/html; charset=ISO-8859-1"})
    (link,) = find_links(source)
    assert link.title == "Brücke über den Fluss"


def test_plain_list_of_numbered_stories() -> None:
    items = "".join(f'<a href="/news/{n:04}.html">story {n}</a> ' for n in range(10))
    assert all(link.score >= ARTICLE_SCORE for link in find_links(page(items)))


def test_links_are_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.discover.links.MAX_LINKS", 50)
    html = "".join(f'<a href="/{n}">x</a>' for n in range(60))
    assert len(find_links(page(html))) == 50


def test_deep_nesting_is_bounded() -> None:
    html = "<div>" * 20_000 + '<a href="/a">A</a>' * 200
    assert len(find_links(page(html))) <= 1


@pytest.mark.parametrize("body", [b"", b"   ", b"\x00\xff", b"%PDF-1.7"])
def test_page_without_links(body: bytes) -> None:
    assert find_links(page(body)) == ()
    assert find_feeds(page(body)) == ()


@given(st.binary(max_size=300), st.sampled_from(["", "text/html; charset=x-user", "text/html"]))
def test_no_bytes_crash_a_page(body: bytes, content_type: str) -> None:
    source = Page(url=URL, body=b'<a href="/a">' + body, headers={"content-type": content_type})
    assert all(0.0 <= link.score <= 1.0 for link in find_links(source))
    find_feeds(source)
    find_next_pages(source)


@pytest.mark.parametrize(
    "path",
    [
        "/2026/03/02/ferry-sails-again/",
        "/world/europe/harbour-wall-collapses-in-storm",
        "/news/uk-48213345",
        "/artikel/die-faehre-faehrt-wieder-a-1234567.html",
        "/?p=4711",
        "/video/2026/03/02/ferry-sails-again-at-last",
    ],
)
def test_urls_of_articles(path: str) -> None:
    assert score_url("https://example.org" + path) >= ARTICLE_SCORE


@pytest.mark.parametrize(
    "path",
    ["/", "/news", "/politics/europe/", "/tag/harbour-wall-collapse/", "/author/mara-lind/",
     "/page/2/", "/search?q=ferry", "/news?page=2", "/about-us/", "/privacy-policy.html",
     "/login", "/photo.jpg", "/feed/", "/category/world-news/"],
)  # fmt: skip
def test_urls_of_other_pages(path: str) -> None:
    assert score_url("https://example.org" + path) < ARTICLE_SCORE


def test_declared_feeds() -> None:
    html = """<link rel="alternate" type="application/rss+xml" title="Post &raquo; Comments Feed"
      href="/comments/feed/"><link rel="ALTERNATE home" type="application/atom+xml; charset=utf-8"
      href="/atom.xml" title="Post"><link rel="alternate" hreflang="de" href="/de/">
      <link rel="alternate" type="application/feed+json" href="feed.json"><a href="/rss">RSS</a>"""
    assert find_feeds(page(html)) == (
        Outlink(url="https://www.example.org/atom.xml", title="Post", score=1.0),
        Outlink(url="https://www.example.org/news/feed.json", score=1.0),
        Outlink(url="https://www.example.org/comments/feed/", title="Post » Comments Feed"),
    )


def test_linked_feeds_count_when_none_is_declared() -> None:
    html = '<a href="/rss.xml">RSS</a><a href="/feeding-the-birds">Feeding the birds</a>'
    assert [link.url for link in find_feeds(page(html))] == ["https://www.example.org/rss.xml"]


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="next" href="/news/page/2/">',
        '<a rel="next nofollow" href="/news/page/2/">&gt;</a><a href="/x">Next</a>',
        '<a href="/news/page/2/">Older posts »</a>',
        '<a href="/news/page/2/">Nächste Seite</a>',
    ],
)
def test_next_page(html: str) -> None:
    assert find_next_pages(page(html)) == (Outlink(url="https://www.example.org/news/page/2/"),)


def test_no_next_page() -> None:
    html = '<a href="/next-generation-ferries">Next generation ferries</a><a href="/news/">Next</a>'
    assert find_next_pages(page(html)) == ()


def test_usual_addresses() -> None:
    assert "https://www.example.org/feed" in candidate_feeds(URL)
    assert candidate_feeds(URL)[0] == "https://www.example.org/news/feed"
    assert "https://www.example.org/sitemap.xml" in candidate_sitemaps(URL)
    assert candidate_feeds("mailto:x") == candidate_sitemaps("x") == ()


@pytest.mark.parametrize(
    "title",
    [
        "市议会昨日通过旧城区桥梁修缮方案",
        "港の古い灯台が十年ぶりに一般公開される",
        "시의회가 오래된 다리를 고치기로 어제 결정했다",
    ],
)
def test_a_headline_is_one_where_words_are_not_written_apart(title: str) -> None:
    items = "".join(f'<li><h3><a href="/node/{n}">{title}</a></h3></li>' for n in range(4001, 4013))
    body = f"<html><body><main><ul>{items}</ul></main></body></html>".encode()
    links = find_links(Page(url="https://example.org/", body=body))
    assert len(links) == 12
    assert all(link.score >= 0.5 for link in links)
