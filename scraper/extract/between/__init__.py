"""What stands between two kept paragraphs: text stays with them, boxes of the site's do not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from scraper.extract.between.flow import Insertion, find_insertions
from scraper.extract.between.insertions import Judge
from scraper.extract.blocks.headings import HEADING_TAGS
from scraper.extract.segment import Segmentation

_PLAIN_TAGS: Final = frozenset({"p", "pre", "blockquote", "table"}) | HEADING_TAGS


@dataclass(frozen=True, slots=True)
class Between:
    """Indexes of segments between kept paragraphs that were judged anew by where they stand.

    Attributes:
        text: Those to keep that were not kept.
        boxes: Those to drop that were kept.
    """

    text: tuple[int, ...] = ()
    boxes: tuple[int, ...] = ()


def judge_between(
    segmentation: Segmentation, kept: Sequence[bool], barred: Collection[int] = ()
) -> Between:
    """What to keep and what to drop of that which stands between two kept paragraphs.

    Args:
        segmentation: The page.
        kept: For each segment whether it is main content.
        barred: Segments that nothing brings back.

    Example:
        >>> from scraper.extract.dom import parse_html
        >>> from scraper.extract.segment import segment_tree
        >>> rain = "<p>It has rained all night in the hills above the town."
        >>> page = segment_tree(parse_html(f"{rain}<ul><li>mud<li>eels</ul>{rain}"))
        >>> judge_between(page, [True, False, False, True]).text
        (1, 2)
    """
    judge = Judge(segmentation, barred)
    text: list[int] = []
    boxes: list[int] = []
    for insertions in find_insertions(segmentation, kept):
        is_labelled = False  # whether a label stands above that says what follows is of the site
        for insertion in insertions:
            parts = range(insertion.start, insertion.end)
            if _is_settled(segmentation, insertion, kept):
                is_labelled = False
                continue
            verdict = judge.judge(insertion)
            if verdict == "text" and not is_labelled:
                text += [
                    part for part in parts if not kept[part] and _says_something(segmentation, part)
                ]
            elif verdict == "box":
                boxes += [part for part in parts if kept[part]]
            is_labelled = len(parts) == 1 and insertion.start in barred
    return Between(tuple(dict.fromkeys(text)), tuple(dict.fromkeys(boxes)))


def _is_settled(segmentation: Segmentation, insertion: Insertion, kept: Sequence[bool]) -> bool:
    """Whether it is kept, and by its name no box: most of what stands between is."""
    is_plain = insertion.node is None or segmentation.nodes[insertion.node].tag in _PLAIN_TAGS
    return is_plain and all(kept[insertion.start : insertion.end])


def _says_something(segmentation: Segmentation, part: int) -> bool:
    """Whether there is a letter or a digit in it: stars in a cell rate what they stand by."""
    return any(map(str.isalnum, segmentation.segments[part].text))


__all__ = ["Between", "judge_between"]
