"""From what a page writes about its authors to their names."""

import re
from typing import Final

from scraper.extract.metadata.clean import clean_text

# "By" and its kin in the languages of the pages; the longest form of each comes first.
_LEAD_INS: Final = (
    r"(?:(?:article|story|words|text|reported|report|reporting|written|posted|published|created"
    r"|compiled|submitted|authored|contributed|blog|news|post|op-ed|opinion|analysis|commentary"
    r"|guest post|review)\s+)?by\b",
    r"this (?:post|article|story|piece) (?:was|is) (?:written )?by\b",
    r"(?:articles?|posts?|stories|more) (?:by|from|about)\b|insights from\b|about the author\b",
    r"(?:geschrieben |verfasst |ein (?:beitrag|artikel|kommentar|interview) |text )?von\b",
    r"(?:écrit |publié |rédigé |article |propos recueillis )?par\b",
    r"(?:escrito |publicado |redactado |texto )?por\b",
    r"(?:scritto |pubblicato |articolo )(?:di|da)\b|a cura di\b|di\b(?=\s+[A-Z])|da\b(?=\s+[A-Z])",
    r"(?:geschreven )?door\b|(?:skrevet |skriven |tekst |text )av\b|(?:skrevet )?af\b|av\b|przez\b",
    r"autor(?:zy|ka|in|en|es|i|a)?\b|auteurs?\b|autore\b|authors?\b|forfatter\b|författare\b",
    r"yazar\b|yazan\b|автор\w*|текст\b|kirjoittaja\b|teksti\b|szerző\b|írta\b|penulis\b|oleh\b",
    r"tác giả\b|bởi\b|από\b|written\b|writer\b|posted\b|byline\b|words\b(?=\s*:)|text\b(?=\s*:)",
    r"(?:reporter|editor|journalist|staff)\b(?=\s*:)",
    r"(?:作者|撰文|記者|记者|文|编辑|編輯|責任編輯|责任编辑|著者|筆者|執筆|글)\s*(?=[:：/／|｜])",
    r"(?:本报|本報)?(?:记者|記者)(?=\s)",
)
_LEAD_IN: Final = re.compile(rf"^(?:{'|'.join(_LEAD_INS)})[\s:：/／|｜\-–—]*", re.IGNORECASE)
_CJK_JOB: Final = re.compile(
    r"(?:\s*(?:記者|记者|기자|선임기자|특파원|논설위원|編集委員|編集部員|さん|氏|著))+$"
)
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
# Where a byline goes on to something that is not a name.
_TAILS: Final = (
    r"[|•·∙●▪→›»]",
    r"\s[-–—]\s",
    r"\b(?:published|updated|posted|last (?:updated|modified)|reviewed|edited|fact[- ]checked)\b",
    r"\b(?:medically|photos?|photographs?|illustrat\w*|video|follow|read more|view profile)\b",
    r"\b(?:aktualisiert|veröffentlicht|publié|mis à jour|le \d|am \d|for the|für|on behalf of)\b",
    r"\son (?:facebook|twitter|x|instagram|linkedin)\b",
    rf"\bon (?:mon|tue|wed|thu|fri|sat|sun|{_MONTH})",
    r"\d{1,2} ?(?:min|read)\b",
    r"\(?https?:|@\w|\d{1,2}[./:]\d|\b(?:19|20)\d\d\b",
    rf"\b{_MONTH}[a-z]*\.? \d|\b\d{{1,2}}\.? {_MONTH}",
)
_TAIL: Final = re.compile(rf"\s*(?:{'|'.join(_TAILS)}).*$", re.IGNORECASE)
_AND: Final = r"(?:and|und|et|y|och|og|ja|ve|és|и|та|kaj|en|dan|và|και|e|i|with)"
# "and" parts names only where a capital follows, whatever the script.
_SPLIT: Final = re.compile(
    rf"\s*(?:;|、|，|；|\n|\s[/|•·&+]\s|,?\s+(?:{_AND}|{_AND.upper()})\s+(?=[^a-zà-ÿа-я\s]))\s*"
)
_EMAIL: Final = re.compile(r"[<(\[]?\b[\w.+-]+@[\w-]+\.[\w.-]+\b[>)\]]?")
# A name at birth or a nickname stands inside a name; what stands after it is a job or a place.
_PARENTHESIS: Final = re.compile(r"\s*[(\[（【][^)\]）】]*(?:[)\]）】]\s*(?![\w\s])|$)")
_OFFICE: Final = re.compile(
    r",\s*[^,;|]*\b(?:head|director|chair|dean|vp|president|manager|professor|editor|chief|lead)"
    r" (?:of|for) [^,;|]*",
    re.IGNORECASE,
)
_INNER: Final = re.compile(r" \([^\W\d_]+\) (?=\w)")
_CREDENTIAL: Final = re.compile(
    r"^(?:Ph\.?D\.?|M\.?D\.?|[JS]r\.?|I{2,3}|IV|Esq\.?"
    r"|[A-Z][A-Za-z.\-]{0,7}[A-Z®][®.]?(?:\s[A-Z\d]{2,6})?|R\.?N\.?)$"
)
_JOB: Final = re.compile(
    r"\b(?:editors?|reporters?|correspondents?|writers?|journalists?|contributors?|columnists?|director|"
    r"manager|experts?|analysts?|specialists?|redakt\w+|korrespondent\w*|reporter\w*|journalist\w*|ressort\w*|chef\w*|"
    r"rédact\w+|redactor\w*|periodista\w*|corresponsal|redazione|giornalist\w*|dietitian|founder|ceo|"
    r"president|professor|chief|senior|staff|head of|producer|photographer|bureau|freelance\w*|"
    r"attorney|lawyer|advis[eo]r|scientist|researcher|fellow|intern|vp|cto|cmo|marketer|"
    r"educators?|teachers?|lecturers?|nutritionists?|therapists?|physicians?|trainers?|instructors?|"
    r"bloggers?|designers?|developers?|coordinators?|representatives?|horticultur\w*|marketing|"
    r"autor\w*|author|dziennikarz\w*|redaktør|skribent|officer|consultant|engineer|coach|strategist)\b",
    re.IGNORECASE,
)
_NO_NAME: Final = re.compile(
    r"^(?:by|author|authors|admin|administrator|unknown|n/?a|none|null|undefined|no author|share"
    r"|follow|read more|view profile|see all|more|bio|about|contact|comments?|login|sign in"
    r"|guest|\W*)$",
    re.IGNORECASE,
)
# Words of navigation and headlines, none of them part of a name.
_PAGE_WORD: Final = re.compile(
    r"\b(?:this|articles?|contents?|share|read|news|blog|posts?|more|home|search|menu|subscribe|in|on"
    r"|to|the|how|what|why|your|our|you|topics?|categor(?:y|ies)|guides?|tips|reviews?|updated?|min"
    r"|sign|log|get|start|view|show|all|next|previous|page|press|events?|contact|about|with|from)\b",
    re.IGNORECASE,
)
_NO_HANDLE: Final = re.compile(
    r"(?:our|my|all|this|mon|tues?|wed|wednes|thu(?:rs?)?|fri|sat|satur|sun)(?:day)?\b",
    re.IGNORECASE,
)
_MAX_NAME_CHARS: Final = 80


