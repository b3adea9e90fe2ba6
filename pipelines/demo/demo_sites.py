"""The bundled newspapers: where they are, and what each is."""

import importlib.resources
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from pipelines.demo.demo_articles import Story, load_stories
from scraper.article import Access


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
