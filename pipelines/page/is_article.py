"""Whether a page that was read holds an article at all."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from scraper.article import Article
from scraper.blocks import Block, Heading, Link, ListBlock, ListItem, Paragraph
from scraper.discover.links import Outlink
from scraper.page import Page
from scraper.urls.url_score import score_url

_UNSURE_CONFIDENCE: Final = 0.2
"""Below it a few unsigned lines are what is left of something else."""

_LIST_PROBABILITY: Final = 0.5
"""From there on the links of a page decide: the words for each link to an article tell a list of
them from an article. With that, and the next limit, 5 of 1,000 articles of many corpora are lost,
and half of 200 lists; by confidence and links alone it was 8, and a third of the lists."""

_SURE_LIST: Final = 0.9
_WORDS_PER_LINK: Final = 60
_WORDS_PER_LINK_SIGNED: Final = 25  # of a page that names an author or a date of publication
_MOST_LINKS: Final = 9  # to articles; a page with fewer than ten is no list of them
_FEWEST_WORDS: Final = 100
_ENOUGH_CHARS: Final = 4_000  # with too few words in so many characters it is no article
_LINK_SCORE: Final = 0.5
# Of the text of lists a quarter to a half is such headlines, of articles with a box of further
# stories in them a tenth; what is told below each is a summary, not a story or a section of one.
_HEADLINES_SHARE: Final = 0.2
_MOST_TEASER_WORDS: Final = 80
_LIKE_A_STORY: Final = 0.5  # an address: a crawl asks for those, and for few others
_WHOLE_LINK: Final = 0.9
_SHORTEST_HEADLINE_CHARS: Final = 12
# Thai, Lao, Burmese and Khmer; kana and Chinese characters; Hangul, which has spaces but few.
_UNSPACED: Final = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)

MIN_WORDS: Final = 20
"""A page with fewer words of main content has no article; agency flashes have more."""


def is_article(article: Article, links: Sequence[Outlink] = ()) -> bool:
    """Whether what extraction found is an article, and not what is left of an index page.

    Args:
        article: What was found on a page.
        links: What the page leads to, where `needs_links` says that it takes them to tell.

    Example:
        >>> is_article(Article(text="More", confidence=0.9))
        False
    """
    words = _count_words(article.text[:_ENOUGH_CHARS])
    if words < MIN_WORDS or is_list_of_teasers(article):
        return False
    is_unsure = article.confidence < _UNSURE_CONFIDENCE
    if is_unsure and words < _FEWEST_WORDS and not _is_signed(article):
        return False
    return not _may_be_list(article) or _is_no_list(article, links)


def needs_links(page: Page, article: Article) -> bool:
    """Whether the links of a page decide if what was found on it is an article.

    Finding them takes half as long as reading the page did: many pages have too few of any kind.
    """
    if not _may_be_list(article) or not is_article(article):
        return False
    most = _most_links(article, _count_words(article.text))
    return page.body.count(b"<a") + page.body.count(b"<A") > most


def _may_be_list(article: Article) -> bool:
    if article.page_kind is None:  # of flattened text nothing else is known
        return article.confidence < _UNSURE_CONFIDENCE
    return article.page_kind == "list" and article.page_kind_probability >= _LIST_PROBABILITY


def _is_no_list(article: Article, links: Sequence[Outlink]) -> bool:
    if article.page_kind_probability >= _SURE_LIST:
        return False
    many = sum(link.score >= _LINK_SCORE for link in links)
    return many <= _most_links(article, _count_words(article.text))


def is_list_of_teasers(article: Article) -> bool:
    """Whether what was found are headlines that lead elsewhere, each with a few lines below it.

    A page that was asked for as a story seldom is that; of all the pages of a site, a third are. Of
    1,461 pages with articles one was taken for it, a front page.
    """
    if article.authors or score_url(article.url or "") >= _LIKE_A_STORY:
        return False
    headline_chars = words_below = 0
    for block in _blocks_with_links(article.blocks):
        if _is_headline(block.text, block.links):
            headline_chars += len(block.text)
            words_below = 0
        else:
            words_below += _count_words(block.text)
            if words_below > _MOST_TEASER_WORDS:
                return False
    return headline_chars > _HEADLINES_SHARE * len(article.text)


def _blocks_with_links(blocks: Sequence[Block]) -> Iterator[Heading | Paragraph | ListItem]:
    for block in blocks:
        if isinstance(block, ListBlock):
            yield from block.items
        elif isinstance(block, (Heading, Paragraph)):
            yield block


def _is_headline(text: str, links: Sequence[Link]) -> bool:
    """Whether all of a block is a link to something on the web, and long enough to name a story."""
    linked = sum(len(link.text) for link in links if link.url.startswith(("http:", "https:", "/")))
    return linked >= _WHOLE_LINK * len(text) and len(text) >= _SHORTEST_HEADLINE_CHARS


def _is_signed(article: Article) -> bool:
    return bool(article.published_at or article.authors)


def _most_links(article: Article, words: int) -> int:
    """To how many articles a page may lead that is one itself."""
    if _is_signed(article):
        return words // _WORDS_PER_LINK_SIGNED
    return max(words // _WORDS_PER_LINK, _MOST_LINKS)


def _count_words(text: str) -> int:
    """Words of a text; two characters are one in scripts that put no space between words."""
    words = len(text.split())
    if words >= _FEWEST_WORDS or text.isascii():
        return words
    return max(words, len(_UNSPACED.findall(text)) // 2)
