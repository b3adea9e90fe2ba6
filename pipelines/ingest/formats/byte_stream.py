"""Bytes read forward once, of which the last ones can be read again."""

from typing import Final, Protocol

_CHUNK_BYTES: Final = 64 * 1024
_MOST_KEPT_BYTES: Final = 16 * 1024 * 1024


class Readable(Protocol):
    """What a stream reads from: a file, a pipe, an object in a store."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""
        ...


class ByteStream:
    """A stream that knows where it is and can go back to what was kept.

    An archive is damaged in places, and what is damaged shows only after it was read: the search
    for the next record has to begin before. Pipes and objects in a store cannot seek, so the bytes
    since the last `keep_from` are kept, up to a bound.

    Args:
        file: Where the bytes come from, at `offset` already.
        offset: What `tell` begins with.
        most_kept_bytes: How far it can go back.

    Example:
        >>> import io
        >>> stream = ByteStream(io.BytesIO(b"one two"))
        >>> stream.read(3), stream.tell()
        (b'one', 3)
        >>> stream.move_to(1)
        1
        >>> stream.read(2)
        b'ne'
    """

    def __init__(
        self, file: Readable, offset: int = 0, most_kept_bytes: int = _MOST_KEPT_BYTES
    ) -> None:
        self._file = file
        self._most_kept_bytes = most_kept_bytes
        self._kept = bytearray()
        self._kept_from = offset  # offset of the first kept byte
        self._at = offset
        self._is_open_ended = True

    def tell(self) -> int:
        """The offset of the byte that `read` gives next."""
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, fewer when fewer are at hand; none at the end."""
        wanted = _CHUNK_BYTES if size < 0 else size
        begin = self._at - self._kept_from
        if begin >= len(self._kept) and not self._fill():
            return b""
        begin = self._at - self._kept_from
        piece = bytes(self._kept[begin : begin + wanted])
        self._at += len(piece)
        return piece

    def peek(self, size: int) -> bytes:
        """The next `size` bytes without moving on; fewer only at the end."""
        while len(self._kept) - (self._at - self._kept_from) < size and self._fill():
            pass
        begin = self._at - self._kept_from
        return bytes(self._kept[begin : begin + size])

    def is_at_end(self) -> bool:
        """Whether there is nothing left."""
        return not self.peek(1)

    def keep_from(self, offset: int) -> None:
        """Forget what lies before `offset`."""
        drop = min(offset, self._at) - self._kept_from
        if drop > 0:
            del self._kept[:drop]
            self._kept_from += drop

    def move_to(self, offset: int) -> int:
        """Read on from `offset`, as far as it is at hand: else from the nearest byte that is.

        Returns:
            The offset read from next.
        """
        self._at = min(max(offset, self._kept_from), self._kept_from + len(self._kept))
        return self._at

    def _fill(self) -> bool:
        """Read a chunk more; False at the end."""
        if not self._is_open_ended:
            return False
        chunk = self._file.read(_CHUNK_BYTES)
        if not chunk:
            self._is_open_ended = False
            return False
        self._kept += chunk
        self.keep_from(self._kept_from + max(0, len(self._kept) - self._most_kept_bytes))
        return True
