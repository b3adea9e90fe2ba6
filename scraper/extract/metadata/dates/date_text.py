"""Dates as pages write them, in many languages, read without guessing at what is not there."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from scraper.extract.metadata.dates.month_names import MONTHS

_FIRST_YEAR: Final = 1990  # there was no Web before
_LAST_YEAR: Final = 2100  # numbers beyond are codes

_ISO: Final = re.compile(
    r"(?<!\d)(?P<y>\d{4})(?P<s>[-/.]\s?)(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)"
    r"(?:(?:[T\s,]|\s*at\s)\s*(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d+)?)?\s*"
    r"(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_COMPACT: Final = re.compile(
    r"^(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?:T?(?P<H>\d\d)(?P<M>\d\d)(?P<S>\d\d)?(?P<z>Z)?)?$"
)
_NUMERIC: Final = re.compile(
    r"(?<![\d./-])(?P<a>\d{1,2})(?P<s>[./-]|\.\s)(?P<b>\d{1,2})(?:(?P=s))(?P<y>\d{4}|\d{2})(?![\d/-])"
)
_CJK: Final = re.compile(
    r"(?P<y>\d{4})\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일号]?"
)
_NAME: Final = r"(?P<name>[^\W\d_]{3,}|[^\W\d_]{2,}\.)"
# A time of day may be glued to the year where markup parted them.
_YEAR: Final = r"(?P<y>\d{4})(?!\d(?!\d?:\d\d))"
_DAY_FIRST: Final = re.compile(
    r"(?<![\d:.])(?P<d>\d{1,2})(?:\.|º|ª|st|nd|rd|th|er|-?го|an|\.?-?(?:a|e))?[\s\-/]*"
    r"(?:de |di |of |del |d['’]|ta['’] )?\s*"
    + _NAME
    + r"(?:\s*/\s*[^\W\d_]{3,})?"  # both names of the month, as in Arabic of the Levant
    + r"[.,]?[\s\-/]*(?:de |del |of |ng )?\s*'?"
    + _YEAR,
    re.IGNORECASE,
)
_MONTH_FIRST: Final = re.compile(
    _NAME + r"\.?[\s\-/]*(?P<d>\d{1,2})(?:st|nd|rd|th|\.)?(?:\s*,\s*|\s+|-|/)(?:at\s+)?" + _YEAR,
    re.IGNORECASE,
)
_C_TIME: Final = re.compile(
    r"(?P<name>[A-Z][a-z]{2})\s+(?P<d>\d{1,2})\s+(?P<H>\d\d):(?P<M>\d\d):(?P<S>\d\d)\s+"
    r"(?P<z>\w{3,4}\s+)?(?P<y>\d{4})"
)
_TIME: Final = re.compile(
    r"(?<![\d:])(?P<H>\d{1,2})[:.hH](?P<M>\d{2})(?::(?P<S>\d{2}))?(?!\d|[.:]\d)\s*(?P<ap>[ap]\.?m\b\.?)?\s*(?P<z>Z\b|UTC|GMT|[+-]\d{2}:?\d{2}\b)?",
    re.IGNORECASE,
)
_ZONES: Final = {
    "z": 0,
    "utc": 0,
    "gmt": 0,
    "cet": 60,
    "cest": 120,
    "est": -300,
    "edt": -240,
    "pst": -480,
    "pdt": -420,
    "bst": 60,
    "ist": 330,
}


def parse_date(value: Any, *, language: str | None = None) -> str | None:
    """The first date in `value` as ISO 8601, as precise as it is written; None when there is none.

    Args:
        value: Text, or seconds or milliseconds since 1970 as JSON-LD sometimes has them.
        language: Language tag; it settles which of 3/4/2031's numbers is the month.

    Example:
        >>> parse_date("Publicado el 3 de abril de 2031")
        '2031-04-03'
        >>> parse_date("2031-04-03T07:05:00Z")
        '2031-04-03T07:05:00+00:00'
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _parse_epoch(value)
    if not isinstance(value, str) or not value:
        return None
    text = value[:300].strip()  # what is longer is prose, and its dates are what it is about
    if text.isdigit():
        return _parse_digits(text)
    for read in (_read_iso, _read_ctime, _read_named, _read_cjk, _read_numeric):
        found = read(text, language)
        if found:
            return found
    match = _COMPACT.match(text)
    return _build(match.groupdict()) if match else None


