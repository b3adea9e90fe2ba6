"""From what a page writes about its authors to their names."""

import re
from typing import Final

from scraper.extract.metadata.authors.accounts import name_in_path
from scraper.extract.metadata.authors.byline_words import (
    AGENCY,
    CJK_JOB,
    CJK_TAIL,
    HAN_NAMES,
    LEAD_IN,
    PHOTO_FIRST,
    PHOTO_TAIL,
    READING_TIME,
)
from scraper.extract.metadata.authors.degrees import CREDENTIAL
from scraper.extract.metadata.authors.organisations import (
    is_office,
    looks_like_nobody,
    looks_like_organisation,
    without_paper,
)
from scraper.extract.metadata.clean import clean_text

_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
# Where a byline goes on to something that is not a name.
_TAILS: Final = (
    r"[|•·∙●▪→›»]",
    r"\s[-–—]\s",
    PHOTO_TAIL,
    READING_TIME,
    r",?\s*special to\b",
    r"\b(?:published|updated|posted|last (?:updated|modified)|reviewed|edited|fact[- ]checked)\b",
    r"\b(?:medically|photos?|photographs?|illustrat\w*|video|follow|read more|view profile)\b",
    r"\b(?:aktualisiert|veröffentlicht|publié|mis à jour|le \d|am \d|for the|für|on behalf of)\b",
    r"\son (?:facebook|twitter|x|instagram|linkedin)\b",
    rf"\bon (?:mon|tue|wed|thu|fri|sat|sun|{_MONTH})",
    r"\s(?:in|from|aus) (?-i:[A-Z])",
    r"\(?https?:|@\w|\d{1,2}[./:]\d|\b(?:19|20)\d\d\b",
    rf"\b{_MONTH}[a-z]*\.? \d|\b\d{{1,2}}\.? {_MONTH}",
)
_TAIL: Final = re.compile(rf"\s*(?:{'|'.join(_TAILS)}).*$", re.IGNORECASE)
_AND: Final = r"(?:and|und|et|y|och|og|ja|ve|és|и|та|kaj|en|dan|và|και|e|i|with)"
# "and" parts names only where a capital follows, whatever the script.
_SPLIT: Final = re.compile(
    rf"\s*(?:;|、|，|；|\n|\s[/|•·+]\s|,?\s+(?:{_AND}|{_AND.upper()})\s+(?=[^a-zà-ÿа-я\s]))\s*"
)
_SPLIT_FULL: Final = re.compile(r" & |(?<=\w)/(?=\w)")
_FULL_NAMES: Final = re.compile(r"[^\W\d_]\S* \S*[^\W\d_]")
_WITH_AGENCY: Final = re.compile(
    rf"(?<=\w)(?:/|,?\s+(?:{_AND}|avec|con|mit)\s+)(?={AGENCY.pattern[:-1]}\b)", re.IGNORECASE
)
_EMAIL: Final = re.compile(r"[<(\[]?\b[\w.+-]+@[\w-]+\.[\w.-]+\b[>)\]]?")
# A name at birth or a nickname stands inside a name; what stands after it is a job or a place.
_PARENTHESIS: Final = re.compile(r"\s*[(\[（【][^)\]）】]*(?:[)\]）】]\s*(?![\w\s])|$)")
_OFFICE: Final = re.compile(
    r",\s*[^,;|]*\b(?:head|director|chair|dean|vp|president|manager|professor|editor|chief|lead)"
    r" (?:of|for) [^,;|]*",
    re.IGNORECASE,
)
_DOUBLE_SURNAME: Final = re.compile(r"[^\W\d_]+(?: [^\W\d_]\.)? [^\W\d_]+ - ([^\W\d_]{3,})")
_TIME_FIRST: Final = re.compile(
    rf"^\W*{READING_TIME}[\s:]*(?:\d{{1,3}}\s?\w{{1,12}}\.?|read)?"
    r"(?:\s*[|•·;–—-]\s*|\s+(?=(?:by|von|par|por|di|door|av|af)\s))",
    re.IGNORECASE,
)
_NOTE_MARK: Final = re.compile(r"[*†‡§¶¹²³]")
_INNER: Final = re.compile(r" \([^\W\d_]+\) (?=\w)")
_JOB: Final = re.compile(
    r"\b(?:editors?|reporters?|correspondents?|writers?|journalists?|contributors?|columnists?"
    r"|director|"
    r"manager|experts?|analysts?|specialists?|redakt\w+|korrespondent\w*|reporter\w*"
    r"|journalist\w*|ressort\w*|chef\w*|"
    r"rédact\w+|redactor\w*|periodista\w*|corresponsal|redazione|giornalist\w*|dietitian|founder"
    r"|ceo|"
    r"president|professor|chief|senior|staff|head of|producer|photographer|bureau|freelance\w*|"
    r"attorney|lawyer|advis[eo]r|scientist|researcher|fellow|intern|vp|cto|cmo|marketer|"
    r"educators?|teachers?|lecturers?|nutritionists?|therapists?|physicians?|trainers?"
    r"|instructors?|"
    r"bloggers?|designers?|developers?|coordinators?|representatives?|horticultur\w*|marketing|"
    r"autor\w*|author|dziennikarz\w*|redaktør|skribent|officer|consultant|engineer|coach"
    r"|strategist)\b",
    re.IGNORECASE,
)
_NO_NAME: Final = re.compile(
    r"^(?:by|authors?|posts?|articles?|stories|admin|administrator|unknown|n/?a|none|null"
    r"|undefined|no author|share"
    r"|follow|read more|view profile|see all|more|bio|about|contact|comments?|login|sign in"
    r"|guest|publisher|web ?master|site ?admin|wp-?admin|super ?user|meet the team|meet our team"
    r"|sign up|register|subscribe|newsletter"
    r"|twitter|facebook|instagram|linkedin|bluesky|mastodon|youtube|tiktok|threads|telegram"
    r"|whatsapp"
    r"|\w+ (?:readers?|leser(?:innen|in)?|lect(?:eur|rice|or)\w*|lett(?:or|ric)[ei]|leitor\w*"
    r"|lezers?|læser\w*|läsare"
    r"|czytelnicy|читател\w+)|dear \w+|無断転載禁止|転載禁止|印刷|新規登録|会員登録|ログイン|登录"
    r"|登入|注册|註冊|로그인|회원가입|\W*)$",
    re.IGNORECASE,
)
# Words of navigation and headlines, none of them part of a name.
_PAGE_WORD: Final = re.compile(
    r"\b(?:this|articles?|contents?|share|read|news|blog|posts?|more|home|search|menu|subscribe"
    r"|in|on"
    r"|to|the|how|what|why|your|our|you|topics?|categor(?:y|ies)|guides?|tips|reviews?|updated?"
    r"|min"
    r"|results?|status|recruitment|research|abstract|download|figures?|metrics|preview"
    r"|supplementary"
    r"|material|issue|volume|edition|analysis|feature|breaking|exclusive|sponsored|premium"
    r"|subscribers?"
    r"|members?|special|reports?|stor(?:y|ies)|top|latest|popular|trending|picks?|types?"
    r"|versions?|print"
    r"|advert\w*|jobs?|original|clinical|trial|papers?|letters?|study|release|editorial|series"
    r"|copy|link|url|comments?|leave|published|key|points|facts|summary|overview"
    r"|synopsis|copyright|details|related|open|access"
    r"|sign|log|get|send|start|view|show|all|next|previous|page|press|events?|contact|about|with"
    r"|from)\b",
    re.IGNORECASE,
)
_NO_HANDLE: Final = re.compile(
    r"(?:our|my|all|this|mon|tues?|wed|wednes|thu(?:rs?)?|fri|sat|satur|sun)(?:day)?\b",
    re.IGNORECASE,
)
# What a template left where a name should have been: page.author.name, {{author}}, %author%.
_UNFILLED: Final = re.compile(
    r"(?:[a-z_]+\.){2,}(?:author|creator|byline|name|title)s?|.*(?:\{\{|\}\}|\$\{|%\w+%).*"
)
_MAX_NAME_CHARS: Final = 80  # of 1,194 labelled names seven are longer: jobs, several people in one


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
    whole = text
    if trusted and (name := name_in_path(text)):
        return (name,)
    text = _TIME_FIRST.sub("", PHOTO_FIRST.sub("", text))
    bare = _EMAIL.sub(" ", _NOTE_MARK.sub("", text)).strip()
    # RSS 2.0 has the name after the address: "desk@kell.example (Ida Brunn)".
    bare = bare[1:-1] if bare != text and bare.startswith("(") and bare.endswith(")") else bare
    text = _strip_lead_in(bare or text)
    text = CJK_TAIL.sub("", text)
    if not _is_double_surname(text):
        text = _OFFICE.sub("", _TAIL.sub("", text))
    is_chinese = "记者" in whole and HAN_NAMES.match(text)
    parts = text.split() if is_chinese else _split_joined(_WITH_AGENCY.sub("; ", text))
    names: list[str] = []
    for before, part in zip(["", *parts], parts, strict=False):
        if _JOB.search(before.partition(",")[2]) and _JOB.search(part):
            continue  # the second half of "Ida Brunn, Gardener & Garden Educator"
        for name in _split_commas(part):
            clean = _clean_name(name)
            if clean and (trusted or looks_like_name(clean)) and clean not in names:
                names.append(clean)
    return tuple(names[:30])  # more are a list of staff


