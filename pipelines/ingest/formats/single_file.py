"""Single files as pages: HTML, saved text, and where each came from."""

import re
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import quote

import orjson

from pipelines.errors import IngestError
from pipelines.ingest.formats.warc.warc import MAX_PAGE_BYTES
from pipelines.ingest.inputs import Input
from pipelines.ingest.items import CapturedPage, Item, Place, Skipped
from pipelines.page.input_document import classify_document
from scraper.errors import ExtractionError
from scraper.page import Page

# Browsers write this into pages they save.
_SAVED_FROM: Final = re.compile(rb"<!-- saved from url=\(\d+\)(https?://[^\s>]+)")
# The folders of a mirror (wget -r, HTTrack) are named by host.
_HOST: Final = re.compile(r"^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?::\d+)?$")
_COMPRESSED_ENDING: Final = re.compile(r"\.gz$", re.IGNORECASE)


def read_file(file: Input, body: bytes, urls: Mapping[str, str]) -> Item:
    """The page in a file, or why it is none.

    Args:
        file: Which one.
        body: All of it.
        urls: Addresses by file name, from `load_url_list`.
    """
    after = Place(len(body))
    try:
        if body.startswith(b"\x1f\x8b"):
            body = _gunzip(body)
        if len(body) > MAX_PAGE_BYTES:
            raise ExtractionError(f"larger than {MAX_PAGE_BYTES / 1e6:g} MB, which is no page")
        name = _COMPRESSED_ENDING.sub("", file.name)
        document = classify_document(body, file.name, suffix=PurePosixPath(name).suffix.lower())
    except ExtractionError as error:
        return Skipped(file.name, "not a page", str(error), file.root is None, after)
    is_text = isinstance(document.content, str)
    content = document.content
    page = Page(
        url=find_file_url(file, body, urls) or "",
        body=content.encode("utf-8", "replace") if isinstance(content, str) else content,
        headers={"content-type": "text/plain; charset=utf-8"} if is_text else {},
        fetched_at=file.modified_at,
    )
    return CapturedPage(page, is_text, after)


def find_file_url(file: Input, body: bytes, urls: Mapping[str, str]) -> str | None:
    """Where a page on disk came from: the list, its own words, or a mirror's folders; else None."""
    relative = _relative(file)
    for key in (file.name, relative, PurePosixPath(relative).name):
        if key in urls:
            return urls[key]
    saved = _SAVED_FROM.search(body[:4096])
    if saved is not None:
        return saved[1].decode("ascii", "replace")
    host, _, path = relative.partition("/")
    if path and _HOST.match(host):
        path = path.removesuffix("index.html")
        return f"https://{host}/{quote(path, safe='/-._~!$&+,;=:@()*%')}"
    return None


def load_url_list(path: Path) -> dict[str, str]:
    """Addresses by file name, from a list beside a folder of pages.

    One file a line: its name and its URL, in either order, with a tab or comma between; or a JSON
    object with one key that holds the URL (``url``) and one that names the file (``file``,
    ``path``, ``filename`` or ``id``). Lines without a URL, a header for one, are passed over.

    Raises:
        IngestError: The list cannot be read, or has no such line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise IngestError(f"{path}: {error}") from error
    urls = dict(filter(None, map(_parse_line, text.splitlines())))
    if not urls:
        raise IngestError(f"{path}: no line of it has a file name and a URL")
    return urls


def _parse_line(line: str) -> tuple[str, str] | None:
    if line.lstrip().startswith("{"):
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            return None
        names = (record.get(key) for key in ("file", "path", "filename", "id"))
        name = next((str(n) for n in names if n), None)
        return (name, str(record["url"])) if name and record.get("url") else None
    cells = [cell.strip().strip('"') for cell in re.split(r"\t|,", line, maxsplit=1)]
    if len(cells) != 2:
        return None
    first, second = cells
    if _is_url(first):
        first, second = second, first
    return (first, second) if _is_url(second) and first else None


def _is_url(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def _relative(file: Input) -> str:
    path = PurePosixPath(file.name)
    if file.root is not None:
        root = PurePosixPath(file.root)
        if path.is_relative_to(root):
            return str(path.relative_to(root))
    return str(path)


def _gunzip(body: bytes) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, MAX_PAGE_BYTES + 1)
    except zlib.error as error:
        raise ExtractionError(f"damaged gzip file: {error}") from error
