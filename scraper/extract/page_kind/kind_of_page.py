"""What kind of page it is: by rules where one stands in for another, else by a learned judgement.

Rules come first, because walls and errors are short pages of any make, and say what they are. For
all others a multinomial logistic regression joins what the net sees in the page's make with what
the page states of itself and its address; it was fitted on pages that the net had not seen.
"""

import re
from typing import Final

import numpy as np

from scraper.article import Article
from scraper.extract.classify.features import Floats
from scraper.extract.classify.network import KINDS, Kind, Model, load_model
from scraper.extract.page_kind.judge_kind import judge_kind
from scraper.extract.page_kind.judgement import KindJudgement
from scraper.extract.page_kind.kind_signs import LIVE_BLOG
from scraper.page import Page
from scraper.urls.web_urls import split_normal

_STATED: Final = 0.95
_LIVE_PATH: Final = re.compile(
    r"(?i)/(?:[\w-]*-)?(?:live-?(?:blog|ticker|updates?|text)|liveticker|minute-par-minute|"
    r"minuto-a-minuto|as-it-happened)(?:[/.-]|$)"
)
_FEWEST_ENTRIES: Final = 4  # of a live blog that its address alone names
_MADE: Final[dict[Kind, str]] = {
    "article": "is made like an article",
    "list": "is made like a list of pages",
    "forum": "is made like a forum",
    "product": "is made like a product's page",
    "document": "is made like a manual or a service's page",
}
_SMALLEST: Final = 1e-4


def join_signs(kinds: Floats, signs: Floats) -> Floats:
    """(len(KINDS) + SIGN_COUNT + 1,) what the learned judgement is computed from.

    Args:
        kinds: What the net says of the page.
        signs: What `read_signs` finds.
    """
    return np.concatenate([[1.0], np.log(np.maximum(kinds, _SMALLEST)) / 3, signs]).astype(
        np.float32
    )


def weigh_kinds(measures: Floats, model: Model | None) -> Floats:
    """(len(KINDS),) how likely the page is of each kind.

    Args:
        measures: From `join_signs`.
        model: The net, whose file has the weights; None for the one that ships.
    """
    logits = (model or load_model()).arrays["kinds"] @ measures
    raised = np.exp(logits - logits.max())
    result: Floats = (raised / raised.sum()).astype(np.float32)
    return result


def find_page_kind(page: Page, article: Article, kinds: Floats, signs: Floats) -> KindJudgement:
    """What kind of page it is, how likely that is, and why.

    Args:
        page: As it was fetched.
        article: What extraction found on it.
        kinds: From `weigh_kinds`.
        signs: From `read_signs`.
    """
    judgement = judge_kind(page, article)
    if judgement.cause is not None:
        return judgement
    if why := _find_live_blog(page, article, signs):
        return KindJudgement("live_blog", why, probability=_STATED)
    best = int(np.argmax(kinds))
    return KindJudgement(KINDS[best], _MADE[KINDS[best]], probability=round(float(kinds[best]), 4))


def _find_live_blog(page: Page, article: Article, signs: Floats) -> str:
    if signs[LIVE_BLOG]:
        return "states that it is a live blog"
    path = split_normal(page.url)[1] if page.url else ""
    if _LIVE_PATH.search(path) and len(article.headings) >= _FEWEST_ENTRIES:
        return "has a live blog's address and several entries"
    return ""