def _is_double_surname(text: str) -> bool:
    """Whether a dash with spaces around it joins two halves of a surname: "Ana Kell - Ostrow"."""
    halves = _DOUBLE_SURNAME.fullmatch(text)
    if halves is None or halves[1].isupper():
        return False
    return not (_JOB.search(text) or looks_like_organisation(halves[1]))


def _split_joined(text: str) -> list[str]:
    """Names joined by "and"; by "&" or "/" where no name has that in it, as "Kell & Sons" has."""
    parts: list[str] = []
    for part in _SPLIT.split(text):
        halves = _SPLIT_FULL.split(part)
        is_one = any(not _FULL_NAMES.match(h) or looks_like_organisation(h) for h in halves)
        parts.extend([part] if is_one else halves)
    return parts


def _strip_lead_in(text: str) -> str:
    for _ in range(2):  # "Article written by"
        stripped = LEAD_IN.sub("", text, count=1).strip()
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
        if AGENCY.match(part):
            names.append(part)
        elif looks_like_organisation(part):
            continue  # the paper behind a name: "Ann Holm, The Post"
        elif CREDENTIAL.match(part):
            names[-1] += f", {part}"
        elif _JOB.search(part):
            continue
        elif _is_full_name(part):
            names.append(part)
    return names


def _is_full_name(text: str) -> bool:
    """Whether a text after a comma is two to five words with capitals: another name, no place."""
    words = text.split()
    return 2 <= len(words) <= 5 and all(_starts_upper(w) for w in (words[0], words[-1]))


