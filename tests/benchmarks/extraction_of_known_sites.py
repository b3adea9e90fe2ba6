"""What knowing a site is worth: word F1 with and without what its other pages repeat.

    python -m tests.benchmarks.extraction_of_known_sites [--at-least 4]

Each labelled page of a host with several is read by a net that has not seen the site, once without
help and once with the blocks counted on the host's other pages. Prints the gain, and every text
that was taken out although the gold has it.
"""

import argparse
import gzip
from collections import defaultdict
from statistics import mean

from scraper.extract.extractor import ExtractOptions, extract_article, learn_known_blocks
from scraper.page import Page
from scraper.urls import host_of
from tests.benchmarks.extraction import PAGES, Case, find_fold, fold_model, load_cases, load_metrics

CORPORA = ["wcxb", "fundus_parsers", "magic"]


def pages_by_host(at_least: int) -> dict[str, list[tuple[Case, bytes]]]:
    """Labelled pages with a text, of hosts that have enough of them."""
    found: dict[str, list[tuple[Case, bytes]]] = defaultdict(list)
    for case in load_cases(CORPORA):
        host = host_of(case.get("url") or "")
        if host and case.get("text") and case["page_type"] == "article":
            found[host].append((case, gzip.decompress((PAGES / case["html"]).read_bytes())))
    return {host: pages for host, pages in found.items() if len(pages) >= at_least}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at-least", type=int, default=3, help="pages of a host")
    chosen = parser.parse_args()
    metrics = load_metrics()
    before, after, lost = [], [], 0
    for host, pages in sorted(pages_by_host(chosen.at_least).items()):
        gains = []
        for case, html in pages:
            others = [Page(url=c["url"], body=body) for c, body in pages if c is not case]
            model = fold_model(find_fold(case, html))
            known = learn_known_blocks(others)
            texts = [
                extract_article(html, url=case["url"], options=options).text
                for options in (
                    ExtractOptions(model=model),
                    ExtractOptions(model=model, known=known),
                )
            ]
            scores = [metrics.word_f1(text, case["text"])[2] for text in texts]
            before.append(scores[0])
            after.append(scores[1])
            gains.append(scores[1] - scores[0])
            left = set(texts[1].splitlines())
            gold = " ".join(case["text"].split())
            for line in texts[0].splitlines():
                if line not in left and len(line) > 20 and " ".join(line.split()) in gold:
                    lost += 1
                    print(f"  wrongly taken out, {host}: {line[:100]}")
        print(f"{host:40} {len(pages):3} pages {mean(gains):+.4f}")
    print(
        f"{len(before)} pages: word F1 {mean(before):.4f} alone, {mean(after):.4f} with what the "
        f"site repeats; {lost} lines wrongly taken out"
    )


if __name__ == "__main__":
    main()
