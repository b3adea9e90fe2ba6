"""Feeds, sitemaps and robots.txt of the demo sites, each in the format its site prefers."""

import json
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from pipelines.demo.demo_articles import Story
from pipelines.demo.demo_sites import DemoSite

_NEWEST = 8  # feeds are shorter than the site: the rest is found through sitemap and links
_XML = '<?xml version="1.0" encoding="utf-8"?>\n'
_SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

FEEDS = {
    "rss": ("/feed.xml", "application/rss+xml"),
    "atom": ("/atom.xml", "application/atom+xml"),
    "json": ("/feed.json", "application/feed+json"),
}
"""Path and media type of each kind of feed."""


def render_robots(sitemap: str, base_url: str) -> str:
    """robots.txt with one rule and the sitemap (RFC 9309)."""
    name = "sitemap.xml.gz" if sitemap == "gzip" else "sitemap.xml"
    return f"User-agent: *\nDisallow: /intern/\n\nSitemap: {base_url}/{name}\n"


def render_feed(
    kind: str, site: DemoSite, base_url: str, urls: Mapping[Story, str]
) -> tuple[str, str, str]:
    """Path, media type and text of the feed: RSS 2.0, Atom (RFC 4287) or JSON Feed 1.1."""
    newest = list(urls.items())[:_NEWEST]
    render = {"rss": _render_rss, "atom": _render_atom, "json": _render_json}[kind]
    return *FEEDS[kind], render(site, base_url, newest)


def render_sitemaps(
    kind: str, site: DemoSite, base_url: str, urls: Mapping[Story, str]
) -> dict[str, str]:
    """Sitemaps by path (sitemaps.org): one, packed or not, or an index of two."""
    if kind == "index":
        children = "".join(
            f"<sitemap><loc>{base_url}/{name}</loc></sitemap>"
            for name in ("sitemap-archive.xml", "sitemap-news.xml")
        )
        stories = list(urls.items())
        return {
            "/sitemap.xml": f'{_XML}<sitemapindex xmlns="{_SITEMAP_NAMESPACE}">{children}'
            "</sitemapindex>\n",
            "/sitemap-news.xml": _render_news_sitemap(site, stories[:_NEWEST]),
            "/sitemap-archive.xml": _render_sitemap(stories[_NEWEST:]),
        }
    path = "/sitemap.xml.gz" if kind == "gzip" else "/sitemap.xml"
    return {path: _render_sitemap(list(urls.items()))}


def _render_rss(site: DemoSite, base_url: str, stories: list[tuple[Story, str]]) -> str:
    items = "".join(
        f"<item><title>{escape(story.title)}</title><link>{url}</link><guid>{url}</guid>"
        f"<pubDate>{format_datetime(story.published)}</pubDate>"
        f"<description>{escape(story.description)}</description></item>\n"
        for story, url in stories
    )
    return (
        f'{_XML}<rss version="2.0"><channel><title>{escape(site.name)}</title>'
        f"<link>{base_url}/</link><description>{escape(site.tagline)}</description>\n"
        f"{items}</channel></rss>\n"
    )


def _render_atom(site: DemoSite, base_url: str, stories: list[tuple[Story, str]]) -> str:
    entries = "".join(
        f'<entry><title>{escape(story.title)}</title><link href="{url}"/><id>{url}</id>'
        f"<published>{story.published.isoformat()}</published>"
        f"<updated>{_changed(story).isoformat()}</updated>"
        f"<summary>{escape(story.description)}</summary></entry>\n"
        for story, url in stories
    )
    newest = max(_changed(story) for story, _ in stories).isoformat()
    return (
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(site.name)}</title>'
        f'<link href="{base_url}/"/><id>{base_url}/</id><updated>{newest}</updated>\n'
        f"{entries}</feed>\n"
    )


def _render_json(site: DemoSite, base_url: str, stories: list[tuple[Story, str]]) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.name,
        "home_page_url": f"{base_url}/",
        "items": [
            {
                "id": url,
                "url": url,
                "title": story.title,
                "summary": story.description,
                "date_published": story.published.isoformat(),
            }
            for story, url in stories
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _render_sitemap(stories: list[tuple[Story, str]]) -> str:
    rows = "".join(
        f"<url><loc>{url}</loc><lastmod>{_changed(story).isoformat()}</lastmod></url>\n"
        for story, url in stories
    )
    return f'{_XML}<urlset xmlns="{_SITEMAP_NAMESPACE}">\n{rows}</urlset>\n'


def _render_news_sitemap(site: DemoSite, stories: list[tuple[Story, str]]) -> str:
    rows = "".join(
        f"<url><loc>{url}</loc><news:news><news:publication><news:name>{escape(site.name)}"
        f"</news:name><news:language>{site.language[:2]}</news:language></news:publication>"
        f"<news:publication_date>{story.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(story.title)}</news:title></news:news></url>\n"
        for story, url in stories
    )
    return (
        f'{_XML}<urlset xmlns="{_SITEMAP_NAMESPACE}" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n'
        f"{rows}</urlset>\n"
    )


def _changed(story: Story) -> datetime:
    return story.modified or story.published
