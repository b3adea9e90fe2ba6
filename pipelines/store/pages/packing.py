"""Raw pages as they are stored: hashed and compressed, without a database at hand.

Apart from the writing, so that the processes that read pages need not load a database library.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b

import orjson
import zstandard

from pipelines.store.database.times import parse_utc, utc_text
from scraper.page import Page

_LEVEL = 3
# Headers extraction can use; the others (cookies, caches, servers) say nothing about the article.
_KEPT_HEADERS = ("content-language", "content-type", "last-modified", "link", "x-robots-tag")


@dataclass(frozen=True, slots=True)
class PackedPage:
    """A page ready to be stored: hashed and compressed, which a worker process may do."""

    hash: str
    url: str
    status: int
    content_type: str | None
    headers: str
    size_bytes: int
    fetched_at: str
    body: bytes


def hash_body(body: bytes) -> str:
    """32 hexadecimal digits that name a body."""
    return blake2b(body, digest_size=16).hexdigest()


def pack_page(page: Page) -> PackedPage:
    """The page hashed and compressed; pure, so that it can be done outside the writer."""
    headers = {name: page.headers[name] for name in _KEPT_HEADERS if name in page.headers}
    return PackedPage(
        hash=hash_body(page.body),
        url=_storable(page.url),
        status=page.status,
        content_type=headers.get("content-type"),
        headers=orjson.dumps(headers).decode(),
        size_bytes=len(page.body),
        fetched_at=utc_text(page.fetched_at or datetime.now(UTC)),
        body=zstandard.compress(page.body, _LEVEL),
    )


def unpack_page(url: str, status: int, headers: str, fetched_at: str, body: bytes) -> Page:
    """The page, from its columns."""
    return Page(
        url=url,
        body=zstandard.decompress(body),
        status=status,
        headers=orjson.loads(headers),
        fetched_at=parse_utc(fetched_at),
    )


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
