"""What stands behind an article or in it and is none of it: next stories, older posts, teasers."""

import copy
import random
from collections.abc import Sequence
from typing import Final

from lxml import etree

from pipelines.train.splicing.anatomy import Anatomy

_KEPT_SHORT: Final = 6  # words; labels such as "Share" or "By" are the same under every story
_READ_MORE: Final = (
    "Read more",
    "Continue reading",
    "Lire la suite",
    "Weiterlesen",
    "Leer más",
    "阅读全文",
    "Читать далее",
    "Czytaj dalej",
    "Διαβάστε περισσότερα",
)
_EMPTIED: Final = ("p", "h2", "h3", "li", "blockquote")


def copy_element(element: etree._Element) -> etree._Element:
    """A deep copy without the text behind it."""
    copied = copy.deepcopy(element)
    copied.tail = None
    return copied


def copy_others(donors: Sequence[Anatomy]) -> list[etree._Element]:
    """Copies of all that stands beside the donors' articles."""
    return [copy_element(d.element(number)) for d in donors for number in d.others]


def add_next_story(host: Anatomy, donors: Sequence[Anatomy], rng: random.Random) -> int:
    """The next article of an endless page, whole; returns how many parts were set in."""
    own = rng.random() >= 0.35
    return set_behind(host, [_copy_story(host, donors[0], rng, own_markup=own)], rng)


def add_older_posts(host: Anatomy, donors: Sequence[Anatomy], rng: random.Random) -> int:
    """The beginnings of two to four posts below this one, as blogs show them."""
    own = rng.random() < 0.6
    chosen = donors[: rng.randint(2, 4)]
    posts = [_copy_story(host, donor, rng, own_markup=own) for donor in chosen]
    for post in posts:
        _cut(post, rng)
    return set_behind(host, posts, rng)


def add_teasers(host: Anatomy, donors: Sequence[Anatomy], rng: random.Random) -> int:
    """Boxes of other pages, behind the article or between its paragraphs."""
    parts = copy_others(donors)
    rng.shuffle(parts)
    done = 0
    for part in parts[: rng.randint(1, 3)]:
        between = rng.random() < 0.5
        done += _set_between(host, part, rng) if between else set_behind(host, [part], rng)
    return done


def set_behind(host: Anatomy, parts: list[etree._Element], rng: random.Random) -> int:
    """Put `parts` after the host's article, or at its end inside of its container."""
    container = host.element(rng.choice([host.container, host.with_headline()]))
    parent = container.getparent()
    if parent is None or container.tag == "body" or rng.random() < 0.25:
        children = host.gold_children()
        if not children or (parent := children[-1].getparent()) is None:
            return 0
        container = children[-1]
    if rng.random() < 0.3 and len(parts) > 1:
        wrapper = etree.Element("div")
        wrapper.extend(parts)
        parts = [wrapper]
    if container.tail and container.tail.strip():
        parts[-1].tail, container.tail = container.tail, None
    index = parent.index(container) + 1
    for part in reversed(parts):
        parent.insert(index, part)
    return len(parts)


def _set_between(host: Anatomy, part: etree._Element, rng: random.Random) -> int:
    children = host.gold_children()
    if len(children) < 3:
        return 0
    anchor = rng.choice(children[:-1])
    part.tail, anchor.tail = anchor.tail, None
    anchor.addnext(part)
    return 1


def _copy_story(
    host: Anatomy, donor: Anatomy, rng: random.Random, *, own_markup: bool
) -> etree._Element:
    """The donor's article: in the markup of the host, as the next one would be, or in its own."""
    source = host if own_markup else donor
    part = copy_element(source.element(source.with_headline()))
    if own_markup:
        _retell(part, _gold_of_copy(source, part), donor, rng)
    if "id" in part.attrib and rng.random() < 0.5:
        del part.attrib["id"]
    return part


def _gold_of_copy(source: Anatomy, part: etree._Element) -> set[etree._Element]:
    """The elements of a copy that hold the article: copies keep the order of elements."""
    pairs = zip(source.view.segments, source.gold, strict=True)
    gold = {source.element(segment.node) for segment, is_gold in pairs if is_gold}
    original = source.element(source.with_headline()).iter("*")
    return {copied for old, copied in zip(original, part.iter("*"), strict=True) if old in gold}


def _retell(
    part: etree._Element, gold: set[etree._Element], donor: Anatomy, rng: random.Random
) -> None:
    """The donor's words in place of those of a copied article, about as many in each element."""
    at = 0
    for element in part.iter("*"):
        if element.tag in {"script", "style", "noscript"}:
            continue
        for where in ("text", "tail"):
            text = getattr(element, where)
            if not text or not text.strip() or (where == "tail" and element is part):
                continue
            count = len(text.split())
            if element.tag == "h1" and where == "text":
                setattr(element, where, donor.headline or " ".join(donor.words[:8]))
            elif count >= _KEPT_SHORT or element in gold:
                stop = at + max(1, round(count * rng.uniform(0.6, 1.4)))
                setattr(element, where, " ".join(donor.words[at:stop]) or None)
                at = stop
    for element in list(part.iter(*_EMPTIED)):  # the donor's text was shorter
        parent = element.getparent()
        if (
            element is not part
            and parent is not None
            and not "".join(map(str, element.itertext())).strip()
        ):
            parent.remove(element)


def _cut(post: etree._Element, rng: random.Random) -> None:
    """Leave the first paragraphs of a post, often with a link to the whole."""
    paragraphs = [
        element for element in post.iter("p") if "".join(map(str, element.itertext())).strip()
    ]
    for element in paragraphs[rng.randint(1, 4) :]:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    if rng.random() < 0.5:
        more = etree.SubElement(post, rng.choice(["p", "div"]))
        etree.SubElement(more, "a", href="/p").text = rng.choice(_READ_MORE)
