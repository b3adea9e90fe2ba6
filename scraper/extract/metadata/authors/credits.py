"""Names in the lines around the headline, where no class or property marks a byline."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from scraper.extract.metadata.authors.degrees import without_degrees
from scraper.extract.metadata.authors.names import (
    find_job,
    has_lead_in,
    is_lead_in,
    looks_like_credit,
    looks_like_name,
    split_names,
)
from scraper.extract.metadata.authors.organisations import is_office
from scraper.extract.metadata.clean import fold
from scraper.extract.metadata.dates.date_text import parse_date
from scraper.extract.metadata.title.headline import Headline, Words

_READING_TIME: Final = re.compile(r"\b\d+\W*min|updated|published", re.IGNORECASE)
AGO: Final = re.compile(
    r"(?:\w{2,14}:? )?(?:\d+\s?\w+ (?:ago|siden|sedan|geleden|temu|önce|sitten|назад|fa)|(?:vor"
    r"|hace|há|il y a|för|πριν) \d+ \w+)"
    r"|\d+\s?(?:分钟|小时|天|時間|日|분|시간)(?:前|전)",
    re.IGNORECASE,
)
_AFTER_NAME: Final = re.compile(r"\s*(?:[|•·]|\s[-–—]\s|\b(?:in|on|at)$|\bon behalf\b).*$")
_DATE_BEFORE: Final = re.compile(r"^[^|•·]*\d{4}\s*[|•·—–-]\s*(?=\w)")
_JOINT: Final = r"(?:,|;|&|\b(?:and|und|et|y|e|og|och|en|i|ja|ve)\b)"
_IS_JOINED: Final = re.compile(rf"{_JOINT}\s*$", re.IGNORECASE)
_IS_JOINT: Final = re.compile(rf"\s*{_JOINT}(?:\s|$)", re.IGNORECASE)
_MAX_NAMES: Final = 10  # each may be a link, with a comma behind it
_BESIDE_RUNS: Final = 12  # below the headline; further down stand captions and other stories
_MAX_BYLINE_CHARS: Final = 160  # twice as long, two of 964 labelled pages go wrong, one right
_BODY_CHARS: Final = 220  # a standfirst above the byline has less, the body as a rule more


def credited_names(headline: Headline) -> Iterator[str]:
    """The full names that follow "By" in the lines just below the headline."""
    nearby = headline.after[:_BESIDE_RUNS]
    for index, words in enumerate(nearby):
        if len(words.text) > _MAX_BYLINE_CHARS:
            return
        if has_lead_in(words.text):
            names = split_names(_credit(nearby, index), trusted=False)
            if names:
                yield from map(_as_printed, names)
                return


def names_near(headline: Headline) -> Iterator[str]:
    """Names in the lines around the headline, where no class or property marks a byline."""
    for is_after in (True, False):
        nearby = headline.after if is_after else headline.before[::-1]
        for index, words in enumerate(nearby):
            if len(words.text) > _MAX_BYLINE_CHARS:
                if is_after and len(words.text) > _BODY_CHARS:
                    break
                continue
            credit = ""
            if words.is_author_link or has_lead_in(words.text):
                credit = _credit(nearby, index)
            credited = split_names(credit)
            names = [name for name in credited if looks_like_credit(name)]
            if credited and all(map(is_office, credited)):
                return  # the byline is found, and whoever else is named near it did not write
            if names:
                yield from map(_as_printed, names)
                return


def _as_printed(name: str) -> str:
    """A person's name in a printed line, without the titles that stand there with it."""
    return without_degrees(name) if looks_like_name(name) else name


def _credit(nearby: Sequence[Words], index: int) -> str:
    """A byline that begins with a run of text: what follows "By", or a comma or an "and", is of it.

    Each name may be a link and so a run of its own.
    """
    credit = nearby[index].text
    goes_on = is_lead_in(credit) or _IS_JOINED.search(credit)
    for words in nearby[index + 1 : index + 2 * _MAX_NAMES]:
        is_joint = _IS_JOINT.match(words.text)
        if not (goes_on or is_joint) or len(words.text) > _MAX_BYLINE_CHARS:
            break
        credit = f"{credit} {words.text}"
        goes_on = _IS_JOINED.search(words.text)
    return credit


def names_beside_date(headline: Headline) -> Iterator[str]:
    """A name that stands alone below the headline, with a date or a job beside it.

    The title itself may stand there once more, and read like a name.
    """
    nearby = headline.after[:_BESIDE_RUNS]
    for index, words in enumerate(nearby):
        name = _AFTER_NAME.sub("", _DATE_BEFORE.sub("", words.text))
        if words.is_link or not looks_like_name(name) or fold(name) == fold(headline.title):
            continue
        beside = nearby[max(0, index - 2) : index + 4]
        if any(_is_beside_names(n.text) for n in beside if len(n.text) <= _MAX_BYLINE_CHARS):
            yield from split_names(name, trusted=False)
            return


def _is_beside_names(text: str) -> bool:
    return bool(
        _READING_TIME.search(text) or AGO.fullmatch(text) or find_job(text) or parse_date(text)
    )
