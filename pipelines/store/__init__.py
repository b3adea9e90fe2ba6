"""The SQLite database: the only code that speaks SQL."""

import sys


def load_sqlite_utils() -> None:
    """Load sqlite-utils without numpy, which it only asks for the names of number types.

    For commands that need no numpy themselves: nothing stored here is one of its numbers, and
    loading it would be a third of the time that `winnow status` takes. Does nothing where either
    is loaded.
    """
    if "numpy" in sys.modules or "sqlite_utils" in sys.modules:
        return
    # What the import system takes for "there is none"; taken back at once, for those who need it.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        import sqlite_utils  # noqa: F401, PLC0415 - for the effect, and now
    finally:
        del sys.modules["numpy"]
