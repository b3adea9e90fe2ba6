"""A process killed while it writes leaves a database that opens, is sound, and goes on."""

import multiprocessing
import random
import time
from pathlib import Path

from pipelines.store.articles.articles import load_article, save_article, save_articles
from pipelines.store.articles.rows import ArticleToSave, build_rows
from pipelines.store.database.database import open_database
from pipelines.store.database.maintenance import check_database
from scraper.article import Article, FaqEntry
from scraper.blocks import Heading, Paragraph


def _version(number: int, round_number: int) -> ArticleToSave:
    article = Article(
        url=f"https://a.example/{number % 400}",
        title=f"Title {number}",
        text=f"Text {round_number} {number}.\n" * 20,
        authors=("A", "B"),
        tags=("x",),
        blocks=(Heading(2, "h"), Paragraph("p")),
        faq=(FaqEntry("q", "a", "html"),),
    )
    return ArticleToSave(rows=build_rows(article))


def _write_for_ever(path: str, round_number: int) -> None:
    db = open_database(path)
    number = 0
    while True:
        save_articles(db, [_version(n, round_number) for n in range(number, number + 5)])
        number += 5


def test_killed_at_random_moments_nothing_is_half_written(tmp_path: Path) -> None:
    path, choose = tmp_path / "articles.db", random.Random(7)
    open_database(path).close()
    fork = multiprocessing.get_context("fork")  # no time lost with importing again
    for round_number in range(8):
        writer = fork.Process(target=_write_for_ever, args=(str(path), round_number))
        writer.start()
        time.sleep(choose.uniform(0.05, 0.4))
        writer.kill()
        writer.join()
    db = open_database(path)
    assert check_database(db) == []
    ids = [row[0] for row in db.conn.execute("SELECT id FROM articles")]
    assert ids
    for article_id in ids:
        article = load_article(db, article_id)
        assert article is not None
        assert len(article.headings) == 1
    assert db.table("article_authors").count == 2 * len(ids)
    assert db.table("faqs").count == len(ids)
    # Each older version is there exactly once, and every article has all of its own.
    assert (
        db.conn.execute(
            "SELECT count(*) FROM articles a WHERE revision - 1 <> "
            "(SELECT count(*) FROM revisions r WHERE r.article_id = a.id)"
        ).fetchone()[0]
        == 0
    )
    assert save_article(db, Article(url="https://a.example/after", text="On.")).status == "new"
