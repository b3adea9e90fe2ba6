"""Text that a page holds twice: a body for phones beside one for desks, posts quoted in answers."""

from collections.abc import Sequence
from typing import Final

from scraper.extract.segment import Segmentation

# A refrain, a term of every offer or the same warning under each recipe are less than that.
_FEWEST_CHARS: Final = 600
_FEWEST_TEXTS: Final = 3


def find_copies(segmentation: Segmentation, kept: Sequence[bool]) -> list[int]:
    """Indexes of kept segments that say again, word for word and in order, what was kept before.

    Example:
        >>> from scraper.extract.dom import parse_html
        >>> from scraper.extract.segment import segment_tree
        >>> rivers = "Aln Ure Exe".split()
        >>> body = "".join(f"<p>{river} is up. {'It rose all night. ' * 15}" for river in rivers)
        >>> page = segment_tree(parse_html(f"<div>{body}</div><div>{body}</div>"))
        >>> find_copies(page, [True] * 6)
        [3, 4, 5]
    """
    indexes = [index for index, keep in enumerate(kept) if keep]
    texts = [segmentation.segments[index].text for index in indexes]
    found: list[int] = []
    for start, end in _repeated_runs(texts):
        run = texts[start:end]
        if sum(map(len, run)) >= _FEWEST_CHARS and len(set(run)) >= _FEWEST_TEXTS:
            found += indexes[start:end]
    return found


def _repeated_runs(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Where texts stand again in the order in which they stood before: first and one past last."""
    first: dict[str, int] = {}
    runs: list[tuple[int, int]] = []
    source = -1  # where the run being read stood before; -1 outside of one
    for position, text in enumerate(texts):
        earlier = first.setdefault(text, position)
        if source >= 0 and texts[source + 1] == text:
            source += 1
            runs[-1] = runs[-1][0], position + 1
        elif earlier < position:
            source = earlier
            runs.append((position, position + 1))
        else:
            source = -1
    return runs
