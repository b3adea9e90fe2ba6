"""A crawl that is killed again and again ends with the same database as one left in peace."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlite_utils import Database

from pipelines.crawl.crawl import crawl
from pipelines.crawl.options import CrawlOptions
from pipelines.settings import parse_settings
from pipelines.store.database.database import open_database
from tests.pipelines.loopback_site import Site

# Fifty take some minutes: WINNOW_KILLS=50 pytest tests/pipelines/crawl/test_kill.py
_KILLS = int(os.environ.get("WINNOW_KILLS", "3"))
_COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()", "crawl", "--workers=1"]


def contents(path: Path) -> dict[str, object]:
    """Everything a killed crawl must not change."""
    db = Database(path)
    try:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        return {
            "articles": db.execute(
                "SELECT url, title, text, content_hash, revision FROM articles ORDER BY url"
            ).fetchall(),
            "urls": db.execute("SELECT url, kind, state FROM urls ORDER BY url").fetchall(),
            "pages": db.execute("SELECT hash FROM pages ORDER BY hash").fetchall(),
            "search": db.execute(
                "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'story'"
            ).fetchone(),
            "fetched": db.execute(
                "SELECT u.url, count(*) FROM fetches f JOIN urls u ON u.id = f.url_id "
                "WHERE u.kind = 'article' AND f.status = 200 GROUP BY 1 ORDER BY 1"
            ).fetchall(),
            "failures": db.execute("SELECT count(*) FROM failures").fetchone(),
        }
    finally:
        db.close()


def test_killed_at_random_moments_it_loses_and_repeats_nothing(site: Site, tmp_path: Path) -> None:
    count = 45 + 3 * _KILLS
    site.add_sitemap(site.add_articles(count))
    sources = site.sources_toml(path="/sitemap.xml").replace("= 0.0\n", "= 0.01\n")
    (tmp_path / "sources.toml").write_text(sources)
    calm = open_database(tmp_path / "calm.db")
    asyncio.run(crawl(parse_settings(sources), calm, CrawlOptions(workers=1)))
    calm.close()

    chance = random.Random(20)
    database = tmp_path / "data" / "articles.db"
    kills = 0
    while True:
        process = subprocess.Popen(
            _COMMAND, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        before = site.requests.total()
        # Not before it works: else the test would be about the start of Python.
        while process.poll() is None and site.requests.total() == before:
            time.sleep(0.002)
        if kills < _KILLS:
            time.sleep(chance.uniform(0.0, 2.0 / _KILLS))
            os.kill(process.pid, signal.SIGKILL)
        process.wait()
        if process.returncode != -signal.SIGKILL:
            break
        kills += 1
    assert kills >= min(_KILLS, 3)
    _check_crawls(database, kills)
    assert process.returncode == 0
    assert contents(database) == contents(tmp_path / "calm.db")


def _check_crawls(database: Path, kills: int) -> None:
    """Every crawl is closed, and their counts come to what there is."""
    db = Database(database)
    outcomes = dict(db.execute("SELECT outcome, count(*) FROM crawls GROUP BY outcome").fetchall())
    assert outcomes == {"killed": kills, "done": 1}
    counted, answered, stored, articles = db.execute(
        "SELECT sum(fetched), (SELECT count(*) FROM fetches WHERE status = 200), "
        "sum(articles_new), (SELECT count(*) FROM articles) FROM crawls"
    ).fetchone()
    assert (counted, stored) == (answered, articles)
    db.close()


def test_a_polite_stop_gives_everything_back(site: Site, tmp_path: Path) -> None:
    site.add_sitemap(site.add_articles(60))
    sources = site.sources_toml(path="/sitemap.xml").replace("= 0.0\n", "= 0.05\n")
    (tmp_path / "sources.toml").write_text(sources)
    process = subprocess.Popen(
        _COMMAND, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while site.requests.total() < 6 and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert err.decode().strip().endswith("stopped; the next `winnow crawl` goes on from here")
    db = Database(tmp_path / "data/articles.db")
    states = dict(db.execute("SELECT state, count(*) FROM urls GROUP BY state").fetchall())
    assert set(states) == {"due", "done"}
    assert db["articles"].count == states["done"] - 1
    assert db.execute("SELECT count(*) FROM crawls WHERE finished_at IS NULL").fetchone() == (0,)
    db.close()
