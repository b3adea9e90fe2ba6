"""What is not believed is held back: it is a row of its own, and its address is asked again."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlite_utils import Database

from pipelines.crawl.judge.facts import Facts, NewVersion, find_facts
from pipelines.crawl.judge.verdict import Verdict, judge_version
from pipelines.crawl.parse.parse_page import ParseResult
from pipelines.crawl.schedule.plan import CrawlRequest
from pipelines.globs import is_wanted
from pipelines.schedule import look_again_at
from pipelines.store.articles.content_hash import hash_content
from pipelines.store.articles.identity.story_likeness import StoryText
from pipelines.store.articles.rows import ArticleRows
from pipelines.store.articles.suspects import (
    SuspectVersion,
    save_suspect,
    settle_suspect,
    withdraw_article,
)
from pipelines.store.frontier.urls import NewUrl, add_urls, mark_waiting
from pipelines.store.pages.raw_pages import save_page
from scraper.page import Page
from scraper.urls.url_score import score_url
from scraper.urls.web_urls import is_same_or_subdomain

_LIKE_A_STORY = 0.5  # as `find_links` takes a link for one to an article


@dataclass(frozen=True, slots=True)
class Judged:
    """A version, what is known beside it, and what to do with it."""

    version: NewVersion
    facts: Facts
    verdict: Verdict


def judge_parsed(
    db: Database, request: CrawlRequest, page: Page, parsed: ParseResult
) -> Judged | None:
    """Whether what came of an article's address is plausible.

    Returns:
        None where there is nothing to judge: an address at which no article is known holds none.

    Raises:
        StoreError: The database cannot be read.
    """
    rows = parsed.rows
    version = NewVersion(
        asked=request.url.url,
        url=page.url,
        story=_story_of(rows, parsed),
        keys=rows.duplicate_keys if rows is not None else (),
        is_paywalled=parsed.is_paywalled,
        is_cut_short=page.is_cut_short,
    )
    facts = find_facts(db, version)
    is_plain = parsed.judgement.kind == "article" and not version.is_elsewhere
    if rows is None and facts.likeness is None and is_plain:
        return None
    return Judged(version, facts, judge_version(version, parsed.judgement, facts))


def hold_back(
    db: Database,
    request: CrawlRequest,
    page: Page,
    parsed: ParseResult,
    judged: Judged,
) -> int:
    """Keep a version that is not believed, and ask its address again soon.

    What was stored with the same text under other addresses was no story either, and is taken
    back. A story's address that this one now leads to is asked for itself.

    Returns:
        URLs that are new in the frontier because of it.

    Raises:
        StoreError: The database cannot be written.
    """
    verdict = judged.verdict
    assert verdict.reason is not None  # noqa: S101 - the caller has looked
    now = datetime.now(UTC)
    suspect = SuspectVersion(
        url=request.url.url,
        reason=verdict.reason,
        message=verdict.message,
        story=judged.version.story,
        content_hash=hash_content(judged.version.story.title, judged.version.story.text),
        url_id=request.url.id,
        source_id=request.plan.id,
        article_id=judged.facts.article_id,
        confidence=parsed.confidence,
        page_hash=None
        if parsed.packed is None
        else save_page(db, parsed.packed, source_id=request.plan.id),
    )
    visits = save_suspect(db, suspect, page.fetched_at)
    mark_waiting(db, request.url.id, verdict.message, look_again_at(visits, now))
    if verdict.withdraws:
        for article_id in judged.facts.same_text_ids:
            withdraw_article(db, article_id, verdict.reason, verdict.message, now)
    return _ask_target(db, request, page) if verdict.reason == "redirect" else 0


def settle(db: Database, request: CrawlRequest, judged: Judged) -> None:
    """What waited to be believed at an address is over, one way or the other.

    Raises:
        StoreError: The database cannot be written.
    """
    if judged.facts.open_suspect is not None:
        settle_suspect(
            db, request.url.url, "believed" if judged.verdict.has_stayed else "dismissed"
        )


def _story_of(rows: ArticleRows | None, parsed: ParseResult) -> StoryText:
    if rows is not None:
        return StoryText(rows.title, rows.text)
    return StoryText(*(parsed.remnant or (None, "")))


def _ask_target(db: Database, request: CrawlRequest, page: Page) -> int:
    """Have a story's address that another one leads to asked for itself."""
    settings = request.plan.settings
    is_story = score_url(page.url) >= _LIKE_A_STORY
    is_near = is_same_or_subdomain(page.url, request.url.url)
    if not is_story or not is_near or not is_wanted(page.url, settings.include, settings.exclude):
        return 0
    new = NewUrl(url=page.url, depth=request.url.depth, priority=request.url.priority)
    return add_urls(db, request.plan.id, [new])