def _starts_upper(word: str) -> bool:
    letter = word.lstrip("'’\"“(")[:1]
    return letter.isupper() or (letter.isalpha() and letter.lower() == letter.upper())


def _clean_name(text: str) -> str:
    """A name without what stands around it; "" when what is left names nobody."""
    name = _strip_lead_in(text.strip())
    bare = _PARENTHESIS.sub("", name).strip()
    name = bare or name
    name = without_paper(CJK_JOB.sub("", name))
    name = name.strip(" \t,;:|/-–—•·*\"“”'«»@").strip()
    if name.endswith(".") and not re.search(r"\b(?:\w|[JS]r|Ph\.D|M\.D|Inc|Ltd|Co)\.$", name):
        name = name[:-1]
    if (
        len(name) > _MAX_NAME_CHARS
        or ":" in name
        or _NO_NAME.match(name)
        or _UNFILLED.fullmatch(name)
        or looks_like_nobody(name)
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
    if re.search(r"[?!;:…()&]|\.\.", name) or LEAD_IN.match(name):
        return False
    if _PAGE_WORD.search(name) or _NO_NAME.match(name) or is_office(name):
        return False
    if len(words) == 1:  # Chinese, Japanese and Korean names have no space
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
    if _NO_HANDLE.match(name) or is_office(name):
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
    if is_office(name):
        return False
    starts_well = name[:1].isupper() or name[:1].isdigit()
    return starts_well and len(words) <= 4 and not _PAGE_WORD.search(name)


def find_job(text: str) -> bool:
    """Whether a text has the word for a job in it, such as "editor"."""
    return _JOB.search(text) is not None


def has_lead_in(text: str) -> bool:
    """Whether text starts like a byline, with "By", "Von", "Written by" or the like."""
    return LEAD_IN.match(text) is not None


def is_lead_in(text: str) -> bool:
    """Whether text is nothing but the start of a byline."""
    match = LEAD_IN.match(text)
    return match is not None and match.end() == len(text)
