"""The demo's articles as written: what a page is made from, and what must come out of it again."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from scraper.blocks import (
    Block,
    Code,
    Figure,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Table,
)

_MARKDOWN = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True, slots=True)
class Story:
    """One article of a demo site.

    Attributes:
        image: What the lead image shows; it is drawn for the page.
        faq: Questions with their answers.
        free: False for an article behind a paywall.
        blocks: The body; URLs of figures are file names.
    """

    slug: str
    number: int
    title: str
    authors: tuple[str, ...]
    published: datetime
    modified: datetime | None
    section: str
    tags: tuple[str, ...]
    description: str
    image: str
    faq: tuple[tuple[str, str], ...]
    free: bool
    blocks: tuple[Block, ...]


def load_stories(folder: Path) -> tuple[Story, ...]:
    """All articles in a folder, the newest first."""
    stories = [_load_story(path) for path in sorted(folder.glob("*.md"))]
    stories.sort(key=lambda story: story.published, reverse=True)
    return tuple(stories)


def _load_story(path: Path) -> Story:
    _, head, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    facts: dict[str, Any] = tomllib.loads(head)
    published: datetime = facts["published"]
    return Story(
        slug=path.stem,
        number=int(published.timestamp()) // 60 % 1_000_000,
        title=facts["title"],
        authors=tuple(facts["authors"]),
        published=published,
        modified=facts.get("modified"),
        section=facts["section"],
        tags=tuple(facts["tags"]),
        description=facts["description"],
        image=facts["image"],
        faq=tuple((question, answer) for question, answer in facts.get("faq", ())),
        free=facts.get("free", True),
        blocks=_parse_blocks(SyntaxTreeNode(_MARKDOWN.parse(body)).children),
    )


def _parse_blocks(nodes: Sequence[SyntaxTreeNode]) -> tuple[Block, ...]:
    return tuple(_parse_block(node) for node in nodes)


def _parse_block(node: SyntaxTreeNode) -> Block:  # noqa: PLR0911 - one return a kind
    match node.type:
        case "heading":
            return Heading(int(node.tag[1]), _text(node))
        case "paragraph":
            image = _only_image(node)
            if image is not None:
                caption = str(image.attrs.get("title") or "") or None
                return Figure(str(image.attrs["src"]), image.content, caption)
            return Paragraph(_text(node))
        case "bullet_list" | "ordered_list":
            items = tuple(_parse_item(item) for item in node.children)
            return ListBlock(node.type == "ordered_list", items)
        case "blockquote":
            return Quote("\n".join(_text(child) for child in node.children))
        case "fence":
            return Code(node.content.rstrip("\n"), node.info or None)
        case "table":
            rows = [row for part in node.children for row in part.children]
            return Table(tuple(tuple(_text(cell) for cell in row.children) for row in rows))
    raise ValueError(f"the demo has no {node.type}")


def _parse_item(node: SyntaxTreeNode) -> ListItem:
    first, *nested = node.children
    return ListItem(_text(first), _parse_blocks(nested))


def _only_image(paragraph: SyntaxTreeNode) -> SyntaxTreeNode | None:
    inline = paragraph.children[0]
    is_image = len(inline.children) == 1 and inline.children[0].type == "image"
    return inline.children[0] if is_image else None


def _text(node: SyntaxTreeNode) -> str:
    """The words of a node without their emphasis."""
    parts: list[str] = []
    for child in node.walk():
        if child.type in {"text", "code_inline"}:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
    return "".join(parts)
