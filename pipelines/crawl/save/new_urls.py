"""What a page leads to, as far as its source wants it, and in which order it is asked for."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from pipelines.crawl.parse.parse_page import ParseResult
from pipelines.crawl.schedule.plan import SEED_RANK, SourcePlan
from pipelines.globs import is_wanted
from pipelines.store.frontier.lanes import list_priority, part_priority, story_priority
from pipelines.store.frontier.leases import LeasedUrl
from pipelines.store.frontier.urls import NewUrl
from scraper.discover.links import Outlink
from scraper.page import Page
from scraper.urls.dated_urls import dated_by_address
from scraper.urls.web_urls import is_same_or_subdomain, is_same_site


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
            yield NewUrl(
                url=feed.url, kind="feed", depth=depth, priority=list_priority(SEED_RANK - 1)
            )
    if depth <= _DEEPEST_SITEMAP and ("sitemap" in plan.discover_methods or url.depth == 0):
        room = max(MOST_SITEMAPS_OF_A_SOURCE - known_sitemaps, 0)
        if parsed.kind == "sitemap":
            yield from _parts(parsed.sitemaps, plan, page, depth, room)
        else:
            for named in parsed.sitemaps[:room]:
                yield NewUrl(
                    url=named.url,
                    kind="sitemap",
                    depth=depth,
                    priority=list_priority(SEED_RANK - 2),
                )
    for link in parsed.next_pages:
        rank = max(SEED_RANK - 3 - depth, 0)
        yield NewUrl(url=link.url, kind="page", depth=depth, priority=list_priority(rank))
    yield from _stories(url, plan, page, parsed)


_LEAST_SCORE: Final = 0.5
"""Of a link on a page, to be taken for one to an article: `find_links` gives sections less."""

_LEAST_SCORE_INCLUDED: Final = 0.25
"""The same where the source says itself which paths are articles."""

_DEEPEST_SITEMAP: Final = 4
"""Links away from the source's URL: named in robots.txt, an index, one of a section, of a month."""

MOST_SITEMAPS_OF_A_SOURCE: Final = 5_000
"""One that names ever more of them would keep a crawl from its articles."""


def newest_date(links: Iterable[Outlink]) -> datetime | None:
    """When the newest of these is from, as far as their list or their addresses say."""
    dates = (dated_by_address(link.url) or link.published or link.lastmod for link in links)
    return max((date for date in dates if date is not None), default=None)


def _least_score(plan: SourcePlan) -> float:
    return _LEAST_SCORE_INCLUDED if plan.settings.include else _LEAST_SCORE


def _stories(url: LeasedUrl, plan: SourcePlan, page: Page, parsed: ParseResult) -> Iterable[NewUrl]:
    now = datetime.now(UTC)
    # What a list did not name when it was read before is new; so is most of a feed or a page. A
    # sitemap that is read for the first time may name what is of any year.
    unless_dated = now if parsed.kind != "sitemap" or url.last_fetched_at is not None else None
    for link in parsed.links:
        if link.url == page.url or not _may_lead_to(link.url, url, plan, page, parsed):
            continue
        if parsed.kind == "page" and link.score < _least_score(plan):
            continue
        if is_wanted(link.url, plan.settings.include, plan.settings.exclude):
            dated = dated_by_address(link.url) or link.published or link.lastmod or unless_dated
            yield NewUrl(
                url=link.url,
                kind="article",
                depth=url.depth + 1,
                lastmod=link.lastmod,
                listing=link.listing,
                priority=story_priority(min(dated, now) if dated else None, link.score),
            )


def _may_lead_to(
    target: str, url: LeasedUrl, plan: SourcePlan, page: Page, parsed: ParseResult
) -> bool:
    """Whether a source's page may lead there: to its own site, and a feed of many sites to any."""
    if parsed.kind == "feed" and url.depth == 0:
        return True
    if is_same_or_subdomain(target, page.url):
        return True
    # Sitemaps are often kept on a host of their own.
    return parsed.kind == "sitemap" and _is_at_home(target, plan)


def _is_at_home(target: str, plan: SourcePlan) -> bool:
    return any(is_same_or_subdomain(target, home) for home in plan.homes)


def _parts(
    sitemaps: Sequence[Outlink], plan: SourcePlan, page: Page, depth: int, room: int
) -> Iterable[NewUrl]:
    """The sitemaps that an index names, the newest first.

    Without dates either end of the list may be the newer one: from both of them towards the middle.
    """
    now = datetime.now(UTC)
    by_end = sorted(range(len(sitemaps)), key=lambda n: min(n, len(sitemaps) - 1 - n))
    place_of = {sitemaps[number].url: place for place, number in enumerate(by_end)}
    parts = [
        NewUrl(
            url=part.url,
            kind="sitemap",
            depth=depth,
            lastmod=part.lastmod,
            priority=part_priority(min(dated, now) if dated else None, place_of[part.url]),
        )
        for part in sitemaps
        if is_same_site(part.url, page.url) or _is_at_home(part.url, plan)
        for dated in (part.lastmod or dated_by_address(part.url, is_list=True),)
    ]
    yield from sorted(parts, key=lambda part: -part.priority)[:room]
