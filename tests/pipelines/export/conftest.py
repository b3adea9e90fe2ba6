from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from pipelines.store.articles.articles import save_article
from pipelines.store.crawl.sources import save_source
from pipelines.store.database.database import open_database
from scraper.article import Article, FaqEntry
from scraper.blocks import Heading, ListBlock, ListItem

ARTICLES = (
    Article(
        url="https://a.example/1",
        title='He said "flood", twice\nover two lines',
        authors=("Mira Olsdotter", 'Ann "Ace" Lind'),
        tags=("a,b", "c"),
        published_at="2026-03-04T09:30:00+01:00",
        language="en",
        text='Smørrebrød 🚢 עברית; comma, quote " and\r\nline breaks.',
        markdown="Smørrebrød 🚢",
        blocks=(Heading(2, "Part one"), ListBlock(True, (ListItem("first"), ListItem("=SUM(A1)")))),
        faq=(FaqEntry("Why?", "Because.", "html"),),
        confidence=0.875,
    ),
    Article(
        url="https://a.example/2", title="=HYPERLINK(0)", published_at="2026-04-01", text="Two."
    ),
    Article(url="https://b.example/3", title="'=quoted", text="Three words here.", confidence=0.5),
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = open_database(tmp_path / "articles.db")
    source = save_source(database, "Harbour / Courier")
    for number, article in enumerate(ARTICLES):
        save_article(
            database,
            article,
            source_id=source if number < 2 else None,
            seen_at=datetime(2026, 5, 1, 12, tzinfo=UTC),
        )
    yield database
    database.close()
