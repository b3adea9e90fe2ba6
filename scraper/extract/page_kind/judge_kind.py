"""Whether a page stands in an article's place, by rules.

No sign decides alone. What titles and lines say to the reader speaks for a stand-in, the more the
less there is besides. Words of the address that stand in the text, a headline, an author with a
date and length speak for an article, even if it is about cookies, captchas or pages not found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from scraper.article import Article
from scraper.extract.page_kind.front_pages import is_sent_front_page
from scraper.extract.page_kind.html_marks import (
    count_challenge_marks,
    find_title_tag,
    leads_to_wall,
    shown_text,
)
from scraper.extract.page_kind.judgement import AN_ARTICLE, KIND_OF, Cause, KindJudgement
from scraper.extract.page_kind.phrase_book import Line, find_phrases, fold_line, fold_lines
from scraper.page import Page
from scraper.urls.slug_echo import slug_echo
from scraper.urls.web_urls import split_normal

_SURE: Final = 0.95  # of made walls and errors so many are told as such
_ENOUGH: Final = 2.0  # points for a stand-in
_LONG_CHARS: Final = 6_000  # of such a text only the first lines are looked at, unless they are odd
_FIRST_CHARS: Final = 500
_OPENING_CHARS: Final = 1_000
_READ_CHARS: Final = 4_000
_NO_TEXT_CHARS: Final = 200  # below it, all that the page shows is read
_MOST_SHOWN_WORDS: Final = 150  # more are the furniture around a picture or a film
_MOST_LINES: Final = 120
_MOST_TITLE_CHARS: Final = 300
_WHOLE: Final = 0.6  # share of the letters of a title or line that a phrase is the whole of
_MOST_OTHER_WORDS: Final = 8  # beside a phrase in a title: more are no name of a site
_SHORT_LINE: Final = 8  # words of a line that may be a heading
_NEARLY_NOTHING: Final = 25  # words
_SAYS_NOTHING_ELSE: Final = 2.0  # points of a title
_FULL_PHRASES: Final = 4
_MANY_PHRASES: Final = 6  # a story about consent quotes fewer, under a headline of its own
_ECHOED: Final = 0.5
_HEADLINE_WORDS: Final = 4
_FEW_OWN_WORDS: Final = 15
_SEPARATOR: Final = re.compile(r"\s[-–—|•·:»«]\s|\s?[|｜»«•]\s?|\s[–—]\s")
_WALL_PATH: Final = re.compile(
    r"(?i)/(?:[\w-]*consent[\w-]*|captcha|challenge|log-?in|sign-?in|register|subscribe|"
    r"page-?not-?found|not-?found|404|error|maintenance|blocked|denied|unsupported-?browser|"
    r"cookie-?wall|gdpr)(?:\.\w{2,5})?/?$"
)
_STATUS: Final = re.compile(r"(?<!\d)(?:40[0134]|410|429|451|50[0234])(?!\d)")
_STATUS_CAUSES: Final[dict[str, Cause]] = {
    "401": "login",
    "403": "denied",
    "404": "not_found",
    "410": "gone",
    "429": "denied",
    "451": "region",
    "503": "maintenance",
}
_STATUS_WORDS: Final = frozenset(
    fold_line(
        "http https error status code errorcode fehler erreur errore erro fout fel fejl feil virhe "
        "błąd chyba hiba eroare грешка ошибка помилка σφαλμα hata kod hatasi خطا "
        "שגיאה loi kesalahan エラー 错误 錯誤 오류 page not found oops"
    ).words
)


@dataclass(slots=True)
class _Tally:
    """What speaks for one cause."""

    title: float = 0.0
    phrases: set[str] = field(default_factory=set)
    covered: int = 0
    said: str = ""

    def points(self, size: int) -> float:
        """Points from the title, the lines and how much of the page they are."""
        share = self.covered / max(size, 1)
        count = len(self.phrases)
        if share >= 0.8 and count >= _FULL_PHRASES:
            return self.title + 4
        if share >= 0.5:
            return self.title + min(count, 3) + (count > 0 and size <= _NEARLY_NOTHING)
        if share >= 0.25:
            return self.title + min(count, 3) / 2
        return self.title + (min(count, 2) / 2 if self.title else 0)


def judge_kind(page: Page, article: Article) -> KindJudgement:
    """What a page is: an article, or a wall, an error or the front page in its place.

    Args:
        page: As it was fetched.
        article: What extraction found on it.

    Example:
        >>> page = Page(url="https://example.org/storm-hits-coast", body=b"<p>Sorry.")
        >>> judge_kind(page, Article(title="Error 404")).reason
        'says that the page was not found ("Error 404")'
    """
    titles = _titles(page, article)
    signs = [(title, *sign) for title in titles for sign in _title_signs(title)]
    is_odd = any(points >= _SAYS_NOTHING_ELSE for _, _, points in signs)
    lines, size, is_shown = _read_lines(page, article, is_odd)
    tallies = _tally(signs, lines)
    if is_shown and size < _NEARLY_NOTHING:
        _add_html_marks(page, tallies)
    if tallies:
        cause, tally = max(tallies.items(), key=lambda item: item[1].points(size))
        points = tally.points(size)
        if points >= _ENOUGH and _is_bare(cause, tally, size):
            points += _context_points(page, article, titles, tally, size)
            if points >= _ENOUGH:
                kind, reason = KIND_OF[cause]
                said = f' ("{tally.said}")' if tally.said else ""
                return KindJudgement(kind, reason + said, cause, _SURE)
    if is_sent_front_page(page, article):
        kind, reason = KIND_OF["front_page"]
        return KindJudgement(kind, reason, "front_page", _SURE)
    return AN_ARTICLE


def _titles(page: Page, article: Article) -> list[str]:
    found = (article.title or "", find_title_tag(page.body))
    return [title[:_MOST_TITLE_CHARS] for title in dict.fromkeys(found) if title]


def _read_lines(page: Page, article: Article, is_odd: bool) -> tuple[list[Line], int, bool]:
    """The first lines of a page, how many words they have, and whether they are all that it shows.

    Of a page whose title or first lines are `is_odd` more is read.
    """
    text = article.text
    if len(text) < _NO_TEXT_CHARS:
        shown = _fold_lines(shown_text(page)[:_READ_CHARS])
        size = sum(line.size for line in shown)
        if size <= _MOST_SHOWN_WORDS:
            return shown, size, True
    first = _fold_lines(text[: _FIRST_CHARS if len(text) > _LONG_CHARS else _OPENING_CHARS])
    if len(text) > _OPENING_CHARS and (
        is_odd or any(next(find_phrases(line), None) for line in first)
    ):
        first = _fold_lines(text[:_READ_CHARS])
    read = sum(line.size for line in first)
    return first, read, not text


def _fold_lines(text: str) -> list[Line]:
    return fold_lines(text)[:_MOST_LINES]


def _tally(signs: list[tuple[str, Cause, float]], lines: list[Line]) -> dict[Cause, _Tally]:
    tallies: dict[Cause, _Tally] = {}
    for title, cause, points in signs:
        tally = tallies.setdefault(cause, _Tally())
        if points > tally.title:
            tally.title, tally.said = points, title
    for number, line in enumerate(lines):
        causes = set()
        for phrase in find_phrases(line, alone=line.size <= _SHORT_LINE):
            if phrase.is_alone and len(phrase.words) < _WHOLE * line.letters:
                continue
            tally = tallies.setdefault(phrase.cause, _Tally())
            tally.phrases.add(phrase.words)
            tally.said = tally.said or phrase.words
            causes.add(phrase.cause)
            if number == 0 and len(phrase.words) >= _WHOLE * line.letters:
                tally.title = max(tally.title, 1.5)
        for cause in causes:
            tallies[cause].covered += line.size
    return tallies


def _title_signs(title: str) -> Iterator[tuple[Cause, float]]:
    """For which causes a title speaks: 2 points where it says nothing else, else 1."""
    parts = [part for part in _SEPARATOR.split(title) if part.strip()]
    lines = [fold_line(part) for part in parts]
    total = sum(line.size for line in lines)
    for part, line in zip(parts, lines, strict=True):
        status = _STATUS.search(part)
        if status and set(line.words) <= _STATUS_WORDS:
            yield _STATUS_CAUSES.get(status.group(), "broken"), _SAYS_NOTHING_ELSE
        for phrase in find_phrases(line, alone=True):
            is_whole = len(phrase.words) >= _WHOLE * line.letters
            if is_whole and total - line.size <= _MOST_OTHER_WORDS:
                yield phrase.cause, _SAYS_NOTHING_ELSE
            elif not phrase.is_alone:
                yield phrase.cause, 1.0


def _add_html_marks(page: Page, tallies: dict[Cause, _Tally]) -> None:
    marks = count_challenge_marks(page)
    if marks:
        tallies.setdefault("robot", _Tally()).title += marks
    elif leads_to_wall(page.body):
        tallies.setdefault("consent", _Tally()).title += 2.0


def _is_bare(cause: Cause, tally: _Tally, size: int) -> bool:
    """Whether a page that asks to log in has nothing besides: a story's beginning makes it one."""
    return cause != "login" or size - tally.covered <= _FEW_OWN_WORDS