def split_names(text: str, *, trusted: bool = True) -> tuple[str, ...]:
    """The names in a byline, in order, none twice; empty when there is none.

    Args:
        text: A byline or the value of an author property.
        trusted: Whether the page said that this is an author; visible text must look like names.

    Example:
        >>> split_names("Von Ida Brunn und Jon Öst, Redakteur | 3. Mai 2031")
        ('Ida Brunn', 'Jon Öst')
    """
    text = clean_text(text, max_chars=400)
    if not text or text.lower().startswith(("http:", "https:", "www.", "//")):
        return ()
    text = _strip_lead_in(_EMAIL.sub(" ", text).strip() or text)
    text = _OFFICE.sub("", _TAIL.sub("", text))
    names: list[str] = []
    for part in _SPLIT.split(text):
        for name in _split_commas(part):
            clean = _clean_name(name)
            if clean and (trusted or looks_like_name(clean)) and clean not in names:
                names.append(clean)
    return tuple(names[:30])


def _strip_lead_in(text: str) -> str:
    for _ in range(2):
        stripped = _LEAD_IN.sub("", text, count=1).strip()
        if not stripped or stripped == text:
            break
        text = stripped
    return text


def _split_commas(text: str) -> list[str]:
    """Names parted by commas; letters after a name stay with it, a job or a place goes."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) < 2:
        return parts
    names = [parts[0]]
    for part in parts[1:]:
        if _CREDENTIAL.match(part):
            names[-1] += f", {part}"
        elif _JOB.search(part):
            continue
        elif _is_full_name(part):
            names.append(part)
    return names


def _is_full_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 5 and all(_starts_upper(w) for w in (words[0], words[-1]))


def _starts_upper(word: str) -> bool:
    letter = word.lstrip("'’\"“(")[:1]
    return letter.isupper() or (letter.isalpha() and letter.lower() == letter.upper())


def _clean_name(text: str) -> str:
    name = _strip_lead_in(text.strip())
    bare = _PARENTHESIS.sub("", name).strip()
    name = bare or name
    name = _CJK_JOB.sub("", name)
    name = name.strip(" \t,;:|/-–—•·*\"“”'«»@").strip()
    if name.endswith(".") and not re.search(r"\b(?:\w|[JS]r|Ph\.D|M\.D|Inc|Ltd|Co)\.$", name):
        name = name[:-1]
    if (
        len(name) > _MAX_NAME_CHARS
        or ":" in name
        or _NO_NAME.match(name)
        or not any(c.isalpha() for c in name)
    ):
        return ""
    if name.isupper() and len(name.split()) >= 2 and len(name) > 6 and "," not in name:
        name = _title_case(name)
    return name


def _title_case(name: str) -> str:
    return re.sub(
        r"[^\W\d_]+", lambda word: word[0].capitalize() if len(word[0]) > 1 else word[0], name
    )


def looks_like_name(name: str) -> bool:
    """Whether visible text reads like the name of a person: two to five capitalised words."""
    name = _INNER.sub(" ", name)
    words = name.partition(",")[0].split()
    if not words or len(name) > 60 or any(character.isdigit() for character in name):
        return False
    if re.search(r"[?!;:…()]|\.\.", name) or _LEAD_IN.match(name) or _PAGE_WORD.search(name):
        return False
    if len(words) == 1:
        return 2 <= len(name) <= 6 and not name.isascii() and not name.islower()
    return (
        len(words) <= 5
        and _starts_upper(words[0])
        and _starts_upper(words[-1])
        and not _JOB.search(name)
    )


def looks_like_handle(name: str) -> bool:
    """Whether a byline that is no full name may be what its author goes by: one word, or a desk."""
    words = name.split()
    if _NO_HANDLE.match(name):
        return False
    if len(words) == 1:
        return bool(re.fullmatch(r"[^\W\d_][\w.-]{2,24}", name)) and not _JOB.search(name)
    return len(words) <= 5 and bool(
        re.search(r"\b(?:team|editors|staff|desk|redaktion)$", name, re.I)
    )


def looks_like_credit(name: str) -> bool:
    """Whether what follows "By" may be a name, if only that of a desk or a company."""
    words = name.split()
    if looks_like_name(name) or looks_like_handle(name):
        return True
    starts_well = name[:1].isupper() or name[:1].isdigit()
    return starts_well and len(words) <= 4 and not _PAGE_WORD.search(name)


def find_job(text: str) -> bool:
    """Whether text names a job."""
    return _JOB.search(text) is not None


def has_lead_in(text: str) -> bool:
    """Whether text starts like a byline, with "By", "Von", "Written by" or the like."""
    return _LEAD_IN.match(text) is not None


def is_lead_in(text: str) -> bool:
    """Whether text is nothing but the start of a byline."""
    match = _LEAD_IN.match(text)
    return match is not None and match.end() == len(text)
