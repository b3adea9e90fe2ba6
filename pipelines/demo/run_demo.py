"""What the demo crawls, and what was recovered of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from pipelines.demo.server import ServedSite
from pipelines.settings import Settings, SourceSettings
from pipelines.store.articles.articles import find_article, load_article


@dataclass(frozen=True, slots=True)
class Recovered:
    """An article of the demo as it came out of the crawl: its facts, and how much of each kind."""

    site: str
    title: str | None
    authors: tuple[str, ...]
    published_at: str | None
    headings: int
    list_items: int
    faq_pairs: int
    words: int


def demo_settings(sites: Sequence[ServedSite]) -> Settings:
    """Settings that name the served sites as sources, and let a crawl reach this machine."""
    sources = tuple(
        SourceSettings(
            name=served.site.folder.name,
            url=f"{served.base_url}/",
            delay_seconds=0.0,
            allow_private=True,
        )
        for served in sites
    )
    return Settings(sources=sources)


def load_recovered(db: Database, sites: Sequence[ServedSite]) -> list[Recovered]:
    """The articles of the demo that are in the database, site by site, the newest first.

    Raises:
        StoreError: The database cannot be read.
    """
    found = []
    for served in sites:
        for story in served.site.stories:
            article_id = find_article(db, served.base_url + served.site.path_of(story))
            article = None if article_id is None else load_article(db, article_id)
            if article is None:
                continue
            found.append(
                Recovered(
                    site=served.site.name,
                    title=article.title,
                    authors=article.authors,
                    published_at=article.published_at,
                    headings=len(article.headings),
                    list_items=len(article.list_items),
                    faq_pairs=len(article.faq),
                    words=article.word_count,
                )
            )
    return found
