"""Whether the front page was sent where a story was asked for."""

from typing import Final

from scraper.article import Article
from scraper.extract.metadata.clean import fold
from scraper.extract.page_kind.html_marks import find_title_tag, meta_content
from scraper.extract.words import count_words
from scraper.page import Page
from scraper.urls.related_urls import is_front_page
from scraper.urls.slug_echo import slug_echo
from scraper.urls.web_urls import hostname_of

_FEWEST_SIGNS: Final = 2
_FEWEST_LINKS: Final = 5
_LINKED_SHARE: Final = 0.5  # of the text of a list of stories; a story has a tenth of it in links
_MOST_NAME_WORDS: Final = 5
_SHORT_LABEL: Final = 4  # letters: shorter ones name no site
_MOST_TEXT_CHARS: Final = 20_000


def is_sent_front_page(page: Page, article: Article) -> bool:
    """Whether a page is a site's front page that was sent under another address, by two signs.

    The signs: its title is the site's name alone; it says itself that its address is the root, or a
    redirect led there; it is mostly links to stories. Words of the address that stand in the title
    speak for a story.
    """
    title = article.title or ""
    says_so = _says_it_is_root(page, article)
    is_named = _is_named_as_site(article)
    is_short = count_words(title) <= _MOST_NAME_WORDS
    if not (says_so or is_named or is_short) or _asks_for_root(page):
        return False
    echo = slug_echo(page.requested_url, title, "")
    if echo:
        return False
    is_list = _is_mostly_links(article)
    if echo == 0.0 and is_short and _is_whole_title(page, title):
        is_named = is_named or is_list
    return says_so + is_named + is_list >= _FEWEST_SIGNS


def _asks_for_root(page: Page) -> bool:
    return bool(page.requested_url) and is_front_page(page.requested_url)


def _says_it_is_root(page: Page, article: Article) -> bool:
    """Whether a redirect led to the root, or the page says that its address is that."""
    if page.url and is_front_page(page.url):
        return True
    stated = article.canonical_url or meta_content(page.body, b"og:url")
    return bool(stated) and is_front_page(stated)


def _is_named_as_site(article: Article) -> bool:
    title = fold(article.title or "")
    if not title or count_words(article.title or "") > _MOST_NAME_WORDS:
        return False
    hostname = hostname_of(article.url or "").removeprefix("www.")
    labels = {label for label in hostname.split(".")[:-1] if len(label) >= _SHORT_LABEL}
    names = {fold(name) for name in (article.site_name or "", hostname, *labels)}
    return title in names


def _is_whole_title(page: Page, title: str) -> bool:
    """Whether the title tag says no more than the short title that was found."""
    said = find_title_tag(page.body)
    return bool(title) and count_words(said) <= _MOST_NAME_WORDS and fold(said) == fold(title)


def _is_mostly_links(article: Article) -> bool:
    if not article.text or len(article.text) > _MOST_TEXT_CHARS:
        return False
    links = article.links
    linked = sum(len(link.text) for link in links)
    return len(links) >= _FEWEST_LINKS and linked >= _LINKED_SHARE * len(article.text)
