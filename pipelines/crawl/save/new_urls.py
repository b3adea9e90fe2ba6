"""What a page leads to, as far as its source wants it, and in which order it is asked for."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, assert_never

from pipelines.crawl.parse.parse_page import ParseResult
from pipelines.crawl.schedule.plan import SEED_PRIORITY, SourcePlan
from pipelines.globs import is_wanted
from pipelines.store.frontier.leases import LeasedUrl
from pipelines.store.frontier.urls import NewUrl, UrlKind
from scraper.discover.links import Outlink
from scraper.page import Page
from scraper.urls.web_urls import is_same_or_subdomain


def find_new_urls(
    url: LeasedUrl, plan: SourcePlan, page: Page, parsed: ParseResult, *, known_sitemaps: int = 0
) -> Iterable[NewUrl]:
    """What a page leads to, as far as the source wants it.

    Args:
        url: Whose page it is.
        plan: Its source.
        page: As it was fetched.
        parsed: What is on it.
        known_sitemaps: How many sitemaps of the source are in the frontier already.
    """
    depth = url.depth + 1
    if "feed" in plan.discover_methods:
        for feed in parsed.feeds:
            yield NewUrl(url=feed.url, kind="feed", depth=depth, priority=SEED_PRIORITY - 1)
    if "sitemap" in plan.discover_methods or url.depth == 0:
        yield from _sitemaps(parsed.sitemaps, depth, MOST_SITEMAPS_OF_A_SOURCE - known_sitemaps)
    for link in parsed.next_pages:
        yield NewUrl(url=link.url, kind="page", depth=depth, priority=SEED_PRIORITY - 3 - depth)
    now = datetime.now(UTC)
    # A feed that is itself the source may gather what other sites publish.
    may_leave = parsed.kind == "feed" and url.depth == 0
    for link in parsed.links:
        if link.url == page.url or not (may_leave or is_same_or_subdomain(link.url, page.url)):
            continue
        if parsed.kind == "page" and link.score < _least_score(plan):
            continue
        if is_wanted(link.url, plan.settings.include, plan.settings.exclude):
            yield NewUrl(
                url=link.url,
                kind="article",
                depth=depth,
                lastmod=link.lastmod,
                priority=_priority(link, parsed.kind, now),
            )


_LEAST_SCORE: Final = 0.5
"""Of a link on a page, to be taken for one to an article: `find_links` gives sections less."""

_LEAST_SCORE_INCLUDED: Final = 0.25
"""The same where the source says itself which paths are articles."""

_MOST_SITEMAPS: Final = 500
"""Of one index; those dated newest."""

_DEEPEST_SITEMAP: Final = 4
"""Links away from the source's URL: named in robots.txt, an index, one of a section, of a month."""

MOST_SITEMAPS_OF_A_SOURCE: Final = 5_000
"""One that names ever more of them would keep a crawl from its articles."""


def _least_score(plan: SourcePlan) -> float:
    return _LEAST_SCORE_INCLUDED if plan.settings.include else _LEAST_SCORE


def _sitemaps(sitemaps: Iterable[Outlink], depth: int, room: int) -> Iterable[NewUrl]:
    if depth > _DEEPEST_SITEMAP:
        return
    dated = sorted(
        sitemaps,
        key=lambda link: link.lastmod.timestamp() if link.lastmod else float("inf"),
        reverse=True,
    )
    for place, link in enumerate(dated[: max(min(room, _MOST_SITEMAPS), 0)]):
        yield NewUrl(
            url=link.url,
            kind="sitemap",
            depth=depth,
            lastmod=link.lastmod,
            priority=SEED_PRIORITY - 2 - place,
        )


def _priority(link: Outlink, kind: UrlKind, now: datetime) -> int:
    """What is new comes first, and what an editor chose to show before what is merely listed."""
    bonus = 0
    if link.lastmod is not None:
        days = max((now - link.lastmod).total_seconds() / 86_400, 0.0)
        bonus = int(30 / (1 + days / 3))
    return _priority_of_kind(kind) + bonus + int(10 * link.score)


def _priority_of_kind(kind: UrlKind) -> int:
    match kind:
        case "feed":
            return 60
        case "page":
            return 40
        case "sitemap" | "article":
            return 20
        case _:
            assert_never(kind)
