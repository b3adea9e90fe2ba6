"""What a file or a body is: HTML, text that was saved from a page, or neither."""

import io
from pathlib import Path

import pytest

from pipelines.page.input_document import classify_document, read_document
from scraper.errors import ExtractionError

HTML = b"<!DOCTYPE html><title>Rain</title><p>It rained."
PIECE = b"<p>It rained."
WORDS = b"It rained all night."
TUTORIAL = b"Write <h2> before <p> and close <div> at the end."


@pytest.mark.parametrize(
    ("body", "suffix", "content_type", "is_text"),
    [
        (HTML, "", "", False),
        (HTML, ".txt", "", False),
        (HTML, "", "text/plain", False),
        (HTML.decode().encode("utf-16"), "", "text/plain", False),
        (b"<!-- -->" * 400 + HTML, ".txt", "", False),
        (b"<!-- -->" * 600 + WORDS, ".txt", "", True),  # and answered at once
        (PIECE, "", "", False),
        (PIECE, ".md", "", True),
        (b"<script>" + b" " * 5000, "", "", False),
        (WORDS, "", "", True),
        (WORDS, ".html", "text/plain", False),
        (WORDS, "", "text/html; charset=utf-8", False),
        (WORDS, "", "Text/Plain;charset=utf-8", True),
        (TUTORIAL, ".txt", "", True),
        (TUTORIAL, "", "application/octet-stream", False),
    ],
)
def test_what_it_is_called_counts_and_then_what_is_in_it(
    body: bytes, suffix: str, content_type: str, is_text: bool
) -> None:
    document = classify_document(body, "a", suffix=suffix, content_type=content_type)
    assert isinstance(document.content, str) == is_text


@pytest.mark.parametrize(
    ("body", "words"),
    [(b" \n", "nothing in it"), (b"%PDF-1.7", "a PDF"), (b"rain\x00\x01", "binary data")],
)
def test_what_is_neither_is_named_with_what_it_is(tmp_path: Path, body: bytes, words: str) -> None:
    file = tmp_path / "page"
    file.write_bytes(body)
    with pytest.raises(ExtractionError, match=f"page: .*{words}"):
        read_document(file)
    with pytest.raises(ExtractionError, match=f"^standard input: .*{words}"):
        read_document(io.BytesIO(body))
