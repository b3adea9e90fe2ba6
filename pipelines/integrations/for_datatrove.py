"""An extractor for datatrove, in place of its trafilatura.

    from pipelines.integrations.for_datatrove import WinnowExtractor

    LocalPipelineExecutor([WarcReader("crawl/"), WinnowExtractor(), JsonlWriter("articles/")]).run()

A document that comes out has the article as its text and the record in its metadata; one without
an article is dropped, and why is counted in the step's statistics as datatrove's filters do.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from importlib import import_module
from typing import Any, Final, Literal, assert_never

from datatrove.pipeline.extractors.base import BaseExtractor, ExtractorSandbox
from datatrove.pipeline.writers.disk_base import DiskWriter
from datatrove.utils.logging import logger
from datatrove.utils.typeshelper import StatHints

from pipelines.page.input_document import looks_like_html
from pipelines.page.read_page import read_page
from scraper.article import Article
from scraper.page import Page

TextFormat = Literal["text", "markdown"]

METADATA: Final = (
    "canonical_url", "site_name", "title", "description", "authors", "published_at",
    "modified_at", "language", "section", "tags", "image_url", "access", "headings", "faq",
    "confidence", "markdown",
)  # fmt: skip
"""What is kept of a record by default: what has the same shape in every article, so that writers
of tables can hold it. There are also ``blocks``, ``evidence``, ``robots``, ``next_page_url``."""

_HTML: Final = {"content-type": "text/html; charset=utf-8"}
_TEXT: Final = {"content-type": "text/plain; charset=utf-8"}
_WARMUP: Final = ("<html><body><article><h1>Rain</h1><p>It rained all night.</p></article>", None)


class WinnowExtractor(BaseExtractor):
    """Recovers the article of each document that holds a page: in HTML, or as text saved from one.

    Each rank reads pages in a process of its own, as datatrove's extractors do, so that a page
    that takes too long or kills it costs that page.

    Args:
        text_format: What becomes the document's text: ``text`` or ``markdown``.
        min_confidence: Documents below it are dropped; 0 to 1.
        metadata: Which keys of the record go into the document's metadata, beside what the reader
            put there; what the page does not say is None. With ``()`` only the text changes.
        timeout: Seconds that one page may take.
        exclusion_writer: Where dropped documents go as they came, their metadata with
            ``filter_reason``: ``no_article``, ``low_confidence``, ``timeout``, ``broken_process``
            or ``clean_error``.

    Example:
        >>> WinnowExtractor(text_format="markdown").extract("")
        ''
    """

    name = "🌾 winnow"
    _requires_dependencies: Final = ["lxml", "numpy"]

    def __init__(
        self,
        text_format: TextFormat = "text",
        min_confidence: float = 0.0,
        *,
        metadata: Sequence[str] = METADATA,
        timeout: float = 10.0,
        exclusion_writer: DiskWriter | None = None,
    ) -> None:
        super().__init__(timeout)
        self.text_format = text_format
        self.min_confidence = min_confidence
        self.metadata = tuple(metadata)
        self.exclusion_writer = exclusion_writer

    def extract(self, text: str) -> str:
        """The article of a page as text or Markdown; empty when it has none."""
        record, _ = self.read(text, None)
        return str(record[self.text_format]) if record else ""

    def read(self, text: str, url: str | None) -> tuple[dict[str, Any] | None, str]:
        """What is kept of the record of a page, or None and a word for why there is none.

        Example:
            >>> WinnowExtractor().read("<p>Share this", None)
            (None, 'no_article')
        """
        body = text.encode("utf-8", "replace")
        headers = _HTML if looks_like_html(body) else _TEXT
        read = read_page(Page(url=url or "", body=body, headers=headers))
        match read.kind:
            case "article":
                assert read.article is not None  # noqa: S101 - as its kind says
                return self._choose(read.article)
            case "no_article" | "not_a_page":
                return None, "no_article"
            case "error":
                logger.warning(f"{url}: {read.error}: {read.message}")
                return None, "clean_error"
            case _:
                assert_never(read.kind)

    def _choose(self, article: Article) -> tuple[dict[str, Any] | None, str]:
        """What is wanted of a record: no more of it goes through the pipe than is kept."""
        if article.confidence < self.min_confidence:
            return None, "low_confidence"
        record = _record_of(article)
        return {key: record.get(key) for key in (self.text_format, *self.metadata)}, ""

    def run(self, data: Iterable[Any] | None, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """Read each document; those without an article are left out and counted."""
        del world_size  # each rank has its own documents
        self.read(*_WARMUP)  # loaded once, before processes are forked from this one
        sandbox = ExtractorSandbox(timeout=self.timeout, warmup_text=_WARMUP)
        with sandbox, self.exclusion_writer or nullcontext() as excluded:
            for document in data or ():
                self.stat_update(StatHints.total)
                with self.track_time():
                    record, reason = self._read_apart(sandbox, document)
                if record is not None:
                    self._fill(document, record)
                    self.stat_update("extracted", StatHints.forwarded)
                    self.update_doc_stats(document)
                    yield document
                    continue
                self.stat_update(StatHints.dropped, f"{StatHints.dropped}_{reason}")
                if excluded is not None:
                    document.metadata["filter_reason"] = reason
                    excluded.write(document, rank)

    def _read_apart(self, sandbox: Any, document: Any) -> tuple[dict[str, Any] | None, str]:
        """What `read` says, in a process that may be ended."""
        url = document.metadata.get("url")
        try:
            record, reason = sandbox.process_document((document.text, url), self.read)
        except TimeoutError:
            logger.warning(f"{url or document.id}: reading took over {self.timeout:g} s")
            return None, "timeout"
        except EOFError:
            logger.warning(f"{url or document.id}: the page killed the process that read it")
            return None, "broken_process"
        return record, reason

    def _fill(self, document: Any, record: dict[str, Any]) -> None:
        document.text = record[self.text_format]
        for key in self.metadata:
            value = record[key]
            if value is not None or key not in document.metadata:  # the reader may know better
                document.metadata[key] = value


def parquet_schema(
    metadata: Sequence[str] = METADATA, reader_fields: Sequence[str] = ("url", "date")
) -> Any:
    """The pyarrow schema of the documents, for datatrove's `ParquetWriter`.

    Without it that writer takes the first document's, which may have no author or no date.

    Args:
        metadata: As the extractor has it; not ``blocks`` or ``evidence``, which fit no column.
        reader_fields: Texts that the reader puts into the metadata; those of `WarcReader`.
    """
    arrow: Any = import_module("pyarrow")  # an extra of its own
    text, texts = arrow.string(), arrow.list_(arrow.string())
    heading = arrow.struct([("level", arrow.int64()), ("text", text)])
    pair = arrow.struct([(name, text) for name in ("question", "answer", "source")])
    types = {
        "authors": texts, "tags": texts, "robots": texts, "confidence": arrow.float64(),
        "headings": arrow.list_(heading), "faq": arrow.list_(pair),
    }  # fmt: skip
    names = dict.fromkeys([*reader_fields, *metadata])
    fields = arrow.struct([(name, types.get(name, text)) for name in names])
    return arrow.schema([("text", text), ("id", text), ("metadata", fields)])


def _record_of(article: Article) -> dict[str, Any]:
    headings = [{"level": heading.level, "text": heading.text} for heading in article.headings]
    return {**article.to_dict(), "headings": headings}
