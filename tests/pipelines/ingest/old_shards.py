"""Shards as each version of their schema wrote them, with something in every column.

`shards/N.parquet.zst` is a shard of version N and `shards/N.json` its marker; those of version 1
are of the time when neither said so. When the version goes up, run

    python -m tests.pipelines.ingest.old_shards

once, before people have shards of the new version: it writes the files for the new version and
touches none that are there.
"""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import zstandard

from pipelines.ingest.shards.folder import Marker, ShardFolder
from pipelines.ingest.shards.parquet import ShardRow, ShardWriter
from pipelines.ingest.shards.schema_version import SHARD_SCHEMA_VERSION
from pipelines.store.articles.rows import build_rows
from pipelines.store.pages.packing import pack_page
from scraper.article import Article, Comment, LiveEntry
from scraper.blocks import Link, Paragraph
from scraper.page import Page
from tests.pipelines.store.old_versions import ARTICLE

SHARDS = Path(__file__).parent / "shards"
SEEN_AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
PAGE = Page(
    url="https://harbour.example/news/ferry",
    body=b"<!doctype html><title>Ferry line returns</title><p>The council voted again.",
    headers={"content-type": "text/html"},
    fetched_at=SEEN_AT,
)
FAILURE = ("news.warc at byte 90", "damaged", "damaged gzip member")


def article_of(version: int) -> Article:
    """What the shard of a version holds: an article of its own, with links where it has any."""
    blocks = ARTICLE.blocks
    if version > 1:
        link = Link("Much", "https://harbour.example/tuesday", "nofollow", 0)
        blocks = (*blocks[:1], Paragraph("Much.", (link,)), *blocks[2:])
    article = replace(ARTICLE, url=f"https://harbour.example/news/ferry-{version}", blocks=blocks)
    if version > 2:
        return replace(
            article,
            page_kind="article",
            page_kind_probability=0.9,
            comments=(Comment(text="At last.", author="Pell"),),
            entries=(LiveEntry(text="The boat is in.", heading="Noon"),),
        )
    return article


def write_version(folder: Path, version: int = SHARD_SCHEMA_VERSION) -> None:
    """A folder with one shard, of the version that this code writes."""
    target = ShardFolder(str(folder))
    row = ShardRow(
        rows=build_rows(article_of(version)),
        archive="news.warc",
        fetched_at=SEEN_AT,
        page=pack_page(PAGE),
    )
    with tempfile.TemporaryDirectory() as scratch:
        path = f"{scratch}/shard.parquet"
        writer = ShardWriter(path, "1")
        writer.add(row)
        writer.close()
        shard = target.put_shard(path, f"split-{version}")
    target.put_marker(
        Marker(
            split=f"split-{version}", options="0", shard=shard, rows=1, pages=2,
            left_out={"damaged": 1}, failures=(FAILURE,), extractor_version="1",
        )
    )  # fmt: skip


def read_version(version: int, folder: Path) -> None:
    """Put the shard of that version and its marker into a folder."""
    packed = (SHARDS / f"{version}.parquet.zst").read_bytes()
    for name, suffix, body in (
        ("parts", "parquet", zstandard.decompress(packed)),
        ("markers", "json", (SHARDS / f"{version}.json").read_bytes()),
    ):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / f"split-{version}.{suffix}").write_bytes(body)


def main() -> None:
    """Keep the files of the newest version, where there are none yet."""
    kept = SHARDS / f"{SHARD_SCHEMA_VERSION}.parquet.zst"
    if kept.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        write_version(Path(folder))
        name = f"split-{SHARD_SCHEMA_VERSION}"
        shard = (Path(folder) / "parts" / f"{name}.parquet").read_bytes()
        kept.write_bytes(zstandard.compress(shard, 19))
        marker = (Path(folder) / "markers" / f"{name}.json").read_bytes()
        kept.with_name(f"{SHARD_SCHEMA_VERSION}.json").write_bytes(marker)


if __name__ == "__main__":
    main()
