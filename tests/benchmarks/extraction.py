"""Scores the extractor on labelled pages that lie beside the checkout, by nets that never saw them.

    python -m tests.benchmarks.extraction [--peer] [--corpus wcxb,faq] [--limit 50] [--worst 15]

Each page is read by the whole extractor with the net of the fold its site was left out of. The
shipped net has seen all of these pages, so that its figures on them would mean nothing.
"""

import argparse
import gzip
import importlib.util
import json
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from lxml import etree

from pipelines.train.labelled_pages import find_fold
from scraper.extract.classify.network import Model, load_model
from scraper.extract.extractor import ExtractOptions, extract_article

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = CHECKOUT.parent / "shared" / "eval"
FOLD_MODELS = Path(__file__).parent / "fold_models"
Case = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system made of one page, and the processor time it took beside a bare parse."""

    corpus: str
    name: str
    record: dict[str, Any]
    seconds: float
    parse_seconds: float
    error: str


def load_metrics() -> ModuleType:
    """The metrics module that lies with the pages."""
    spec = importlib.util.spec_from_file_location("eval_metrics", PAGES / "metrics.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load_cases(corpora: list[str] | None = None, limit: int | None = None) -> list[Case]:
    """The cases of all corpora, or of some, or the first of each."""
    cases: list[Case] = []
    for path in sorted(PAGES.glob("*/cases.jsonl")):
        if corpora is None or path.parent.name in corpora:
            with path.open(encoding="utf-8") as lines:
                cases += [json.loads(line) for line in lines][:limit]
    return cases


@lru_cache(maxsize=8)
def fold_model(fold: int) -> Model:
    """The net that has not seen the sites of `fold`."""
    return load_model(FOLD_MODELS / f"{fold}.npz")


def extract_unseen(case: Case, html: bytes) -> dict[str, Any]:
    """The record of the whole extractor with a net that has not seen the page's site."""
    options = ExtractOptions(model=fold_model(find_fold(case, html)))
    return extract_article(html, url=case.get("url"), options=options).to_dict()


def extract_by_trafilatura(case: Case, html: bytes) -> dict[str, Any]:
    """The peer's record."""
    import trafilatura

    document = trafilatura.bare_extraction(
        html, url=case.get("url"), include_comments=False, with_metadata=True
    )
    if document is None or isinstance(document, dict):
        return {}
    blocks: list[dict[str, Any]] = []
    for element in document.body.iter("head", "item") if document.body is not None else ():
        text = " ".join("".join(map(str, element.itertext())).split())
        if element.tag == "head":
            blocks.append({"kind": "heading", "text": text})
        else:
            blocks.append({"kind": "list", "items": [{"text": text}]})
    return {
        "text": document.text,
        "title": document.title,
        "authors": document.author.split("; ") if document.author else [],
        "published_at": document.date,
        "blocks": blocks,
    }


SYSTEMS: dict[str, Callable[[Case, bytes], dict[str, Any]]] = {
    "winnow": extract_unseen,
    "trafilatura": extract_by_trafilatura,
}


def answer(job: tuple[str, Case]) -> Answer:
    """One system on one page; whatever it raises is an empty answer with the error's name."""
    system, case = job
    html = gzip.decompress((PAGES / case["html"]).read_bytes())
    if system == "winnow":
        fold_model(find_fold(case, html))  # reading the file is no part of an extraction
    start = time.process_time()
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    with suppress(etree.XMLSyntaxError):  # an empty page has no tree
        etree.fromstring(html, parser)
    parsed = time.process_time()
    error, record = "", {}
    try:
        record = SYSTEMS[system](case, html)
    except Exception as raised:  # noqa: BLE001 - scored as an empty answer, and counted
        error = f"{type(raised).__name__}: {raised}"[:200]
    ended = time.process_time()
    return Answer(case["corpus"], case["id"], record, ended - parsed, parsed - start, error)


def run(system: str, cases: list[Case], jobs: int = 2) -> tuple[dict[str, float], list[Answer]]:
    """Every figure of `metrics.scores` for a system, and its answers."""
    metrics = load_metrics()
    with ProcessPoolExecutor(jobs) as pool:
        answers = list(pool.map(answer, [(system, case) for case in cases], chunksize=8))
    figures: dict[str, float] = {}
    for corpus in dict.fromkeys(case["corpus"] for case in cases):
        records = {a.name: a.record for a in answers if a.corpus == corpus}
        figures |= metrics.scores([c for c in cases if c["corpus"] == corpus], records)
    parse_seconds = sum(a.parse_seconds for a in answers)
    figures["ms_per_page"] = 1000 * sum(a.seconds for a in answers) / len(answers)
    figures["times_bare_parse"] = sum(a.seconds for a in answers) / max(1e-9, parse_seconds)
    figures["errors"] = sum(bool(a.error) for a in answers)
    return figures, answers


def worst(cases: list[Case], answers: list[Answer], count: int) -> Iterator[str]:
    """The pages with the lowest word F1, one line each."""
    metrics = load_metrics()
    text_of = {(a.corpus, a.name): a.record.get("text") or "" for a in answers}
    scored = [
        (metrics.word_f1(text_of[case["corpus"], case["id"]], case["text"]), case)
        for case in cases
        if case.get("text")
    ]
    for (precision, recall, f1), case in sorted(scored, key=lambda pair: pair[0][2])[:count]:
        name = f"{case['corpus']}/{case['id']}"
        yield f"{f1:.3f} p {precision:.2f} r {recall:.2f} {name} {case['page_type']} {case['url']}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", help="comma-separated names; all by default")
    parser.add_argument("--limit", type=int, help="pages of each corpus")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--peer", action="store_true", help="trafilatura beside it")
    parser.add_argument("--worst", type=int, default=0)
    chosen = parser.parse_args()
    cases = load_cases(chosen.corpus.split(",") if chosen.corpus else None, chosen.limit)
    if not cases:
        sys.exit(f"no pages under {PAGES}")
    tables = {}
    for system in ["winnow", "trafilatura"] if chosen.peer else ["winnow"]:
        tables[system], answers = run(system, cases, chosen.jobs)
        if system == "winnow":
            print("\n".join(worst(cases, answers, chosen.worst)))
            print("\n".join(f"{a.corpus}/{a.name}: {a.error}" for a in answers if a.error))
    print(f"{len(cases)} pages".ljust(32) + "".join(name.rjust(14) for name in tables))
    for figure in dict.fromkeys(name for table in tables.values() for name in table):
        cells = [f"{t[figure]:14.3f}" if figure in t else " " * 14 for t in tables.values()]
        print(figure.ljust(32) + "".join(cells))


if __name__ == "__main__":
    main()
