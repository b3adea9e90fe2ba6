"""How many copies of an article are found, and how many that are none: precision and recall.

    python -m tests.benchmarks.crawl.copies CASES.jsonl [--texts 200]

CASES has a JSON object a line whose "text" is an article. Each text is edited as newsrooms edit
what agencies send; each edited text has to be found as a copy of its own original, and of no other.
"""

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from pipelines.store.articles.minhash import (
    MIN_SHINGLES,
    compare_shingles,
    find_band_keys,
    find_shingles,
)

Edit = Callable[[list[str], random.Random], list[str]]

_BOILERPLATE = [
    "This article first appeared in our morning edition and was updated in the afternoon.",
    "Sign up for our newsletter to get the most important reports of the day into your mailbox.",
    "We use cookies to make this site work; by reading on you agree to our terms and conditions.",
]


def shorten(share: float) -> Edit:
    """Keep the beginning, as a page with little room does."""
    return lambda text, _: text[: max(1, round(len(text) * share))]


def with_new_headline(text: list[str], _: random.Random) -> list[str]:
    """Another headline, standfirst and first sentence; the rest stays."""
    first = re.sub(
        r"^[^.!?]*[.!?]\s*", "It happened on Tuesday, as our paper has learned. ", text[0]
    )
    return ["What happened, and what it means for us", first, *text[1:]]


def as_agency_copy(text: list[str], chance: random.Random) -> list[str]:
    """Another byline and place in front, the agency's notice behind, two sentences cut."""
    body = [sentence for paragraph in text for sentence in _sentences(paragraph)]
    for _ in range(min(2, len(body) - 2)):
        body.pop(chance.randrange(1, len(body)))
    return ["By our correspondent, with material of the agency", *body, "(All rights reserved)"]


def with_boilerplate(text: list[str], _: random.Random) -> list[str]:
    """What an extractor may leave in: notices before and after."""
    return [*_BOILERPLATE, *text, *_BOILERPLATE]


def proofread(text: list[str], chance: random.Random) -> list[str]:
    """One word in thirty is another."""
    return [" ".join(w if chance.random() > 1 / 30 else "rather" for w in p.split()) for p in text]


EDITS: dict[str, Edit] = {
    "cut to 3/4": shorten(0.75),
    "cut to 1/2": shorten(0.5),
    "new headline": with_new_headline,
    "agency copy": as_agency_copy,
    "boilerplate": with_boilerplate,
    "proofread": proofread,
}


def _sentences(paragraph: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.!?])\s+", paragraph) if s]


def load_texts(cases: Path, most: int) -> list[list[str]]:
    """The paragraphs of the first texts long enough to be judged."""
    texts = []
    for line in cases.read_text(encoding="utf-8").splitlines():
        text = json.loads(line).get("text") or ""
        paragraphs = [p.strip() for p in text.splitlines() if p.strip()]
        if len(paragraphs) == 1:
            paragraphs = _sentences(paragraphs[0])
        if paragraphs and len(find_shingles(text)) >= 3 * MIN_SHINGLES:
            texts.append(paragraphs)
        if len(texts) == most:
            break
    return texts


def main() -> None:
    """Print recall by edit, and precision over all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--texts", type=int, default=200)
    options = parser.parse_args()
    texts = load_texts(options.cases, options.texts)
    originals = [find_shingles("\n".join(text)) for text in texts]
    filed: dict[int, list[int]] = defaultdict(list)
    for number, shingles in enumerate(originals):
        for key in find_band_keys(shingles):
            filed[key].append(number)
    found: Counter[str] = Counter()
    wrong = right = 0
    false_pairs: set[tuple[int, int]] = set()
    for name, edit in EDITS.items():
        chance = random.Random(name)
        for number, text in enumerate(texts):
            copy = find_shingles("\n".join(edit(text, chance)))
            met = {other for key in find_band_keys(copy) for other in filed[key]}
            hits = {o for o in met if compare_shingles(originals[o], copy).is_duplicate}
            found[name] += number in hits
            right += number in hits
            wrong += len(hits - {number})
            false_pairs |= {(number, other) for other in hits - {number}}
    print(f"{len(texts)} texts, {len(EDITS)} edits of each")
    for name in EDITS:
        print(f"  {name:14} recall {found[name] / len(texts):.3f}")
    print(f"  all            recall {right / len(texts) / len(EDITS):.3f}")
    print(f"  precision {right / max(right + wrong, 1):.4f} ({len(false_pairs)} pairs wrongly)")
    for one, other in sorted(false_pairs)[:10]:
        print(f"    {texts[one][0][:60]!r} ~ {texts[other][0][:60]!r}")


if __name__ == "__main__":
    main()
