"""How much a URL looks like an article's, by its shape alone.

The weights were set by hand on the URLs of news front pages; they add up to a score that
`scraper.discover.links` completes with where and how the link stands on the page.
"""

import re
from functools import lru_cache

from scraper.urls.web_urls import split_normal

# Not pages at all: never a link to follow.
_MEDIA = re.compile(
    r"(?i)\.(?:pdf|docx?|xlsx?|pptx?|odt|epub|zip|gz|rar|7z|exe|dmg|apk|jpe?g|png|gif|webp|svg|avif|"
    r"ico|bmp|tiff?|mp3|m4a|wav|ogg|mp4|m4v|mov|avi|webm|mkv|css|js|json|xml|rss|atom|txt|ics|vcf|"
    r"woff2?|ttf|eot)$"
)
_LISTING = re.compile(
    r"(?i)/(?:tags?|topics?|themen?|category|categories|kategorie|rubrik|categoria|etiqueta|"
    r"authors?|autor(?:en|es)?|auteurs?|profile|users?|members?|people|page|seite|pagina|search|"
    r"suche|buscar|recherche|archives?|archiv|archivo|newsletters?|subscribe|subscriptions?|abo|"
    r"login|signin|sign-in|register|account|cart|checkout|shop|store|about(?:-us)?|contact(?:-us)?|"
    r"kontakt|impressum|datenschutz|privacy(?:-policy)?|terms(?:-[\w-]+)?|cookies?(?:-policy)?|"
    r"legal|imprint|jobs|careers|advertis\w*|help|faq|feeds?|rss|sitemap|wp-admin|wp-login\.php|"
    r"wp-content|comments?|share|print|podcasts?|games?|weather|wetter|tv|live-tv|video|videos)"
    r"(?:/|$|\.html?$|\.php$)"
)
_ARTICLE_SECTION = re.compile(
    r"(?i)/(?:news|nachrichten|noticias?|actualites?|article|articles|artikel|articulo|story|"
    r"stories|post|posts|blog|politics|politik|world|sport|business|opinion|culture|kultur)/"
)
_DATE = re.compile(
    r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2]|[a-z]{3})(?:[/-]?(?:0?[1-9]|[12]\d|3[01]))?(?=[/-]|\d|$)"
)
_LONG_NUMBER = re.compile(r"\d{4,}")
_NOT_ARTICLE_QUERY = re.compile(
    r"(?i)(?:^|[?&])(?:page|paged|p_|sort|filter|q|s|search|replytocom)="
)
_ARTICLE_QUERY = re.compile(r"(?i)(?:^|[?&])(?:p|id|aid|article(?:_?id)?|story|artikel)=\d+")


def is_media(url: str) -> bool:
    """Whether a URL leads to a file that is no page, by its ending.

    Example:
        >>> is_media("https://example.org/report.PDF"), is_media("https://example.org/report.html")
        (True, False)
    """
    return _MEDIA.search(url.partition("?")[0].partition("#")[0]) is not None


@lru_cache(maxsize=16_384)
def score_url(url: str) -> float:
    """How much a URL looks like an article's, from 0.0 (never one) to 1.0.

    Args:
        url: Normalised.

    Example:
        >>> score_url("https://example.org/2026/03/02/storm-hits-the-coast/")
        1.0
        >>> score_url("https://example.org/tag/weather/")
        0.0
    """
    if is_media(url):
        return 0.0
    _, path, query = split_normal(url)
    segments = [segment for segment in path.split("/") if segment]
    if not segments:
        # A front page, unless a query says which article (WordPress's plain permalinks).
        return 0.6 if _ARTICLE_QUERY.search(query) else 0.0
    last = segments[-1].rpartition(".")[0] or segments[-1]
    # The slug is the last segment, or stands before an id: "/storm-hits-coast/48213.cms".
    words = max(
        sum(1 for word in re.split(r"[-_]", segment) if word.isalpha())
        for segment in (last, *segments[-2:-1])
    )
    # Four words in a slug make an article's address (0.5) anywhere; three need another sign.
    score = 0.1
    score += 0.35 if _DATE.search(path) else 0.0
    score += 0.55 if words >= 4 else 0.3 if words == 3 else 0.05 * words
    score += 0.25 if _LONG_NUMBER.search(last) or _ARTICLE_QUERY.search(query) else 0.0
    score += 0.1 if segments[-1].endswith((".html", ".htm")) else 0.0
    score += 0.15 if _ARTICLE_SECTION.search(path) else 0.0
    score += 0.1 if len(segments) >= 2 else -0.1
    if _LISTING.search(path):
        # "/tag/storm-hits-the-coast" is a tag; "/video/2026/03/02/storm-hits-the-coast" a story.
        score -= 0.25 if words >= 3 and _DATE.search(path) else 0.7
    if _NOT_ARTICLE_QUERY.search(query):
        score -= 0.4
    return round(min(max(score, 0.0), 1.0), 3)
