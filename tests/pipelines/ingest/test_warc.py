"""Archives read record by record, whole, damaged, and in parts."""

import gzip
import io
import tracemalloc

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.formats.byte_stream import ByteStream
from pipelines.ingest.formats.reader import Span
from pipelines.ingest.formats.warc.warc import read_archive
from pipelines.ingest.items import CapturedPage, Place
from tests.pipelines.ingest.archives import (
    ArchiveMaker,
    make_archive,
    news_page,
    page_url,
    read_bytes,
    skips_of,
    urls_of,
)

ALL = [page_url(number) for number in range(5)]
BOTH = pytest.mark.parametrize("compressed", [True, False], ids=["gzip", "plain"])


@BOTH
def test_every_page_comes_out_with_its_headers_and_time(compressed: bool) -> None:
    items = read_bytes(make_archive(5, gzip=compressed).data)
    assert urls_of(items) == ALL
    first = items[0]
    assert isinstance(first, CapturedPage)
    assert first.page.body == news_page(0).encode()
    assert first.page.content_type == "text/html; charset=utf-8"
    assert first.page.fetched_at is not None
    assert first.page.fetched_at.isoformat() == "2031-03-04T10:00:00+00:00"


def test_a_file_compressed_in_one_piece_is_read_as_well() -> None:
    data = gzip.compress(make_archive(5, gzip=False).data)
    assert urls_of(read_bytes(data)) == ALL


@BOTH
def test_reading_goes_on_at_any_place_an_item_names(compressed: bool) -> None:
    data = make_archive(5, gzip=compressed).data
    for index, item in enumerate(read_bytes(data)):
        rest = read_bytes(data, Span(name="test.warc", begin=item.after))
        assert urls_of(rest) == ALL[index + 1 :]


def test_places_inside_one_gzip_member_count_records() -> None:
    data = gzip.compress(make_archive(5, gzip=False).data)
    items = read_bytes(data)
    assert [item.after for item in items[:4]] == [Place(0, n) for n in range(1, 5)]
    rest = read_bytes(data, Span(name="test.warc", begin=items[2].after))
    assert urls_of(rest) == ALL[3:]


@BOTH
@given(cuts=st.lists(st.integers(0, 10_000), max_size=5))
@settings(max_examples=40, deadline=None)
def test_parts_of_an_archive_hold_each_page_once(compressed: bool, cuts: list[int]) -> None:
    data = make_archive(5, gzip=compressed).data
    bounds = sorted({0, *(cut % len(data) for cut in cuts)})
    found: list[str] = []
    for begin, end in zip(bounds, [*bounds[1:], None], strict=True):
        span = Span(name="test.warc", begin=Place(begin), end=end)
        found += urls_of(read_bytes(data, span))
    assert found == ALL


def test_other_records_are_passed_over_and_revisits_named() -> None:
    maker = ArchiveMaker()
    maker.add_record("warcinfo", None, b"software: test", "application/warc-fields")
    maker.add_record("request", page_url(0), b"GET / HTTP/1.1\r\n\r\n", "application/http")
    maker.add_page(page_url(0), news_page(0))
    maker.add_revisit(page_url(1))
    maker.add_record("resource", page_url(2), news_page(2).encode(), "text/html")
    items = read_bytes(maker.data)
    assert urls_of(items) == [page_url(0), page_url(2)]
    assert skips_of(items) == [(page_url(1), "revisit")]


def test_text_of_a_wet_archive_is_text() -> None:
    maker = ArchiveMaker()
    maker.add_record("conversion", page_url(0), "Überschwemmung am Hafen".encode())
    (item,) = read_bytes(maker.data)
    assert isinstance(item, CapturedPage)
    assert item.is_text
    assert item.page.body.decode() == "Überschwemmung am Hafen"


def test_a_page_that_was_cut_off_is_read_and_marked() -> None:
    page = news_page(0).encode()
    coded = gzip.compress(page)
    maker = ArchiveMaker()
    maker.add_page(page_url(0), page, warc_headers={"WARC-Truncated": "length"})
    maker.add_page(page_url(1), page.ljust(1024 * 1024))  # older crawls do not say so
    maker.add_page(page_url(2), page[:-9], headers=[("Content-Length", str(len(page)))])
    maker.add_page(page_url(3), coded[:-90], headers=[("Content-Encoding", "gzip")])
    maker.add_page(page_url(4), page, headers=[("Content-Length", str(len(coded)))])
    items = read_bytes(maker.data)
    assert urls_of(items) == [page_url(number) for number in range(5)]
    marks = [item.page.is_cut_short for item in items if isinstance(item, CapturedPage)]
    assert marks == [True, True, True, True, False]


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", 200),
        ("HTTP/3 200\r\ncontent-type: text/html\r\n", 200),
        ("h2 404 \r\n:status: 404\r\ncontent-type: text/html\r\n", 404),
        ("ICY 200 OK\r\nContent-Type: text/html\r\n", 200),
        ("Content-Type: text/html\r\n", 200),
        ("", 200),
        ("what is this\r\n", 0),
    ],
)
def test_a_status_line_of_any_kind_is_read(head: str, status: int) -> None:
    page = news_page(0)
    block = (f"{head}\r\n{page}" if head else page).encode()
    record = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {page_url(0)}\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    (item,) = read_bytes(record.encode() + block + b"\r\n\r\n")
    assert isinstance(item, CapturedPage)
    assert (item.page.status, item.page.body) == (status, page.encode())
    assert item.page.content_type == ("text/html" if "ype: text" in head else None)


