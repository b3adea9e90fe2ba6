"""Archives made for the tests, and pages with text written for them."""

import io
from collections.abc import Sequence
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.ingest.formats.byte_stream import ByteStream
from pipelines.ingest.formats.reader import Span
from pipelines.ingest.formats.warc.warc import read_archive
from pipelines.ingest.items import CapturedPage, Item, Skipped

WEATHER = (
    "Rain fell on the hills above the harbour from Monday evening until the first light of "
    "Tuesday, and the river rose by the height of a child.",
    "The ferry company kept its boats at the quay, and the schools of the lower town stayed shut "
    "for a second day while crews carried sandbags along the market street.",
    "By noon the water had begun to fall. The mayor thanked the volunteers, most of whom had not "
    "slept, and promised that the old wall would be mended before the winter.",
)


def news_page(number: int, *, language: str = "en", date: str = "2031-03-04") -> str:
    """An article page with a menu and a footer around it; the number makes it one of a kind."""
    paragraphs = "".join(f"<p>{text} This was report number {number}.</p>" for text in WEATHER)
    return (
        f'<!doctype html><html lang="{language}"><head><title>Flood report {number}</title>'
        '<meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{date}T08:00:00Z"></head><body>'
        '<nav><a href="/">Home</a> <a href="/weather">Weather</a> <a href="/sport">Sport</a></nav>'
        f"<main><article><h1>Flood report {number}</h1><p>By Mira Olsdotter</p>{paragraphs}"
        "</article></main><footer>About us. All rights reserved.</footer></body></html>"
    )


class ArchiveMaker:
    """Writes records through warcio and notes where each begins."""

    def __init__(self, *, gzip: bool = True) -> None:
        self.file = io.BytesIO()
        self.offsets: list[int] = []
        self._writer = WARCWriter(self.file, gzip=gzip, warc_version="1.1")

    @property
    def data(self) -> bytes:
        """What was written so far."""
        return self.file.getvalue()

    def add_page(
        self,
        url: str,
        body: str | bytes,
        *,
        status: str = "200 OK",
        headers: Sequence[tuple[str, str]] = (("Content-Type", "text/html; charset=utf-8"),),
        warc_headers: dict[str, str] | None = None,
    ) -> None:
        """A response record."""
        data = body.encode() if isinstance(body, str) else body
        self._add(
            self._writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(data),
                http_headers=StatusAndHeaders(status, list(headers), protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": "2031-03-04T10:00:00Z", **(warc_headers or {})},
            )
        )

    def add_record(
        self, kind: str, url: str | None, block: bytes, content_type: str = "text/plain"
    ) -> None:
        """A record without HTTP inside."""
        self._add(
            self._writer.create_warc_record(
                url,
                kind,
                payload=io.BytesIO(block),
                warc_content_type=content_type,
                warc_headers_dict={"WARC-Date": "2031-03-04T10:00:00Z"},
            )
        )

    def add_revisit(self, url: str) -> None:
        """A record that refers to an earlier one."""
        self._add(
            self._writer.create_revisit_record(
                url, "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", url, "2031-03-01T10:00:00Z"
            )
        )

    def _add(self, record: object) -> None:
        self.offsets.append(self.file.tell())
        self._writer.write_record(record)


def make_archive(count: int, *, gzip: bool = True) -> ArchiveMaker:
    """An archive of `count` article pages."""
    maker = ArchiveMaker(gzip=gzip)
    for number in range(count):
        maker.add_page(page_url(number), news_page(number))
    return maker


def page_url(number: int) -> str:
    """The address of a page of `make_archive`."""
    return f"https://courier.example/2031/03/04/flood-report-number-{number}.html"


def read_bytes(data: bytes, span: Span | None = None) -> list[Item]:
    """All items of an archive that is in memory."""
    span = span or Span(name="test.warc")
    file = io.BytesIO(data)
    file.seek(span.begin.offset)
    return list(read_archive(ByteStream(file, span.begin.offset), span))


def urls_of(items: Sequence[Item]) -> list[str]:
    """The URLs of the pages among the items."""
    return [item.page.url for item in items if isinstance(item, CapturedPage)]


def skips_of(items: Sequence[Item]) -> list[tuple[str, str]]:
    """Name and reason of what was left out."""
    return [(item.name, item.reason) for item in items if isinstance(item, Skipped)]


def write(path: Path, data: bytes) -> Path:
    """A file with these bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
