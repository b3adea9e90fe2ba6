"""The SQLite database: the only code that speaks SQL."""

import sys


def _load_sqlite_utils() -> None:
    """Load sqlite-utils without numpy, which it only asks for the names of number types.

    Nothing stored here is one of numpy's numbers, and loading it would be a third of the time that
    a command such as `winnow status` takes.
    """
    if "numpy" in sys.modules or "sqlite_utils" in sys.modules:
        return
    # What the import system takes for "there is none"; taken back at once, for those who need it.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        import sqlite_utils  # noqa: F401, PLC0415 - for the effect, and now
    finally:
        del sys.modules["numpy"]


_load_sqlite_utils()
