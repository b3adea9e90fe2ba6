"""The bundled newspapers: where they are, and what is served at which path."""

import gzip
import importlib.resources
import tomllib
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.demo.demo_articles import Story, load_stories
from pipelines.demo.demo_feeds import render_feed, render_robots, render_sitemaps
from pipelines.demo.drawing import draw_image
from scraper.article import Access, block_to_dict
from scraper.blocks import Figure


@dataclass(frozen=True, slots=True)
class Resource:
    """What is served at one path."""

    body: bytes
    content_type: str

    @property
    def etag(self) -> str:
        """Another one for another body."""
        return f'"{blake2b(self.body, digest_size=8).hexdigest()}"'


@dataclass(frozen=True)
class DemoSite:
    """One newspaper, as written in its folder.

    Attributes:
        feed: ``rss``, ``atom`` or ``json``.
        sitemap: ``plain``, ``gzip`` or ``index`` (with a news sitemap).
        article_path: Format of an article's path.
        markers: Phrases of its template that belong to no article.
        faq_heading: What stands above the questions of an article.
        heading_shift: How much deeper its template sets the headings of a text.
        states_access: Whether its pages say if they are free.
    """

    folder: Path
    name: str
    tagline: str
    language: str
    feed: str
    sitemap: str
    article_path: str
    markers: tuple[str, ...]
    faq_heading: str = ""
    heading_shift: int = 0
    states_access: bool = False

    @cached_property
    def stories(self) -> tuple[Story, ...]:
        """Its articles, the newest first."""
        return load_stories(self.folder / "articles")

    @property
    def sections(self) -> tuple[str, ...]:
        """Names of its sections in the order of the menu."""
        return tuple(sorted({story.section for story in self.stories}))

    def access_of(self, story: Story) -> Access:
        """What its page says about who may read an article."""
        if not self.states_access:
            return "unknown"
        return "free" if story.free else "paywalled"

    def path_of(self, story: Story) -> str:
        """Where an article is served."""
        return self.article_path.format(
            slug=story.slug,
            number=story.number,
            section=section_slug(story.section),
            year=story.published.year,
            month=story.published.month,
        )


def section_slug(section: str) -> str:
    """A section's name as part of a path.

    Example:
        >>> section_slug("Going out")
        'going-out'
    """
    return quote(section.lower().replace(" ", "-"))


def load_sites() -> tuple[DemoSite, ...]:
    """The bundled sites: of this checkout, or of the installed package."""
    checkout = Path(__file__).resolve().parents[2] / "data" / "demo"
    packaged = Path(str(importlib.resources.files("pipelines.demo"))) / "sites"
    root = packaged if packaged.is_dir() else checkout
    return tuple(_load_site(path.parent) for path in sorted(root.glob("*/site.toml")))


def _load_site(folder: Path) -> DemoSite:
    facts = tomllib.loads((folder / "site.toml").read_text(encoding="utf-8"))
    facts["markers"] = tuple(facts["markers"])
    return DemoSite(folder=folder, **facts)


def render_site(site: DemoSite, base_url: str) -> dict[str, Resource]:
    """Everything the site serves, by path.

    Args:
        site: The newspaper.
        base_url: Where it is served, without a slash at the end: feeds name absolute URLs.
    """
    environment = Environment(
        loader=FileSystemLoader(site.folder / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shared = {
        "site": site,
        "base_url": base_url,
        "section_slug": section_slug,
        "people": _people,
        "faq_page": _faq_page,
    }
    resources: dict[str, Resource] = {}

    def add_page(path: str, template: str, **facts: object) -> None:
        html = environment.get_template(template).render(shared | facts)
        resources[path] = Resource(html.encode(), "text/html; charset=utf-8")

    add_page("/", "index.html", section=None, stories=site.stories)
    for section in site.sections:
        of_section = tuple(story for story in site.stories if story.section == section)
        path = f"/section/{section_slug(section)}/"
        add_page(path, "index.html", section=section, stories=of_section)
    for place, story in enumerate(site.stories):
        newer = site.stories[place - 1] if place else None
        older = site.stories[place + 1] if place + 1 < len(site.stories) else None
        blocks = [block_to_dict(block) for block in story.blocks]
        facts = {"story": story, "body": blocks, "newer": newer, "older": older}
        add_page(site.path_of(story), "article.html", **facts)
        for file_name in _image_names(story):
            drawing = draw_image(file_name).encode()
            resources[f"/images/{file_name}"] = Resource(drawing, "image/svg+xml")
    style = (site.folder / "templates" / "style.css").read_bytes()
    resources["/style.css"] = Resource(style, "text/css; charset=utf-8")
    resources["/robots.txt"] = Resource(
        render_robots(site.sitemap, base_url).encode(), "text/plain"
    )
    urls = {story: base_url + site.path_of(story) for story in site.stories}
    feed_path, feed_type, feed = render_feed(site.feed, site, base_url, urls)
    resources[feed_path] = Resource(feed.encode(), feed_type)
    for path, xml in render_sitemaps(site.sitemap, site, base_url, urls).items():
        is_packed = path.endswith(".gz")
        body = gzip.compress(xml.encode(), mtime=0) if is_packed else xml.encode()
        resources[path] = Resource(body, "application/gzip" if is_packed else "application/xml")
    return resources


def _image_names(story: Story) -> list[str]:
    in_text = [block.image_url for block in story.blocks if isinstance(block, Figure)]
    return [f"{story.slug}.svg", *in_text]


def _people(names: tuple[str, ...]) -> list[dict[str, str]]:
    """Authors as schema.org has them."""
    return [{"@type": "Person", "name": name} for name in names]


def _faq_page(faq: tuple[tuple[str, str], ...]) -> dict[str, object]:
    """Questions as a schema.org FAQPage."""
    return {
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": question,
                "acceptedAnswer": {"@type": "Answer", "text": f"<p>{answer}</p>"},
            }
            for question, answer in faq
        ],
    }
