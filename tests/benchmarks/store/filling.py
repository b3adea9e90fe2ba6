"""A database of any size for measuring: invented articles in real words, the same in every run.

The words are those of the demo's newspapers, as often as they are met there, and a long tail of
names put together from them, as news has it. The bulk is put in the short way, with the full-text
indexes made at the end; what is measured is then done to a database of that size.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

import numpy as np
from sqlite_utils import Database

from pipelines.store.articles.rows import COLUMNS, PARTS, build_rows
from pipelines.store.crawl.sources import save_source
from pipelines.store.database.maintenance import rebuild_search
from scraper.article import Article, FaqEntry
from scraper.blocks import Block, Heading, ListBlock, ListItem, Paragraph

SOURCES = 40
_DEMO = Path(__file__).parents[3] / "data" / "demo"
_START = datetime(2024, 1, 1, tzinfo=UTC)
_NAMES = 26_000
_BATCH = 2_000
_KEYS = 16
_INDEX_TRIGGERS = ("articles_ai", "articles_cjk_ai")


def seen_at(number: int) -> datetime:
    """When the article of that number was published and seen: one a minute."""
    return _START + timedelta(minutes=number)


class Words:
    """Draws words as often as they are met; `names` has the most frequent first."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        texts = (path.read_text() for path in sorted(_DEMO.glob("*/articles/*.md")))
        met = Counter(chain.from_iterable(re.findall(r"[^\W\d_]{2,}", text) for text in texts))
        words = [word for word, _ in met.most_common()]
        tail: dict[str, None] = {}
        while len(tail) < _NAMES:
            first, second = self._random.choices(words[50:], k=2)
            tail[(first[:5] + second[-4:]).capitalize()] = None
        self.names = [*words, *tail]
        weights = [float(met[word]) for word in words]
        # The tail goes on as the words end: each name half as often as a word met once.
        weights += [0.5] * len(tail)
        self._weights = list(accumulate(weights))

    def draw(self, count: int) -> str:
        return " ".join(self._random.choices(self.names, cum_weights=self._weights, k=count))

    def paragraphs(self, words: int) -> list[str]:
        lengths = [40] * (words // 40) + [words % 40] * (words % 40 > 0)
        return [self.draw(length).capitalize() + "." for length in lengths]


def make_article(words: Words, number: int, length: int) -> Article:
    """An article of about `length` words."""
    paragraphs = words.paragraphs(length)
    items = tuple(ListItem(words.draw(4)) for _ in range(2))
    blocks: list[Block] = [Paragraph(text) for text in paragraphs]
    blocks[1:1] = [Heading(2, words.draw(3)), ListBlock(False, items)]
    return Article(
        url=f"https://news{number % SOURCES}.example/2026/{number}-{words.draw(2)}",
        title=words.draw(8).capitalize(),
        description=words.draw(12),
        authors=(words.draw(2),),
        tags=tuple(words.draw(2).split()),
        published_at=seen_at(number).isoformat(timespec="seconds"),
        language="en",
        section=words.draw(1),
        text="\n".join(paragraphs),
        markdown="\n\n".join(paragraphs),
        blocks=tuple(blocks),
        faq=(FaqEntry(words.draw(6) + "?", words.draw(12), "html"),) if number % 5 == 0 else (),
        confidence=0.9,
    )


def fill(db: Database, count: int, length: int) -> Words:
    """Put in `count` articles of `length` words; the words, to draw more of them."""
    words = Words(1)
    conn = db.conn
    sources = [save_source(db, f"source {number}") for number in range(SOURCES)]
    triggers = [
        conn.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
        for name in _INDEX_TRIGGERS
    ]
    for name in _INDEX_TRIGGERS:
        conn.execute(f"DROP TRIGGER {name}")
    authors, tags = _names(words, 5_000), _names(words, 3_000)
    conn.execute("BEGIN")
    conn.executemany("INSERT INTO authors (id, name) VALUES (?, ?)", enumerate(authors, 1))
    conn.executemany("INSERT INTO tags (id, name) VALUES (?, ?)", enumerate(tags, 1))
    for first in range(0, count, _BATCH):
        numbers = range(first, min(first + _BATCH, count))
        _insert(db, [_rows(words, n, length, sources[n % SOURCES]) for n in numbers])
        conn.execute("COMMIT")
        conn.execute("BEGIN")
    _insert_keys(db, count)
    conn.execute("COMMIT")
    for sql in triggers:
        conn.execute(sql)
    rebuild_search(db)
    db.analyze()
    return words


def _insert_keys(db: Database, count: int) -> None:
    """What articles nobody copied are filed under, in the order of the tree."""
    keys = np.random.default_rng(2).integers(-(2**63), 2**63, count * _KEYS, dtype=np.int64)
    order = np.argsort(keys)
    for first in range(0, len(order), 1_000_000):
        part = order[first : first + 1_000_000]
        rows = zip(keys[part].tolist(), (part // _KEYS + 1).tolist(), strict=True)
        db.conn.executemany("INSERT INTO duplicate_keys (band_key, article_id) VALUES (?, ?)", rows)


def _names(words: Words, count: int) -> list[str]:
    names: dict[str, None] = {}
    while len(names) < count:
        names[words.draw(2)] = None
    return list(names)


_template: dict[str, Any] = {}


def _rows(
    words: Words, number: int, length: int, source_id: int
) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of an article; what a search or a status never looks at is that of one article."""
    if not _template:
        rows = build_rows(make_article(words, 0, length))
        _template.update(values=dict(zip(COLUMNS, rows.values, strict=True)), record=rows.record)
    paragraphs = words.paragraphs(length)
    moment = seen_at(number).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    key = f"{number:032x}"
    values = _template["values"] | {
        "title": words.draw(8).capitalize(),
        "description": words.draw(12),
        "published_at": moment[:19] + "Z",
        "content_hash": key,
        "record_hash": key,
        "text": "\n".join(paragraphs),
        "markdown": "\n\n".join(paragraphs),
        "word_count": length,
        "url": f"https://news{number % SOURCES}.example/2026/{number}-{words.draw(1)}",
        "source_id": source_id,
        "change_id": number + 1,
        "revision": 1,
        "first_seen_at": moment,
        "changed_at": moment,
        "last_seen_at": moment,
    }
    article_id = number + 1
    parts = {
        "articles": [(article_id, *values.values())],
        "article_blocks": [(article_id, _template["record"])],
        "headings": [(article_id, 0, 2, words.draw(3), None)],
        "list_items": [(article_id, 0, n, 0, 0, words.draw(4)) for n in range(2)],
        "article_authors": [(article_id, 0, 1 + number * 7 % 5_000)],
        "article_tags": [(article_id, n, 1 + (number * 11 + n) % 3_000) for n in range(2)],
    }
    if number % 5 == 0:
        parts["faqs"] = [(article_id, 0, words.draw(6) + "?", words.draw(12), "html")]
    _template.setdefault("columns", ("id", *values))
    return parts


def _insert(db: Database, batch: list[dict[str, list[tuple[Any, ...]]]]) -> None:
    columns = {
        "articles": _template["columns"],
        "article_blocks": ("article_id", "record"),
        "article_authors": ("article_id", "position", "author_id"),
        "article_tags": ("article_id", "position", "tag_id"),
    } | {table: ("article_id", *names) for table, names in PARTS.items()}
    for table in batch[0]:
        rows = list(chain.from_iterable(parts.get(table, ()) for parts in batch))
        marks = ", ".join("?" * len(columns[table]))
        db.conn.executemany(
            f"INSERT INTO {table} ({', '.join(columns[table])}) VALUES ({marks})",  # noqa: S608 - own names
            rows,
        )


def batches(words: Words, first: int, count: int, length: int) -> Iterator[list[Article]]:
    """`count` articles in batches of a hundred, numbered from `first`."""
    for start in range(first, first + count, 100):
        numbers = range(start, min(start + 100, first + count))
        yield [make_article(words, number, length) for number in numbers]
