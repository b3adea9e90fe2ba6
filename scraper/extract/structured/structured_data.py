"""What a page says about itself in JSON-LD and microdata, whatever state the markup is in.

Follows JSON-LD 1.1 (embedding in HTML, section 7) and the HTML standard's microdata (section 5), as
far as publishers do, and forgives what they get wrong.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from lxml import etree

from scraper.extract.dom import BLOCK_TAGS
from scraper.extract.structured.json_repair import parse_json_documents
from scraper.extract.structured.page_state.script_values import read_value

# Bounds for hostile pages. The largest of 3,800 pages of many sites have a script of 840,000
# characters, 3,400 nodes, 786 elements of microdata, an item 22 levels above its property.
_MAX_SCRIPT_CHARS: Final = 4_000_000
_MAX_NODES: Final = 20_000
_MAX_ITEMS: Final = 20_000
_MAX_VALUE_CHARS: Final = 20_000  # a property that is longer holds half the page, by mistake
_MAX_ANCESTORS: Final = 200
_MAX_NAME_CHARS: Final = 100
_MAX_PUSHES: Final = 50
_PUSH: Final = re.compile(r"\.push\(\s*(?=\[)")
_URL_ATTRIBUTES: Final = {
    "a": "href",
    "area": "href",
    "link": "href",
    "audio": "src",
    "embed": "src",
    "iframe": "src",
    "img": "src",
    "source": "src",
    "track": "src",
    "video": "src",
    "object": "data",
    "data": "value",
    "meter": "value",
    "time": "datetime",
}


@dataclass(frozen=True, slots=True)
class MicrodataItem:
    """One item of microdata: an element with `itemscope` and the properties in it.

    Attributes:
        types: Names of its types without the vocabulary's address: "NewsArticle".
        properties: Values in document order. Text keeps a line break between blocks, other white
            space is collapsed; addresses are as written. `articleBody` is left out: the body is
            read from the page's own tree.
    """

    types: tuple[str, ...]
    properties: Mapping[str, "tuple[str | MicrodataItem, ...]"] = field(default_factory=dict)

    def texts(self, name: str) -> tuple[str, ...]:
        """The values of a property that are plain text; none when it is absent."""
        return tuple(v for v in self.properties.get(name, ()) if isinstance(v, str))

    def items(self, name: str) -> "tuple[MicrodataItem, ...]":
        """The values of a property that are items; none when it is absent."""
        return tuple(v for v in self.properties.get(name, ()) if isinstance(v, MicrodataItem))


@dataclass(frozen=True, slots=True)
class StructuredData:
    """Everything a page states in JSON-LD and microdata, in document order.

    Attributes:
        json_ld: The nodes of all scripts; arrays and `@graph` are flattened, nested nodes stay
            where they are (`nodes_of_type` finds them).
        microdata: The items that are not a property of another item.
        by_id: The fullest JSON-LD node of each `@id`.
    """

    json_ld: tuple[dict[str, Any], ...] = ()
    microdata: tuple[MicrodataItem, ...] = ()
    by_id: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    def resolve(self, value: Any) -> Any:
        """`value`, or the node it refers to when it is a bare `{"@id": …}` or the id itself."""
        if isinstance(value, dict):
            target = value.get("@id")
            if isinstance(target, str) and len(value) <= 2:  # an @type may stand beside the id
                return self.by_id.get(target, value)
        elif isinstance(value, str) and value in self.by_id:
            return self.by_id[value]
        return value


def parse_structured_data(root: etree._Element, *, microdata: bool = True) -> StructuredData:
    """The JSON-LD and microdata of a page; what cannot be read is left out, nothing is raised.

    Args:
        root: The page.
        microdata: False saves the search for microdata, for a caller that has the bytes and sees
            no "itemscope" in them.

    Example:
        >>> from scraper.extract.dom import parse_html
        >>> page = '<script type="application/ld+json">[{"@type": "NewsArticle"},]</script>'
        >>> parse_structured_data(parse_html(page)).json_ld
        ({'@type': 'NewsArticle'},)
    """
    json_ld = tuple(node for document in _find_documents(root) for node in _flatten(document))
    items = _find_items(root) if microdata else ()
    return StructuredData(json_ld, items, _index_ids(json_ld))


def types_of(node: Mapping[str, Any]) -> tuple[str, ...]:
    """The types of a JSON-LD node without the vocabulary's address.

    Example:
        >>> types_of({"@type": ["https://schema.org/NewsArticle", "schema:Thing"]})
        ('NewsArticle', 'Thing')
    """
    value = node.get("@type") or node.get("type")  # some forget the @
    values = value if isinstance(value, list) else [value]
    return tuple(_bare_type(v) for v in values if isinstance(v, str) and v)


def nodes_of_type(
    structured: StructuredData, *types: str, nested: bool = True
) -> Iterator[dict[str, Any]]:
    """JSON-LD nodes that have one of `types`: whole nodes first, then nested ones, outer first.

    Args:
        structured: What the page says about itself.
        types: Names without the vocabulary's address.
        nested: Whether to look inside nodes too.

    Example:
        >>> page = {"@type": "WebPage", "mainEntity": {"@type": "FAQPage", "name": "Q"}}
        >>> [node["name"] for node in nodes_of_type(StructuredData((page,)), "FAQPage")]
        ['Q']
    """
    wanted = set(types)
    nodes = _walk_nodes(structured.json_ld) if nested else structured.json_ld
    for node in nodes:
        if not wanted.isdisjoint(types_of(node)):
            yield node


def items_of_type(structured: StructuredData, *types: str) -> Iterator[MicrodataItem]:
    """Microdata items that have one of `types`, an item before those that are inside of it."""
    wanted = set(types)
    queue = deque(structured.microdata)
    while queue:
        item = queue.popleft()
        if not wanted.isdisjoint(item.types):
            yield item
        for values in item.properties.values():
            queue.extend(v for v in values if isinstance(v, MicrodataItem))


def _bare_type(name: str) -> str:
    return name.strip().rstrip("/").rpartition("/")[2].rpartition("#")[2].rpartition(":")[2]


def _walk_nodes(roots: tuple[dict[str, Any], ...]) -> Iterator[dict[str, Any]]:
    queue: deque[Any] = deque(roots)
    seen = 0
    while queue and seen < _MAX_NODES:
        value = queue.popleft()
        seen += 1
        if isinstance(value, dict):
            yield value
            queue.extend(v for v in value.values() if isinstance(v, dict | list))
        else:
            queue.extend(v for v in value if isinstance(v, dict | list))


def _find_documents(root: etree._Element) -> Iterator[Any]:
    for script in root.iter("script"):
        kind = (script.get("type") or "").strip().lower()
        text = script.text
        if not text or len(text) > _MAX_SCRIPT_CHARS:
            continue
        if kind.startswith("application/ld"):
            yield from parse_json_documents(text)
        elif not kind and "__next_s" in text and "ld+json" in text:
            yield from _pushed_documents(text)


def _pushed_documents(text: str) -> Iterator[Any]:
    """JSON-LD that Next.js adds to the page by a script: push([0, {"type": …, "children": …}])."""
    for push in islice(_PUSH.finditer(text), _MAX_PUSHES):
        value, _ = read_value(text, push.end())
        attributes = value[1] if isinstance(value, list) and len(value) > 1 else None
        if isinstance(attributes, dict) and "ld+json" in str(attributes.get("type")):
            raw = attributes.get("dangerouslySetInnerHTML")
            written = raw.get("__html") if isinstance(raw, dict) else attributes.get("children")
            if isinstance(written, str):
                yield from parse_json_documents(written)


def _flatten(document: Any) -> list[dict[str, Any]]:
    """The nodes of one document: its arrays and `@graph`s opened, in order."""
    nodes: list[dict[str, Any]] = []
    stack = [document]
    while stack and len(nodes) < _MAX_NODES:
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(reversed(value))
        elif isinstance(value, dict):
            graph = value.get("@graph")
            if isinstance(graph, list | dict):
                stack.append(graph)
            # A node of its own beside its graph, where it has a type; else but a wrapper.
            if not isinstance(graph, list | dict) or "@type" in value:
                nodes.append(value)
    return nodes


def _index_ids(json_ld: tuple[dict[str, Any], ...]) -> dict[str, dict[str, Any]]:
    index: dict[str, dict[str, Any]] = {}
    for node in _walk_nodes(json_ld):
        name = node.get("@id")
        if isinstance(name, str) and len(node) > len(index.get(name, ())):
            index[name] = node
    return index


def _find_items(root: etree._Element) -> tuple[MicrodataItem, ...]:
    """Every item, each property given to the nearest item around it."""
    tops: list[MicrodataItem] = []
    found: dict[etree._Element, dict[str, Any]] = {}  # lists while gathering, tuples in the end
    for element in islice(_marked_elements(root), _MAX_ITEMS):
        names = (element.get("itemprop") or "").split()
        owner = _owner(element, found) if names and found else None
        item = None
        if "itemscope" in element.attrib:
            kinds = (element.get("itemtype") or "").split()
            properties = found.setdefault(element, {})
            item = MicrodataItem(tuple(_bare_type(kind) for kind in kinds), properties)
        if owner is not None:
            for name in names:
                if name != "articleBody":
                    value = _property_value(element) if item is None else item
                    owner.setdefault(name, []).append(value)
        elif item is not None:
            tops.append(item)
    for element, properties in found.items():
        if not properties and (text := _name_of(element)):
            properties["name"] = (text,)
            continue
        for name, values in properties.items():
            properties[name] = tuple(values)
    return tuple(tops)


def _name_of(element: etree._Element) -> str:
    """The text of an item without a single property: publishers mean its name by it."""
    text = text_of(element)
    return text if len(text) <= _MAX_NAME_CHARS and "\n" not in text else ""


def _marked_elements(root: etree._Element) -> Iterator[etree._Element]:
    # Half the time of the XPath that says the same.
    return (e for e in root.iter("*") if "itemprop" in e.attrib or "itemscope" in e.attrib)


def _owner(
    element: etree._Element, found: dict[etree._Element, dict[str, Any]]
) -> dict[str, Any] | None:
    for ancestor in islice(element.iterancestors(), _MAX_ANCESTORS):
        if ancestor in found:
            return found[ancestor]
    return None


def _property_value(element: etree._Element) -> str:
    """The value of a property as the standard says; `content` counts on any element."""
    content = element.get("content")
    if content is not None:
        return content.strip()
    attribute = _URL_ATTRIBUTES.get(element.tag)
    value = element.get(attribute) if attribute else None
    return value.strip() if value else text_of(element)


def text_of(element: etree._Element) -> str:
    """An element's text: white space collapsed, one line a block, scripts and styles left out."""
    if len(element) == 0:
        return " ".join((element.text or "").split())
    parts: list[str] = []
    size = 0
    events = etree.iterwalk(element, events=("start", "end"))
    for event, node in events:
        piece: str | None
        if event == "start":
            if node.tag in {"script", "style", "template"}:
                events.skip_subtree()
                continue
            piece = node.text
        else:
            piece = node.tail if node is not element else None
        if node.tag == "br" or node.tag in BLOCK_TAGS:
            parts.append("\n" + (" ".join(piece.split("\n")) if piece else ""))
        elif piece:
            parts.append(" ".join(piece.split("\n")))
        size += len(piece or "")
        if size > _MAX_VALUE_CHARS:
            break
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)
