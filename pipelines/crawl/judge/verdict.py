"""What to do with a version: store it, or keep it as suspect and ask again.

The rules look at evidence of three kinds: what the page is, what other addresses of its host gave
lately, and what was stored before. Their bounds were set on walls, teasers and corrections made up
for the purpose, on the side of asking once more: a true version that is doubted is stored a few
days late, a false one that is believed is in people's tables for good.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from pipelines.crawl.judge.facts import Facts, NewVersion
from pipelines.store.articles.identity.story_likeness import StoryLikeness
from pipelines.store.articles.suspects import SuspectReason
from scraper.extract.page_kind import KindJudgement
from scraper.urls.related_urls import is_front_page, leads_back
from scraper.urls.slug_echo import slug_echo
from scraper.urls.url_score import score_url

_SHRUNK: Final = 0.35
"""Of its length; a story cut to a third is a teaser, or the page has broken."""

_SHRUNK_PAYWALLED: Final = 0.8  # where the page says itself that there is more
_FEW_IN_COMMON: Final = 0.15  # of the runs of words of the shorter version
_ECHOED: Final = 0.5
_LIKE_A_STORY: Final = 0.5  # as `find_links` takes a link for one to an article

_BELIEVED_VISITS: Final = 4
_BELIEVED_AFTER: Final = timedelta(days=4)
"""Outages and walls of a weekend are over by then."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with a version.

    Attributes:
        reason: Why it is suspect; None when it is to be stored.
        message: The same in words.
        withdraws: Whether articles that were stored with the same text are to be taken back.
        replaces: Whether what is stored was never the article's, and leaves no earlier version.
        has_stayed: Whether it was suspect, and stayed for so long that it is believed.
    """

    reason: SuspectReason | None = None
    message: str = ""
    withdraws: bool = False
    replaces: bool = False
    has_stayed: bool = False


def judge_version(
    version: NewVersion, kind: KindJudgement, facts: Facts, now: datetime | None = None
) -> Verdict:
    """Whether a version is plausible.

    Args:
        version: What came.
        kind: What the page is by itself.
        facts: What is known beside it.
        now: The moment that counts; the present when None.
    """
    likeness = facts.likeness
    cut_short = _judge_wholeness(version, facts)
    is_kept = likeness is not None and _is_kept(version, likeness)
    if cut_short is None and is_kept and not _has_shrunk(version, facts):
        return Verdict(replaces=facts.is_stored_cut)
    verdict = (
        cut_short
        or _judge_kind(kind)
        or _judge_place(version, facts)
        or _judge_sameness(version, facts)
        or (_judge_change(version, facts) if likeness is not None else None)
    )
    if verdict is None:
        return Verdict(replaces=facts.is_doubtful)
    if _has_stayed(verdict, version, facts, now or datetime.now(UTC)):
        return Verdict(has_stayed=True)
    return verdict


def _is_kept(version: NewVersion, likeness: StoryLikeness) -> bool:
    """Whether it is plainly the version before, edited; from elsewhere it takes more to be that."""
    return likeness.is_same_story if version.is_elsewhere else likeness.is_kept


def _judge_wholeness(version: NewVersion, facts: Facts) -> Verdict | None:
    """The beginning of a page does not take the place of the whole, nor of more of it."""
    likeness = facts.likeness
    if not version.is_cut_short or likeness is None:
        return None
    if facts.is_stored_cut and likeness.length_ratio > 1.0:
        return None
    return Verdict("cut_short", "the page was cut short; the version before is more whole")


def _judge_kind(kind: KindJudgement) -> Verdict | None:
    if kind.cause is None:
        return None
    message = f"the page {kind.reason}"
    if kind.cause == "front_page":
        return Verdict("front_page", message)
    return Verdict("wall" if kind.kind == "wall" else "error_page", message)


def _judge_place(version: NewVersion, facts: Facts) -> Verdict | None:
    """A redirect to an address that may be anything's: it takes more to believe that it is this."""
    likeness = facts.likeness
    if not version.is_elsewhere or (likeness is not None and likeness.is_same_story):
        return None
    return _judge_target(version, facts)


def _judge_target(version: NewVersion, facts: Facts) -> Verdict | None:
    url, asked = version.url, version.asked
    if is_front_page(url):
        return Verdict("front_page", f"it redirects to a front page, {url}")
    if leads_back(url, asked):
        return Verdict("redirect", f"it redirects to {url}, which leads back from there")
    if facts.led_here and not facts.is_listed:
        many = f"{len(facts.led_here) + 1} stories' addresses redirect to {url}"
        return Verdict("redirect", many, withdraws=True)
    if facts.likeness is not None:
        return Verdict("redirect", f"it redirects to {url}, which holds another text")
    names_story = facts.is_listed or score_url(url) >= _LIKE_A_STORY or _echoes(version)
    return (
        None if names_story else Verdict("redirect", f"it redirects to {url}, no story's address")
    )


def _judge_sameness(version: NewVersion, facts: Facts) -> Verdict | None:
    """A text that other stories' addresses gave too belongs to none of them."""
    if not facts.same_text_at:
        return None
    count = len(facts.same_text_at)
    echo = slug_echo(version.asked, version.story.title, "")
    if count == 1 and facts.likeness is None and echo is not None and echo >= _ECHOED:
        return None  # a report that is filed twice
    where = facts.same_text_at[0] if count == 1 else f"{count} other addresses"
    return Verdict("same_text", f"{where} gave the same text", withdraws=count > 1)


def _judge_change(version: NewVersion, facts: Facts) -> Verdict | None:
    """A version that is nothing like the one before."""
    likeness = facts.likeness
    if likeness is None or facts.was_told_before or facts.is_doubtful:
        return None
    percent = f"{likeness.length_ratio:.0%}"
    if _has_shrunk(version, facts):
        return Verdict("shrunk", f"the text has shrunk to {percent} of what it was")
    if likeness.is_kept or likeness.containment >= _FEW_IN_COMMON or likeness.has_same_title:
        return None
    if _echoes(version):
        return None
    return Verdict("unlike", "it has nothing in common with the version before")


def _has_shrunk(version: NewVersion, facts: Facts) -> bool:
    likeness = facts.likeness
    if likeness is None or facts.was_told_before:
        return False
    bound = _SHRUNK_PAYWALLED if version.is_paywalled else _SHRUNK
    return likeness.length_ratio < bound


def _has_stayed(verdict: Verdict, version: NewVersion, facts: Facts, now: datetime) -> bool:
    """Whether what was suspect has been there for so long that it is what the page says now.

    What other stories' addresses give too, and an error page, never is.
    """
    suspect = facts.open_suspect
    if suspect is None or facts.same_text_at or facts.led_here:
        return False
    if verdict.reason in {"error_page", "front_page"}:
        return False
    if verdict.reason == "redirect" and facts.likeness is not None:
        return False  # another story has taken the address: it has a row of its own
    is_long = now - suspect.first_seen_at >= _BELIEVED_AFTER
    return is_long and suspect.visits >= _BELIEVED_VISITS and suspect.story == version.story


def _echoes(version: NewVersion) -> bool:
    """Whether the version says what the address says that was asked."""
    # The headline alone: a front page's text says what every story's address says.
    echo = slug_echo(version.asked, version.story.title, "")
    return echo is not None and echo >= _ECHOED
