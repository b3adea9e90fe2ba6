"""Rules that tell a page that stands in for an article: a wall, an error, the front page.

Each needs more than one sign: a headline that is such a page's and nothing else's, few words or
words about data only, and an address that has no echo in what the page says. A story about cookies
has a headline of its own, many other words, and a slug that repeats it.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from scraper.article import Article
from scraper.extract.page_kind.phrases import (
    CHALLENGE_MARKS,
    CONSENT_ROOTS,
    CONSENT_TERMS,
    SAYINGS,
    TITLES,
)
from scraper.page import Page
from scraper.urls.related_urls import is_front_page
from scraper.urls.slug_echo import slug_echo

PageKind = Literal["article", "wall", "error", "front_page"]
"""What a page is by itself: an article as far as this goes, or what stands in for one."""

_LONGEST_WALL_WORDS: Final = 450  # the longest consent notice seen has 380
_FEW_WORDS: Final = 120
_NEXT_TO_NONE: Final = 40
_ECHOED: Final = 0.5
_LOOKED_AT_CHARS: Final = 4_000
_LOOKED_AT_BYTES: Final = 300_000
_TITLE_PARTS: Final = re.compile(r"\s+[-–—|·•»:]+\s+|\s*[|·•»]\s*|:\s+")
_EDGES: Final = re.compile(r"^[\W_]+|[\W_]+$")
_FEWEST_CONSENT_TERMS: Final = 5
_WORDS_PER_CONSENT_TERM: Final = 22
_ERROR_REASON: Final = "says that nothing is there"


@dataclass(frozen=True, slots=True)
class KindJudgement:
    """What a page is by itself.

    Attributes:
        reason: Why, in words that go on from "the page"; empty for an article.
    """

    kind: PageKind = "article"
    reason: str = ""


AN_ARTICLE: Final = KindJudgement()
"""What a page is as long as nothing speaks against it."""


def judge_kind(page: Page, article: Article) -> KindJudgement:
    """What a page is by itself, by what extraction found on it.

    Args:
        page: As it was fetched.
        article: What was found, whether it is an article or not.

    Example:
        >>> page = Page(url="https://example.org/2026/storm", body=b"<p>Sorry.")
        >>> judge_kind(page, Article(title="Page not found - The Daily", text="Sorry.")).kind
        'error'
    """
    words = _count_words(article)
    if words > _LONGEST_WALL_WORDS:
        return AN_ARTICLE
    found = (
        _by_title(article, words)
        or _by_consent(article, words)
        or _by_saying(page, article, words)
        or _by_front_page(page, article)
    )
    if found is None:
        return AN_ARTICLE
    echo = slug_echo(page.requested_url, article.title, article.text)
    return AN_ARTICLE if echo is not None and echo >= _ECHOED else found


def _count_words(article: Article) -> int:
    """Words, of a script that does not part them so many as its letters make."""
    text = article.text
    return article.word_count if text.isascii() else max(article.word_count, len(text) // 8)


def _by_title(article: Article, words: int) -> KindJudgement | None:
    for part in _parts(article.title):
        for reason, pattern in TITLES.items():
            if not pattern.fullmatch(part):
                continue
            if reason == _ERROR_REASON:
                return _error(part) if words <= 2 * _FEW_WORDS else None
            if words <= _FEW_WORDS or _is_about_data(article, words):
                return KindJudgement("wall", f'{reason} ("{part}")')
    return None


def _by_consent(article: Article, words: int) -> KindJudgement | None:
    if not _is_about_data(article, words):
        return None
    return KindJudgement("wall", "asks for consent: its text is about data and cookies only")


def _is_about_data(article: Article, words: int) -> bool:
    head = article.text[:_LOOKED_AT_CHARS].lower()
    if not any(root in head for root in CONSENT_ROOTS):
        return False
    terms = [match.group() for match in CONSENT_TERMS.finditer(head)]
    looked_at = max(min(words, _LOOKED_AT_CHARS // 6), 1)
    is_dense = len(terms) * _WORDS_PER_CONSENT_TERM >= looked_at
    return is_dense and len(set(terms)) >= _FEWEST_CONSENT_TERMS


def _by_saying(page: Page, article: Article, words: int) -> KindJudgement | None:
    if words > _FEW_WORDS:
        return None
    said = f"{article.title or ''}\n{article.text[:_LOOKED_AT_CHARS]}"
    for reason, pattern in SAYINGS.items():
        if match := pattern.search(said):
            if reason == _ERROR_REASON:
                return _error(match.group())
            return KindJudgement("wall", f'{reason} ("{match.group()}")')
    if words <= _NEXT_TO_NONE and CHALLENGE_MARKS.search(page.body[:_LOOKED_AT_BYTES]):
        return KindJudgement("wall", "checks for a robot: there is next to nothing but its script")
    return None


def _by_front_page(page: Page, article: Article) -> KindJudgement | None:
    """The front page under an article's address: it says so, and its title is the site's name."""
    if is_front_page(page.requested_url) or article.canonical_url is None:
        return None
    if not is_front_page(article.canonical_url) or article.published_at or article.authors:
        return None
    parts, site = _parts(article.title), (article.site_name or "").casefold().strip()
    is_site_title = not parts or (bool(site) and site == parts[0].casefold())
    return KindJudgement("front_page", "is the front page") if is_site_title else None


def _parts(title: str | None) -> list[str]:
    """A headline and its parts, as templates put a site's name and an article's together."""
    if not title or len(title) > 200:
        return []
    parts = [title, *_TITLE_PARTS.split(title)]
    return [part for part in dict.fromkeys(_EDGES.sub("", p).strip() for p in parts) if part]


def _error(words: str) -> KindJudgement:
    return KindJudgement("error", f'{_ERROR_REASON} ("{words[:80]}")')
