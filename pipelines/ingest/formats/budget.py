"""A bound on what comes of packed files: a few kilobytes can be made to hold terabytes."""

from typing import Final

from pipelines.ingest.formats.byte_stream import Readable
from pipelines.ingest.formats.reader import UnpackTooMuchError

_FREE_BYTES: Final = 1_000_000_000
_TIMES: Final = 200
"""Pages of one template are packed to a tenth or, all of a site together, a fiftieth."""

_UNKNOWN_BYTES: Final = 100_000_000_000


class UnpackBudget:
    """How much may still be unpacked of one file, whatever is packed in it and how often.

    Args:
        stored_bytes: How large it is; None for a stream.
    """

    def __init__(self, stored_bytes: int | None) -> None:
        known = _FREE_BYTES + _TIMES * (stored_bytes or 0)
        self.left_bytes = _UNKNOWN_BYTES if stored_bytes is None else known

    def bound(self, file: Readable) -> "Bounded":
        """A file that is unpacked, as far as the budget goes."""
        return Bounded(file, self)

    def is_spent(self) -> bool:
        """Whether nothing more may be unpacked."""
        return self.left_bytes < 0


class Bounded:
    """A file of which reading counts."""

    def __init__(self, file: Readable, budget: UnpackBudget) -> None:
        self._file = file
        self._budget = budget

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes.

        Raises:
            UnpackTooMuchError: There is far more in it than an archive of pages has.
        """
        piece = self._file.read(size)
        self._budget.left_bytes -= len(piece)
        if self._budget.is_spent():
            raise UnpackTooMuchError(
                "it unpacks to far more than its size; what is left is not read"
            )
        return piece
