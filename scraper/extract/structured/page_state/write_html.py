"""A story in typed nodes as the HTML it stands for, so that one walk reads every page."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from scraper.extract.structured.page_state.node_kinds import (
    content_of,
    is_ordered,
    is_typed,
    kind_of,
    level_of,
    named_by_key,
)
from scraper.extract.structured.page_state.write_text import (
    has_blocks,
    has_markup,
    inline_text,
    item_text,
    undo_escapes,
    write_lines,
)

_MOST_ITEM: Final = 300  # characters of an item where nothing says that it is one
_TITLE_KEYS: Final = ("heading", "title", "subtitle", "subheading", "headline", "header")
_ADDRESS_KEYS: Final = ("href", "url", "uri", "link", "to")
_IMAGE_KEYS: Final = ("src", "url", "imageUrl", "image_url", "contentUrl", "originalUrl")
_CAPTION_KEYS: Final = ("caption", "description", "legend")
# What stands in running text: anything else a list holds starts a line of its own.
_INLINE_TYPES: Final = frozenset(
    "text span link hyperlink a break br hardbreak linebreak strong bold em italic b i u code "
    "fragment mention inlinetext textnode urllink entityhyperlink assethyperlink".split()
)
_ENDS: Final = re.compile(r"[.!?…。！？:]['\"”’»)]*\Z")
_LEAST_PARAGRAPH: Final = 60
_MAX_DEPTH: Final = 60
_MAX_NODES: Final = 30_000
_MAX_CHARS: Final = 2_000_000


def write_story(value: Any, links: Mapping[str, str]) -> str:
    """The HTML of a story, whatever it is written in; "" when there is nothing in it.

    Args:
        value: HTML, Markdown or plain text, or nodes of a rich text.
        links: Addresses by the names that the text's own nodes have for them.

    Example:
        >>> write_story([{"type": "heading", "text": "Rain"}, {"type": "p", "text": "Wet."}], {})
        '<h2>Rain</h2><p>Wet.</p>'
    """
    writer = _Writer(dict(links))
    writer.write_blocks(value, 0)
    return "".join(writer.parts)


@dataclass(slots=True)
class _Writer:
    """The parts written so far, and what is left of the bounds."""

    links: dict[str, str]
    parts: list[str] = field(default_factory=list)
    nodes: int = 0
    chars: int = 0

    def _add(self, part: str) -> None:
        self.chars += len(part)
        if self.chars <= _MAX_CHARS:
            self.parts.append(part)

    def _is_full(self, depth: int) -> bool:
        self.nodes += 1
        return depth > _MAX_DEPTH or self.nodes > _MAX_NODES or self.chars > _MAX_CHARS

    def write_blocks(self, value: Any, depth: int) -> None:
        """A text, a node, or a row of them, as blocks."""
        if self._is_full(depth):
            return
        if isinstance(value, str):
            self._write_text(value)
        elif isinstance(value, dict):
            self._write_node(value, depth)
        elif isinstance(value, list) and _is_element(value):
            self._write_element(value, depth)
        elif isinstance(value, list) and value and _is_one_line(value):
            self._add(f"<p>{self.inline(value, depth + 1)}</p>")
        elif isinstance(value, list) and all(isinstance(part, str) for part in value):
            self._write_lines(value)
        elif isinstance(value, list):
            self._write_row(value, depth)

    def _write_row(self, nodes: Sequence[Any], depth: int) -> None:
        """Nodes one after the other; items that no list holds are put in one."""
        is_open = ""
        for node in nodes:
            is_item = isinstance(node, dict) and kind_of(node) == "item"
            tag = ("ol" if is_ordered(node) else "ul") if is_item else ""
            if tag != is_open:
                self._add((f"</{is_open}>" if is_open else "") + (f"<{tag}>" if tag else ""))
                is_open = tag
            self.write_blocks(node, depth + 1)
        if is_open:
            self._add(f"</{is_open}>")

    def _write_lines(self, lines: Sequence[str]) -> None:
        """Paragraphs one after the other, each plain, Markdown or HTML."""
        if any(map(has_markup, lines)):
            for line in lines:
                self._write_text(line)
        else:
            self._write_text("\n".join(lines))

    def _write_text(self, text: str) -> None:
        """A text of its own: HTML as it is, Markdown and plain lines as the blocks they mean."""
        text = undo_escapes(text.strip())
        if has_blocks(text):
            self._add(text)
        elif "\n" in text and not has_markup(text):
            for run in write_lines(text):
                self._add(run)
        elif text:
            self._add(f"<p>{inline_text(text)}</p>")

    def _write_node(self, node: dict[str, Any], depth: int) -> None:
        self._note_links(node)
        if not is_typed(node):
            node = self._write_untyped_title(node)
        kind, content = kind_of(node), content_of(node)
        if kind == "heading":
            level = level_of(node)
            words = content if content is not None else _first(node, _TITLE_KEYS)
            self._add(f"<h{level}>{self.inline(words, depth + 1)}</h{level}>")
        elif kind == "text":
            self._write_paragraph(content, depth)
        elif kind == "list":
            tag = "ol" if is_ordered(node) else "ul"
            self._add(f"<{tag}>")
            for item in content if isinstance(content, list) else [content]:
                self._write_item(item, depth + 1)
            self._add(f"</{tag}>")
        elif kind == "item":
            self._write_item(content, depth + 1)
        elif kind == "quote":
            self._add("<blockquote>")
            self.write_blocks(content if content is not None else node.get("quote"), depth + 1)
            self._add("</blockquote>")
        elif kind == "code":
            words = html.escape(_plain_text(content)) if content is not None else ""
            self._add(f"<pre><code>{words}</code></pre>")
        elif kind == "image":
            self._write_image(node)
        elif kind is None:
            self.write_blocks(content, depth + 1)
        elif kind == "link":
            self._add(f"<p>{self.inline(node, depth + 1)}</p>")

    def _write_untyped_title(self, node: dict[str, Any]) -> dict[str, Any]:
        """Write the title of a part of the text; what is left of the part, as a node."""
        title = _first(node, _TITLE_KEYS)
        if isinstance(title, str) and title.strip():
            self._add(f"<h2>{inline_text(title)}</h2>")
        named = named_by_key(node) if content_of(node) is None else None
        items = node.get("items")
        is_list = isinstance(items, list) and content_of(node) is items
        if is_list and all(isinstance(i, str) and len(i) <= _MOST_ITEM for i in items or ()):
            named = {"type": "list", "content": items}
        return named or node

    def _write_paragraph(self, content: Any, depth: int) -> None:
        if isinstance(content, str):
            self._write_text(content)
        elif isinstance(content, list) and not all(map(_is_inline, content)):
            self.write_blocks(content, depth + 1)
        elif content:
            self._add(f"<p>{self.inline(content, depth + 1)}</p>")

    def _write_item(self, item: Any, depth: int) -> None:
        """One item; a bare one, or what an item holds, whose first paragraph is its text."""
        if isinstance(item, dict) and kind_of(item) in {"item", None}:
            inner = content_of(item)
            item = inner if inner is not None else _first(item, _TITLE_KEYS)
        if isinstance(item, str):
            item = item_text(item)
        self._add("<li>")
        if isinstance(item, str) or (isinstance(item, list) and all(map(_is_inline, item))):
            self._add(self.inline(item, depth + 1))
        else:
            self.write_blocks(item, depth + 1)
        self._add("</li>")

    def _write_image(self, node: dict[str, Any]) -> None:
        holders = [node, *(v for v in node.values() if isinstance(v, dict))]
        source = next((s for h in holders if isinstance(s := _first(h, _IMAGE_KEYS), str)), "")
        caption = next((c for h in holders if isinstance(c := _first(h, _CAPTION_KEYS), str)), "")
        alt = next((a for h in holders if isinstance(a := _first(h, ("alt", "altText")), str)), "")
        if source.startswith(("https://", "http://", "/")):
            escaped = html.escape(source), html.escape(alt)
            self._add('<figure><img src="{}" alt="{}">'.format(*escaped))
            self._add(f"<figcaption>{inline_text(caption)}</figcaption></figure>")

    def _write_element(self, element: list[Any], depth: int) -> None:
        """A React element: ["$", type, key, props]."""
        tag, props = element[1], element[3] if isinstance(element[3], dict) else {}
        raw = props.get("dangerouslySetInnerHTML")
        content = raw.get("__html") if isinstance(raw, dict) else props.get("children")
        if not isinstance(tag, str) or not tag.isalnum():  # a component, or a fragment
            self.write_blocks(content, depth + 1)
        elif tag not in {"script", "style", "nav", "footer", "aside", "form", "button", "svg"}:
            href = props.get("href")
            target = f' href="{html.escape(href)}"' if isinstance(href, str) else ""
            self._add(f"<{tag}{target}>")
            for child in (
                content if isinstance(content, list) and not _is_element(content) else [content]
            ):
                if isinstance(child, str):
                    self._add(child if isinstance(raw, dict) else html.escape(child))
                else:
                    self.write_blocks(child, depth + 1)
            self._add(f"</{tag}>")

    def inline(self, value: Any, depth: int) -> str:
        """Running text, with its links."""
        if self._is_full(depth):
            return ""
        if isinstance(value, str):
            return inline_text(value)
        if isinstance(value, list):
            return "".join(self.inline(part, depth + 1) for part in value)
        return self._inline_node(value, depth) if isinstance(value, dict) else ""

    def _inline_node(self, value: dict[str, Any], depth: int) -> str:
        kind = kind_of(value)
        if kind in {"break", "aside", "image"}:
            return "<br>" if kind == "break" else ""
        self._note_links(value)
        content = content_of(value)
        if isinstance(content, str) and _marks(value):
            words = html.escape(content, quote=False)
        else:
            words = self.inline(content, depth + 1)
        target = self._target(value, kind)
        return f'<a href="{html.escape(target)}">{words}</a>' if target else words

    def _target(self, node: dict[str, Any], kind: str | None) -> str | None:
        """Where the words of a node lead, by itself or by a mark it bears."""
        holders = [node, *(node[k] for k in ("data", "attrs", "fields") if _is_dict(node.get(k)))]
        if kind == "link":
            for holder in holders:
                if isinstance(address := _first(holder, _ADDRESS_KEYS), str):
                    return address
        for mark in _marks(node):
            if isinstance(mark, str) and mark in self.links:
                return self.links[mark]
            attrs = mark.get("attrs") if isinstance(mark, dict) else None
            if isinstance(attrs, dict) and isinstance(address := _first(attrs, _ADDRESS_KEYS), str):
                return address
        return None

    def _note_links(self, node: dict[str, Any]) -> None:
        definitions = node.get("markDefs")
        for mark in definitions if isinstance(definitions, list) else ():
            if isinstance(mark, dict):
                address, key = _first(mark, _ADDRESS_KEYS), mark.get("_key")
                if isinstance(key, str) and isinstance(address, str):
                    self.links[key] = address


def _first(node: Mapping[str, Any], keys: Sequence[str]) -> Any:
    return next((node[key] for key in keys if node.get(key)), None)


def _is_dict(value: Any) -> bool:
    return isinstance(value, dict)


def _is_element(value: list[Any]) -> bool:
    return len(value) >= 4 and value[0] == "$"


def _marks(node: Mapping[str, Any]) -> list[Any]:
    marks = node.get("marks")
    return marks if isinstance(marks, list) else []


def _is_inline(node: Any) -> bool:
    """Whether something stands in running text: a leaf, a link, a break."""
    if not isinstance(node, dict):
        return False
    name = next((node[k] for k in ("type", "_type", "nodeType", "name") if _is_name(node, k)), None)
    if name is not None:
        return (
            name.lower().replace("-", "").replace("_", "") in _INLINE_TYPES
            and not isinstance(node.get("html"), str)
            and not (isinstance(node.get("content"), str) and "text" in name)
        )
    return isinstance(node.get("text"), str) and not is_typed(node) and "title" not in node


def _is_one_line(nodes: Sequence[Any]) -> bool:
    """Whether leaves make up one line together; each may be a paragraph, though none says so."""
    if not all(map(_is_inline, nodes)):
        return False
    texts = [_plain_text(node).strip() for node in nodes]
    return not all(len(text) >= _LEAST_PARAGRAPH or _ENDS.search(text) for text in texts)


def _is_name(node: Mapping[str, Any], key: str) -> bool:
    return isinstance(node.get(key), str)


def _plain_text(value: Any, depth: int = 0) -> str:
    if depth > _MAX_DEPTH:
        return ""
    if isinstance(value, list):
        return "".join(_plain_text(part, depth + 1) for part in value)
    if isinstance(value, dict):
        return _plain_text(content_of(value), depth + 1)
    return value if isinstance(value, str) else ""
