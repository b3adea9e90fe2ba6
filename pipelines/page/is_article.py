"""Whether a page that was read holds an article at all."""

import re
from typing import Final

from scraper.article import Article
from scraper.discover.links import find_links
from scraper.page import Page

SURE_CONFIDENCE: Final = 0.2
"""Above it there is an article. Below, links decide: of 250 articles of all kinds 7 lie there, of
200 lists of articles 80, and the words for each link to an article tell them apart."""

_WORDS_PER_LINK: Final = 60
_WORDS_PER_LINK_SIGNED: Final = 25  # of a page that names an author or a date of publication
_MOST_LINKS: Final = 9  # to articles; a page with fewer than ten is no list of them
_FEWEST_WORDS: Final = 100
_ENOUGH_CHARS: Final = 4_000  # with too few words in so many characters it is no article
_LINK_SCORE: Final = 0.5
# Thai, Lao, Burmese and Khmer; kana and Chinese characters; Hangul, which has spaces but few.
_UNSPACED: Final = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)

MIN_WORDS: Final = 20
"""A page with fewer words of main content has no article; agency flashes have more."""


def is_article(page: Page, article: Article) -> bool:
    """Whether what extraction found is an article, and not what is left of an index page.

    Example:
        >>> is_article(Page(url="", body=b""), Article(text="More", confidence=0.9))
        False
    """
    if article.confidence >= SURE_CONFIDENCE:
        return _count_words(article.text[:_ENOUGH_CHARS]) >= MIN_WORDS
    words = _count_words(article.text)
    if words < MIN_WORDS:
        return False
    is_signed = bool(article.published_at or article.authors)
    if not is_signed and words < _FEWEST_WORDS:
        return False
    most = words // _WORDS_PER_LINK_SIGNED
    if not is_signed:
        most = max(words // _WORDS_PER_LINK, _MOST_LINKS)
    # Finding links takes longer than reading the page did: many pages have too few of any kind.
    if page.body.count(b"<a") + page.body.count(b"<A") <= most:
        return True
    return sum(link.score >= _LINK_SCORE for link in find_links(page)) <= most


def _count_words(text: str) -> int:
    """Words of a text; two characters are one in scripts that put no space between words."""
    words = len(text.split())
    if words >= _FEWEST_WORDS or text.isascii():
        return words
    return max(words, len(_UNSPACED.findall(text)) // 2)
