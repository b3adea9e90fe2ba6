"""What only the HTML of a page says: its <title>, marks of challenges, where it leads at once."""

import re
from html import unescape
from typing import Final

from lxml import etree

from scraper.errors import ExtractionError
from scraper.extract.dom import SILENT_TAGS, parse_html
from scraper.extract.encoding import recode_html
from scraper.page import Page

_MOST_TITLE_BYTES: Final = 1_200
_MOST_BODY_BYTES: Final = 400_000  # of what is looked through for marks: walls are small
_MOST_HEAD_BYTES: Final = 20_000  # a page that only leads on has little else
_MOST_SHOWN_CHARS: Final = 4_000
_TITLE_START: Final = re.compile(rb"<title[^>]{0,300}>", re.IGNORECASE)
_CHALLENGE_HEADERS: Final = (("cf-mitigated", "challenge"), ("x-amzn-waf-action", ""))
# Scripts that only the page of a challenge has. What ordinary pages load too is not among them:
# recaptcha/api.js stands by comment forms, js.datadome.co and _Incapsula_Resource on every page.
_CHALLENGES: Final = (
    b"_cf_chl_opt",
    b"cf-challenge-running",
    b"challenge-error-text",
    b'id="challenge-form"',
    b"px-captcha",
    b"captcha-delivery.com",
    b"gokuProps",
    b"AwsWafIntegration",
    b"awsWafCookieDomainList",
    b"Incapsula incident ID",
    b"incap_ses",
    b"ddos-guard.net",
    b"/.well-known/ddos-guard",
    b"sucuri_cloudproxy",
    b"Sucuri WebSite Firewall",
    b"__qrator",
    b"/__qrator",
    b"_guard/auto.js",
    b"slowAES",
    b"errors.edgesuite.net",
    b"bm-verify=",
    b"sec-if-cpt-container",
    b"kpsdk",
    b"vercel-challenge",
    b"fortiwaf",
)
_WIDGETS: Final = (
    b"g-recaptcha",
    b"h-captcha",
    b"hcaptcha.com/1/api.js",
    b"cf-turnstile",
    b"challenges.cloudflare.com",
    b"smartcaptcha",
    b"_Incapsula_Resource",
    b"geetest",
    b"captcha-box",
    b'<input name="captcha',
)
_WALL_ADDRESS: Final = (
    r"[^\"'>\s]{0,300}?\b(?:consent|gdpr|cookiewall|cookie-?wall|privacy-?gate|privacywall|"
    r"captcha|challenge|login|signin|sso)\b"
)
_LEADS_AWAY: Final = re.compile(
    rf"(?:http-equiv\s{{0,5}}=\s{{0,5}}[\"']?refresh[^>]{{0,100}}?url\s{{0,5}}=|"
    rf"location(?:\.href)?\s{{0,5}}=\s{{0,5}}|location\.(?:replace|assign)\(\s{{0,5}})"
    rf"\s{{0,5}}[\"']?{_WALL_ADDRESS}".encode(),
    re.IGNORECASE,
)
_META: Final = re.compile(rb"<meta\b[^>]{0,600}>", re.IGNORECASE)
_CONTENT: Final = re.compile(rb"content\s{0,5}=\s{0,5}[\"']([^\"'>]{0,400})", re.IGNORECASE)


def find_title_tag(body: bytes) -> str:
    """The words of <title>; "" when there is none, or in an encoding other than UTF-8."""
    start = _TITLE_START.search(body, 0, _MOST_BODY_BYTES)
    if start is None:
        return ""
    title = body[start.end() : start.end() + _MOST_TITLE_BYTES].partition(b"<")[0]
    try:
        return " ".join(unescape(title.decode("utf-8")).split())
    except UnicodeDecodeError:
        return ""


def count_challenge_marks(page: Page) -> int:
    """How surely a page without text is a challenge for robots: 0 not, 1 perhaps, 2 surely."""
    for name, value in _CHALLENGE_HEADERS:
        if value in page.headers.get(name, "\0") and name in page.headers:
            return 2
    body = page.body[:_MOST_BODY_BYTES]
    if any(mark in body for mark in _CHALLENGES):
        return 2
    return int(any(mark in body for mark in _WIDGETS))


def leads_to_wall(body: bytes) -> bool:
    """Whether a page without text leads on to where consent, a login or a proof is asked for."""
    return _LEADS_AWAY.search(body, 0, _MOST_HEAD_BYTES) is not None


def meta_content(body: bytes, name: bytes) -> str:
    """The content of the first meta element of a name ("og:type"); "" when there is none."""
    place = body.find(name, 0, _MOST_BODY_BYTES)
    if place < 0:
        return ""
    start = body.rfind(b"<", max(0, place - 300), place)
    tag = _META.match(body, start) if start >= 0 else None
    content = _CONTENT.search(tag.group()) if tag else None
    return content.group(1).decode("utf-8", "replace").strip() if content else ""


def shown_text(page: Page) -> str:
    """What a page shows, one run of text a line, for pages on which no main content is found.

    "" when the body is no document or too large for a page that stands in another's place.
    """
    if len(page.body) > _MOST_BODY_BYTES:
        return ""
    try:
        root = parse_html(recode_html(page.body, page.content_type)[0], encoding="utf-8")
    except ExtractionError:
        return ""
    lines: list[str] = []
    size = 0
    events = etree.iterwalk(root, events=("start", "end"))
    for event, element in events:
        if event == "start" and element.tag in SILENT_TAGS:
            events.skip_subtree()
            continue
        run = " ".join(((element.text if event == "start" else element.tail) or "").split())
        if run and element.tag not in SILENT_TAGS:
            lines.append(run)
            size += len(run)
            if size > _MOST_SHOWN_CHARS:
                break
    return "\n".join(lines)
