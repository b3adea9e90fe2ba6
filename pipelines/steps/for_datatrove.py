"""An extractor for datatrove, in place of its trafilatura.

    from pipelines.steps.for_datatrove import WinnowExtractor

    LocalPipelineExecutor([WarcReader("crawl/"), WinnowExtractor(), JsonlWriter("articles/")]).run()

A document that comes out has the article as its text and the record in its metadata; one without
an article is dropped, and why is counted in the step's statistics as datatrove's other steps do.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal

from datatrove.pipeline.extractors.base import BaseExtractor, ExtractorSandbox
from datatrove.utils.logging import logger
from datatrove.utils.typeshelper import StatHints

from pipelines.article_check import MIN_WORDS
from scraper import extract_article
from scraper.errors import ExtractionError

TextFormat = Literal["text", "markdown"]

_WARMUP: Final = ("<html><body><article><h1>Rain</h1><p>It rained all night.</p></article>", None)
_LEFT_OUT: Final = frozenset({"text", "markdown", "url"})  # the document has these elsewhere


class WinnowExtractor(BaseExtractor):
    """Recovers the article of each document that holds a page in HTML.

    Each rank reads pages in a process of its own, as datatrove's extractors do, so that a page
    that takes too long or kills it costs that page.

    Args:
        text_format: What becomes the document's text: ``text`` or ``markdown``.
        min_confidence: Documents below it are dropped; 0 to 1.
        keep_metadata: Whether the record (title, authors, dates, language, blocks, FAQ, …) is put
            into the document's metadata, beside what the reader put there.
        timeout: Seconds that one page may take.

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
        keep_metadata: bool = True,
        timeout: float = 10.0,
    ) -> None:
        super().__init__(timeout)
        self.text_format = text_format
        self.min_confidence = min_confidence
        self.keep_metadata = keep_metadata

    def extract(self, text: str) -> str:
        """The article of a page as text or Markdown; empty when it has none."""
        return str(self.read(text, None).get(self.text_format, ""))

    def read(self, html: str, url: str | None) -> dict[str, Any]:
        """The record of a page; empty when it has no article.

        Example:
            >>> WinnowExtractor().read("<p>Share this", None)
            {}
        """
        try:
            article = extract_article(html, url=url)
        except ExtractionError:
            return {}
        return article.to_dict() if article.text else {}

    def run(self, data: Iterable[Any] | None, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """Read each document; those without an article are left out and counted."""
        del rank, world_size  # each rank has its own documents
        self.read(*_WARMUP)  # loaded once, before processes are forked from this one
        with ExtractorSandbox(timeout=self.timeout, warmup_text=_WARMUP) as sandbox:
            for document in data or ():
                self.stat_update(StatHints.total)
                with self.track_time():
                    reason = self._fill(sandbox, document)
                if reason is None:
                    self.stat_update("extracted", StatHints.forwarded)
                    self.update_doc_stats(document)
                    yield document
                else:
                    self.stat_update(StatHints.dropped, f"{StatHints.dropped}_{reason}")

    def _fill(self, sandbox: Any, document: Any) -> str | None:
        """Put the article into a document; the reason when there is none."""
        url = document.metadata.get("url")
        try:
            record = sandbox.process_document((document.text, url), self.read)
        except TimeoutError:
            logger.warning(f"{url or document.id}: reading took over {self.timeout:g} s")
            return "timeout"
        except EOFError:
            logger.warning(f"{url or document.id}: the page killed the process that read it")
            return "broken_process"
        if not record:
            return "no_article"
        if len(record["text"].split()) < MIN_WORDS and record["text"].isascii():
            return "too_short"
        if record["confidence"] < self.min_confidence:
            return "low_confidence"
        document.text = record[self.text_format]
        if self.keep_metadata:
            known = {key: value for key, value in record.items() if key not in _LEFT_OUT}
            document.metadata.update(known)
        return None