def is_ambiguous(text: str, *, language: str | None) -> bool:
    """Whether the first date in `text` is of numbers that may be day and month or the reverse."""
    match = _NUMERIC.search(text)
    if match is None or (match["s"].startswith(".") and not (language or "en").startswith("en")):
        return False
    return int(match["a"]) <= 12 and int(match["b"]) <= 12 and match["a"] != match["b"]


def _parse_epoch(value: float) -> str | None:
    seconds = value / 1000 if value > 1e11 else value  # in seconds that is the year 5138
    if not 631_152_000 <= seconds < 4_102_444_800:  # 1990 to 2100
        return None
    return datetime.fromtimestamp(int(seconds), UTC).isoformat()


def _parse_digits(text: str) -> str | None:
    match = _COMPACT.match(text)
    if match:
        return _build(match.groupdict())
    return _parse_epoch(int(text)) if len(text) in {10, 13} else None


def _read_iso(text: str, _language: str | None) -> str | None:
    match = _ISO.search(text)
    return _build(match.groupdict()) if match else None


def _read_ctime(text: str, _language: str | None) -> str | None:
    match = _C_TIME.search(text)
    if not match:
        return None
    parts = match.groupdict()
    return _build({**parts, "m": MONTHS.get(parts["name"].lower())})


def _read_named(text: str, _language: str | None) -> str | None:
    """The date with the name of a month that stands first, day before month or after."""
    best: tuple[int, str] | None = None
    for pattern in (_MONTH_FIRST, _DAY_FIRST):
        for match in pattern.finditer(text):
            month = MONTHS.get(match["name"].lower().rstrip("."))
            if month is None:
                continue
            built = _build({**match.groupdict(), "m": month, **_time_after(text, match.end())})
            if built and (best is None or match.start() < best[0]):
                best = match.start(), built
            break
    return best[1] if best else None


def _read_cjk(text: str, _language: str | None) -> str | None:
    match = _CJK.search(text)
    return _build({**match.groupdict(), **_time_after(text, match.end())}) if match else None


def _read_numeric(text: str, language: str | None) -> str | None:
    for match in _NUMERIC.finditer(text):
        first, second = int(match["a"]), int(match["b"])
        if len(match["y"]) == 2 and match["s"] == "-":
            continue  # 10-12-30 may be written in any order
        year = match["y"] if len(match["y"]) == 4 else f"20{match['y']}"
        # Dots are European whatever the language says.
        month_first = match["s"] != "." and match["s"] != ". " and _is_month_first(language)
        if second > 12 or (month_first and first <= 12):
            first, second = second, first
        built = _build({"y": year, "m": second, "d": first, **_time_after(text, match.end())})
        if built:
            return built
    return None


def _is_month_first(language: str | None) -> bool:
    return (language or "en-us").lower().replace("_", "-") in {"en", "en-us", "en-ph", "fil"}


def _time_after(text: str, position: int) -> dict[str, Any]:
    """The time of day written next to a date, if any."""
    match = _TIME.search(text[position : position + 30])
    if not match:
        return {}
    hour = int(match["H"])
    if match["ap"]:
        hour = hour % 12 + (12 if match["ap"][0] in "pP" else 0)
    return {"H": hour, "M": match["M"], "S": match["S"], "z": match["z"]}


def _build(parts: dict[str, Any]) -> str | None:
    try:
        year, month, day = int(parts["y"]), int(parts["m"] or 0), int(parts["d"])
        if 2533 <= year <= 2643:
            year -= 543  # Thai pages count from the Buddha
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            return None
        moment = datetime(year, month, day, tzinfo=UTC)
    except (ValueError, TypeError):
        return None
    date_only = moment.date().isoformat()
    if parts.get("H") is None or parts.get("M") is None:
        return date_only
    try:
        moment = moment.replace(
            hour=int(parts["H"]), minute=int(parts["M"]), second=int(parts.get("S") or 0)
        )
    except ValueError:
        return date_only
    offset = _offset(parts.get("z"))
    return moment.replace(tzinfo=offset).isoformat()


def _offset(zone: str | None) -> timezone | None:
    if not zone:
        return None
    name = zone.strip().lower()
    if name in _ZONES:
        return timezone(timedelta(minutes=_ZONES[name]))
    digits = re.sub(r"\D", "", name)
    if len(digits) != 4:
        return None
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if minutes > 14 * 60:  # Kiribati; beyond, the digits were no zone
        return None
    return timezone(timedelta(minutes=-minutes if name[0] == "-" else minutes))
