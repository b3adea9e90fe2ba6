"""The glance that decides whether a page is read: what it sees, and what it costs."""

import time

import pytest

from pipelines.ingest.filter.news_likeness import is_news_like
from pipelines.ingest.items import START, CapturedPage
from scraper.page import Page

_PROSE = "The ferry was late again, and nobody on the quay knew when it would come, nor why. "


def captured(html: str) -> CapturedPage:
    return CapturedPage(Page(url="https://quay.example/", body=html.encode()), False, START)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<p>{_PROSE * 5}</p>", True),
        (f"<nav>{_PROSE * 5}</nav><p>Log in</p>", False),
        (f"<NAV>a</nav ><form><nav>{_PROSE * 5}</nav></form>", False),
        (f"<nav>never closed<p>{_PROSE * 5}</p>", True),
        (f"<navigation>{_PROSE * 5}</navigation>", True),
        (f"<script>if (a < b) {{ '{_PROSE * 5}' }}</script>", False),
    ],
)
def test_only_running_text_that_is_shown_counts(html: str, expected: bool) -> None:
    assert is_news_like(captured(html)) is expected


@pytest.mark.parametrize("unit", ["<", "<p", "<script ", "<nav><form>", "</nav ", "</p", "<a "])
def test_what_is_never_closed_is_looked_for_once(unit: str) -> None:
    start = time.process_time()
    is_news_like(captured(unit * (400_000 // len(unit))))
    assert time.process_time() - start < 2
