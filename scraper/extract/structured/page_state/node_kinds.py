"""What a node of a text is, by the names that editors, content systems and newsrooms give it.

Gutenberg, ProseMirror, Slate, Lexical, Draft.js, Editor.js, portable text, Contentful, Arc and the
in-house formats of newsrooms all name the same few things, in words that look alike.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, Literal

NodeKind = Literal["heading", "text", "list", "item", "quote", "code", "image", "link", "break"]

_TYPE_KEYS: Final = (
    "type",
    "_type",
    "nodeType",
    "kind",
    "blockType",
    "block_type",
    "contentType",
    "__typename",
    "tagName",
    "tag",
    "component",
    "blockName",
    "name",
    "__component",
    "elementType",
)
_CONTENT_KEYS: Final = (
    "html",
    "innerHTML",
    "renderedHtml",
    "rendered",
    "originalContent",
    "content",
    "children",
    "text",
    "value",
    "body",
    "paragraphs",
    "blocks",
    "innerBlocks",
    "content_elements",
    "contentElements",
    "items",
    "elements",
    "nodes",
    "json",
    "document",
    "root",
    "doc",
    "richText",
    "copy",
    "model",
    "data",
    "attributes",
    "attrs",
    "props",
    "fields",
    "paragraph",
    "processed",
)
# Nodes that say nothing of the story, whatever text they hold.
_ASIDE: Final = re.compile(
    r"advert|^ads?$|^ad(?:slot|unit|block)|promo|related|newsletter|embed|video|audio|gallery"
    r"|social|share|teaser|recommend|recirc|subscri|signup|paywall|comment|^script|^style|^poll"
    r"|outbrain|taboola|widget|interstitial|banner|byline|author|breadcrumb|divider|rule$|^hr$"
    r"|readmore|readalso|linklist|navigation|^nav$|^footer$|^header$.*menu|button|form$|input"
    r"|iframe|svg|map$|^asset|^meta|noscript"
)
_KINDS: Final[tuple[tuple[re.Pattern[str], NodeKind], ...]] = (
    (re.compile(r"(?:hard|soft|line)break$|^br$"), "break"),
    (re.compile(r"listitem|list_?item$|^li$|^bullet$|^item$"), "item"),
    (re.compile(r"list$|^ul$|^ol$|^list|bullets$|points$"), "list"),
    (re.compile(r"quot"), "quote"),
    (re.compile(r"^code|codeblock|^pre$|preformatted|listing$"), "code"),
    (re.compile(r"image|figure|picture|photo|^img$"), "image"),
    (re.compile(r"^h[1-6]$|head(?:er|ing|line)|subtitle|subhead|crosshead|^title$"), "heading"),
    (re.compile(r"link$|^a$|anchor|mention$"), "link"),
    (
        re.compile(r"paragraph|^para|^p$|text|html|unstyled|^normal$|^span$|prose|^copy|markdown"),
        "text",
    ),
)
_LEVEL_KEYS: Final = ("level", "headingLevel", "depth", "size", "rank")
_LEVELS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_LEVEL: Final = re.compile(r"(?:h|head(?:ing|er)|level|size)-?_?([1-6])|-([1-6])$")
_MOST_KEYS: Final = 4  # of a node that has a tag for a key: there is little else
_TAG_KEYS: Final = frozenset(
    "p h1 h2 h3 h4 h5 h6 ul ol li blockquote quote pre paragraph list bullets points".split()
)
_NOT_LETTERS: Final = re.compile(r"[^a-z0-9]")
_MAX_NAME_CHARS: Final = 60
_DEFAULT_LEVEL: Final = 2


def kind_of(node: Mapping[str, Any]) -> NodeKind | Literal["aside"] | None:
    """What a node is; "aside" for what is no part of the story, None where no name says.

    Example:
        >>> kind_of({"__typename": "BodyParagraph"}), kind_of({"_type": "block", "style": "h2"})
        ('text', 'heading')
        >>> kind_of({"name": "core/list-item"}), kind_of({"type": "ad-slot"})
        ('item', 'aside')
    """
    if node.get("listItem"):  # portable text says so beside the style
        return "item"
    for name in _names(node):
        for pattern, kind in _KINDS[:3]:
            if pattern.search(name) and not _ASIDE.search(name):
                return kind
        if _ASIDE.search(name):
            return "aside"
        for pattern, kind in _KINDS[3:]:
            if pattern.search(name):
                return kind
    return None


def _names(node: Mapping[str, Any]) -> list[str]:
    """The names of a node's type, simplified: what its style says of a block first."""
    style = node.get("style")
    names = [style] if isinstance(style, str) and node.get("_type") == "block" else []
    names += [
        value
        for key in _TYPE_KEYS
        if isinstance(value := node.get(key), str) and len(value) <= _MAX_NAME_CHARS
    ]
    simple = (_NOT_LETTERS.sub("", name.lower().rpartition("/")[2]) for name in names)
    return [name for name in simple if name]


