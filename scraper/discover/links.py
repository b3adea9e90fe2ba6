"""Links on index pages, with how much each looks like an article's."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from lxml import etree

from scraper.discover.document import clean_title, parse_document, text_of
from scraper.listing import Listing
from scraper.page import Page
from scraper.robots_directives import ROBOT_NAME, parse_robots_header, parse_robots_meta
from scraper.urls.normal_urls import is_trap, normalize_url
from scraper.urls.url_score import is_media, score_url
from scraper.urls.web_urls import is_same_or_subdomain, split_normal

ARTICLE_SCORE = 0.5
"""From this score on a link is more likely to lead to an article than not."""

MAX_LINKS = 5_000
"""Of one page; the longest of 3,800 pages of many sites has 3,900."""

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5"))
_CARDS = frozenset(("article", "li", "section", "td"))
_ASIDE_TAGS = frozenset(("nav", "footer", "header", "aside", "menu"))
_ASIDE_NAME = re.compile(
    r"(?i)(?:^|[\s_-])(?:nav|navigation|menu|footer|breadcrumbs?|sidebar|toolbar|social|share|"
    r"pagination|pager|tags?|cookie|newsletter|login)(?:$|[\s_-])"
)
_MAIN_TAGS = frozenset(("main",))
_WHOLE_PAGE = frozenset(("html", "body"))
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")  # Han, kana
_NOT_A_TITLE = re.compile(
    r"(?i)^(?:(?:read|learn|see|show|view|load) (?:more|all|full.*)|more|continue(?: reading)?|"
    r"weiterlesen|mehr(?: lesen| erfahren)?|zum artikel|lire (?:la suite|plus)|leer más|"
    r"\d+ comments?|comments?|kommentare?|share|print|next|previous|older|newer|home)\W*$"
)


@dataclass(frozen=True, slots=True)
class Outlink:
    """An address that a page, feed or sitemap names.

    Attributes:
        url: Normalised.
        title: What it is called there; None when it is not.
        lastmod: When it changed, as it is said there, UTC; None when it is not.
        published: When it was published, as it is said there, UTC.
        score: From 0.0 to 1.0, how likely it leads to an article.
        listing: What a feed or news sitemap says of the story; None on a page.
    """

    url: str
    title: str | None = None
    lastmod: datetime | None = None
    score: float = 0.0
    published: datetime | None = None
    listing: Listing | None = None


@dataclass(frozen=True, slots=True)
class _Anchor:
    """One <a> of the page: where it leads, and how it stands there."""

    url: str
    text: str
    placement: float
    structure: str


def find_links(page: Page, *, same_site: bool = True) -> tuple[Outlink, ...]:
    """The pages that a page links to, in its order, each once, with its article-likeness.

    Left out are files that are no pages, traps, the page itself, and other sites unless
    `same_site` is false. () for a page that cannot be read or asks not to be followed.

    Args:
        page: A front page, a section, or any other page.
        same_site: Whether links to other sites are left out, and to hosts that are neither the
            page's nor above or below it.
    """
    document = parse_document(page)
    if document is None or _asks_not_to_follow(document.root, page):
        return ()
    own = normalize_url(page.url)
    own_host = split_normal(own or "")[0]
    anchors: dict[str, list[_Anchor]] = {}
    known: dict[etree._Element, float] = {}
    for element in document.root.iter("a", "area"):
        url = normalize_url(element.get("href") or "", document.base_url)
        if url is None or url == own or "sponsored" in (element.get("rel") or ""):
            continue
        if url not in anchors:
            if len(anchors) >= MAX_LINKS:
                break
            is_away = split_normal(url)[0] != own_host and not is_same_or_subdomain(url, page.url)
            if is_media(url) or is_trap(url) or (same_site and is_away):
                continue
        anchors.setdefault(url, []).append(_read_anchor(element, url, known))
    return _scored(anchors)


def _asks_not_to_follow(root: etree._Element, page: Page) -> bool:
    said = set(parse_robots_header(page.headers.get("x-robots-tag", "")))
    for meta in root.iterfind(".//meta[@name]"):
        if (meta.get("name") or "").lower() in {"robots", ROBOT_NAME}:
            said.update(parse_robots_meta(meta.get("content") or ""))
    return not said.isdisjoint({"nofollow", "none"})


def _read_anchor(element: etree._Element, url: str, known: dict[etree._Element, float]) -> _Anchor:
    text = text_of(element)
    if not text:  # a card's picture: what it is called is often the headline
        image = element.find(".//img[@alt]")
        text = (image.get("alt") or "") if image is not None else ""
    placement, path = _surroundings(element, known), []
    if element.find(".//h2") is not None or element.find(".//h3") is not None:
        placement += 0.2
    for ancestor in islice(element.iterancestors(), 4):
        tag = str(ancestor.tag)
        path.append(f"{tag}.{(ancestor.get('class') or '').partition(' ')[0]}")
        placement += 0.2 if tag in _HEADINGS else 0.05 if tag in _CARDS else 0.0
    # Where a link stands tips the scales for a doubtful address; it does not outweigh a plain one.
    return _Anchor(url, text, max(min(placement, 0.35), -0.35), "/".join(path))


def _surroundings(element: etree._Element, known: dict[etree._Element, float]) -> float:
    """What the elements around one say about its links: main content, or navigation.

    `known` keeps what was found out, so that each element of a page is looked at once.
    """
    chain = []
    value = 0.0
    for ancestor in element.iterancestors():
        if ancestor in known:
            value = known[ancestor]
            break
        chain.append(ancestor)
    for ancestor in reversed(chain):
        tag = str(ancestor.tag)
        if tag in _MAIN_TAGS:
            value += 0.1
        elif tag not in _WHOLE_PAGE:
            name = f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"
            # A card may have a header of its own; the page's has no article around it.
            if tag == "header":
                value -= 0.1
            elif (
                tag in _ASIDE_TAGS
                or ancestor.get("role") == "navigation"
                or (name != " " and _ASIDE_NAME.search(name))
            ):
                value -= 0.3
        known[ancestor] = value
    return value


def _scored(anchors: dict[str, list[_Anchor]]) -> tuple[Outlink, ...]:
    """Links from anchors: several anchors of one card (image, title, "more") are one link."""
    shape_of = {url: _shape(url) for url in anchors}
    shapes = Counter(shape_of.values())
    structures = Counter(
        structure for found in anchors.values() for structure in {a.structure for a in found}
    )
    links = []
    for url, found in anchors.items():
        titles = [anchor.text for anchor in found if not _NOT_A_TITLE.match(anchor.text)]
        title = max(titles, key=len, default="")
        words = _count_words(title)
        by_url = score_url(url)
        score = by_url + max(anchor.placement for anchor in found)
        score += 0.2 if words >= 5 or len(title) >= 30 else 0.05 if words >= 3 else -0.1
        # Cards of one build, and URLs of one pattern, come in lists of articles (or of sections,
        # which the other signs tell apart). Five of a kind are no chance.
        score += 0.1 if shapes[shape_of[url]] >= 5 and any(c.isdigit() for c in url) else 0.0
        score += 0.05 if any(structures[a.structure] >= 5 for a in found) and words >= 3 else 0.0
        # An address that is no article's for sure is none wherever it stands.
        likeness = round(min(max(score, 0.0), 1.0), 3) if by_url > 0.0 else 0.0
        links.append(Outlink(url=url, title=clean_title(title), lastmod=None, score=likeness))
    return tuple(links)


def _count_words(title: str) -> int:
    """How many words a title has; where none are written apart, two characters count as one."""
    return len(title.split()) + len(_UNSPACED.findall(title)) // 2


def _shape(url: str) -> str:
    """The pattern of a URL: digits as 0, and of its last segment only whether it is a slug."""
    head, _, last = url.partition("?")[0].rpartition("/")
    head = re.sub(r"\d+", "0", head)
    return f"{head}/{re.sub(r'[^./-]+', 'x', re.sub(r'[0-9]+', '0', last)).count('-') > 1}"