def _context_points(
    page: Page, article: Article, titles: list[str], tally: _Tally, size: int
) -> float:
    """What the address, the headline, the author and the length say for or against a stand-in."""
    points = -1.0 if article.authors and article.published_at else 0.0
    url = page.url
    if _WALL_PATH.search(split_normal(url)[1]):
        points += 1.0
        url = page.requested_url if page.requested_url != page.url else ""
    in_text = slug_echo(url, None, article.text)
    in_title = slug_echo(url, " ".join(titles), "")
    if in_text is not None and in_text >= _ECHOED:
        points -= 2.0
    elif in_title is not None and in_title >= _ECHOED:
        points -= 1.0
    elif in_text == 0.0 and in_title == 0.0:
        points += 1.0 if tally.title >= _SAYS_NOTHING_ELSE else 0.5
    elif in_title is None and not tally.title and _is_headline(article):
        points -= 1.0 if len(tally.phrases) >= _MANY_PHRASES else 2.0
    if not tally.phrases and size > _NEARLY_NOTHING:
        points -= 1.0  # a title that may be a story's too, and a text that says nothing of it
    is_full = tally.covered >= _WHOLE * size and len(tally.phrases) >= _FULL_PHRASES
    return points - (0.0 if is_full else _length_points(article, size))


def _is_headline(article: Article) -> bool:
    line = fold_line((article.title or "")[:_MOST_TITLE_CHARS])
    name = fold_line(article.site_name or "")
    return line.size >= _HEADLINE_WORDS and line.joined != name.joined


def _length_points(article: Article, size: int) -> float:
    words = max(size, len(article.text) // 6)
    if words <= 120:
        return 0.0
    return 0.5 if words <= 250 else 1.0 if words <= 500 else 2.0
