"""An archive of real pages, made from those that lie beside the checkout."""

import gzip
import io
import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

_CHECKOUT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class RealPage:
    """A page of a corpus; `path_and_query` is that of its address."""

    file: Path
    path_and_query: str


def shared_folder() -> Path:
    """Where the pages are: WINNOW_SHARED, or beside the checkout."""
    return Path(os.environ.get("WINNOW_SHARED") or _CHECKOUT.parent / "shared")


def find_pages() -> list[RealPage]:
    """Every page once, in an order that mixes the corpora; empty where there are none."""
    pages: dict[Path, RealPage] = {}
    for cases in sorted((shared_folder() / "eval").glob("*/cases.jsonl")):
        for line in cases.open(encoding="utf-8"):
            case = json.loads(line)
            file = shared_folder() / "eval" / case["html"]
            address = urlsplit(case.get("url") or "")
            path = address.path + (f"?{address.query}" if address.query else "")
            pages.setdefault(file, RealPage(file, path if path.startswith("/") else "/page"))
    found = [pages[file] for file in sorted(pages)]
    random.Random(1).shuffle(found)
    return found


def write_archive(path: Path, count: int) -> int:
    """Write `count` pages, over again where there are fewer; how many of them differ.

    Each page is on a host of its own, so that no page's article stands for another's.
    """
    digests = set()
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number, page in zip(range(count), _without_end(find_pages()), strict=False):
            body = gzip.decompress(page.file.read_bytes())
            digests.add(blake2b(body, digest_size=16).digest())
            headers = [("Content-Type", "text/html")]
            record = writer.create_warc_record(
                f"https://paper{number}.example{page.path_and_query}",
                "response",
                payload=io.BytesIO(body),
                http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Identified-Payload-Type": "text/html"},
            )
            writer.write_record(record)
    return len(digests)


def _without_end(pages: list[RealPage]) -> Iterator[RealPage]:
    while pages:
        yield from pages
