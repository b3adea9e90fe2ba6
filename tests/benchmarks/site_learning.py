"""What a site's other pages teach about a page: word F1 without and with it.

    python -m tests.benchmarks.site_learning

Every labelled page of a site with six pages or more is read twice by a net that has not seen the
site: alone, and with what the site's other pages repeat.
"""

import gzip
from collections import defaultdict
from dataclasses import dataclass

from pipelines.train.labelled_pages import find_fold, find_site
from scraper.extract.extractor import ExtractOptions, extract_article, learn_known_blocks
from scraper.page import Page
from tests.benchmarks.extraction import PAGES, Case, fold_model, load_cases, load_metrics

_FEWEST_PAGES = 6


@dataclass(frozen=True, slots=True)
class Gain:
    """One page: its word F1 alone and with what is known, and the lines that went.

    Attributes:
        wrongly: Those of them that the gold text has.
    """

    site: str
    alone: float
    with_site: float
    removed: tuple[str, ...]
    wrongly: tuple[str, ...]


def load_sites() -> dict[str, list[tuple[Case, bytes]]]:
    """Cases and pages of the sites that have enough, each page once."""
    sites: dict[str, list[Case]] = defaultdict(list)
    for case in load_cases():
        sites[find_site(case, b"")].append(case)
    result: dict[str, list[tuple[Case, bytes]]] = {}
    for site, cases in sites.items():
        if len(cases) < _FEWEST_PAGES or not any(case.get("text") for case in cases):
            continue
        pages = {gzip.decompress((PAGES / case["html"]).read_bytes()): case for case in cases}
        if len(pages) >= _FEWEST_PAGES:
            result[site] = [(case, html) for html, case in pages.items()]
    return result


def measure_site(site: str, pages: list[tuple[Case, bytes]]) -> list[Gain]:
    """Each labelled page of a site, read alone and with what the others repeat."""
    word_f1 = load_metrics().word_f1
    gains = []
    for case, html in pages:
        if not case.get("text"):
            continue
        others = [Page(url=c.get("url") or "", body=body) for c, body in pages if c is not case]
        known, model = learn_known_blocks(others), fold_model(find_fold(case, html))
        texts = [
            extract_article(html, url=case.get("url"), options=options).text
            for options in (
                ExtractOptions(model=model),
                ExtractOptions(model=model, known=known),
            )
        ]
        left, gold = set(texts[1].splitlines()), " ".join(case["text"].split())
        removed = tuple(line for line in texts[0].splitlines() if line not in left)
        wrongly = tuple(line for line in removed if " ".join(line.split()) in gold)
        alone, with_site = (word_f1(text, case["text"])[2] for text in texts)
        gains.append(Gain(site, alone, with_site, removed, wrongly))
    return gains


def main() -> None:
    """Print a line a site, and the sum."""
    everything: list[Gain] = []
    for site, pages in sorted(load_sites().items()):
        gains = measure_site(site, pages)
        everything += gains
        print(_line(site, gains))
    print(_line("all", everything))
    print("taken out although the gold has it:")
    print("\n".join(f"  {gain.site}: {line[:100]}" for gain in everything for line in gain.wrongly))


def _line(name: str, gains: list[Gain]) -> str:
    alone = sum(gain.alone for gain in gains) / max(1, len(gains))
    with_site = sum(gain.with_site for gain in gains) / max(1, len(gains))
    better = sum(gain.with_site > gain.alone for gain in gains)
    worse = sum(gain.with_site < gain.alone for gain in gains)
    removed, wrongly = (sum(map(len, lines)) for lines in zip(*_lines(gains), strict=True))
    return (
        f"{name:24} {len(gains):4} pages {alone:.4f} -> {with_site:.4f}  better {better} "
        f"worse {worse}  lines removed {removed}, wrongly {wrongly}"
    )


def _lines(gains: list[Gain]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(gain.removed, gain.wrongly) for gain in gains]


if __name__ == "__main__":
    main()