def test_a_page_that_is_too_large_is_left_out_by_name() -> None:
    maker = make_archive(1)
    maker.add_page(page_url(1), b"x" * 50_000)
    bomb = gzip.compress(b"y" * 500_000)
    maker.add_page(page_url(2), bomb, headers=[("Content-Encoding", "gzip")])
    stream = ByteStream(io.BytesIO(maker.data))
    items = list(read_archive(stream, Span(name="test.warc"), max_page_bytes=40_000))
    assert urls_of(items) == ALL[:1]
    assert skips_of(items) == [(page_url(1), "too large"), (page_url(2), "too large")]


@pytest.mark.parametrize("place", [40, 120, -4], ids=["headers", "body", "checksum"])
def test_a_damaged_member_costs_only_itself(place: int) -> None:
    maker = make_archive(5)
    data = bytearray(maker.data)
    begin = maker.offsets[2] if place > 0 else maker.offsets[3]
    for at in range(begin + place, begin + place + 4):
        data[at] ^= 0x5A
    items = read_bytes(bytes(data))
    assert urls_of(items) == ALL[:2] + ALL[3:]
    ((name, reason),) = skips_of(items)
    assert reason == "damaged"
    assert name in {page_url(2), f"test.warc at byte {maker.offsets[2]}"}


def test_a_member_with_a_wrong_checksum_is_named_by_its_url() -> None:
    maker = make_archive(5)
    data = bytearray(maker.data)
    data[maker.offsets[3] - 6] ^= 1
    assert skips_of(read_bytes(bytes(data))) == [(page_url(2), "damaged")]


def test_bytes_between_members_are_noticed_once() -> None:
    maker = make_archive(5)
    cut = maker.offsets[3]
    items = read_bytes(maker.data[:cut] + b"\x1f\x8b\x08 nothing" * 50 + maker.data[cut:])
    assert urls_of(items) == ALL
    assert skips_of(items) == [(f"test.warc at byte {cut}", "damaged")]


@BOTH
def test_a_file_that_ends_too_early_gives_what_is_whole(compressed: bool) -> None:
    maker = make_archive(5, gzip=compressed)
    items = read_bytes(maker.data[: maker.offsets[4] + 330])
    assert urls_of(items) == ALL[:4]
    assert len(skips_of(items)) == 1


@BOTH
@pytest.mark.parametrize("error", [-40, -5, 9, 700, 1_000_000])
def test_a_record_with_a_wrong_length_is_left_out_by_name(compressed: bool, error: int) -> None:
    plain = make_archive(5, gzip=False)
    begin, end = plain.offsets[2], plain.offsets[3]
    record = plain.data[begin:end]
    at = record.index(b"Content-Length: ") + 16
    stop = record.index(b"\r\n", at)
    length = int(record[at:stop]) + error
    parts = [plain.data[:begin], record[:at] + b"%d" % length + record[stop:], plain.data[end:]]
    data = b"".join(gzip.compress(part) if compressed else part for part in parts)
    items = read_bytes(data)
    assert urls_of(items) == ALL[:2] + ALL[3:]
    assert skips_of(items) == [(page_url(2), "wrong length")]


@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip"])
def test_bodies_are_decoded_also_where_headers_say_too_much(coding: str) -> None:
    body = news_page(0).encode()
    coded = brotli.compress(body) if coding == "br" else gzip.compress(body)
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in (coded[:50], coded[50:], b""))
    maker = ArchiveMaker()
    both = [("Content-Encoding", coding), ("Transfer-Encoding", "chunked")]
    maker.add_page(page_url(0), chunked, headers=both)
    maker.add_page(page_url(1), coded, headers=both[:1])
    maker.add_page(page_url(2), body, headers=both)
    pages = [item.page.body for item in read_bytes(maker.data) if isinstance(item, CapturedPage)]
    assert pages == [body, body, body]


@given(data=st.binary(max_size=400), at=st.integers(0, 3000), cut=st.integers(0, 3000))
@settings(max_examples=150, deadline=None)
def test_nothing_in_an_archive_makes_reading_fail(data: bytes, at: int, cut: int) -> None:
    for compressed in (True, False):
        whole = make_archive(3, gzip=compressed).data
        read_bytes(whole[:at] + data + whole[at + cut :])
    read_bytes(data)
    read_bytes(b"WARC/1.0\r\n" + data)
    read_bytes(gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\n" + data))


@BOTH
def test_memory_does_not_grow_with_the_archive(compressed: bool) -> None:
    maker = ArchiveMaker(gzip=compressed)
    filler = news_page(0) + "<!-- " + "0123456789abcdef" * 4000 + " -->"
    for number in range(400):
        maker.add_page(page_url(number), filler)
    file = io.BytesIO(maker.data)
    tracemalloc.start()
    pages = sum(1 for _ in read_archive(ByteStream(file), Span(name="test.warc")))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert pages == 400
    assert peak < 3_000_000
