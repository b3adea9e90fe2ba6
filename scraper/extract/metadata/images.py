"""The image that stands for an article: in shared links, in lists, at its head."""

from typing import Any, Final

from scraper.extract.metadata.clean import clean_url
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.survey import Survey

_METAS: Final = (
    "og:image",
    "og:image:secure_url",
    "og:image:url",
    "twitter:image",
    "twitter:image:src",
    "parsely-image-url",
    "sailthru.image.full",
    "thumbnail",
)


def find_image_url(survey: Survey) -> Found[str]:
    """The absolute address of the image that stands for the article; "" when there is none."""
    for name in _METAS:
        for content in survey.metas.get(name, ()):
            url = clean_url(content, survey.base_url)
            if url:
                return Found(url, f"meta {name}")
    for key in ("image", "thumbnailUrl", "primaryImageOfPage"):
        url = clean_url(_first_address(survey, survey.article.get(key)), survey.base_url)
        if url:
            return Found(url, f"json-ld {key}")
    if survey.item is not None:
        for value in survey.item.properties.get("image", ()):
            text = value if isinstance(value, str) else next(iter(value.texts("url")), "")
            url = clean_url(text, survey.base_url)
            if url:
                return Found(url, "microdata image")
    for element in survey.links.get("image_src", ()):
        url = clean_url(element.get("href"), survey.base_url)
        if url:
            return Found(url, "link rel=image_src")
    return Found("", "")


def _first_address(survey: Survey, value: Any) -> Any:
    for _ in range(4):  # nodes may refer to each other in a circle
        value = survey.structured.resolve(value)
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get("url") or value.get("contentUrl") or value.get("@id")
        else:
            break
    return value
