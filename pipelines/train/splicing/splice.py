"""Spliced copies of labelled pages: one page's article with material of others behind or in it.

Pages of today hold, besides their article, what pages of older collections do not: the next article
loaded below the first, older posts of a blog, teasers between the paragraphs, comments. The gold of
a copy is that of the page it was made from, so that the ordinary alignment labels everything that
was set in as unwanted. Out of fold that halves the text kept behind an article's end.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal

from lxml import etree

from pipelines.train.labelled_pages import LabelledPage
from pipelines.train.splicing.anatomy import Anatomy, dissect
from pipelines.train.splicing.unwanted import (
    add_next_story,
    add_older_posts,
    add_teasers,
    copy_others,
    set_behind,
)
from pipelines.train.splicing.wanted import embed, part_in_cards, part_in_sections, part_in_two

Kind = Literal["next", "posts", "teasers", "mixed", "sections", "cards", "embeds", "parts"]
_KINDS: Final[dict[Kind, float]] = {
    "next": 0.2,
    "teasers": 0.18,
    "posts": 0.1,
    "mixed": 0.1,
    "sections": 0.1,
    "cards": 0.14,
    "embeds": 0.12,
    "parts": 0.06,
}
_WANTED: Final = {
    "sections": part_in_sections,
    "cards": part_in_cards,
    "embeds": embed,
    "parts": part_in_two,
}
_POOL: Final = 120  # donors at a time
_FEWEST_DONORS: Final = 12
_DONORS: Final = 5
CORPUS: Final = "splice"


def make_spliced(pages: Iterable[LabelledPage], seed: int) -> Iterator[LabelledPage]:
    """A spliced copy of each article, where that works out; the same for the same seed.

    Hosts and donors are of one fold: a net that is judged on a site has seen none of its words.
    """
    folds: dict[int, list[LabelledPage]] = {}
    for page in pages:
        if page.text:
            folds.setdefault(page.fold, []).append(page)
    for fold in sorted(folds):
        rng = random.Random(f"{seed}/{fold}")  # noqa: S311 - the same copies for the same seed
        yield from _splice_all(folds[fold], rng)


def _splice_all(pages: list[LabelledPage], rng: random.Random) -> Iterator[LabelledPage]:
    rng.shuffle(pages)
    pool: list[Anatomy] = []
    for page in pages:
        host = dissect(page)
        if host is None:
            continue
        donors = _choose_donors(host, pool, rng)
        if donors and (copy := _splice(host, donors, rng)) is not None:
            yield copy
        # The tree of the host was changed: what is given on is taken apart anew.
        again = dissect(page)
        if again is not None:
            pool.append(again)
        if len(pool) > _POOL:
            pool.pop(rng.randrange(_POOL // 2))


def _choose_donors(host: Anatomy, pool: list[Anatomy], rng: random.Random) -> list[Anatomy]:
    """Pages of other sites, in the host's language where a collection says it; [] for too few."""
    others = [donor for donor in pool if donor.page.site != host.page.site]
    if len(others) < _FEWEST_DONORS:
        return []
    alike = [donor for donor in others if donor.page.language == host.page.language]
    return rng.sample(alike if len(alike) >= _DONORS else others, _DONORS)


def _splice(host: Anatomy, donors: Sequence[Anatomy], rng: random.Random) -> LabelledPage | None:
    kind = rng.choices(list(_KINDS), list(_KINDS.values()))[0]
    text, done = host.text, 0
    if kind in _WANTED:
        text, done = _WANTED[kind](host, donors, rng)
        others = copy_others(donors)
        if done and others and rng.random() < 0.5:  # and the unwanted behind it all the same
            set_behind(host, [rng.choice(others)], rng)
    if kind in {"next", "mixed"}:
        done += add_next_story(host, donors, rng)
    if kind == "posts":
        done += add_older_posts(host, donors, rng)
    if kind in {"teasers", "mixed"}:
        done += add_teasers(host, donors, rng)
    if not done:
        return None
    html = etree.tostring(host.root, method="html", encoding="utf-8")
    return replace(
        host.page,
        corpus=CORPUS,
        name=f"{host.page.name}+{kind}",
        html=b"\xef\xbb\xbf" + html,
        text=text,
    )
