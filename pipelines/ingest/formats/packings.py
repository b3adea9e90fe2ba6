"""Files that are packed whole: gzip, bzip2, xz, Zstandard.

What is packed is read forward, in memory that does not grow with it, however many members or
frames it has. Where it ends too early or is damaged, all that came before has been given.
"""

import bz2
import io
import lzma
import struct
import zlib
from collections.abc import Callable
from typing import Final, Protocol

import zstandard

from pipelines.ingest.formats.byte_stream import ByteStream
from pipelines.ingest.formats.reader import Packing, UnpackError

_IN_BYTES: Final = 64 * 1024
_OUT_BYTES: Final = 1024 * 1024
_MOST_MEMORY_BYTES: Final = 256 * 1024 * 1024  # of a decoder: `xz -9` asks for 65 MiB
_MOST_DICTIONARY_BYTES: Final = 16 * 1024 * 1024
_ZSTD_IN_BYTES: Final = 256  # a block is three bytes at least and gives 128 KiB at most
_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_ZSTD_DICTIONARY: Final = b"\x5d\x2a\x4d\x18"
_ERRORS: Final = (zlib.error, lzma.LZMAError, zstandard.ZstdError, OSError, ValueError, EOFError)


class _Decoder(Protocol):
    """One member, stream or frame."""

    @property
    def eof(self) -> bool:
        """Whether it is through."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What was read behind its end."""
        ...

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes of what it was given."""
        ...

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """What comes of some more bytes, as far as it can be told to stop no more at once."""
        ...


class _Unpacked:
    """What a packed file holds, members one after the other.

    Args:
        stream: Stands at the first member.
        new_decoder: For each member.
        magic: What a further member begins with; anything else behind one is padding.
        in_bytes: How much a decoder is given at once.
    """

    def __init__(
        self,
        stream: ByteStream,
        new_decoder: Callable[[], _Decoder],
        magic: tuple[bytes, ...],
        in_bytes: int = _IN_BYTES,
    ) -> None:
        self._stream = stream
        self._new_decoder = new_decoder
        self._magic = magic
        self._in_bytes = in_bytes
        self._decoder: _Decoder | None = new_decoder()
        self._out = memoryview(b"")

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end.

        Raises:
            UnpackError: It is damaged, or ends too early.
        """
        while not self._out and self._decoder is not None:
            self._fill(self._decoder)
        piece = self._out[:size]
        self._out = self._out[len(piece) :]
        return bytes(piece)

    def _fill(self, decoder: _Decoder) -> None:
        try:
            if decoder.eof:
                self._decoder = self._next(decoder)
                return
            data = b""
            if decoder.needs_input:
                # Of what is read here, the last may belong to the next member.
                self._stream.keep_from(self._stream.tell())
                data = self._stream.read(self._in_bytes)
                if not data:
                    raise UnpackError("it ends too early")
            self._out = memoryview(decoder.decompress(data, _OUT_BYTES))
        except UnpackError:
            self._decoder = None
            raise
        except _ERRORS as error:
            self._decoder = None
            raise UnpackError(f"it is damaged: {error}") from error

    def _next(self, decoder: _Decoder) -> _Decoder | None:
        """The next member's; None where there is no further one."""
        self._stream.move_to(self._stream.tell() - len(decoder.unused_data))
        return self._new_decoder() if self._stream.peek(8).startswith(self._magic) else None


class _GzipDecoder:
    """A gzip member, as the decoders of bz2 and lzma are."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(zlib.MAX_WBITS | 16)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._zlib.unconsumed_tail and not self._zlib.eof

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._zlib.decompress(data or self._zlib.unconsumed_tail, max_length)


class _ZstdDecoder:
    """A Zstandard frame, as the decoders of bz2 and lzma are."""

    needs_input = True

    def __init__(self, dictionary: bytes | None = None) -> None:
        shared = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        self._frame = zstandard.ZstdDecompressor(
            dict_data=shared, max_window_size=_MOST_MEMORY_BYTES
        ).decompressobj()

    @property
    def eof(self) -> bool:
        return bool(self._frame.eof)

    @property
    def unused_data(self) -> bytes:
        return bytes(self._frame.unused_data)

    def decompress(self, data: bytes, max_length: int) -> bytes:
        del max_length  # it cannot be told: it is given little at once
        return bytes(self._frame.decompress(data))


def _unpack_zstd(stream: ByteStream) -> _Unpacked:
    """What is in a Zstandard file; archives of pages may begin with a dictionary for all of it.

    That is the first frame, one that others skip (Zstandard WARC, version 0.1).
    """
    dictionary = None
    head = stream.peek(8)
    if head.startswith(_ZSTD_DICTIONARY):
        size = struct.unpack_from("<I", head.ljust(8, b"\0"), 4)[0]
        if size <= _MOST_DICTIONARY_BYTES:
            dictionary = stream.peek(8 + size)[8:]
            stream.move_to(stream.tell() + 8 + size)
            dictionary = _plain_dictionary(dictionary)
    return _Unpacked(
        stream, lambda: _ZstdDecoder(dictionary), (_ZSTD_MAGIC, *_SKIPPABLE), _ZSTD_IN_BYTES
    )


def _plain_dictionary(dictionary: bytes) -> bytes:
    """A dictionary, which may be compressed itself."""
    if not dictionary.startswith(_ZSTD_MAGIC):
        return dictionary
    stream = ByteStream(io.BytesIO(dictionary))
    unpacked = _Unpacked(stream, _ZstdDecoder, (), _ZSTD_IN_BYTES)
    pieces: list[bytes] = []
    size = 0
    while size <= _MOST_DICTIONARY_BYTES and (piece := unpacked.read(_OUT_BYTES)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


_SKIPPABLE: Final = tuple(bytes([number]) + b"\x2a\x4d\x18" for number in range(0x50, 0x60))

GZIP: Final = Packing(
    name="gzip",
    suffixes=(".gz",),
    magic=(b"\x1f\x8b\x08",),
    unpack=lambda stream: _Unpacked(stream, _GzipDecoder, (b"\x1f\x8b\x08",)),
)
BZIP2: Final = Packing(
    name="bzip2",
    suffixes=(".bz2",),
    magic=(b"BZh",),
    unpack=lambda stream: _Unpacked(stream, bz2.BZ2Decompressor, (b"BZh",)),
)
XZ: Final = Packing(
    name="xz",
    suffixes=(".xz",),
    magic=(b"\xfd7zXZ\x00",),
    unpack=lambda stream: _Unpacked(
        stream, lambda: lzma.LZMADecompressor(memlimit=_MOST_MEMORY_BYTES), (b"\xfd7zXZ\x00",)
    ),
)
ZSTANDARD: Final = Packing(
    name="zstandard",
    suffixes=(".zst",),
    magic=(_ZSTD_MAGIC, *_SKIPPABLE),
    unpack=_unpack_zstd,
)
