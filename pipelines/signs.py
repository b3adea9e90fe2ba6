"""What silence and sudden changes of a source mean, a line each: the rules behind `health`."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from pipelines.store.database.times import parse_utc
from pipelines.store.statistics.source_signs import SilentList, SourceSigns
from pipelines.store.statistics.source_status import SourceHealth

_FEWEST_SUSPECTS: Final = 3
_SUSPECT_SHARE: Final = 0.1  # of the pages met: a story or two are rewritten in any week
_FEWEST_OF_A_DAY: Final = 2
_MOST_SHARE: Final = 0.5
_FEWEST_ARTICLES: Final = 5  # of fewer, all by chance lack a field that three in four have
_USUAL_SHARE: Final = 0.7
_LOST_SHARE: Final = 0.2
_SHORT_SHARE: Final = 0.4
_PATIENCE: Final = timedelta(days=1)
_MOST_LISTS_NAMED: Final = 3


def find_signs(source: SourceHealth, signs: SourceSigns, now: datetime) -> Iterator[str]:
    """What is odd about a source, each with what to do; nothing for one that is as ever."""
    if signs.suspects >= _FEWEST_SUSPECTS and signs.suspects >= signs.visited * _SUSPECT_SHARE:
        yield (
            f"{signs.suspects} of {signs.visited} pages of the last days are not believed: a wall, "
            "or a new layout; the table suspect_versions and `winnow diff URL` say why"
        )
    elif _is_most_of_a_day(signs):
        yield (
            f"{signs.suspects_last_day} of {signs.visited_last_day} pages of the last day are not "
            "believed: a wall? the table suspect_versions and `winnow diff URL` say why"
        )
    yield from _judge_lists(signs.silent_lists)
    if (unread := signs.unread) is not None:
        yield (
            f"none of its {unread.count} newest stories could be read, asked {unread.asked} times: "
            f"{unread.why}; `winnow retry {source.name}` asks again"
        )
    if never := _judge_never(source, signs, now):
        yield never
    if signs.recent_articles >= _FEWEST_ARTICLES:
        yield from _judge_fields(signs)


def _is_most_of_a_day(signs: SourceSigns) -> bool:
    is_most = signs.suspects_last_day > signs.visited_last_day * _MOST_SHARE
    return is_most and signs.suspects_last_day >= _FEWEST_OF_A_DAY


def _judge_lists(lists: tuple[SilentList, ...]) -> Iterator[str]:
    for silent in lists[:_MOST_LISTS_NAMED]:
        what = "its front page or section" if silent.kind == "page" else f"its {silent.kind}"
        if silent.why is None:
            yield f"{what} {silent.url} leads to no story any more: has the site been rebuilt?"
        else:
            yield f"{what} {silent.url} fails: {silent.why}"
    more = len(lists) - _MOST_LISTS_NAMED
    if more > 0:
        yield f"and {more} more of its lists give nothing; the table urls has them"


def _judge_never(source: SourceHealth, signs: SourceSigns, now: datetime) -> str | None:
    added = parse_utc(signs.added_at)
    if source.articles or source.last_success_at is None or signs.suspects:
        return None
    if added is None or now - added < _PATIENCE:
        return None
    return (
        "it has never given an article: name its feed or a section as url, or try render, "
        "include and max_depth"
    )


def _judge_fields(signs: SourceSigns) -> Iterator[str]:
    for share in signs.fields:
        if share.usual >= _USUAL_SHARE and share.recent <= _LOST_SHARE:
            yield (
                f"{share.recent:.0%} of its newest articles have a {share.name}, usually "
                f"{share.usual:.0%}: has the layout changed? `winnow inspect URL` shows"
            )
    recent, usual = signs.recent_words, signs.usual_words
    if recent is not None and usual is not None and recent < usual * _SHORT_SHARE:
        yield f"its newest articles have {recent:.0f} words, usually {usual:.0f}: is some missing?"