def is_typed(node: Mapping[str, Any]) -> bool:
    """Whether a name says what a node is."""
    return kind_of(node) is not None


def level_of(node: Mapping[str, Any]) -> int:
    """The level of a heading, 1 to 6; 2 where nothing tells.

    Example:
        >>> level_of({"type": "header-three"}), level_of({"type": "heading", "attrs": {"level": 4}})
        (3, 4)
    """
    inner = [node[k] for k in ("attrs", "attributes", "data", "model") if _is_mapping(node.get(k))]
    for holder in (node, *inner):
        for key in _LEVEL_KEYS:
            level = holder.get(key)
            if isinstance(level, str) and level[-1:].isdecimal():
                level = int(level[-1:]) if level[-1:].isascii() else None
            if type(level) is int and 1 <= level <= 6:
                return level
    style = node.get("style")
    words = [style, *(node.get(key) for key in _TYPE_KEYS)]
    for word in words:
        if isinstance(word, str) and len(word) <= _MAX_NAME_CHARS:
            found = _LEVEL.search(word.lower())
            if found:
                return int(found[1] or found[2])
            for name, level in _LEVELS.items():
                if word.lower().endswith(name):
                    return level
    return _DEFAULT_LEVEL


def _is_mapping(value: Any) -> bool:
    return isinstance(value, dict)


def is_ordered(node: Mapping[str, Any]) -> bool:
    """Whether a list is numbered, or an item is of such a list."""
    if node.get("ordered") is True:
        return True
    inner = [node[k] for k in ("attrs", "attributes", "data", "model") if _is_mapping(node.get(k))]
    for holder in (node, *inner):
        if holder.get("ordered") is True:
            return True
        for key in (*_TYPE_KEYS, "style", "listType", "list_type", "listItem", "format"):
            word = holder.get(key)
            if isinstance(word, str):
                word = word.lower()
                if word == "ol" or "number" in word or ("ordered" in word and "un" not in word):
                    return True
    return False


def content_of(node: Mapping[str, Any]) -> Any:
    """What a node holds: text, a list of nodes, or one more node; None when it holds nothing.

    Example:
        >>> content_of({"type": "paragraph", "data": {"text": "Rain."}})
        'Rain.'
    """
    for _ in range(6):  # {"model": {"blocks": … or {"data": {"text": …
        held = next((node[key] for key in _CONTENT_KEYS if _holds(node.get(key))), None)
        if not isinstance(held, dict) or is_typed(held):
            return held
        node = held
    return None


def named_by_key(node: Mapping[str, Any]) -> dict[str, Any] | None:
    """A node that names no type but by the key of what it holds, with its type; else None.

    Example:
        >>> named_by_key({"h3": "Rain"})
        {'type': 'h3', 'content': 'Rain'}
    """
    if len(node) > _MOST_KEYS:
        return None
    for key, held in node.items():
        if key in _TAG_KEYS and isinstance(held, str | list):
            return {"type": key, "content": held}
    return None


def _holds(value: Any) -> bool:
    return bool(value) and isinstance(value, str | list | dict)
