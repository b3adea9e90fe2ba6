"""The extractor inside a real datatrove pipeline."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipelines.ingest.archives import ArchiveMaker, news_page

pytest.importorskip("datatrove", reason="the extra datatrove is not installed")
pytest.importorskip("cchardet", reason="what datatrove's reader of archives needs is missing")
try:
    import magic  # noqa: F401
except ImportError:
    pytest.skip("libmagic is not installed", allow_module_level=True)

_EXAMPLE = Path(__file__).parents[3] / "data" / "examples" / "datatrove_pipeline.py"


def test_the_example_turns_an_archive_into_articles(tmp_path: Path) -> None:
    maker = ArchiveMaker()
    payload_type = {"WARC-Identified-Payload-Type": "text/html"}
    for number in range(3):
        url = f"https://news.example/{number}"
        maker.add_page(url, news_page(number), warc_headers=payload_type)
    maker.add_page("https://news.example/", "<p>Share this", warc_headers=payload_type)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.warc.gz").write_bytes(maker.data)
    done = subprocess.run(
        [sys.executable, _EXAMPLE, tmp_path / "in", tmp_path / "out"],
        check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (written,) = (tmp_path / "out").glob("*.jsonl.gz")
    rows = [json.loads(line) for line in gzip.decompress(written.read_bytes()).splitlines()]
    assert [row["metadata"]["title"] for row in rows] == [f"Flood report {n}" for n in range(3)]
    assert all(row["text"].startswith("Rain fell on the hills") for row in rows)
    first = rows[0]["metadata"]
    assert first["url"] == "https://news.example/0"  # the reader's own
    assert first["authors"] == ["Mira Olsdotter"]
    assert first["published_at"].startswith("2031-03-04")
    assert {"language", "headings", "faq", "confidence", "markdown"} < set(first)
    stats = json.loads((tmp_path / "out" / "logs" / "stats.json").read_text())
    (step,) = [step for step in stats if "winnow" in step["name"]]
    counts = step["stats"]
    assert (counts["total"], counts["extracted"], counts["dropped"]) == (4, 3, 1)
    assert counts["dropped_no_article"] == 1


def test_what_is_not_sure_enough_or_takes_too_long_is_dropped_with_its_reason() -> None:
    from datatrove.data import Document

    from pipelines.integrations.for_datatrove import WinnowExtractor

    def documents() -> list[Document]:
        return [Document(text=news_page(1), id="1", metadata={"date": "2031-05-05"})]

    strict = WinnowExtractor(min_confidence=1.01)
    assert list(strict.run(documents())) == []
    assert strict.stats["dropped_low_confidence"].total == 1
    bare = WinnowExtractor(metadata=())
    (document,) = bare.run(documents())
    assert document.metadata == {"date": "2031-05-05"}
    slow = WinnowExtractor(timeout=0.5)
    endless = Document(text="<p>" + "<b>a <i>b</i></b> " * 400_000, id="2", metadata={})
    (document,) = slow.run([endless, *documents()])
    assert document.id == "1"
    assert slow.stats["dropped_timeout"].total == 1


def test_tables_hold_every_article_and_what_was_dropped_is_kept_apart(tmp_path: Path) -> None:
    from datatrove.data import Document
    from datatrove.pipeline.writers import JsonlWriter, ParquetWriter
    from pyarrow import parquet

    from pipelines.integrations.for_datatrove import WinnowExtractor, parquet_schema

    anonymous = news_page(1).replace("By Mira Olsdotter", "").replace("2031-03-04T08:00:00Z", "")
    pages = [anonymous, "", news_page(2), "<p>Share this", "\ud800\x00" + news_page(3)]
    documents = [Document(text=html, id=str(i), metadata={}) for i, html in enumerate(pages)]
    dropped = JsonlWriter(str(tmp_path / "dropped"), compression=None)
    extractor = WinnowExtractor(exclusion_writer=dropped)
    writer = ParquetWriter(str(tmp_path / "articles"), schema=parquet_schema())
    assert [document.id for document in writer.run(extractor.run(documents))] == ["0", "2", "4"]
    rows = parquet.read_table(tmp_path / "articles").to_pylist()
    records = [row["metadata"] for row in rows]
    assert [record["authors"] for record in records] == [[], *[["Mira Olsdotter"]] * 2]
    assert records[0]["published_at"] is None
    assert records[1]["markdown"].startswith("Rain fell on the hills")
    (file,) = (tmp_path / "dropped").glob("*.jsonl")
    kept_apart = [json.loads(line) for line in file.read_text().splitlines()]
    assert [row["id"] for row in kept_apart] == ["1", "3"]
    assert {row["metadata"]["filter_reason"] for row in kept_apart} == {"no_article"}
    assert kept_apart[1]["text"] == "<p>Share this"
