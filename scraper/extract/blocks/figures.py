"""Pictures of the article with their captions, told from those of cards, authors and adverts."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from scraper.blocks import Figure
from scraper.extract.blocks.image_urls import absolute_url, find_image_url
from scraper.extract.blocks.structure import Kind, Structure
from scraper.extract.segment import Image, Node, Segmentation
from scraper.extract.segment_links import SegmentTexts
from scraper.linked_text import LinkedText, join_texts

_OTHER_MARKS: Final = re.compile(
    r"(?<![a-z])(?:avatar|author|byline|logo|social|share|profile|related|teaser|promo|sidebar"
    r"|recommend(?:ed|ation)s?|newsletter|advert(?:isement)?|comments?)s?(?![a-z])"
)
_MOST_AROUND: Final = 60  # segments beside a picture: a gallery's captions, not a page's sidebar
_MAX_CREDIT_CHARS: Final = 80  # "Photo: name / agency" beside a picture, where no caption is marked


@lru_cache(maxsize=4096)  # a page repeats its class names, and a site those of its pages
def _is_other(marks: str) -> bool:
    return bool(_OTHER_MARKS.search(marks))


@dataclass(frozen=True, slots=True)
class ArticleImage:
    """A picture of the article.

    Attributes:
        node: The block-level element that holds it, an index in `Segmentation.nodes`.
        position: It comes before this segment.
        captions: Segments that are said about it.
    """

    node: int
    position: int
    figure: Figure
    captions: tuple[int, ...]


def find_article_images(
    structure: Structure,
    texts: SegmentTexts,
    chosen: Sequence[int],
    base_url: str | None,
    barred: Collection[int] = (),
) -> list[ArticleImage]:
    """The pictures between the first and the last chosen segment that belong to the text.

    A picture belongs to the text when the largest element around it that holds no chosen text holds
    no other text either, captions aside: teaser cards and author boxes hold more. What is `barred`
    captions nothing.
    """
    segmentation = structure.segmentation
    if not chosen or not segmentation.images:
        return []
    finder = _Finder(structure, chosen, barred)
    found: list[ArticleImage] = []
    seen: set[str] = set()
    images = [i for i in segmentation.images if chosen[0] <= i.position <= chosen[-1] + 1]
    for number, image in enumerate(images):
        following = images[number + 1].position if number + 1 < len(images) else chosen[-1] + 2
        around = finder.find_around(image)
        if around is None:
            continue
        url = find_image_url(image.element, base_url)
        if url is None or url in seen:
            continue
        seen.add(url)
        captions = finder.claim_captions(image, around, following)
        figure = _figure(image, url, [texts.of(index) for index in captions])
        found.append(ArticleImage(image.node, image.position, figure, captions))
    return found


def declared_base(segmentation: Segmentation, base_url: str | None) -> str | None:
    """What the page says its addresses are relative to, where it says so in its head."""
    declared = segmentation.root.find("head/base")
    address = (declared.get("href") or "").strip() if declared is not None else ""
    return absolute_url(address, base_url) or base_url if address else base_url


def _figure(image: Image, url: str, captions: Sequence[LinkedText]) -> Figure:
    alt = " ".join((image.element.get("alt") or "").split())
    if not captions:
        return Figure(url, alt or None)
    once: dict[str, LinkedText] = {}
    for part in captions:
        once.setdefault(part.text, part)
    caption = join_texts(" ", list(once.values()))
    return Figure(url, alt or None, caption.text or None, caption.links)


class _Finder:
    """What is known about the page while its pictures are looked at one after the other."""

    def __init__(
        self, structure: Structure, chosen: Sequence[int], barred: Collection[int]
    ) -> None:
        self._barred = barred
        self._structure = structure
        self._segmentation = structure.segmentation
        marks = bytearray(len(self._segmentation.segments))
        for index in chosen:
            marks[index] = 1
        self._chosen_before = [0, *accumulate(marks)]
        self._chosen = marks
        self._claimed: set[int] = set()

    def find_around(self, image: Image) -> range | None:
        """Segments of the largest element with the picture and no chosen text; None for a card."""
        nodes = self._segmentation.nodes
        around = range(image.position, image.position)
        index = image.node
        while index >= 0 and self._chosen_text_under(nodes[index]) == 0:
            node = nodes[index]
            if node.end - node.start > _MOST_AROUND:
                return None
            if node.marks and _is_other(node.marks):
                return None
            around = range(node.start, node.end)
            index = node.parent
        if index < 0:
            return None
        other = [i for i in around if not self._is_caption(i)]
        segments = self._segmentation.segments
        too_long = sum(len(segments[i].text) for i in other) > _MAX_CREDIT_CHARS
        return None if too_long or len(other) > 2 else around

    def claim_captions(self, image: Image, around: range, following: int) -> tuple[int, ...]:
        """The captions of the picture, which no later picture gets again."""
        segments = self._segmentation.segments
        free = [i for i in around if self._is_free(i)]
        mine = [i for i in free if image.position <= i < following]
        if not mine and not any(i >= following for i in free):
            mine = [i for i in free if i < image.position]
        after = image.position
        if not mine and after < min(following, len(segments)) and self._chosen[after]:
            mine = [after] if self._is_free(after) else []
        self._claimed.update(mine)
        return tuple(mine)

    def _chosen_text_under(self, node: Node) -> int:
        count = self._chosen_before[node.end] - self._chosen_before[node.start]
        if 0 < count <= 8:
            span = range(node.start, node.end)
            count -= sum(1 for i in span if self._chosen[i] and self._is_caption(i))
        return count

    def _is_free(self, index: int) -> bool:
        """Whether a segment is a caption that no picture has yet."""
        taken = index in self._claimed or index in self._barred
        return not taken and self._is_caption(index)

    def _is_caption(self, index: int) -> bool:
        chain = self._structure.chain(self._segmentation.segments[index].node)
        return bool(chain) and chain[-1].kind is Kind.CAPTION
