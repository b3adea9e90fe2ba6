"""Labelled pages from disk: markup, and what is known of the main content."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scraper.urls.public_suffixes import find_registrable_domain
from scraper.urls.web_urls import written_hostname_of

FOLDS: Final = 5  # each net is fitted on four fifths of the sites, and judged on the last
_PAGE_ADDRESS: Final = re.compile(
    rb"""(?:property=["']og:url["']\s+content|rel=["']canonical["']\s+href)=["'](http[^"']+)""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page and its gold; `text` is None where only single passages are labelled.

    Attributes:
        corpus: Which collection it is from.
        name: Unique in its corpus.
        site: Registrable domain, so that no site is trained on and tested at once.
        wanted: Passages that belong to the main content.
        unwanted: Passages that do not.
        kind: Type of the page: article, forum, product …
        language: As the collection gives it; None where it does not.
    """

    corpus: str
    name: str
    site: str
    url: str | None
    html: bytes
    text: str | None
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    kind: str
    language: str | None = None

    @property
    def fold(self) -> int:
        """Which of the folds the page's site is in."""
        return _fold_of(self.site)


def load_pages(folder: Path, corpora: tuple[str, ...]) -> Iterator[LabelledPage]:
    """The pages of `corpora` under `folder`: `<corpus>/cases.jsonl` and the files it names."""
    for corpus in corpora:
        with (folder / corpus / "cases.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                case = json.loads(line)
                html = gzip.decompress((folder / case["html"]).read_bytes())
                yield LabelledPage(
                    corpus=corpus,
                    name=case["id"],
                    site=find_site(case, html),
                    url=case.get("url"),
                    html=html,
                    text=case.get("text"),
                    wanted=tuple(case.get("with") or ()),
                    unwanted=tuple(case.get("without") or ()),
                    kind=case.get("page_type") or "article",
                    language=case.get("lang") or case.get("language"),
                )


def find_fold(case: dict[str, Any], html: bytes) -> int:
    """The fold of a case, whatever corpus it is in."""
    return _fold_of(find_site(case, html))


def _fold_of(site: str) -> int:
    return int(hashlib.sha1(site.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS


def find_site(case: dict[str, Any], html: bytes) -> str:
    """The registrable domain a page is from; its name where nothing says.

    The list alone counts here, and not what `site_of` knows beside it: the folds of the shipped
    models were cut by it.
    """
    candidates = [case.get("url") or ""]
    if match := _PAGE_ADDRESS.search(html):
        candidates.append(match[1].decode("ascii", "replace"))
    stem = case["id"].removesuffix(".html")
    parts = stem.split(".")
    candidates += ["http://" + ".".join(parts[:size]) for size in range(len(parts), 1, -1)]
    candidates.append("http://" + re.split(r"[-_]", stem)[0])
    domains = (find_registrable_domain(written_hostname_of(url)) for url in candidates)
    return next((domain for domain in domains if domain is not None), str(case["id"]))
