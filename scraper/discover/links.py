"""Links on index pages, with how much each looks like an article's."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from scraper.discover.document import clean_title, parse_document, text_of
from scraper.discover.url_score import is_media, score_url
from scraper.discover.urls import is_same_site, is_trap, normalize_url
from scraper.page import Page

ARTICLE_SCORE = 0.5
"""From this score on a link is more likely to lead to an article than not."""

MAX_LINKS = 5_000

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5"))
_CARDS = frozenset(("article", "li", "section", "td"))
_ASIDE_TAGS = frozenset(("nav", "footer", "header", "aside", "menu"))
_ASIDE_NAME = re.compile(
    r"(?i)(?:^|[\s_-])(?:nav|navigation|menu|footer|breadcrumbs?|sidebar|toolbar|social|share|"
    r"pagination|pager|tags?|cookie|newsletter|login)(?:$|[\s_-])"
)
_MAIN_TAGS = frozenset(("main",))
_NOT_A_TITLE = re.compile(
    r"(?i)^(?:(?:read|learn|see|show|view|load) (?:more|all|full.*)|more|continue(?: reading)?|"
    r"weiterlesen|mehr(?: lesen| erfahren)?|zum artikel|lire (?:la suite|plus)|leer más|"
    r"\d+ comments?|comments?|kommentare?|share|print|next|previous|older|newer|home)\W*$"
)


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a page, feed or sitemap names.

    Attributes:
        url: Normalised.
        title: What it is called there; None when it is not.
        lastmod: When it changed, as it is said there, UTC; None when it is not.
        score: From 0.0 to 1.0, how likely it leads to an article.
    """

    url: str
    title: str | None = None
    lastmod: datetime | None = None
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class _Anchor:
    """One <a> of the page: where it leads, and how it stands there."""

    url: str
    text: str
    placement: float
    structure: str


def find_links(page: Page, *, same_site: bool = True) -> tuple[Link, ...]:
    """The pages that a page links to, in its order, each once, with its article-likeness.

    Left out are files that are no pages, traps, the page itself, and other sites unless
    `same_site` is false. () for a page that cannot be read or asks not to be followed.

    Args:
        page: A front page, a section, or any other page.
        same_site: Whether links to other sites are left out.
    """
    document = parse_document(page)
    if document is None or _asks_not_to_follow(document.root, page):
        return ()
    own = normalize_url(page.url)
    anchors: dict[str, list[_Anchor]] = {}
    for element in document.root.iter("a", "area"):
        url = normalize_url(element.get("href") or "", document.base_url)
        if url is None or url == own or "sponsored" in (element.get("rel") or ""):
            continue
        if url not in anchors:
            if len(anchors) >= MAX_LINKS:
                break
            if is_media(url) or is_trap(url) or (same_site and not is_same_site(url, page.url)):
                continue
        anchors.setdefault(url, []).append(_read_anchor(element, url))
    return _scored(anchors)


def _asks_not_to_follow(root: etree._Element, page: Page) -> bool:
    said = page.headers.get("x-robots-tag", "")
    for meta in root.iterfind(".//meta[@name]"):
        if (meta.get("name") or "").lower() == "robots":
            said += "," + (meta.get("content") or "")
    return re.search(r"(?i)\b(?:nofollow|none)\b", said) is not None


def _read_anchor(element: etree._Element, url: str) -> _Anchor:
    text = text_of(element)
    if not text:
        image = element.find(".//img[@alt]")
        text = (image.get("alt") or "") if image is not None else ""
    placement, path = 0.0, []
    if element.find(".//h2") is not None or element.find(".//h3") is not None:
        placement += 0.2
    for depth, ancestor in enumerate(element.iterancestors()):
        tag, name = str(ancestor.tag), f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"
        if depth < 4:
            path.append(f"{tag}.{(ancestor.get('class') or '').partition(' ')[0]}")
            placement += 0.2 if tag in _HEADINGS else 0.05 if tag in _CARDS else 0.0
        if tag in _MAIN_TAGS:
            placement += 0.1
        elif tag not in ("body", "html") and (
            tag in _ASIDE_TAGS or ancestor.get("role") == "navigation" or _ASIDE_NAME.search(name)
        ):
            # A card may have a header of its own; the page's has no article around it.
            placement -= 0.1 if tag == "header" else 0.3
        if depth > 40:
            break
    return _Anchor(url, text, max(min(placement, 0.35), -0.35), "/".join(path))


def _scored(anchors: dict[str, list[_Anchor]]) -> tuple[Link, ...]:
    """Links from anchors: several anchors of one card (image, title, "more") are one link."""
    shapes = Counter(_shape(url) for url in anchors)
    structures = Counter(
        structure for found in anchors.values() for structure in {a.structure for a in found}
    )
    links = []
    for url, found in anchors.items():
        titles = [anchor.text for anchor in found if not _NOT_A_TITLE.match(anchor.text)]
        title = max(titles, key=len, default="")
        words = len(title.split())
        score = score_url(url) + max(anchor.placement for anchor in found)
        score += 0.2 if words >= 5 or len(title) >= 30 else 0.05 if words >= 3 else -0.1
        # Cards of one build, and URLs of one pattern, come in lists of articles (or of sections,
        # which the other signs tell apart).
        score += 0.1 if shapes[_shape(url)] >= 5 and any(c.isdigit() for c in url) else 0.0
        score += 0.05 if any(structures[a.structure] >= 5 for a in found) and words >= 3 else 0.0
        likeness = round(min(max(score, 0.0), 1.0), 3) if score_url(url) > 0.0 else 0.0
        links.append(Link(url=url, title=clean_title(title), lastmod=None, score=likeness))
    return tuple(links)


def _shape(url: str) -> str:
    """The URL with what varies between articles left out."""
    head, _, last = url.partition("?")[0].rpartition("/")
    head = re.sub(r"\d+", "0", head)
    return f"{head}/{re.sub(r'[^./-]+', 'x', re.sub(r'[0-9]+', '0', last)).count('-') > 1}"
