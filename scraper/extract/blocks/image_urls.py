"""The address of the picture that an <img> will show, however it is loaded."""

import re
from typing import Final
from urllib.parse import urljoin

from lxml import etree

_PLACEHOLDER: Final = re.compile(
    r"^data:|(?:^|[/_.-])(?:blank|spacer|placeholder|transparent|1x1|pixel|grey|lazy|loading|empty"
    r"|default-image)[^/]*\.(?:gif|png|svg|jpe?g|webp)",
    re.I,
)
_NO_PICTURE: Final = re.compile(
    r"(?:^|[/_.?=&-])(?:avatars?|gravatar|emoji|smil(?:ey|ies)|icons?|logos?|sprite|badge|button"
    r"|pixel|tracking|tracker|beacon|counter|1x1)(?:[/_.?=&-]|$)|/wp-includes/images/",
    re.I,
)
_NO_PICTURE_MARKS: Final = re.compile(
    r"(?<![a-z])(?:avatar|author|byline|icon|logo|emoji|wp-smiley|social|share|profile|badge)s?(?![a-z])"
)
_SMALLEST_SIDE_PIXELS: Final = 64
_SRCSET: Final = ("data-srcset", "data-lazy-srcset", "srcset")
_SOURCES: Final = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-original-src",
    "data-full-src",
    "data-hi-res-src",
    "data-img-src",
    "data-image",
    "data-url",
    "src",
)
# One candidate of a srcset: its address, and its width or density.
_SRCSET_CANDIDATE: Final = re.compile(r"([^\s,]\S*[^\s,])(?:\s+([\d.]{1,12})[wx])?\s*(?:,|$)")


def find_image_url(element: etree._Element, base_url: str | None) -> str | None:
    """The address of the picture an <img> will show; None for pixels, icons and placeholders.

    Of the sizes offered the largest; of a lazily loaded image the one that comes later.
    """
    if _is_small(element) or _NO_PICTURE_MARKS.search(_marks(element)):
        return None
    for candidate in _candidates(element):
        address = candidate.strip()
        if not address or _PLACEHOLDER.search(address[:300]):
            continue
        if _NO_PICTURE.search(address[:300]):
            return None
        return absolute_url(address, base_url)
    return None


def absolute_url(address: str, base_url: str | None) -> str | None:
    """`address` seen from `base_url`; None when it is not on the web."""
    if address.startswith(("https://", "http://")) and "/." not in address:
        return address  # most are; joining costs as much as all else about a picture
    try:
        joined = urljoin(base_url, address) if base_url else address
    except ValueError:  # "http://[broken"
        return None
    scheme = joined.partition(":")[0].lower() if ":" in joined.partition("/")[0] else ""
    return joined if scheme in {"", "http", "https"} else None


def _candidates(element: etree._Element) -> list[str]:
    largest = _largest_of_each(element)
    parent = element.getparent()
    while parent is not None and parent.tag in {"source", "picture"}:
        # libxml2 does not know that <source> is empty: what follows one lies inside it.
        for source in (parent, *parent.iterchildren("source")):
            if source.tag == "source" and not (source.get("type") or "").startswith("video"):
                largest += _largest_of_each(source)
        parent = parent.getparent()
    found = [address for _, address in sorted(largest, key=lambda c: -c[0]) if address]
    found += [address for name in _SOURCES if (address := element.get(name))]
    twin, holder = element.getnext(), element.getparent()
    if twin is None and holder is not None:
        twin = holder.getnext()
    if twin is not None and twin.tag == "noscript":
        for image in twin.iter("img"):
            found.append(image.get("src") or "")
    return found


def _largest_of_each(element: etree._Element) -> list[tuple[float, str]]:
    return [_largest(srcset) for name in _SRCSET if (srcset := element.get(name))]


def _largest(srcset: str) -> tuple[float, str]:
    """The width (or density) and address of the largest candidate (HTML standard, srcset)."""
    best = (0.0, "")
    for match in _SRCSET_CANDIDATE.finditer(srcset[:8000]):
        try:
            size = float(match.group(2) or 1)
        except ValueError:
            size = 1.0
        if size > best[0]:
            best = (size, match.group(1))
    return best


def _is_small(element: etree._Element) -> bool:
    for name in ("width", "height"):
        value = (element.get(name) or "").strip().removesuffix("px")
        if value.isdecimal() and len(value) < 6 and int(value) < _SMALLEST_SIDE_PIXELS:
            # A placeholder's own size says nothing about the picture that replaces it.
            if int(value) <= 2 and any(element.get(a) for a in _SRCSET[:2] + _SOURCES[:3]):
                continue
            return True
    return False


def _marks(element: etree._Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower()
