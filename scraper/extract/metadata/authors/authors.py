"""The authors: people first, whatever name the page gives when it names none."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from scraper.extract.metadata.article_node import ARTICLE_TYPES
from scraper.extract.metadata.authors.accounts import looks_like_account, name_in_path
from scraper.extract.metadata.authors.byline_labels import labelled_names
from scraper.extract.metadata.authors.bylines import (
    find_bylines,
    linked_names,
    opening_names,
    signed_names,
)
from scraper.extract.metadata.authors.credits import credited_names, names_beside_date, names_near
from scraper.extract.metadata.authors.names import (
    has_lead_in,
    looks_like_name,
    split_names,
)
from scraper.extract.metadata.authors.organisations import is_agency, looks_like_organisation
from scraper.extract.metadata.clean import clean_text, fold
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.site.site import site_names
from scraper.extract.metadata.survey import Survey
from scraper.extract.metadata.title.headline import Headline
from scraper.extract.structured.structured_data import MicrodataItem, nodes_of_type, types_of

_METAS: Final = (
    "parsely-author",
    "sailthru.author",
    "citation_author",
    "byl",
    "author",
    "article:author",
    "article:author_name",
    "og:article:author",
    "article.author",
    "authors",
    "dc.creator",
    "dcterms.creator",
    "dc.creator.author",
    "cxenseparse:author",
    "cXenseParse:author".lower(),
    "author_name",
    "articleauthor",
    "creator",
    "og:author",
    "book:author",
)


# Where people go by the name of their account.
_CONVERSATIONS: Final = ("DiscussionForumPosting", "QAPage", "Question", "SocialMediaPosting")
_LAST_NAME_FIRST: Final = frozenset({"citation_author", "dc.creator", "dcterms.creator"})
_LAST_FIRST: Final = re.compile(r"^\s*([^\s,;]+), ([^\s,;.]+(?: [^\s,;]+)?)\s*$")


def find_authors(survey: Survey, headline: Headline) -> Found[tuple[str, ...]]:
    """The authors' names in order; empty when the page names none.

    A person found anywhere is better than the name of the site or of an office.
    """
    names = site_names(survey)
    fallback: Found[tuple[str, ...]] | None = None
    has_accounts = _is_conversation(survey)
    for found in _candidates(survey, headline):
        is_sure = fallback is None or found.source != "near the headline"
        is_person = _is_personal if is_sure else _is_full_name
        if fallback is not None and _are_parts(found.value, fallback.value):
            continue  # an office whose name has an "and" in it, taken for two
        people = tuple(name for name in found.value if fold(name) not in names)
        if not has_accounts and all(map(looks_like_account, people)):
            is_person = _is_full_name
        if any(map(is_person, people)):
            return _as_shown(Found(people, found.source), headline)
        fallback = fallback or Found(people or found.value, found.source)
    if fallback is None:
        nobody: Found[tuple[str, ...]] = Found((), "")
        return next(_last_resorts(survey, headline), nobody)
    if all(fold(name) in names for name in fallback.value):
        return next(_found(opening_names(survey, headline), "opening line"), fallback)
    return fallback


def _is_conversation(survey: Survey) -> bool:
    kinds = {*types_of(survey.article), *(survey.item.types if survey.item else ())}
    return not kinds.isdisjoint(_CONVERSATIONS)


def _are_parts(names: Sequence[str], wholes: Sequence[str]) -> bool:
    """Whether each of the names is a part of one of the wholes."""
    joined = [fold(whole) for whole in wholes]
    return all(any(fold(n) != whole and fold(n) in whole for whole in joined) for n in names)


def _last_resorts(survey: Survey, headline: Headline) -> Iterator[Found[tuple[str, ...]]]:
    """Names that nothing calls an author's, each looked for only when those before are none."""
    yield from _found(names_beside_date(headline), "beside the date")
    yield from _found(linked_names(survey, headline), "link to an author")
    yield from _found(signed_names(survey, headline), "signature")
    paths = (name_in_path(value) for value in survey.metas.get("article:author", ()))
    yield from _found(filter(None, paths), "meta article:author")


