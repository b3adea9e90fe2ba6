"""Whether a page may hold an article, from a glance that costs a hundredth of reading it.

Most pages of a general archive are no articles. A page passes when it says that it is one, when its
URL looks like an article's, or when it has some running text; what is left has none of these. Meant
to err towards reading: tests/benchmarks/test_news_likeness.py has how often it is wrong.
"""

import re
from typing import Final

from pipelines.ingest.items import CapturedPage
from scraper.urls.url_score import score_url

_SAYS_SO: Final = re.compile(
    rb"og:type[\"'][^>]{0,40}content=[\"']?article|article:published_time"
    rb"|\"(?:News|Analysis|Opinion|Report|Reportage|Review|Background|Blog)?"
    rb"(?:Article|Posting|NewsArticle)\"",
    re.IGNORECASE,
)
_SILENT_TAGS: Final = "script style noscript template svg head nav footer form select".split()
_SILENT: Final = re.compile(rf"<({'|'.join(_SILENT_TAGS)})\b", re.IGNORECASE)
_CLOSING: Final = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in _SILENT_TAGS}
_BREAK: Final = re.compile(
    r"</?(?:p|div|li|td|h[1-6]|article|section|br|ul|tr|a\s)[^<>]*>", re.IGNORECASE
)
_TAG: Final = re.compile(r"<[^<>]*>")
_URL_SCORE: Final = 0.6
_LONG_LINE_CHARS: Final = 80
_LEAST_PROSE_CHARS: Final = 300
_LOOK_CHARS: Final = 400_000


def is_news_like(captured: CapturedPage) -> bool:
    """Whether to read the page."""
    page = captured.page
    if page.url and score_url(page.url) >= _URL_SCORE:
        return True
    if not captured.is_text and _SAYS_SO.search(page.body[:_LOOK_CHARS]):
        return True
    prose = (line for line in _lines(captured) if len(line) >= _LONG_LINE_CHARS)
    total = 0
    for line in prose:
        total += len(line)
        if total >= _LEAST_PROSE_CHARS:
            return True
    return False


def sample_text(captured: CapturedPage) -> str:
    """Some of the page's running text, tags taken out roughly: enough to tell its language."""
    lines = _lines(captured)
    long = [line for line in lines if len(line) >= _LONG_LINE_CHARS]
    return " ".join(long or lines)[:3000]


def _lines(captured: CapturedPage) -> list[str]:
    body = captured.page.body[:_LOOK_CHARS]
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = body.decode("utf-16", "replace")
    else:
        text = body.decode("utf-8", "replace")
    if not captured.is_text:
        text = _TAG.sub("", _BREAK.sub("\n", _without_silent(text).replace("\n", " ")))
    return [line for raw in text.splitlines() if (line := raw.strip())]


def _without_silent(text: str) -> str:
    """A page without its scripts, menus and forms; what is opened and never closed stays."""
    pieces: list[str] = []
    unclosed: set[str] = set()  # looked for once more at each of them, it would take for ever
    at = 0
    while opening := _SILENT.search(text, at):
        name = opening[1].lower()
        closing = None if name in unclosed else _CLOSING[name].search(text, opening.end())
        pieces.append(text[at : opening.start() if closing else opening.end()])
        pieces.append(" " if closing else "")
        at = closing.end() if closing else opening.end()
        if closing is None:
            unclosed.add(name)
    return "".join((*pieces, text[at:]))
