from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from pipelines.store.database.database import open_database
from scraper.article import Article, FaqEntry
from scraper.blocks import (
    Code,
    Figure,
    Heading,
    Link,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Table,
)

FULL_ARTICLE = Article(
    url="https://harbour.example/news/ferry",
    canonical_url="https://harbour.example/news/ferry",
    site_name="Harbour Courier",
    title="Ferry line returns after nine years",
    description="The council voted for two boats a day.",
    authors=("Mira Olsdotter", "Tom Akintola"),
    published_at="2026-03-04T09:30:00+01:00",
    modified_at="2026-03-05",
    language="en",
    section="Local",
    tags=("ferry", "council"),
    image_url="https://harbour.example/i/ferry.jpg",
    access="free",
    robots=("noarchive",),
    next_page_url="https://harbour.example/news/ferry?page=2",
    text="The council voted on Tuesday.\nTwo boats a day will run.\nTickets cost four crowns.",
    markdown="The council voted on [Tuesday](https://harbour.example/tuesday).",
    blocks=(
        Paragraph(
            "The council voted on Tuesday.",
            (Link("Tuesday", "https://harbour.example/tuesday", "nofollow", 21),),
        ),
        Heading(2, "What changes"),
        Heading(3, "Times"),
        Heading(2, "What it costs"),
        ListBlock(
            True,
            (
                ListItem("Morning", (ListBlock(False, (ListItem("seven"), ListItem("nine"))),)),
                ListItem("Evening"),
            ),
        ),
        Quote("We waited long enough."),
        Code("fare = 4", "python"),
        Table((("line", "fare"), ("north", "4")), "Fares"),
        Figure("https://harbour.example/i/1.jpg", "A boat", "The old boat"),
    ),
    faq=(FaqEntry("When does it start?", "In May.", "html"),),
    confidence=0.91,
    evidence={"title": "json-ld"},
)

MakeArticle = Callable[..., Article]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = open_database(tmp_path / "articles.db")
    yield database
    database.close()


@pytest.fixture
def make_article() -> MakeArticle:
    """A whole article, with the fields given put in place of its own."""

    def make(**fields: Any) -> Article:
        if "url" in fields and "canonical_url" not in fields:
            fields["canonical_url"] = None
        return replace(FULL_ARTICLE, **fields)

    return make
