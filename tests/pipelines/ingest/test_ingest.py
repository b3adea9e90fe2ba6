"""Archives and files go in, articles come out; what was interrupted goes on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.pipelines.command_line import run_winnow
from tests.pipelines.ingest.archives import ArchiveMaker, news_page

_COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()", "ingest"]


def url_of(number: int) -> str:
    return f"https://flood.example/news/2031/report-{number}.html"


def archive_of(count: int) -> bytes:
    maker = ArchiveMaker()
    for number in range(count):
        maker.add_page(url_of(number), news_page(number))
    return maker.data


def articles(folder: Path) -> list[tuple[str, str]]:
    db = Database(folder / "data/articles.db")
    try:
        rows = db.execute("SELECT url, title FROM articles ORDER BY id").fetchall()
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return rows
    finally:
        db.close()


@pytest.mark.parametrize("executor", ["local", "processes"])
def test_every_article_of_an_archive_is_stored_in_order_and_once(
    tmp_path: Path, executor: str
) -> None:
    (tmp_path / "news.warc.gz").write_bytes(archive_of(40))
    outcome = run_winnow(
        tmp_path, "ingest", "news.warc.gz", "--executor", executor, "--workers", "2"
    )
    assert (outcome.code, outcome.errors) == (0, [])
    assert "40 pages of 1 files: 40 articles new" in outcome.out
    assert articles(tmp_path) == [(url_of(i), f"Flood report {i}") for i in range(40)]
    again = run_winnow(tmp_path, "ingest", "news.warc.gz", "--executor", "local")
    assert "0 pages of 1 files: 0 articles new" in again.out
    anew = run_winnow(tmp_path, "ingest", "news.warc.gz", "--executor", "local", "--anew")
    assert "40 the same" in anew.out


def test_folders_lists_text_and_single_pages(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.html").write_text(news_page(number))
    (folder / "picture.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "urls.tsv").write_text("".join(f"{i}.html\t{url_of(i)}\n" for i in range(3)))
    outcome = run_winnow(
        tmp_path, "ingest", "saved", "--urls", "urls.tsv", "--executor", "local", "--keep-pages"
    )
    assert outcome.code == 0
    assert [url for url, _ in articles(tmp_path)] == [url_of(i) for i in range(3)]
    db = Database(tmp_path / "data/articles.db")
    assert db["pages"].count == 3
    db.close()


def news_page_of(host: str, number: int) -> str:
    """One of a blog that was copied with the address of `host` in its template."""
    link = f'<link rel="canonical" href="https://{host}/2031/report.html"></head>'
    return news_page(number).replace("</head>", link)


def test_a_mirror_of_two_blogs_on_one_platform_has_the_articles_of_both(tmp_path: Path) -> None:
    hosts = ["bar.github.io", "foo.github.io", "m.github.io"]
    for number, host in enumerate(hosts):
        folder = tmp_path / "mirror" / host / "2031"
        folder.mkdir(parents=True)
        (folder / "report.html").write_text(news_page_of("foo.github.io", number))
    outcome = run_winnow(tmp_path, "ingest", "mirror", "--executor", "local")
    assert (outcome.code, outcome.errors) == (0, [])
    expected = [(f"https://{h}/2031/report.html", f"Flood report {i}") for i, h in enumerate(hosts)]
    assert articles(tmp_path) == expected


def test_a_list_of_two_blogs_on_one_platform_has_the_articles_of_both(tmp_path: Path) -> None:
    urls = [f"https://{name}.blogspot.com/2031/report.html" for name in ("bar", "foo")]
    (tmp_path / "saved").mkdir()
    for number in range(2):
        page = news_page_of("foo.blogspot.com", number)
        (tmp_path / "saved" / f"{number}.html").write_text(page)
    (tmp_path / "urls.tsv").write_text("".join(f"{i}.html\t{url}\n" for i, url in enumerate(urls)))
    outcome = run_winnow(tmp_path, "ingest", "saved", "--urls", "urls.tsv", "--executor", "local")
    assert (outcome.code, outcome.errors) == (0, [])
    assert [url for url, _ in articles(tmp_path)] == urls


def test_what_is_not_wanted_is_counted_by_its_reason(tmp_path: Path) -> None:
    maker = ArchiveMaker()
    maker.add_page(url_of(1), news_page(1))
    maker.add_page(url_of(2), news_page(2), status="404 Not FoundFeed")
    maker.add_page("https://flood.example/shop/pump", news_page(3))
    maker.add_page(url_of(4), news_page(4, date="2029-01-01"))
    maker.add_page("https://flood.example/", "<title>x</title><a href=/a>A</a> <a href=/b>B</a>")
    (tmp_path / "mixed.warc.gz").write_bytes(maker.data)
    outcome = run_winnow(
        tmp_path,
        *("ingest", "mixed.warc.gz", "--executor", "local"),
        *("--exclude", "/shop/**", "--since", "2030-01-01"),
    )
    assert outcome.code == 0
    assert [url for url, _ in articles(tmp_path)] == [url_of(1)]
    for reason in ("1 status 404", "1 url", "1 date", "1 not news-like"):
        assert reason in outcome.out


def test_damage_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    data = bytearray(archive_of(7))  # an odd number: the middle is inside a record
    middle = len(data) // 2
    data[middle : middle + 40] = bytes(40)
    (tmp_path / "hurt.warc.gz").write_bytes(data)
    outcome = run_winnow(tmp_path, "ingest", "hurt.warc.gz", "--executor", "local")
    assert outcome.code == 1
    assert len(outcome.errors) == 1
    assert len(articles(tmp_path)) == 6
    db = Database(tmp_path / "data/articles.db")
    assert [row["stage"] for row in db["failures"].rows] == ["ingest"]
    db.close()


def test_killed_it_goes_on_and_stores_nothing_twice(tmp_path: Path) -> None:
    (tmp_path / "news.warc.gz").write_bytes(archive_of(120))
    command = [*_COMMAND, "news.warc.gz", "--executor", "local", "--keep-pages"]
    database = tmp_path / "data/articles.db"
    process = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while process.poll() is None and stored(database) < 32:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    before = stored(database)
    assert 0 < before < 120
    outcome = run_winnow(tmp_path, *command[3:])
    assert f"{120 - before} pages of 1 files: {120 - before} articles new" in outcome.out
    assert articles(tmp_path) == [(url_of(i), f"Flood report {i}") for i in range(120)]


def stored(database: Path) -> int:
    if not database.exists():
        return 0
    db = Database(database)
    try:
        return int(db["articles"].count) if "articles" in db.table_names() else 0
    finally:
        db.close()


def test_a_page_on_standard_input(tmp_path: Path) -> None:
    outcome = run_winnow(
        tmp_path, "ingest", "-", "--executor", "local", stdin=news_page(7).encode()
    )
    assert outcome.code == 0
    assert [title for _, title in articles(tmp_path)] == ["Flood report 7"]


def test_what_is_not_there_is_one_line(tmp_path: Path) -> None:
    outcome = run_winnow(tmp_path, "ingest", "nothing.warc")
    assert outcome.code == 1
    assert outcome.err == "error: nothing.warc: there is no such file or folder\n"
