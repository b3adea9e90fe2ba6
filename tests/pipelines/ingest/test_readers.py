"""Which reader reads a file: told by its name, else by its first bytes, wherever it comes from."""

import gzip
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.executor import ExecutorOptions
from pipelines.ingest import formats
from pipelines.ingest.filter.filters import Filters
from pipelines.ingest.formats.byte_stream import ByteStream
from pipelines.ingest.formats.reader import Reader, Span
from pipelines.ingest.ingest import IngestOptions, ingest
from pipelines.ingest.inputs import Input, find_inputs
from pipelines.ingest.items import START, CapturedPage, Item, Place
from pipelines.ingest.read_input import read_input
from pipelines.ingest.shards.split import find_splits
from pipelines.store.database.database import open_database
from scraper.page import Page
from tests.pipelines.command_line import run_winnow
from tests.pipelines.ingest.archives import WEATHER, make_archive, news_page, urls_of

SAVED = "<!-- saved from url=(0042)https://courier.example/2031/03/04/saved.html -->"
TEXT = "\n\n".join(["Flood report in plain text", *WEATHER])
FILES = {
    "archive": make_archive(3, gzip=False).data,
    "packed archive": make_archive(3).data,
    "archive packed in one piece": gzip.compress(make_archive(3, gzip=False).data),
    "page": (SAVED + news_page(7)).encode(),
    "packed page": gzip.compress((SAVED + news_page(7)).encode()),
    "text": TEXT.encode(),
    "packed text": gzip.compress(TEXT.encode()),
}
TITLES = {
    "archive": [f"Flood report {number}" for number in range(3)],
    "page": ["Flood report 7"],
    "text": ["Flood report in plain text"],
}


def titles(path: Path) -> list[str]:
    with closing(open_database(path, create=False)) as db:
        return [title for (title,) in db.execute("SELECT title FROM articles ORDER BY id")]


@pytest.mark.parametrize("what", FILES)
def test_a_file_is_told_by_its_bytes_named_in_a_folder_or_as_a_stream(
    tmp_path: Path, what: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/file").write_bytes(FILES[what])
    expected = TITLES[next(kind for kind in TITLES if kind in what)]
    for number, path in enumerate(("in", "in/file", "-")):
        command = ("--db", f"{number}.db", "ingest", path, "--executor", "local", "--all-pages")
        outcome = run_winnow(tmp_path, *command, stdin=FILES[what] if path == "-" else b"")
        assert (outcome.code, outcome.errors) == (0, [])
        assert titles(tmp_path / f"{number}.db") == expected


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("CC-NEWS-1.warc.gz", "warc"),
        ("a.WARC", "warc"),
        ("a.warc.wet.gz", "warc"),
        ("s3://crawls/page.html.gz", "page"),
        ("page.HTM", "page"),
        ("story.php.gz", "page"),
        ("text.txt", "page"),
        ("warc", None),
        ("a.gz", None),
        ("-", None),
    ],
)
def test_a_name_says_it_where_it_can(name: str, reader: str | None) -> None:
    found = formats.find_reader_by_name(name)
    assert (found and found.name) == reader


def test_an_archive_whose_first_record_is_damaged_is_an_archive(tmp_path: Path) -> None:
    data = bytearray(make_archive(3).data)
    data[3:9] = b"\xff" * 6
    file = tmp_path / "file"
    file.write_bytes(data)
    (found,) = find_inputs([str(file)])
    assert len(urls_of(list(read_input(found, START, {})))) == 2


# A format of this test: many pages, each behind a line that says where it came from.
_MARK = b"%%PAGE "


def read_book(stream: ByteStream, span: Span) -> Iterator[Item]:
    body = b"".join(iter(lambda: stream.read(1 << 16), b""))
    at = body.find(_MARK)
    while at >= 0 and (span.end is None or span.begin.offset + at < span.end):
        url, _, rest = body[at + len(_MARK) :].partition(b"\n")
        behind = body.find(_MARK, at + 1)
        size = len(body) if behind < 0 else behind
        page = Page(url=url.decode(), body=rest[: size - at - len(_MARK) - len(url) - 1])
        yield CapturedPage(page, False, Place(span.begin.offset + size))
        at = behind


BOOK = Reader(name="book", suffixes=(".book",), magic=(_MARK,), is_archive=True, read=read_book)


def book_url(number: int) -> str:
    return f"https://book.example/2031/03/04/report-{number}.html"


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two books of four pages, one without a suffix; their format is registered."""
    monkeypatch.setattr(formats, "READERS", (*formats.READERS, BOOK))
    folder = tmp_path / "in"
    folder.mkdir()
    for name, numbers in (("a.book", range(4)), ("b", range(4, 8))):
        pages = (f"%%PAGE {book_url(n)}\n{news_page(n)}" for n in numbers)
        (folder / name).write_text("".join(pages))
    return folder


def test_a_reader_in_the_register_is_all_that_a_format_needs(books: Path, tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "a.db")) as db:
        options = IngestOptions(
            filters=Filters(is_news_only=False), executor=ExecutorOptions(executor="local")
        )
        report = ingest(db, find_inputs([str(books)]), options)
        assert (report.files, report.new, report.failed) == (2, 8, 0)
        urls = [url for (url,) in db.execute("SELECT url FROM articles ORDER BY id")]
        assert urls == [book_url(n) for n in range(8)]


def test_a_registered_archive_goes_on_at_any_place_and_is_cut(books: Path) -> None:
    for file in find_inputs([str(books)]):
        items = list(read_input(file, START, {}))
        urls = urls_of(items)
        for index, item in enumerate(items):
            assert urls_of(list(read_input(file, item.after, {}))) == urls[index + 1 :]
    splits = list(find_splits([Input(str(books / "a.book"), size_bytes=4_000)], 1_000))
    assert len(splits) > 2
    pieces = [
        urls_of(list(read_input(file, Place(split.begin), {}, split.end)))
        for split in splits
        for file in split.inputs
    ]
    assert [url for piece in pieces for url in piece] == [book_url(n) for n in range(4)]


@pytest.mark.usefixtures("books")
def test_a_registered_suffix_is_read_in_folders_whatever_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = Reader(name="table", suffixes=(".csv",), is_archive=True, read=read_book)
    (tmp_path / "in/c.csv").write_bytes(b"url,text")
    assert len(list(find_inputs([str(tmp_path / "in")]))) == 2
    monkeypatch.setattr(formats, "READERS", (*formats.READERS, table))
    assert len(list(find_inputs([str(tmp_path / "in")]))) == 3
