"""How long raw pages are kept: each source says so itself, in sources.toml."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from pipelines.settings import SourceDefaults
from pipelines.store.pages.raw_pages import prune_pages


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
