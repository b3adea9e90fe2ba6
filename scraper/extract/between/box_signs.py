"""Signs that something between the paragraphs is a box of the site's and no part of the text."""

import re
from functools import lru_cache
from typing import Final

from lxml import etree

# What sites name their boxes, in class names and the attributes that tests and readers go by.
_BOX_MARKS: Final = re.compile(
    r"(?<![a-z])(?:related|recirc\w*|cross-?link\w*|toc|table-of-contents|teasers?|promos?|promo\w*|recommend\w*|suggest(?:ed|ions?)"
    r"|(?:read|see|view|learn)-?_?(?:more|next|also)|also-?_?(?:read|see|on)|more-?_?(?:on|from|in)"
    r"|(?:more|top|latest|other|next|prev\w*)-?_?(?:stor(?:y|ies)|news|articles?|posts?|reads?)"
    r"|most-?_?(?:read|popular|viewed|shared)|popular|trending|latest"
    r"|newsletters?|subscri\w*|sign-?_?up|opt-?in|mailchimp|mc4wp|registration|login"
    r"|share|shar(?:ing|ebar|ethis|edaddy)|share-?_?\w*|social|social-?_?\w*|follow(?:-?us)?"
    r"|addtoany|addthis|sharedaddy|jp-relatedposts"
    r"|ad|ads|adv|advert\w*|adsbygoogle|ad-?_?(?:slot|unit|container|wrapper|box|label)"
    r"|sponsor\w*|banner\w*|outbrain|taboola|affiliate\w*|commercial|donat\w*|paywall|cookies?"
    r"|author\w*|byline\w*|bio|about-?the|breadcrumbs?|paginat\w*|comments?|disqus"
    r"|polls?|toolbar|nav|navbar|navigation|menus?|tags?|tag-?(?:list|cloud)|topics?|categories"
    r"|caption\w*|credits?|photo\w*|galler(?:y|ies)|slide(?:show|r)|carousel|players?"
    r"|timestamp|dateline|published|app-?_?(?:download|promo)|call-?to-?action|cta)(?![a-z])"
)
_BOX_TAGS: Final = frozenset(
    {
        "aside",
        "nav",
        "form",
        "button",
        "footer",
        "header",
        "fieldset",
        "dialog",
        "address",
        "search",
    }
)


@lru_cache(maxsize=4096)  # a page repeats its class names, and a site those of its pages
def names_box(marks: str) -> bool:
    """Whether the class names of an element say that it is a box of the site's."""
    return _BOX_MARKS.search(marks) is not None


def is_box_tag(tag: str) -> bool:
    """Whether an element is by its very name no part of a text."""
    return tag in _BOX_TAGS


def asks_for_address(element: etree._Element) -> bool:
    """Whether an element has a field to type a mail address into: it is a newsletter's."""
    for field in element.iter("input"):
        kind = (field.get("type") or "text").lower()
        name = f"{field.get('name') or ''} {field.get('placeholder') or ''}".lower()
        if kind == "email" or (kind == "text" and "mail" in name):
            return True
    return False
