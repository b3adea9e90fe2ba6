"""Nothing that a file holds makes reading raise, whatever it claims to be."""

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.inputs import find_inputs
from pipelines.ingest.items import START
from pipelines.ingest.read_input import read_input
from tests.pipelines.ingest.archives import make_archive, news_page


def _zip_of(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.html", data)
        archive.writestr("b.warc", data)
    return file.getvalue()


_PAGE = news_page(1).encode()
_WHOLE = [
    make_archive(2).data,
    make_archive(2, gzip=False).data,
    b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
    b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+\r\n--x--",
    b'{"url": "https://a.example/", "html": "<p>Rain"}\n[{"url": 1}, 2]\n',
    b"filedesc://a 0.0.0.0 20310304100000 text/plain 4\n1 0\n\n"
    b"https://a.example/ 192.0.2.7 20310304100000 text/html 9\nHTTP/1.1 \n",
    _zip_of(_PAGE),
    _zip_of(_zip_of(make_archive(1).data)),
    bz2.compress(_PAGE),
    lzma.compress(_PAGE),
    zstandard.ZstdCompressor().compress(_PAGE),
    b"\x5d\x2a\x4d\x18\x04\x00\x00\x00abcd" + zstandard.ZstdCompressor().compress(_PAGE),
    gzip.compress(bz2.compress(_PAGE)),
]


@settings(max_examples=150, deadline=None)
@given(
    whole=st.sampled_from(_WHOLE),
    name=st.sampled_from(["a", "a.mht", "a.arc", "a.zip", "a.jsonl", "a.warc.gz", "a.html"]),
    at=st.integers(0, 4_000),
    data=st.binary(max_size=40),
    cut=st.integers(0, 4_000),
)
def test_whatever_is_in_it_is_read_or_named(
    whole: bytes, name: str, at: int, data: bytes, cut: int
) -> None:
    broken = (whole[:at] + data + whole[at + len(data) :])[: len(whole) - min(cut, len(whole))]
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(broken)
        (file,) = find_inputs([str(path)])
        for item in read_input(file, START, {}):
            assert item is not None
