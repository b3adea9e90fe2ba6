"""What is packed: in one file or many, once or several times, and with ill will."""

import bz2
import gzip
import io
import json
import lzma
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest
import zstandard

from pipelines.ingest.formats import budget
from tests.pipelines.ingest.archives import make_archive, news_page, page_url
from tests.pipelines.ingest.kept import articles_in, failures_in, take_in

SAVED: Final = "<!-- saved from url=(0042)https://courier.example/2031/03/04/saved.html -->"
PAGE: Final = (SAVED + news_page(7)).encode()
LINES: Final = "".join(
    json.dumps({"url": page_url(n), "html": news_page(n)}) + "\n" for n in range(3)
).encode()
ARCHIVE: Final = make_archive(3, gzip=False).data
URLS: Final = [page_url(number) for number in range(3)]


def zstd_frames(data: bytes) -> bytes:
    """Two frames, and one between that is to be passed over."""
    pack = zstandard.ZstdCompressor().compress
    skipped = b"\x50\x2a\x4d\x18" + struct.pack("<I", 3) + b"abc"
    return pack(data[:1000]) + skipped + pack(data[1000:])


def zstd_with_dictionary(data: bytes) -> bytes:
    """As archives of pages are written that share a dictionary, which is packed itself."""
    raw = news_page(5).encode() * 3
    shared = zstandard.ZstdCompressionDict(raw)
    first = zstandard.ZstdCompressor().compress(raw)
    frame = zstandard.ZstdCompressor(dict_data=shared).compress(data)
    return b"\x5d\x2a\x4d\x18" + struct.pack("<I", len(first)) + first + frame


