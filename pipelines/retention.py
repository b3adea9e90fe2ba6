"""How long raw pages and the history of requests are kept: each source says so itself."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlite_utils import Database

from pipelines.settings import SourceDefaults
from pipelines.store.articles.suspects import prune_suspects
from pipelines.store.crawl.crawls import prune_crawls
from pipelines.store.crawl.failures import prune_failures
from pipelines.store.crawl.fetches import prune_fetches, sum_up_fetches
from pipelines.store.crawl.site_blocks import prune_site_blocks
from pipelines.store.pages.raw_pages import prune_pages

_IN_FULL: Final = timedelta(days=35)  # requests one by one: four weeks that compare with this one


def forget_old_pages(
    db: Database, sources: Mapping[int, SourceDefaults], now: datetime | None = None
) -> int:
    """Forget the pages each source wants to keep no longer, and return how many.

    Args:
        db: An open database.
        sources: What is set for each source, by its id; `keep_pages_days` of None keeps all.
        now: The present when None.

    Raises:
        StoreError: The database cannot be written.
    """
    moment = now or datetime.now(UTC)
    return sum(
        prune_pages(db, moment - timedelta(days=source.keep_pages_days), source_id=source_id)
        for source_id, source in sources.items()
        if source.keep_pages_days is not None
    )


def forget_old_history(
    db: Database, sources: Mapping[int, SourceDefaults], now: datetime | None = None
) -> int:
    """Forget requests and failures that each source wants to keep no longer; how many rows.

    Of requests that are older than five weeks the sums of each day are kept, until they go too.

    What recurs on a site is known to all sources that lead to it: blocks seen in a single article
    go when the source that keeps its history longest would forget them.

    Args:
        db: An open database.
        sources: What is set for each source, by its id.
        now: The present when None.

    Raises:
        StoreError: The database cannot be written.
    """
    moment = now or datetime.now(UTC)
    forgotten = 0
    for source_id, source in sources.items():
        before = moment - timedelta(days=source.keep_history_days)
        forgotten += sum_up_fetches(db, moment - _IN_FULL, source_id=source_id)
        forgotten += prune_fetches(db, before, source_id=source_id)
        forgotten += prune_failures(db, before, source_id=source_id)
        forgotten += prune_suspects(db, before, source_id=source_id)
    longest = max((source.keep_history_days for source in sources.values()), default=None)
    if longest is not None:
        forgotten += prune_site_blocks(db, moment - timedelta(days=longest))
        forgotten += prune_crawls(db, moment - timedelta(days=longest))
    return forgotten
