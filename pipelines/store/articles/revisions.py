"""What changed between versions of an article, paragraph by paragraph and word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

import orjson
from sqlite_utils import Database

from pipelines.store.database.database import reading

Change = Literal["equal", "insert", "delete", "replace"]

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
# Comparing takes time in the product of both sides. Past these bounds a longer paragraph counts as
# replaced whole, the paragraphs beyond as one, and those of a larger edit are paired by place.
_LONGEST_PARAGRAPH_CHARS = 20_000
_MOST_PARAGRAPHS = 4_000
_MOST_COMPARISONS = 10_000  # a hundred paragraphs rewritten in one go
_SAME_PARAGRAPH = 0.25  # share of words; chance puts unrelated paragraphs at about 0.1


@dataclass(frozen=True, slots=True)
class WordChange:
    """A run of words in both versions (``equal``), in the old (``delete``) or new (``insert``)."""

    change: Literal["equal", "insert", "delete"]
    text: str


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """One paragraph of an edit.

    Attributes:
        change: ``replace`` has both texts, ``insert`` only `new`, ``delete`` only `old`.
        old: The paragraph before; None for an insertion.
        new: The paragraph after; None for a deletion.
        words: For ``replace``, both texts interleaved as runs of words; else empty.
    """

    change: Change
    old: str | None
    new: str | None
    words: tuple[WordChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of an article.

    Attributes:
        revision: 1 for the first version seen.
        seen_at: When this version was first seen.
        replaced_at: When the next one was; None for the newest.
        changes: What the next version made of it; empty for the newest.
    """

    revision: int
    seen_at: str
    replaced_at: str | None
    title: str | None
    text: str
    changes: tuple[ParagraphChange, ...]


def diff_paragraphs(old: str, new: str) -> tuple[ParagraphChange, ...]:
    r"""Every paragraph of both texts, in order, with what happened to it.

    Example:
        >>> [c.change for c in diff_paragraphs("One.\nTwo.", "One.\nTwo and a half.\nThree.")]
        ['equal', 'replace', 'insert']
    """
    before, after = _paragraphs(old), _paragraphs(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return tuple(
        change
        for tag, a, b, c, d in matcher.get_opcodes()
        for change in _expand(tag, before[a:b], after[c:d])
    )


def diff_words(old: str, new: str) -> tuple[WordChange, ...]:
    """Both texts as runs of words that stayed, went or came.

    Example:
        >>> [(w.change, w.text) for w in diff_words("two goals", "three goals")]
        [('delete', 'two'), ('insert', 'three'), ('equal', ' goals')]
    """
    if max(len(old), len(new)) > _LONGEST_PARAGRAPH_CHARS:
        return (WordChange("delete", old), WordChange("insert", new))
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    runs: list[WordChange] = []
    gone = came = ""
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old_run, new_run = "".join(before[a:b]), "".join(after[c:d])
        # A space between two changed words is part of one change, not what stayed between two.
        if tag != "equal" or (old_run.isspace() and (gone or came)):
            gone, came = gone + old_run, came + new_run
            continue
        runs += _changed(gone, came)
        runs.append(WordChange("equal", old_run))
        gone = came = ""
    return (*runs, *_changed(gone, came))


def _changed(gone: str, came: str) -> list[WordChange]:
    runs = [WordChange("delete", gone), WordChange("insert", came)]
    return [run for run in runs if run.text]


def encode_changes(changes: Sequence[ParagraphChange]) -> str:
    """Changes as the JSON of `revisions.diff`: a list of paragraphs.

    ``{"change", "old", "new"}``, with runs of equal paragraphs as ``{"change": "equal", "count"}``:
    their text is in the row already.
    """
    encoded: list[dict[str, Any]] = []
    for change in changes:
        if change.change != "equal":
            entry = {"change": change.change, "old": change.old, "new": change.new}
            encoded.append({key: value for key, value in entry.items() if value is not None})
        elif encoded and encoded[-1]["change"] == "equal":
            encoded[-1]["count"] += 1
        else:
            encoded.append({"change": "equal", "count": 1})
    return orjson.dumps(encoded).decode()


def load_revisions(db: Database, article_id: int) -> list[Revision]:
    """All versions of an article, the oldest first, the newest (from `articles`) last.

    Empty when there is no such article.

    Raises:
        StoreError: The database cannot be read.
    """
    with reading(db):
        newest = db.conn.execute(
            "SELECT revision, changed_at, title, text FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        if newest is None:
            return []
        older = db.conn.execute(
            "SELECT revision, seen_at, replaced_at, title, text FROM revisions "
            "WHERE article_id = ? ORDER BY revision",
            (article_id,),
        ).fetchall()
    texts = [*((row[3], row[4]) for row in older), (newest[2], newest[3])][1:]
    versions = [
        Revision(number, seen_at, replaced_at, title, text, diff_version((title, text), after))
        for (number, seen_at, replaced_at, title, text), after in zip(older, texts, strict=True)
    ]
    versions.append(Revision(newest[0], newest[1], None, newest[2], newest[3], ()))
    return versions


def diff_version(
    old: tuple[str | None, str], new: tuple[str | None, str]
) -> tuple[ParagraphChange, ...]:
    """What changed between two versions, each a title and a text; a change of title comes first."""
    changes = diff_paragraphs(old[1], new[1])
    if old[0] == new[0]:
        return changes
    return (*_expand("replace", [old[0] or ""], [new[0] or ""]), *changes)


def _paragraphs(text: str) -> list[str]:
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > _MOST_PARAGRAPHS:
        lines[_MOST_PARAGRAPHS:] = ["\n".join(lines[_MOST_PARAGRAPHS:])]
    return lines


def _expand(tag: str, before: Sequence[str], after: Sequence[str]) -> Iterator[ParagraphChange]:
    if tag == "equal":
        yield from (ParagraphChange("equal", text, text) for text in before)
        return
    done_before = done_after = 0
    for old, new in [*_find_pairs(before, after), (len(before), len(after))]:
        yield from (ParagraphChange("delete", text, None) for text in before[done_before:old])
        yield from (ParagraphChange("insert", None, text) for text in after[done_after:new])
        if old < len(before) and new < len(after):
            words = diff_words(before[old], after[new])
            yield ParagraphChange("replace", before[old], after[new], words)
        done_before, done_after = old + 1, new + 1


def _find_pairs(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Which paragraph became which: pairs in order with as many words in common as can be."""
    if not before or not after:
        return []
    if len(before) == len(after) == 1:
        return [(0, 0)]
    if len(before) * len(after) > _MOST_COMPARISONS:
        return [(i, i) for i in range(min(len(before), len(after)))]
    words = [[set(_TOKEN.findall(text.lower())) for text in side] for side in (before, after)]
    # best[i][j]: the most the first i and the first j paragraphs can have in common.
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i, old in enumerate(words[0], 1):
        for j, new in enumerate(words[1], 1):
            joined = best[i - 1][j - 1] + _similarity(old, new)
            best[i][j] = max(joined, best[i - 1][j], best[i][j - 1])
    pairs = []
    i, j = len(before), len(after)
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _similarity(old: set[str], new: set[str]) -> float:
    """Shared words by all words; 0 where it is more likely another paragraph than the same one."""
    shared = len(old & new) / (len(old | new) or 1)
    return shared if shared >= _SAME_PARAGRAPH else 0.0