def two_members(pack: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Packed as two files, one behind the other."""
    return lambda data: pack(data[:1000]) + pack(data[1000:])


PACKINGS: Final[Mapping[str, tuple[str, Callable[[bytes], bytes]]]] = {
    "gzip": (".gz", two_members(gzip.compress)),
    "bzip2": (".bz2", two_members(bz2.compress)),
    "xz": (".xz", two_members(lzma.compress)),
    "zstandard": (".zst", zstd_frames),
    "zstandard with a dictionary": (".zst", zstd_with_dictionary),
    "twice": (".gz.xz", lambda data: lzma.compress(gzip.compress(data))),
}
HELD: Final = {"page.html": PAGE, "news.jsonl": LINES, "news.warc": ARCHIVE}


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("way", ["named", "in a folder", "without a suffix", "as a stream"])
def test_what_is_packed_is_read_as_what_it_holds(
    tmp_path: Path, packing: str, held: str, way: str
) -> None:
    suffix, pack = PACKINGS[packing]
    # Records of an archive in gzip do not go on in the next member.
    data = gzip.compress(ARCHIVE) if (packing, held) == ("gzip", "news.warc") else pack(HELD[held])
    (tmp_path / "in").mkdir()
    name = "in/file" if way == "without a suffix" else f"in/{held}{suffix}"
    (tmp_path / name).write_bytes(data)
    path = {"in a folder": "in", "as a stream": "-"}.get(way, name)
    outcome = take_in(tmp_path, path, stdin=data if path == "-" else b"")
    assert (outcome.code, outcome.errors) == (0, [])
    expected = URLS if held != "page.html" else ["https://courier.example/2031/03/04/saved.html"]
    assert list(articles_in(tmp_path)) == expected


@pytest.mark.parametrize("packing", PACKINGS)
def test_what_is_cut_off_is_read_as_far_as_it_goes_and_named(tmp_path: Path, packing: str) -> None:
    suffix, pack = PACKINGS[packing]
    whole = json.dumps({"url": page_url(0), "html": news_page(0)}).encode() + b"\n"
    noise = (json.dumps({"url": page_url(n), "html": f"{n**20:x}"}) for n in range(2, 20_000))
    data = pack(whole + "\n".join(noise).encode())
    (tmp_path / f"news.jsonl{suffix}").write_bytes(data[: len(data) * 2 // 3])
    outcome = take_in(tmp_path, f"news.jsonl{suffix}")
    assert outcome.code == 1
    assert page_url(0) in articles_in(tmp_path)
    assert failures_in(tmp_path)[-1][1] == "damaged"
    assert "ends too early" in outcome.errors[-1]


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


MIXED: Final = {
    "pages/0.html": news_page(10).encode(),
    "pages/0_files/ad.html": news_page(11).encode(),
    "pages/style.css": b"p {}",
    "__MACOSX/pages/._0.html": b"\x00\x05\x16\x07" * 9,
    "lists/news.jsonl.gz": gzip.compress(LINES),
    "page.html.bz2": bz2.compress(PAGE),
    "inner.zip": zipped({"www.blog.example/2031/a.html": news_page(12).encode()}),
}


@pytest.mark.parametrize("path", ["in/all.zip", "in", "in/renamed", "-"])
def test_a_zip_archive_is_a_folder(tmp_path: Path, path: str) -> None:
    (tmp_path / "in").mkdir()
    data = zipped(MIXED)
    name = "renamed" if path == "in/renamed" else "all.zip"
    (tmp_path / "in" / name).write_bytes(data)
    outcome = take_in(tmp_path, path, stdin=data if path == "-" else b"")
    assert (outcome.code, outcome.errors) == (0, [])
    urls = list(articles_in(tmp_path))
    assert len(urls) == 6
    assert set(URLS) < set(urls)
    assert "https://www.blog.example/2031/a.html" in urls
    for reason in ("1 frame", "2 beside pages"):
        assert reason in outcome.out


def wacz(count: int) -> bytes:
    """A WACZ with as many WARC files of two pages."""
    files = {"datapackage.json": b'{"profile": "data-package"}'}
    for number in range(count):
        maker = make_archive(2, gzip=number % 2 == 0)
        suffix = ".gz" if number % 2 == 0 else ""
        data = maker.data.replace(b"courier", b"courie%d" % number) if not suffix else maker.data
        files[f"archive/rec-{number}.warc{suffix}"] = data
    page = {"url": page_url(0), "title": "Flood", "text": news_page(3)}
    files["pages/pages.jsonl"] = b'{"format": "json-pages-1.0"}\n' + json.dumps(page).encode()
    files["indexes/index.cdx.gz"] = gzip.compress(b"org,example)/ 2031 {}")
    return zipped(files, zipfile.ZIP_STORED)


@pytest.mark.parametrize("path", ["in/crawl.wacz", "in", "in/renamed", "-"])
def test_every_archive_of_a_wacz_is_read_and_nothing_else(tmp_path: Path, path: str) -> None:
    (tmp_path / "in").mkdir()
    name = "renamed" if path == "in/renamed" else "crawl.wacz"
    (tmp_path / "in" / name).write_bytes(wacz(2))
    outcome = take_in(tmp_path, path, stdin=wacz(2) if path == "-" else b"")
    assert (outcome.code, outcome.errors) == (0, [])
    assert len(articles_in(tmp_path)) == 4


def test_an_archive_in_an_archive_goes_on_where_it_was_left(tmp_path: Path) -> None:
    (tmp_path / "crawl.wacz").write_bytes(wacz(4))
    assert take_in(tmp_path, "crawl.wacz").code == 0
    again = take_in(tmp_path, "crawl.wacz")
    assert "0 pages of 1 files" in again.out


@pytest.mark.parametrize(
    "name",
    ["../../etc/flood.html", "/etc/flood.html", "C:\\Windows\\flood.html",
     "www.a.example/../b.html", "a\x00b.html", "\udcff.html", "x" * 5000 + ".html"],
)  # fmt: skip
def test_names_in_an_archive_lead_nowhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    data = zipped({"placeholder.html": news_page(1).encode()})
    raw = name.encode("utf-8", "surrogateescape")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("p" * len(raw), news_page(1))
    data = file.getvalue().replace(b"p" * len(raw), raw)
    (tmp_path / "in/a.zip").write_bytes(data)
    before = {str(path) for path in tmp_path.rglob("*")}
    outcome = take_in(tmp_path, "in/a.zip")
    assert outcome.code in {0, 1}
    assert all(url.startswith("urn:") for url in articles_in(tmp_path))
    after = {str(path) for path in tmp_path.rglob("*") if path.name[:4] != "a.db"}
    assert after == before


def test_a_file_that_unpacks_to_far_more_than_it_is_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "_FREE_BYTES", 5_000_000)
    nothing = bytes(40_000_000)
    (tmp_path / "bomb.warc.bz2").write_bytes(bz2.compress(bz2.compress(nothing)))
    many = zipped({f"{n}.html": b"<p>" + bytes(9_000_000) for n in range(90)})
    (tmp_path / "many.zip").write_bytes(zipped({"a.zip": many, "b.zip": many}))
    for name in ("bomb.warc.bz2", "many.zip"):
        outcome = take_in(tmp_path, name)
        assert outcome.code == 1
        assert any("far more than its size" in line for line in outcome.errors)


def test_archives_in_archives_without_end_stop(tmp_path: Path) -> None:
    data = PAGE
    for number in range(20):
        data = zipped({f"{number}.zip" if number else "a.html": data})
    (tmp_path / "deep.zip").write_bytes(data)
    outcome = take_in(tmp_path, "deep.zip")
    assert outcome.code == 1
    assert "archives in archives" in outcome.errors[0]


DAMAGED: Final = {
    "cut.zip": zipped(MIXED)[:-30],
    "empty.zip": zipped({}),
    "nothing.zip": zipped({"a.css": b"p {}"}),
    "letter.docx": zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<p>"}),
    "not.zip": b"PK\x03\x04" + b"\xff" * 400,
    "not.wacz": b"PK\x05\x06",
    "not.warc.xz": b"\xfd7zXZ\x00" + b"\xff" * 400,
    "not.zst": b"\x28\xb5\x2f\xfd" + b"\xff" * 400,
    "not.gz": b"\x1f\x8b\x08" + b"\xff" * 400,
    "not.bz2": b"BZh9" + b"\xff" * 400,
}


@pytest.mark.parametrize("name", DAMAGED)
@pytest.mark.parametrize("is_folder", [False, True])
def test_what_cannot_be_unpacked_is_a_failure(tmp_path: Path, name: str, is_folder: bool) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(DAMAGED[name])
    outcome = take_in(tmp_path, "in" if is_folder else f"in/{name}")
    assert outcome.code == 1
    assert len(outcome.errors) == len(failures_in(tmp_path)) == 1


def test_a_file_of_an_archive_that_is_damaged_or_locked_costs_itself(tmp_path: Path) -> None:
    data = bytearray(zipped({f"{n}.html": news_page(n).encode() for n in range(3)}, 0))
    at = data.find(b"report number 1")
    data[at : at + 4] = b"XXXX"
    locked = data.find(b"PK\x01\x02")  # of the first, in the directory
    data[locked + 8] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    outcome = take_in(tmp_path, "a.zip")
    assert outcome.code == 1
    assert [name for name, _ in failures_in(tmp_path)] == ["a.zip/0.html", "a.zip/1.html"]
    assert "encrypted" in outcome.errors[0]
