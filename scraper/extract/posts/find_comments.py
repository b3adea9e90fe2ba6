"""Comments of readers, where a page shows a thread of them that is plain to see."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lxml import etree

from scraper.article import Comment
from scraper.extract.posts.read_post import read_post
from scraper.extract.segment import Segmentation

# A comment, by its own class or id, in the words of the common systems.
_ITEM: Final = re.compile(
    r"(?<![\w-])(?:comment|kommentar|commentaire|comentario|commento|reactie|comment-item"
    r"|comment_item|comment-container|usercomment|usercomments|comment-\d+|comment_\d+|div-comment-\d+"
    r"|schema\.org/comment|post-comment|reader-comment|single-comment)(?![\w-])"
)
_SECTION: Final = re.compile(
    r"(?<![a-z])(?:comments?|kommentare?|kommentarer|commentaires?|comentarios?|comentários|commenti"
    r"|reacties|komentarze|komentáře|yorumlar|discussion|diskussion|disqus|responses|opiniones)"
    r"(?:[-_]?(?:list|section|area|thread|container|wrapper|block|box|wrap|feed|bereich|liste))?"
    r"(?![a-z])"
)
_TITLE: Final = re.compile(
    r"[\W\d]{0,12}(?:comments?|kommentare?|kommentarer|leserkommentare|commentaires?|comentarios?"
    r"|comentários|commenti|reacties|komentarze|komentáře|yorumlar|комментари[ийев]+|коментарі"
    r"|σχόλια|コメント|评论|評論|댓글|تعليقات|readers?.? comments|join the discussion|discussion"
    r"|diskussion)(?:\s+(?:on|zu|sur|sobre|su)\s.{0,200})?[\W\d]{0,12}\Z",
    re.IGNORECASE,
)
_TYPES: Final = ("/comment", "/usercomments")
_MOST_MARKS: Final = 1_000
_ITEM_TAGS: Final = frozenset("li article div section".split())
_POST_TAGS: Final = frozenset({"article", "li"})
_SECTION_TAGS: Final = frozenset("section div ol ul aside footer".split())
_HEADING_TAGS: Final = frozenset("h1 h2 h3 h4 h5 h6".split())
_SENTENCE_ENDS: Final = ("?", "!", "？", "！", "。", "…")
_FEWEST: Final = 2  # unmarked posts of a section: one may be anything
_MOST_COMMENTS: Final = 2_000
_MOST_DEPTH: Final = 50
_LEAST_STORY: Final = 250  # characters outside a thread; below the thread is what the page is about
_LONG_CHARS: Final = 150  # of a text in the section of a thread that may be part of the story


@dataclass(frozen=True, slots=True)
class Thread:
    """The comments of a page.

    Attributes:
        comments: In the page's order; none where it shows no thread.
        segments: Indexes of the segments that belong to them or to what stands around them.
        elements: The elements of the comments.
    """

    comments: tuple[Comment, ...] = ()
    segments: frozenset[int] = frozenset()
    elements: frozenset[etree._Element] = frozenset()


def find_comments(
    segmentation: Segmentation, language: str | None = None, *, is_story: bool = True
) -> Thread:
    """The thread of comments under a story.

    None on a page that holds little else: a forum's posts are what it is about.

    Args:
        segmentation: The page.
        language: The page's, which settles what 3/4/2031 is.
        is_story: Whether the page says of itself that it is an article; on one that does not, a
            thread half as long as the rest is a forum's.
    """
    sections = _find_sections(segmentation)
    items = _find_marked(segmentation) or _find_posts(segmentation, sections)
    if not items:
        return Thread()
    inside = {i for node in items for i in _range_of(segmentation, node)}
    story = sum(
        len(segment.text)
        for index, segment in enumerate(segmentation.segments)
        if index not in inside and segment.link_chars * 2 < len(segment.text)
    )
    said = sum(len(segmentation.segments[index].text) for index in inside)
    if story < _LEAST_STORY or (not is_story and 2 * said > story):
        return Thread()
    comments = _read(segmentation, items, language)
    if not comments:
        return Thread()
    return Thread(
        comments,
        frozenset(inside | _around(segmentation, items, sections)),
        frozenset(segmentation.nodes[node].element for node in items),
    )


@lru_cache(maxsize=8_192)  # the same names come again on every page of a site
def _names(marks: str) -> tuple[bool, bool]:
    """Whether the names of an element say that it is a comment, and that it holds comments."""
    marks = marks[:_MOST_MARKS]
    return _ITEM.search(marks) is not None, _SECTION.search(marks) is not None


def _range_of(segmentation: Segmentation, node: int) -> range:
    return range(segmentation.nodes[node].start, segmentation.nodes[node].end)


def _find_marked(segmentation: Segmentation) -> list[int]:
    """Elements that say that they are a comment; the outer one where two are around one text."""
    found: list[int] = []
    last: dict[int, int] = {}
    for index, node in enumerate(segmentation.nodes):
        if node.tag not in _ITEM_TAGS or node.start == node.end:
            continue
        kind = node.element.get("itemtype") or ""
        is_comment = kind.lower().rstrip("/").endswith(_TYPES)
        is_comment = is_comment or bool(node.marks and _names(node.marks)[0])
        if is_comment and last.get(node.start, -1) < node.end:
            found.append(index)
            last[node.start] = node.end
    return found[:_MOST_COMMENTS]


def _find_sections(segmentation: Segmentation) -> list[int]:
    """Elements whose name or first heading says that comments stand in them, outer ones alone."""
    found: list[int] = []
    end = -1
    for index, node in enumerate(segmentation.nodes):
        if node.tag not in _SECTION_TAGS or node.start < end or node.start == node.end:
            continue
        first = segmentation.segments[node.start]
        is_headed = segmentation.nodes[first.node].tag in _HEADING_TAGS
        is_titled = is_headed and len(first.text) <= _LONG_CHARS and bool(_TITLE.match(first.text))
        if is_titled or (node.marks and _names(node.marks)[1]):
            found.append(index)
            end = node.end
    return found


def _find_posts(segmentation: Segmentation, sections: list[int]) -> list[int]:
    """Posts in a section for comments that do not say what they are: each has a time or name."""
    found: list[int] = []
    for section in sections:
        posts = [
            i for i in _nodes_in(segmentation, section) if segmentation.nodes[i].tag in _POST_TAGS
        ]
        good = [index for index in posts if _is_signed(segmentation, index)]
        if len(good) >= _FEWEST and 2 * len(good) >= len(posts):
            found += good
    return found[:_MOST_COMMENTS]


def _nodes_in(segmentation: Segmentation, section: int) -> Iterator[int]:
    """The nodes in a section: they follow it, and lie deeper."""
    depth = segmentation.nodes[section].depth
    for index in range(section + 1, len(segmentation.nodes)):
        if segmentation.nodes[index].depth <= depth:
            return
        yield index


def _is_signed(segmentation: Segmentation, index: int) -> bool:
    node = segmentation.nodes[index]
    if node.end - node.start < _FEWEST:
        return False
    return node.element.find(".//time") is not None or "author" in node.marks


def _around(segmentation: Segmentation, items: list[int], sections: list[int]) -> set[int]:
    """Short texts in the sections that hold the comments: headings, counts, forms, buttons."""
    inside = {i for node in items for i in _range_of(segmentation, node)}
    around: set[int] = set()
    for section in sections:
        members = _range_of(segmentation, section)
        if inside.isdisjoint(members):
            continue
        rest = [index for index in members if index not in inside]
        # A name such as "with-comments" may be that of the whole page.
        if all(len(segmentation.segments[index].text) <= _LONG_CHARS for index in rest):
            around.update(rest)
    return around


def _read(
    segmentation: Segmentation, items: list[int], language: str | None
) -> tuple[Comment, ...]:
    comments: list[Comment] = []
    path: list[int] = []
    inner: dict[int, list[int]] = {}
    depths: dict[int, int] = {}
    for item in items:
        start = segmentation.nodes[item].start
        while path and segmentation.nodes[path[-1]].end <= start:
            path.pop()
        depths[item] = len(path)
        if path:
            inner.setdefault(path[-1], []).append(item)
        path.append(item)
    for item in items:
        post = read_post(segmentation, item, inner.get(item, ()), language)
        text, author = post.text, post.author
        if author is None and post.heading:
            author = post.heading
        elif post.heading:
            text = f"{post.heading}\n{text}" if text else post.heading
        # A form, a dialogue or a notice has neither.
        is_signed = post.published_at or (author and not author.endswith(_SENTENCE_ENDS))
        if text and is_signed:
            depth = min(depths[item], _MOST_DEPTH)
            comments.append(Comment(text, author, post.published_at, depth))
    return tuple(comments)