def _as_shown(stated: Found[tuple[str, ...]], headline: Headline) -> Found[tuple[str, ...]]:
    """The byline under the headline where it names others than the page's data.

    What is stated may be who put the story on the site, and may go on with who wrote comments.
    """
    shown = tuple(credited_names(headline))
    if not shown or stated.source.startswith(("byline", "near")):
        return stated
    own, seen = {fold(name) for name in stated.value}, {fold(name) for name in shown}
    if stated.source == "microdata author" and seen < own:
        return Found(shown, "near the headline")
    text = fold(" ".join(words.text for words in headline.after))
    if any(name in text or name.startswith(tuple(seen)) for name in own):
        return stated
    return Found(shown, "near the headline")


def _is_personal(name: str) -> bool:
    """Whether a stated name is a person's, if only the first name or a nickname."""
    if looks_like_organisation(name) or is_agency(name):
        return False
    return looks_like_name(name) or len(name.split()) == 1


def _is_full_name(name: str) -> bool:
    return looks_like_name(name) and not (looks_like_organisation(name) or is_agency(name))


def _candidates(survey: Survey, headline: Headline) -> Iterator[Found[tuple[str, ...]]]:
    for key in ("author", "creator"):
        yield from _found(_json_ld_names(survey, survey.article.get(key)), f"json-ld {key}")
    if survey.item is not None:
        yield from _found(_microdata_names(survey.item), "microdata author")
    # Some split an article over two records, of which only the other one has its author.
    if not survey.article.get("author"):
        others = nodes_of_type(survey.structured, *ARTICLE_TYPES, nested=False)
        own = fold(clean_text(survey.article.get("headline")))
        authors = [
            node["author"]
            for node in others
            if node.get("author") and fold(clean_text(node.get("headline"))) in {own, ""}
        ][:1]
        yield from _found(_json_ld_names(survey, authors), "json-ld author")
    for meta in _METAS:
        values = survey.metas.get(meta, ())
        if meta in _LAST_NAME_FIRST:
            values = [_LAST_FIRST.sub(r"\2 \1", value) for value in values]
        yield from _found((name for v in values for name in split_names(v)), f"meta {meta}")
    yield from _found(_labelled_names(survey), "meta twitter:data")
    yield from find_bylines(survey, headline)
    yield from _found(labelled_names(survey), "label")
    yield from _found(names_near(headline), "near the headline")


def _labelled_names(survey: Survey) -> Iterator[str]:
    """Names in the cards of a shared link: <meta name="twitter:label1" content="Written by">."""
    for number in "12":
        if has_lead_in(survey.meta(f"twitter:label{number}")):
            yield from split_names(survey.meta(f"twitter:data{number}"))


def _found(names: Any, source: str) -> Iterator[Found[tuple[str, ...]]]:
    unique = tuple({fold(name): name for name in reversed(list(names))}.values())[::-1]
    if unique:
        yield Found(unique, source)


def _json_ld_names(survey: Survey, value: Any, depth: int = 0) -> Iterator[str]:
    value = survey.structured.resolve(value)
    if depth > 3:  # nodes may refer to each other in a circle
        return
    if isinstance(value, list):
        for inner in _people_in(survey, value[:50]):
            yield from _json_ld_names(survey, inner, depth + 1)
    elif isinstance(value, dict):
        name = value.get("name")
        if isinstance(name, list | dict):
            yield from _json_ld_names(survey, name, depth + 1)
        elif isinstance(name, str):
            whole = clean_text(name)
            yield from ((whole,) if _is_office(value) and whole else split_names(name))
        elif value.get("@list"):
            yield from _json_ld_names(survey, value["@list"], depth + 1)
        elif isinstance(value.get("givenName"), str) and isinstance(value.get("familyName"), str):
            yield f"{value['givenName']} {value['familyName']}"
    elif isinstance(value, str):
        yield from split_names(value)


def _people_in(survey: Survey, authors: list[Any]) -> list[Any]:
    """The nodes of people where there are some beside those of organisations, else all."""
    nodes = [survey.structured.resolve(author) for author in authors]
    people = [n for n in nodes if isinstance(n, dict) and "Person" in types_of(n) and n.get("name")]
    offices = [n for n in nodes if isinstance(n, dict) and _is_office(n)]
    return [n for n in nodes if n not in offices] if people and offices else authors


def _is_office(node: Mapping[str, Any]) -> bool:
    return any(kind.endswith("Organization") for kind in types_of(node))


def _microdata_names(item: MicrodataItem) -> Iterator[str]:
    for value in item.properties.get("author", ()):
        if isinstance(value, MicrodataItem):
            for name in value.texts("name")[:1]:
                yield from split_names(name)
        else:
            yield from split_names(value)
