"""A site's rules on one page: what its selectors find, and what that means for the segments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from scraper.errors import ExtractionError
from scraper.extract.metadata import Metadata
from scraper.extract.metadata.dates.date_text import parse_date
from scraper.extract.segment import Segmentation
from scraper.sites.rules import SiteRules


@dataclass(frozen=True, slots=True)
class RuledElements:
    """The elements that a site's rules name on one page."""

    body: tuple[etree._Element, ...]
    remove: tuple[etree._Element, ...]


@lru_cache(maxsize=2000)  # the rules of some hundred sites
def _compile(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def select(root: etree._Element, selector: str) -> list[etree._Element]:
    """The elements that a CSS selector finds.

    Raises:
        ExtractionError: It is not a selector; the message names it.
    """
    try:
        return cast("list[etree._Element]", _compile(selector)(root))
    except (SelectorError, etree.XPathError) as error:
        raise ExtractionError(f"site rule {selector!r} is no CSS selector: {error}") from error


def find_ruled(root: etree._Element, rules: SiteRules) -> RuledElements:
    """What `body` and `remove` find on the page.

    Raises:
        ExtractionError: A rule is no CSS selector.
    """
    body = select(root, rules.body) if rules.body else []
    remove = [element for selector in rules.remove for element in select(root, selector)]
    return RuledElements(tuple(body), tuple(remove))


def decide_by_rules(segmentation: Segmentation, found: RuledElements) -> Sequence[bool | None]:
    """For each segment what the rules say: True keep, False drop, None nothing.

    A body rule that finds nothing decides nothing: the site has changed, and the model does better
    than an empty article.
    """
    count = len(segmentation.segments)
    forced: list[bool | None] = [None] * count
    inside = _segments_under(segmentation, found.body)
    if inside:
        forced = [index in inside for index in range(count)]
    for index in _segments_under(segmentation, found.remove):
        forced[index] = False
    return forced


def drop_removed_images(segmentation: Segmentation, found: RuledElements) -> None:
    """Take the images out that stand in what a `remove` rule finds."""
    removed = {member for element in found.remove for member in element.iter()}
    if removed:
        segmentation.images = [i for i in segmentation.images if i.element not in removed]


def name_rules(segmentation: Segmentation, rules: SiteRules) -> Sequence[str]:
    """For each segment the rule that decides about it, as ``remove ".promo"``; empty without one.

    Where several `remove` selectors find a segment, the first. ``body ".story"`` stands at what is
    inside and what is outside.

    Raises:
        ExtractionError: A rule is no CSS selector.
    """
    names = [""] * len(segmentation.segments)
    root = segmentation.nodes[0].element.getroottree().getroot()
    if rules.body and _segments_under(segmentation, select(root, rules.body)):
        names = [f'body "{rules.body}"'] * len(names)
    for selector in reversed(rules.remove):
        for index in _segments_under(segmentation, select(root, selector)):
            names[index] = f'remove "{selector}"'
    return names


def _segments_under(segmentation: Segmentation, roots: Iterable[etree._Element]) -> set[int]:
    """Indexes of the segments that lie in any of the elements."""
    number_of = {node.element: index for index, node in enumerate(segmentation.nodes)}
    owned: dict[int, list[int]] = {}
    for position, segment in enumerate(segmentation.segments):
        owned.setdefault(segment.node, []).append(position)
    result: set[int] = set()
    for element in roots:
        if element in number_of:
            node = segmentation.nodes[number_of[element]]
            result.update(range(node.start, node.end))
            continue
        # An inline element (or one the site made up): the blocks in it, and the runs of text that
        # begin in it.
        members = set(element.iter())
        for member in members:
            if member in number_of:
                node = segmentation.nodes[number_of[member]]
                result.update(range(node.start, node.end))
        for parent in element.iterancestors():
            if parent in number_of:
                positions = owned.get(number_of[parent], [])
                inline = (segmentation.segments[position].inline for position in positions)
                pairs = zip(positions, inline, strict=True)
                result.update(position for position, first in pairs if first in members)
                break
    return result


def override_metadata(root: etree._Element, metadata: Metadata, rules: SiteRules) -> Metadata:
    """`metadata` with what the rules find instead of the fields that extraction found.

    A rule that finds nothing leaves what extraction found.

    Raises:
        ExtractionError: A rule is no CSS selector.
    """
    changes: dict[str, object] = {}
    evidence = dict(metadata.evidence)
    if rules.title and (texts := _texts(root, rules.title)):
        changes["title"], evidence["title"] = texts[0], "rule title"
    if rules.authors and (texts := _texts(root, rules.authors)):
        changes["authors"], evidence["authors"] = tuple(dict.fromkeys(texts)), "rule authors"
    if rules.date:
        dates = [_date_of(element) for element in select(root, rules.date)]
        if date := next((date for date in dates if date), None):
            changes["published_at"], evidence["published_at"] = date, "rule date"
    return replace(metadata, **changes, evidence=evidence) if changes else metadata  # type: ignore[arg-type]


def _texts(root: etree._Element, selector: str) -> list[str]:
    texts = (_text_of(element) for element in select(root, selector))
    return [text for text in texts if text]


def _text_of(element: etree._Element) -> str:
    return " ".join("".join(cast("Iterable[str]", element.itertext("*"))).split())


def _date_of(element: etree._Element) -> str | None:
    stated = element.get("datetime") or element.get("content") or _text_of(element)
    return parse_date(stated.strip())
