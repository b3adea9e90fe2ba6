"""Which columns a shard has, as a number that is written with it."""

from typing import Final

from pipelines.errors import IngestError

SHARD_SCHEMA_VERSION: Final = 3
"""Goes up by one when a shard gets a column, or one of its lists a field; none is ever taken away.

Not the number of the database's schema, most steps of which have nothing to do with articles.
"""

UNSTATED_VERSION: Final = 1
"""That of shards which do not say it: they were written before it was said."""


def check_version(version: int, name: str) -> None:
    """Refuse what was written by a newer winnow: it may hold what this one would lose.

    Raises:
        IngestError: The version is one that this winnow does not know.
    """
    if version > SHARD_SCHEMA_VERSION:
        raise IngestError(
            f"{name} was written by a newer winnow (version {version} of shards, this one reads up "
            f"to {SHARD_SCHEMA_VERSION}); upgrade: pip install --upgrade winnow-news"
        )
