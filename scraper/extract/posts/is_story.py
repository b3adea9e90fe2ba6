"""Whether a page says that it is an article: then what readers write below is none of it."""

from typing import Final

from lxml import etree

from scraper.extract.structured.structured_data import (
    StructuredData,
    items_of_type,
    nodes_of_type,
)

_FORUM_TYPES: Final = ("DiscussionForumPosting", "QAPage")
_STORY_TYPES: Final = ("NewsArticle", "Article", "BlogPosting", "LiveBlogPosting")


def is_story(root: etree._Element, structured: StructuredData) -> bool:
    """Whether a page says of itself that it is an article, and no thread of a forum."""
    if any(nodes_of_type(structured, *_FORUM_TYPES)) or any(
        items_of_type(structured, *_FORUM_TYPES)
    ):
        return False
    return (
        root.find(".//meta[@property='og:type'][@content='article']") is not None
        or any(nodes_of_type(structured, *_STORY_TYPES))
        or any(items_of_type(structured, *_STORY_TYPES))
    )
