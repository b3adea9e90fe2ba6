"""What a site serves when all is well: stories, a front page, a feed, sitemaps."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from html import escape

from tests.benchmarks.season.sites import NewsSite, Story
from tests.benchmarks.season.words import Text

_HTML = "text/html; charset=utf-8"
_XML = "application/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of a site."""

    body: bytes = b""
    status: int = 200
    content_type: str = _HTML
    headers: dict[str, str] = field(default_factory=dict)
    is_dropped: bool = False

    @property
    def etag(self) -> str:
        """Names the version."""
        return f'"{sha256(self.body).hexdigest()[:16]}"'


def html_page(site: NewsSite, title: str, body: str, *, head: str = "") -> Reply:
    """A page with the site's navigation and footer around it."""
    text = (
        f'<!doctype html><html lang="{site.language}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>{head}</head><body>"
        f'<header><a href="/">{site.name}</a></header><nav><a href="/">Front page</a> '
        f'<a href="/about">About us</a> <a href="/contact">Contact</a></nav>'
        f"<main>{body}</main><footer><p>{site.name} is printed on paper too. "
        f'<a href="/imprint">Imprint</a></p></footer></body></html>'
    )
    return Reply(text.encode())


def story_page(
    site: NewsSite,
    base: str,
    story: Story,
    now: datetime,
    *,
    canonical: str | None = None,
    has_byline: bool = True,
    paragraphs: Sequence[str] | None = None,
    more: str = "",
) -> Reply:
    """The page of a story.

    Args:
        site: Whose story.
        base: Its scheme, host and port.
        story: Which one.
        now: The moment.
        canonical: What the page names as its canonical address in place of its own.
        has_byline: Whether author and date stand on it.
        paragraphs: What is left of the text; all when None.
        more: Further HTML inside the article.
    """
    text: Text = story.text_at(now)
    own = base + story.path_at(now)
    link = canonical or (own if site.names_canonical else None)
    head = f'<link rel="canonical" href="{link}">' if link else ""
    byline = ""
    if has_byline:
        moment = story.published_at.isoformat(timespec="seconds")
        head += f'<meta property="article:published_time" content="{moment}">'
        head += f'<meta name="author" content="{story.author}">'
        byline = f'<p class="byline">By {story.author} <time datetime="{moment}"></time></p>'
    pieces = [f"<p>{escape(paragraph)}</p>" for paragraph in (paragraphs or text.paragraphs)]
    if paragraphs is None:
        pieces.insert(2, f"<h2>{escape(text.heading)}</h2>")
    body = "".join(pieces)
    return html_page(
        site,
        text.title,
        f"<article><h1>{escape(text.title)}</h1>{byline}{body}{more}</article>",
        head=head,
    )


def front_page(site: NewsSite, now: datetime) -> Reply:
    """Headlines with links, the newest first; a feed is declared where there is one."""
    cards = "".join(
        f'<article><h2><a href="{story.path_at(now)}">{escape(story.text_at(now).title)}</a></h2>'
        f"<p>{escape(story.text_at(now).paragraphs[0][:90])}</p></article>"
        for story in site.listed(now)
        if site.lists in {"links", "feed and front"}
    )
    declared = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    has_feed = site.lists in {"feed", "feed and front"}
    return html_page(site, site.name, cards or "<p>Welcome.</p>", head=declared if has_feed else "")


def feed(site: NewsSite, base: str, now: datetime, stories: Sequence[Story]) -> Reply:
    """RSS 2.0."""
    items = "".join(
        f"<item><title>{escape(story.text_at(now).title)}</title>"
        f"<link>{base}{story.path_at(now)}</link>"
        f"<pubDate>{format_datetime(story.published_at)}</pubDate></item>"
        for story in stories
    )
    body = f'<rss version="2.0"><channel><title>{site.name}</title>{items}</channel></rss>'
    return Reply(body.encode(), content_type="application/rss+xml")


def sitemap(base: str, now: datetime, stories: Sequence[Story], lastmod: datetime | None) -> Reply:
    """A URL set; with `lastmod` every entry has that date."""
    dated = ((s.path_at(now), (lastmod or s.changed_at(now)).isoformat()) for s in stories)
    urls = "".join(
        f"<url><loc>{base}{path}</loc><lastmod>{date}</lastmod></url>" for path, date in dated
    )
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return Reply(f'<urlset xmlns="{namespace}">{urls}</urlset>'.encode(), content_type=_XML)


def sitemap_index(base: str) -> Reply:
    """An index of one sitemap."""
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    body = (
        f'<sitemapindex xmlns="{namespace}"><sitemap><loc>{base}/sitemap-news.xml</loc></sitemap>'
        "</sitemapindex>"
    )
    return Reply(body.encode(), content_type=_XML)


def robots_txt(site: NewsSite, base: str) -> Reply:
    """Everything but the search may be asked for."""
    named = f"Sitemap: {base}/sitemap.xml\n" if site.lists == "sitemap" else ""
    return Reply(f"User-agent: *\nDisallow: /search\n{named}".encode(), content_type="text/plain")


def usual_reply(site: NewsSite, base: str, path: str, now: datetime) -> Reply:
    """What a site answers when nothing is the matter with it."""
    lists = {"/robots.txt": robots_txt(site, base), "/": front_page(site, now)}
    if site.lists in {"feed", "feed and front"}:
        lists["/feed.xml"] = feed(site, base, now, site.listed(now))
    if site.lists == "sitemap":
        lists["/sitemap.xml"] = sitemap_index(base)
        lists["/sitemap-news.xml"] = sitemap(base, now, site.listed(now), None)
    return lists.get(path) or _story_reply(site, base, path, now)


def _story_reply(site: NewsSite, base: str, path: str, now: datetime) -> Reply:
    story = site.find(path, now)
    if story is None:
        return not_found(site, 404)
    if not story.is_there(now):
        return not_found(site, story.says_deleted)
    if path != story.path_at(now):
        return Reply(status=301, headers={"Location": story.path_at(now)})
    return story_page(site, base, story, now)


def not_found(site: NewsSite, status: int) -> Reply:
    """What is said of an address where nothing is."""
    body = "<h1>Page not found</h1><p>The page you asked for does not exist (any more).</p>"
    page = html_page(site, "Page not found", body)
    return Reply(page.body, status)
