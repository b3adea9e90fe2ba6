"""Names of papers, firms and offices, which stand where the name of a person might."""

import re
from typing import Final

from scraper.extract.metadata.authors.byline_words import AGENCY

# Words that the names of organisations have in them and those of people do not.
_WORDS: Final = (
    r"news(?:room|wire|desk|paper)?|media|press|presse|prensa|stampa|times|herald|tribune|gazette"
    r"|chronicle|telegraph|journal|magazine?|zeitung|nachrichten|kurier|anzeiger|rundschau"
    r"|tag(?:es)?blatt"
    r"|courier|examiner|observer|independent|radio|tv|televisi[oó]n|television|network"
    r"|broadcasting|wire"
    r"|agency|agentur|agence|agencia|agenzia|agencja|agence|redaktion|r[eé]daction|redacci[oó]n"
    r"|redazione"
    r"|redakcja|redaksi|redactie|redaktionen|toimitus|редакция|editorial|staff|team|desk|bureau"
    r"|group|gmbh|inc|ltd|llc|corp|corporation|company|foundation|stiftung|fondation|fundaci[oó]n"
    r"|institut[eo]?|universit(?:y|ät|é|à|eit|et)|universidade?|college|school|ministry"
    r"|ministerium|ministère"
    r"|ministerio|ministero|department|office|council|committee|commission|association|verband"
    r"|society"
    r"|government|authority|police|polizei|polic[ií]a|hospital|centre|center|museum|library|club"
    r"|union|online|digital|studios?|publishing|publishers?|verlag|services?|solutions|labs?"
)
_WORD: Final = re.compile(rf"\b(?:{_WORDS})\b", re.IGNORECASE)
# "The Post" and "Il Foglio" are papers; "Le Thi Hoa" and "La Toya" are people.
_ARTICLE: Final = re.compile(r"(?:The|Der|Die|Das|El|Los|Il|Les|Het)\s\S")
_PERIODICAL: Final = re.compile(r"\b(?:daily|weekly|sunday|morning|evening)\s\S", re.IGNORECASE)
_DOMAIN: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|info|news|tv|co|[a-z]{2})", re.I)
_ACRONYMS: Final = frozenset(
    "CNN BBC NBC CBS ABC NPR PBS RTE ARD ZDF ORF SRF RAI NHK CBC ITV ESPN MSNBC RTL NDR WDR SWR "
    "MDR NOS SVT NRK YLE TVP TF1 UPI AP AFP DPA WSJ NYT RFI VOA".split()
)
_STATED_AGENCY: Final = re.compile(
    r"(?:the )?(?:associated press|press association|canadian press|agence france[- ]presse"
    r"|deutsche presse[- ]agentur|press trust of india|xinhua news agency|pa media)",
    re.IGNORECASE,
)
# A paper behind a name, without a comma: "Ann Holm The Harrow Press", "Ann Holm BBC News".
_BEHIND_NAME: Final = re.compile(
    rf"(?<=\w)[\s/]+(?:The\s(?:\w+\s){{0,2}}\w+|(?:{'|'.join(sorted(_ACRONYMS))})(?:\sNews)?)$"
)
_DESK: Final = re.compile(r"(?:[\w&.-]+\s){0,4}(?:news)?(?:desk|bureau)", re.IGNORECASE)
# Whoever was on duty: nobody's name.
_DUTY: Final = (
    r"staff|our|own|special|senior|junior|chief|guest|web|news|online|digital|city|sports?"
    r"|business"
    r"|political|foreign|local|national|international|crime|court|legal|health|education|feature"
)
_NOBODY: Final = re.compile(
    rf"(?:by\s)?(?:(?:a|the|{_DUTY})\s)*(?:reporters?|correspondents?|writers?|journalists?"
    rf"|contributors?)"
    r"|(?:unser\w*|eigene\w*|von unser\w*)\s(?:korrespondent\w*|mitarbeiter\w*|reporter\w*"
    r"|bericht\w*)"
    r"|(?:de )?notre (?:correspondant\w*|envoyée? spéciale?)|(?:nuestr[oa]|del?) corresponsal"
    r"|(?:dal )?nostro (?:corrispondente|inviato)|van onze (?:redactie|verslaggever|correspondent)"
    r"|наш (?:корреспондент|собкор)|собкор|корреспондент|本[报刊報]?记者|取材班",
    re.IGNORECASE,
)


def looks_like_organisation(name: str) -> bool:
    """Whether a name is one of a paper, a firm or an office, by the words in it.

    Example:
        >>> [looks_like_organisation(n) for n in ("The Post", "Harrow Times", "Ann Holm")]
        [True, True, False]
    """
    return bool(
        _WORD.search(name)
        or _ARTICLE.match(name)
        or _PERIODICAL.search(name)
        or AGENCY.fullmatch(name)
        or name.partition(" ")[0] in _ACRONYMS
        or _DESK.fullmatch(name)
        or _DOMAIN.fullmatch(name)
    )


def looks_like_nobody(name: str) -> bool:
    """Whether a byline names whoever was on duty, as "Staff Reporter" does."""
    return _NOBODY.fullmatch(name) is not None


def is_agency(name: str) -> bool:
    """Whether this is a news agency, by its letters or its full name."""
    return bool(AGENCY.fullmatch(name) or _STATED_AGENCY.fullmatch(name))


def is_office(name: str) -> bool:
    """Whether a printed byline names a desk, "Kell Web Desk", or an agency, and so nobody."""
    return is_agency(name) or (" " in name and _DESK.fullmatch(name) is not None)


def without_paper(name: str) -> str:
    """A name without the paper that stands right behind it.

    Example:
        >>> without_paper("Ann Holm The Harrow Press")
        'Ann Holm'
    """
    bare = _BEHIND_NAME.sub("", name)
    return bare if len(bare.split()) >= 2 else name
