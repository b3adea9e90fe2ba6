"""The page as a tree, and the few facts about HTML elements that every stage shares."""

from typing import Final

from lxml import etree

from scraper.attribute_limit import limit_attributes
from scraper.errors import ExtractionError

# Elements that start a line of their own in a browser (HTML living standard, section 15.3).
BLOCK_TAGS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl "
    "dt fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html "
    "legend li main menu nav ol p pre search section summary table tbody td tfoot th thead tr "
    "ul".split()
)

# Elements whose text is never prose on the page.
SILENT_TAGS = frozenset(
    "applet audio canvas datalist embed iframe input map math noembed noframes noscript "
    "object option script select style svg template textarea title track video".split()
)


_MOST_SLOTTED: Final = 500  # shadow roots whose slots are filled; bounds the time
_OUT_OF_MEMORY: Final = 2  # as libxml2 numbers its errors


def parse_html(html: bytes | str, *, encoding: str | None = None) -> etree._Element:
    """The root element of a page, whatever state its markup is in.

    Args:
        html: The page; bytes are read as `encoding`.
        encoding: A name Python and libxml2 both know; None lets libxml2 look for a declaration.

    Raises:
        ExtractionError: There is no element in it at all.
        MemoryError: The tree is larger than this process may be.

    Example:
        >>> parse_html("<p>Rain").findtext(".//p")
        'Rain'
    """
    if isinstance(html, str):
        html, encoding = html.encode("utf-8", "replace"), "utf-8"
    parser = etree.HTMLParser(
        encoding=encoding,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,  # depth and size are bounded by the caller, not by libxml2's guess
        no_network=True,
    )
    try:
        root = etree.fromstring(limit_attributes(html.replace(b"\0", b"")), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if getattr(error, "code", None) == _OUT_OF_MEMORY:
            raise MemoryError from error
        raise ExtractionError(f"no HTML document in {len(html)} bytes: {error}") from error
    if root is None:
        raise ExtractionError(f"no HTML document in {len(html)} bytes")
    # What follows a premature </html> is a second document to libxml2; to a browser it is body.
    for extra in list(root.itersiblings("*")):
        root.append(extra)
    if b"shadowroot" in html:
        _open_shadow_roots(root)
    return root


def _open_shadow_roots(root: etree._Element) -> None:
    """Put declarative shadow roots in the place where a browser shows them.

    What stands beside one, in its host, shows where the root has a slot for it (DOM living
    standard, section 4.2.2).
    """
    hosts: set[etree._Element] = set()
    for host, template in [(template.getparent(), template) for template in root.iter("template")]:
        if (
            host is None
            or host in hosts
            or not {"shadowrootmode", "shadowroot"}.intersection(template.attrib)
        ):
            continue
        template.tag = "div"
        hosts.add(host)  # it has but one
        if len(hosts) > _MOST_SLOTTED:
            continue
        slots: dict[str, etree._Element] = {}
        for slot in template.iter("slot"):
            slots.setdefault(slot.get("name") or "", slot)
        if not slots:
            continue
        if (place := slots.get("")) is not None and (host.text or "").strip():
            place.text, host.text = host.text, None
        for child in list(template.itersiblings("*")):
            slot_for_it = slots.get(child.get("slot") or "")
            if slot_for_it is not None:
                slot_for_it.append(child)
