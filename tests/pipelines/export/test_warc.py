"""Stored pages as an archive, read back by another tool and by our own."""

import hashlib
from base64 import b32encode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipelines.store.database.database import open_database
from pipelines.store.pages.raw_pages import save_page
from scraper.page import Page
from tests.pipelines.command_line import run_winnow
from tests.pipelines.ingest.archives import news_page

PAGES = [
    Page(
        url=f"https://flood.example/news/{number}",
        body=news_page(number).encode(),
        headers={"content-type": "text/html; charset=utf-8", "etag": f'"{number}"'},
        fetched_at=datetime(2031, 3, number, 10, tzinfo=UTC),
    )
    for number in (1, 2, 3)
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    db = open_database(tmp_path / "data/articles.db")
    for page in PAGES:
        save_page(db, page)
    db.close()
    return tmp_path


@pytest.mark.parametrize("name", ["pages.warc", "pages.warc.gz"])
def test_another_reader_finds_each_page_as_it_was(folder: Path, name: str) -> None:
    assert run_winnow(folder, "export", "warc", "-o", name).code == 0
    found = []
    with (folder / name).open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            if record.rec_type != "response":
                assert record.rec_type == "warcinfo"
                continue
            body = record.content_stream().read()
            headers = record.rec_headers
            digest = b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()
            assert headers.get_header("WARC-Payload-Digest") == f"sha1:{digest}"
            found.append(
                (
                    headers.get_header("WARC-Target-URI"),
                    headers.get_header("WARC-Date")[:19],
                    record.http_headers.get_header("content-type"),
                    body,
                )
            )
    assert found == [
        (page.url, f"2031-03-0{i}T10:00:00", "text/html; charset=utf-8", page.body)
        for i, page in enumerate(PAGES, 1)
    ]


def test_what_goes_out_comes_in_again(folder: Path, tmp_path: Path) -> None:
    run_winnow(folder, "export", "warc", "-o", "pages.warc.gz")
    outcome = run_winnow(
        folder, "--db", "other.db", "ingest", "pages.warc.gz", "--executor", "local", "--keep-pages"
    )
    assert outcome.code == 0
    assert "3 articles new" in outcome.out
    again = tmp_path / "again.warc.gz"
    run_winnow(folder, "--db", "other.db", "export", "warc", "-o", str(again))
    assert again.read_bytes()[-200:] == (folder / "pages.warc.gz").read_bytes()[-200:]
