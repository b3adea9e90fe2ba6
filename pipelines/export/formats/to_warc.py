"""Stored pages as a WARC that other tools read (ISO 28500:2017)."""

import gzip
import hashlib
import io
from collections.abc import Iterable
from http import HTTPStatus
from typing import BinaryIO, Final
from uuid import NAMESPACE_URL, uuid5

from fastwarc.warc import WarcRecord, WarcRecordType

from pipelines.store.database.times import utc_text
from pipelines.store.pages.raw_pages import StoredPage
from scraper.page import Page

_SOFTWARE: Final = b"software: winnow\r\nformat: WARC File Format 1.1\r\n"
# What was true of the bytes on the wire and is not of those that were stored.
_NOT_AS_STORED: Final = frozenset(
    {"content-encoding", "transfer-encoding", "content-length", "connection"}
)


def export_warc(pages: Iterable[StoredPage], file: BinaryIO, *, is_gzipped: bool) -> int:
    """Write a record a page, after one about the file; how many pages.

    Each record is a gzip member of its own, so that readers can go to any of them. A page that two
    articles were read from is written once.
    """
    _write(_info_record(), file, is_gzipped=is_gzipped)
    count = 0
    last = None
    for stored in pages:
        if stored.hash == last:
            continue
        last = stored.hash
        payload = hashlib.sha1(stored.page.body, usedforsecurity=False).digest()
        _write(_response_record(stored), file, is_gzipped=is_gzipped, payload_digest=payload)
        count += 1
    return count


def _info_record() -> WarcRecord:
    record = WarcRecord()
    record.init_headers(WarcRecordType.warcinfo)
    record.headers["Content-Type"] = "application/warc-fields"
    record.set_bytes_content(_SOFTWARE)
    return record


def _response_record(stored: StoredPage) -> WarcRecord:
    page = stored.page
    record = WarcRecord()
    # The same page of the same moment is the same record, however often it is exported.
    identity = uuid5(NAMESPACE_URL, f"{page.url} {utc_text(page.fetched_at)} {stored.hash}")
    record.init_headers(WarcRecordType.response, f"uuid:{identity}".encode())
    record.headers["WARC-Target-URI"] = page.url
    record.headers["WARC-Date"] = utc_text(page.fetched_at)
    record.headers["Content-Type"] = "application/http; msgtype=response"
    record.set_bytes_content(_http_message(page))
    return record


def _http_message(page: Page) -> bytes:
    try:
        phrase = HTTPStatus(page.status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [f"HTTP/1.1 {page.status} {phrase}"]
    lines += [
        f"{name}: {' '.join(value.split())}"
        for name, value in page.headers.items()
        if name.lower() not in _NOT_AS_STORED
    ]
    lines.append(f"Content-Length: {len(page.body)}")
    head = "\r\n".join(lines) + "\r\n\r\n"
    return head.encode("utf-8", "replace") + page.body


def _write(
    record: WarcRecord, file: BinaryIO, *, is_gzipped: bool, payload_digest: bytes | None = None
) -> None:
    if not is_gzipped:
        record.write(file, checksum_data=True, payload_digest=payload_digest)
        return
    plain = io.BytesIO()
    record.write(plain, checksum_data=True, payload_digest=payload_digest)
    file.write(gzip.compress(plain.getvalue(), compresslevel=6, mtime=0))
