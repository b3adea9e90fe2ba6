"""What is a page and what is not, by its header and by its first bytes."""

import gzip

import pytest

from scraper.media_types import find_binary, find_wrong_type


@pytest.mark.parametrize(
    ("content_type", "is_page"),
    [
        ("text/html", True),
        ("TEXT/HTML; charset=x", True),
        ("application/xhtml+xml", True),
        ("application/rss+xml", True),
        ("application/feed+json", True),
        ("application/x-gzip", True),
        ("text/plain", True),
        ("application/octet-stream", True),
        ("", True),
        ("html", True),
        ("application/pdf", False),
        ("image/svg+xml", False),
        ("video/mp4", False),
        ("application/zip", False),
        ("application/vnd.ms-excel", False),
    ],
)
def test_content_types(content_type: str, is_page: bool) -> None:
    assert (find_wrong_type(content_type) is None) == is_page


@pytest.mark.parametrize(
    ("body", "content_type", "is_page"),
    [
        (b"<p>rain", "", True),
        (b"BM stands for a museum", "text/plain", True),
        (b"MZ is no program when it is text", "", True),
        (gzip.compress(b"<urlset/>", mtime=0), "application/octet-stream", True),
        ("<p>Regen".encode("utf-16"), "", True),
        (b"\x89PNG\r\n\x1a\n....", "text/html", False),
        (b"MZ\x90\x00\x03\x00\x00\x00", "text/html", False),
        (b"....ftypisom", "text/html", False),
        (b"RIFF\x00\x00\x00\x00WEBP", "text/html", False),
    ],
)
def test_first_bytes(body: bytes, content_type: str, is_page: bool) -> None:
    assert (find_binary(body, content_type) is None) == is_page
