"""The parts of a title: the headline, and what sites write before and after it."""

import re
from collections.abc import Collection
from itertools import pairwise
from typing import Final

from scraper.extract.metadata.clean import fold
from scraper.extract.words import count_words

_SEPARATOR: Final = re.compile(
    r"\s+[|–—\-·•»«:/~]+\s+|\s*[|»｜丨ㅣ]\s*|\s*::\s*|(?<=\w)_(?=[^_\s]+$)|\s*[—–]\s*"
)
_SEPARATORS: Final = frozenset("|–—-·•»«:/~｜丨ㅣ_")
_STRONG: Final = re.compile(r"[|–—\-·•»«｜丨ㅣ]|::")
_DATE_BEFORE: Final = re.compile(
    r"(?:(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d)\s*(?::"
    r"|[|–—-])\s+"
)
_PRINT: Final = (
    r"(?:print(?:er)?[- ](?:friendly )?(?:version|view|page)|printable (?:version|page|view)"
    r"|print (?:this )?(?:page|article|story)|druck(?:version|ansicht)|version (?:imprimable"
    r"|à imprimer)"
    r"|versi[oó]n (?:para imprimir|imprimible|impresa)|versione (?:stampabile|per la stampa"
    r"|di stampa)"
    r"|vers[aã]o para impress[aã]o|wersja do (?:druku|wydruku)|(?:print|afdruk)versie"
    r"|utskriftsver[sj]+on|tulostusversio|udskriftsversion|версия для печати|yazdırılabilir sürüm"
    r"|打印版|列印版|印刷用?(?:版|ページ)|인쇄용?)"
)
_IS_PRINT: Final = re.compile(_PRINT, re.IGNORECASE)
_PRINT_AROUND: Final = re.compile(
    rf"^\W*{_PRINT}\s*(?:[:|–—]\s*|\s-\s)|(?:\s*[|:–—]\s*|\s-\s+|\s*[(\[]){_PRINT}\W*$",
    re.IGNORECASE,
)
_DOMAIN: Final = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,10}", re.IGNORECASE)
# What is written like a name behind a headline and is of it.
_OF_HEADLINE: Final = re.compile(
    r"\b(?:part|teil|partie|parte|chapter|kapitel|episode|folge|vol|volume|live|video|update"
    r"|review|guide"
    r"|opinion|interview|analysis)\b|[\d?!;]|\.\s",
    re.IGNORECASE,
)
_MIN_NAME_CHARS: Final = 4
_MAX_NAME_WORDS: Final = 4
_MIN_HEADLINE_WORDS: Final = 4


def title_cuts(title: str) -> list[re.Match[str]]:
    """Where a title is parted by a dash, a bar or the like."""
    return [] if _SEPARATORS.isdisjoint(title) else list(_SEPARATOR.finditer(title))


def outer_parts(title: str) -> set[str]:
    """The parts of a title, of which one may be the name of the site."""
    first, colon, _ = title.partition(": ")
    parts = {first} if colon else set()
    cuts = title_cuts(title)
    if cuts:
        ends = [*(cut.start() for cut in cuts), len(title)]
        starts = [0, *(cut.end() for cut in cuts)]
        parts |= {title[start:end] for start, end in zip(starts, ends, strict=True)}
    return {part.strip() for part in parts if part.strip()}


def without_stamps(title: str) -> str:
    """A title without the date before it and the words for a page to print."""
    return _PRINT_AROUND.sub("", _DATE_BEFORE.sub("", title, count=1)).strip() or title


def is_print_label(text: str) -> bool:
    """Whether a heading says that the page is one to print, and nothing of the story."""
    return _IS_PRINT.fullmatch(text) is not None


def without_likely_site(title: str) -> str:
    """A title without a part at its end or start that is written like a name, if the rest is long.

    Only for a page that gives its title once, and says nowhere what its site is called.

    Example:
        >>> without_likely_site("Rain has closed the road over the hills - Kell Herald")
        'Rain has closed the road over the hills'
    """
    cuts = [cut for cut in title_cuts(title) if _STRONG.search(cut[0])]
    if not cuts:
        return title
    head, tail = title[: cuts[-1].start()].strip(), title[cuts[-1].end() :].strip()
    first, rest = title[: cuts[0].start()].strip(), title[cuts[0].end() :].strip()
    for name, headline in ((tail, head), (first, rest)):
        words = len(headline.split())
        if _reads_like_name(name) and words >= max(_MIN_HEADLINE_WORDS, len(name.split()) + 1):
            return headline
    return title


def _reads_like_name(part: str) -> bool:
    words = part.split()
    if _DOMAIN.fullmatch(part):
        return True
    if not 0 < len(words) <= _MAX_NAME_WORDS or _OF_HEADLINE.search(part):
        return False
    return all(word[0].isupper() or word in {"of", "the", "de", "der", "la"} for word in words)


def strip_site_name(title: str, names: set[str], sections: Collection[str] = frozenset()) -> str:
    """`title` without the site's name before or after it, or a section's name after it.

    Example:
        >>> strip_site_name("Rain over Varnholt | News | The Herald", {"theherald"})
        'Rain over Varnholt'
    """
    first, colon, after = title.partition(": ")
    if colon and after and fold(first) in names:
        title = after
    title = _before_name(title, names)
    cut_by = ""
    for _ in range(3):  # "headline | section | name"
        cuts = title_cuts(title)
        if not cuts:
            break
        head, tail = title[: cuts[-1].start()], title[cuts[-1].end() :]
        rest = title[cuts[0].end() :]
        if head and (is_site_name(tail, names) or fold(tail) in sections):
            title, cut_by = head, cuts[-1][0]
        elif rest and not cut_by and is_site_name(title[: cuts[0].start()], names):
            title = rest
        elif cut_by == cuts[-1][0] and count_words(tail) <= 3 <= count_words(head):
            title = head  # the section, which stands between headline and name
        else:
            break
    return title.strip()


def _before_name(title: str, names: set[str]) -> str:
    """What is before the site's name where a slogan is behind it: "Rain | Herald | News daily"."""
    cuts = title_cuts(title)
    for cut, following in pairwise(cuts):
        part = fold(title[cut.end() : following.start()])
        if len(part) >= _MIN_NAME_CHARS and part in names:
            return title[: cut.start()]
    return title


def is_site_name(part: str, names: set[str]) -> bool:
    """Whether a part of a title is one of the site's names, or begins or ends one ("Herald")."""
    folded = fold(part)
    if not folded:
        return True
    return any(
        folded == name
        or (
            len(name) >= 4
            and len(folded) >= 4
            and (name.startswith(folded) or name.endswith(folded) or folded.startswith(name))
        )
        for name in names
    )
