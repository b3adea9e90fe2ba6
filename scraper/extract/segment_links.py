"""The links of segments: which words of a segment lead where.

The walk only notes where links open and close among the pieces of text it gathers. Which characters
of a segment's text that are, its white space collapsed, is worked out here: for the few segments
that become part of an article.
"""

from bisect import bisect_right
from operator import attrgetter, itemgetter

from lxml import etree

from scraper.blocks import Link
from scraper.extract.segment import Run, Segmentation
from scraper.linked_text import LinkedText
from scraper.urls.web_urls import LONGEST_URL, absolute_web_url

_Span = tuple[int, int, str, str | None]  # the characters of a run from … to, address, rel
_start_of = attrgetter("start")
_end_of = itemgetter(1)


class SegmentTexts:
    """The texts of a page's segments with their links.

    Args:
        segmentation: The page.
        base_url: What its addresses are relative to; None keeps only those that are absolute.
        page_url: Where it is: links from there to a place in it are none of an article.
    """

    def __init__(
        self, segmentation: Segmentation, base_url: str | None, page_url: str | None
    ) -> None:
        self.segmentation = segmentation
        self._base_url = base_url if base_url and absolute_web_url(base_url, None) else None
        self._page = ((page_url and absolute_web_url(page_url, None)) or "").partition("#")[0]
        self._spans: dict[int, list[_Span]] = {}

    def of(self, index: int) -> LinkedText:
        """The text of segment number `index` with its links."""
        return LinkedText(self.segmentation.segments[index].text, self.links_of(index))

    def links_of(self, index: int) -> tuple[Link, ...]:
        """The links of segment number `index`."""
        segment = self.segmentation.segments[index]
        run = segment.run
        if run is None:
            if not segment.link_chars:
                return ()
            link = segment.inline if segment.links else self._find_open(index)
            if link is None or not (url := self._find_target(link)):
                return ()
            return (Link(segment.text, url, _find_rel(link), 0),)
        spans = self._spans.get(id(run))
        if spans is None:
            spans = self._spans[id(run)] = self._find_spans(run, index)
        text, before = segment.text, segment.start
        links = []
        for number in range(bisect_right(spans, before, key=_end_of) if before else 0, len(spans)):
            start, end, url, rel = spans[number]
            if start - before >= len(text):
                break
            # A link that goes on beyond the segment is a link of each.
            start = max(start - before, 0)
            links.append(Link(text[start : end - before], url, rel, start))
        return tuple(links)

    def _find_spans(self, run: Run, index: int) -> list[_Span]:
        """The links of a run, of which segment `index` is made, in order."""
        parts, edges = run
        spans: list[_Span] = []
        link = None
        if not edges or isinstance(edges[0], int):
            link = self._find_open(index)
        start = end = part = 0  # of the link; `end` is where the text read so far ends
        is_apart = False  # whether white space follows it
        for edge in (*edges, len(parts)):
            opened, parts_before = (None, edge) if isinstance(edge, int) else edge
            if part < parts_before:
                text = "".join(parts[part:parts_before])
                part = parts_before
                if words := " ".join(text.split()):
                    if end and (is_apart or text[0].isspace()):
                        end += 1
                    if start < 0:
                        start = end
                    end += len(words)
                is_apart = text[-1].isspace()
            if opened is not None:
                link, start = opened, -1  # it begins with the next word
            elif link is not None:
                if 0 <= start < end and (url := self._find_target(link)):
                    spans.append((start, end, url, _find_rel(link)))
                link = None
        return spans

    def _find_open(self, index: int) -> etree._Element | None:
        """The link that is open where the run of segment `index` begins."""
        nodes = self.segmentation.nodes
        holder = self.segmentation.segments[index].node
        last = bisect_right(nodes, index, key=_start_of) - 1  # the block that was opened last
        while last != holder and nodes[last].parent != holder:
            last = nodes[last].parent
        return next(nodes[last].element.iterancestors("a"), None)

    def _find_target(self, link: etree._Element) -> str | None:
        """Where a link leads; None when that is a place in this page, or none on the web."""
        href = (link.get("href") or "").strip()
        if not href or href[0] == "#" or len(href) > LONGEST_URL:
            return None
        url = absolute_web_url(href, self._base_url)
        if url is not None and "#" in url and url.partition("#")[0] == self._page:
            return None
        return url


def _find_rel(link: etree._Element) -> str | None:
    rel = link.get("rel")
    return " ".join(word for word in rel.split() if word.isprintable()) or None if rel else None
