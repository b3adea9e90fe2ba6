"""The better of two readings of a page: as it was sent, and as its scripts left it.

Scripts bring stories, and take them away: they go on to a log-in, reload, empty the page or lay a
question over it. What the plain page had is never lost by rendering it.
"""

from dataclasses import dataclass, replace
from typing import Final

from pipelines.crawl.parse.parse_page import ParseResult
from pipelines.store.articles.identity.story_likeness import StoryText, compare_stories
from pipelines.store.articles.rows import ArticleRows
from scraper.discover.links import Outlink
from scraper.page import Page

_AS_LONG: Final = 0.9  # of the plain text: a script moves captions and counters about
_SURE: Final = 0.5
_LONG_CHARS: Final = 400  # a story; less may be what a shell says while its script loads
_IN_THE_OTHER: Final = 0.6  # of the shorter text's runs of words


@dataclass(frozen=True, slots=True)
class Reading:
    """A document and what is in it."""

    page: Page
    parsed: ParseResult


def best_of_both(plain: Reading, rendered: Reading) -> Reading:
    """The document to go on with; of lists, what either of them names.

    Args:
        plain: As the server sent it.
        rendered: As a browser has it after its scripts.
    """
    if rendered.parsed.stage is not None:
        return plain if plain.parsed.stage is None else rendered
    if plain.parsed.stage is not None:
        return rendered
    if plain.parsed.rows is not None and rendered.parsed.rows is not None:
        return rendered if _is_better(plain.parsed, rendered.parsed) else plain
    if plain.parsed.rows is not None:
        return plain
    if rendered.parsed.rows is not None:
        return rendered
    return Reading(rendered.page, _with_lists_of(rendered.parsed, plain.parsed))


def _is_better(plain: ParseResult, rendered: ParseResult) -> bool:
    """Whether the rendered article is the plain one or more of it, or the plain one is none."""
    assert plain.rows is not None  # noqa: S101 - the caller has looked
    assert rendered.rows is not None  # noqa: S101
    likeness = compare_stories(_story(plain.rows), _story(rendered.rows))
    is_one_story = likeness.is_same_story or likeness.containment >= _IN_THE_OTHER
    if is_one_story:
        return likeness.length_ratio >= _AS_LONG
    is_plain_sure = plain.confidence >= _SURE and len(plain.rows.text) >= _LONG_CHARS
    return not is_plain_sure and rendered.confidence >= plain.confidence


def _story(rows: ArticleRows) -> StoryText:
    return StoryText(rows.title, rows.text)


def _with_lists_of(first: ParseResult, second: ParseResult) -> ParseResult:
    """What the first names, and what only the second does."""
    return replace(
        first,
        links=_joined(first.links, second.links),
        feeds=_joined(first.feeds, second.feeds),
        sitemaps=_joined(first.sitemaps, second.sitemaps),
        next_pages=first.next_pages or second.next_pages,
        is_scripted=first.is_scripted and second.is_scripted,
    )


def _joined(first: tuple[Outlink, ...], second: tuple[Outlink, ...]) -> tuple[Outlink, ...]:
    best: dict[str, Outlink] = {}
    for link in (*first, *second):
        known = best.get(link.url)
        if known is None or link.score > known.score:
            best[link.url] = link
    return tuple(best.values())
