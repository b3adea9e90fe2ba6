"""The headline among the lines above an article, and the section a trail of links names."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote, urlsplit

from scraper.extract.plain_text.furniture import is_caption, is_end, is_promotion, is_share_bar
from scraper.extract.plain_text.lines import Line
from scraper.extract.words import count_words

_CRUMBS: Final = re.compile(r"\s*[»›>→]\s*|\s+/\s+")
_HOME: Final = re.compile(
    r"^(?:home(?:page)?|start(?:seite|sida|side)?|accueil|inicio|início|главная|首页|ホーム)$", re.I
)
_SEPARATED: Final = re.compile(r"\s+[|–—·•»-]\s+")
_WORDS: Final = re.compile(r"[^\W_]+")
_TRAIL_LABEL: Final = re.compile(r"^[^:：]{0,24}[:：]\s*")  # "You are here:"
_LEAST_WIDE_CHARS: Final = 8
_LEAST_WIDE_WORDS: Final = 4
_HERE: Final = re.compile(r"^(?:正文|本文|article|artikel)$", re.I)


def find_title_line(
    lines: Sequence[Line], window: range, anchors: set[int], url: str | None
) -> int | None:
    """Which line of `window` is the headline; None when none looks like one.

    Args:
        lines: The whole page.
        window: Lines above the running text.
        anchors: Dated or signed lines; the headline is the first good line above them.
        url: The page's address, whose words the headline often shares.
    """
    anchor = min((i for i in anchors if i >= window.start + 1), default=None)
    slug = set(_WORDS.findall(unquote(urlsplit(url).path).lower())) if _is_url(url) else set()
    everything = [line.text for line in lines]
    # A quarter of a point a line: the headline stands near what follows it. Words of the address
    # outweigh sixteen lines, a trail of links or a <title> that repeats it eight.
    best, best_score = None, -4.0
    for index in window:
        text = lines[index].text
        if index in anchors or not _may_be_title(text):
            continue
        words = _WORDS.findall(text.lower())
        below = (anchor if anchor is not None and anchor > index else window.stop) - index
        score = -0.25 * min(below, 20)
        score += 2.0 * any(_ends_or_begins(other, text) for other in everything)
        score += 1.0 * (everything.count(text) == 2)  # oftener: an entry of menus
        score += 4.0 * sum(len(w) > 2 and w in slug for w in words) / len(words)
        score += 0.7 * (5 <= len(words) <= 20 or (len(words) < 3 and len(text) >= 10))
        score -= 1.5 * text.endswith((".", ":", ",")) + 1.5 * bool(lines[index].bullet)
        if score >= best_score:
            best, best_score = index, score
    return best


def _is_url(url: str | None) -> bool:
    try:
        return bool(url and urlsplit(url).path.strip("/"))
    except ValueError:
        return False


def _may_be_title(text: str) -> bool:
    """Whether a line has the length and the words of a headline, and is no trail of links."""
    if not 6 <= len(text) <= 250 or _CRUMBS.search(text) or text[0] in "|©:":
        return False
    if is_share_bar(text) or is_caption(text) or is_promotion(text) or is_end(text):
        return False
    words = _WORDS.findall(text)
    if len(words) >= 3:
        return True
    is_wide = len(text) >= _LEAST_WIDE_CHARS or count_words(text) >= _LEAST_WIDE_WORDS
    return len(words) > 0 and not text.isascii() and is_wide


def _ends_or_begins(other: str, text: str) -> bool:
    """Whether another line is a trail of links that ends in `text`, or the page's own title."""
    if len(other) <= len(text) + 2 or len(other) > len(text) + 120:
        return False
    if other.endswith(text):
        return bool(_CRUMBS.search(other[: -len(text)]))
    return other.startswith(text) and bool(_SEPARATED.match(other[len(text) :]))


def find_section_line(
    lines: Sequence[Line], window: range, title: str | None, place: int | None
) -> str | None:
    """The section as the lines name it; None when none does.

    It is the last link of a trail ("Home » Harbour"), or a short label right above the headline
    that the page has elsewhere too: in its menu.
    """
    for index in window:
        parts = [part for part in _CRUMBS.split(lines[index].text) if part.strip()]
        if len(parts) < 2 or len(lines[index].text) > 400:
            continue
        parts[0] = _TRAIL_LABEL.sub("", parts[0])
        if _HERE.match(parts[-1]) or (title and _same(parts[-1], title)):
            parts.pop()
        elif not _HOME.match(parts[0]):
            continue
        if parts and not _HOME.match(parts[-1]) and len(parts[-1]) <= 60:
            return parts[-1]
    if place:
        above = lines[place - 1]
        if not above.bullet and len(above.text) <= 30 and len(above.text.split()) <= 3:
            repeats = sum(line.text == above.text for line in lines)
            if repeats > 1 and above.text[0].isupper():
                return above.text
    return None


def _same(one: str, other: str) -> bool:
    one, other = one.rstrip("….").lower(), other.lower()
    return one == other or (len(one) > 15 and other.startswith(one))
