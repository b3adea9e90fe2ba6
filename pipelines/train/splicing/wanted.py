"""What looks foreign and is part of an article: cards, several containers, tables, quoted posts.

The counterweight to what is set in behind articles: without it a net cuts listicles and galleries,
because what repeats is unwanted elsewhere. What is new here becomes part of the gold.
"""

import random
from collections.abc import Callable, Sequence
from typing import Final

from lxml import etree

from pipelines.train.splicing.anatomy import Anatomy
from pipelines.train.splicing.unwanted import copy_others

_FEWEST_CHILDREN: Final = 5
_FOUND_BY: Final = 40  # characters of a paragraph that find it in the gold
_SLIDES: Final = (
    "slide gallery-item entry-content article-body content-block list-item body-text chapter"
).split()
_ZONES: Final = "zone zn-body intro lead article-body content text container".split()
_CARDS: Final = "card item listicle-item product entry slide rank step review faq-item".split()
_BUTTONS: Final = ("Buy now", "Read more", "View offer", "Check price", "Advertisement", "Share")

Spliced = tuple[str, int]
"""The gold with what is new, and how many parts were made; 0 where it did not work out."""


def part_in_sections(host: Anatomy, donors: Sequence[Anatomy], rng: random.Random) -> Spliced:
    """The article's paragraphs in several containers alike, as slides and lists of ten do."""
    text, children = host.text, host.blocks()
    if len(children) < _FEWEST_CHILDREN:
        return text, 0
    first_texts, others = host.first_texts(), copy_others(donors)
    count = rng.randint(2, min(9, len(children) // 2))
    tag = rng.choice(["div", "div", "section", "article", "li"])
    mark = rng.choice([*_SLIDES, ""])
    headed, numbered = rng.random() < 0.6, rng.random() < 0.4
    for number, inside in enumerate(_cut_in(children, count, rng), 1):
        wrapper = _wrap(inside, tag, mark)
        if headed and (number > 1 or rng.random() < 0.5):
            title = _phrase(rng.choice(donors), rng, 2, 7)
            title = f"{number}. {title}" if numbered else title
            fresh = _before(text, first_texts.get(inside[0]), title)
            if fresh is not None:
                heading = etree.Element(rng.choice(["h2", "h2", "h3"]))
                heading.text, text = title, fresh
                wrapper.insert(0, heading)
        if rng.random() < 0.5:
            etree.SubElement(etree.SubElement(wrapper, "figure"), "img", src="/i.jpg")
        if others and number < count and rng.random() < 0.25:
            wrapper.addnext(others.pop(rng.randrange(len(others))))
    return text, count


def part_in_two(host: Anatomy, donors: Sequence[Anatomy], rng: random.Random) -> Spliced:
    """The first paragraphs in one container, the others in a second one."""
    children = host.gold_children()
    if len(children) < _FEWEST_CHILDREN:
        return host.text, 0
    tag, mark = rng.choice(["div", "section", "div"]), rng.choice([*_ZONES, ""])
    first, second = _cut_in(children, 2, rng)
    wrapper = _wrap(first, tag, mark)
    _wrap(second, tag, mark and mark + rng.choice(["", "-2", "-more"]))
    others = copy_others(donors)
    if others and rng.random() < 0.6:
        wrapper.addnext(rng.choice(others))
    return host.text, 1


def part_in_cards(host: Anatomy, donors: Sequence[Anatomy], rng: random.Random) -> Spliced:
    """The article's paragraphs as the cards of a list of ten: number, heading, picture, button."""
    text, children = host.text, host.blocks()
    if len(children) < _FEWEST_CHILDREN:
        return text, 0
    first_texts = host.first_texts()
    cards, size = children[rng.randint(0, 2) :], rng.choice([1, 1, 2])
    groups = [cards[i : i + size] for i in range(0, len(cards), size)][: rng.randint(3, 15)]
    style = _CardStyle(rng)
    outer = style.open_list(groups[0][0]) if rng.random() < 0.6 else None
    down, done = rng.random() < 0.3, 0
    for number, group in enumerate(groups, 1):
        shown = len(groups) + 1 - number if down else number
        title = style.write_title(_phrase(rng.choice(donors), rng, 1, 7).strip(".,;:"), shown)
        fresh = _before(text, first_texts.get(group[0]), title)
        if fresh is None:
            continue
        card = style.open_card(title, shown)
        if outer is not None:
            outer.append(card)
        else:
            group[0].addprevious(card)
        style.fill(card, group, rng)
        text, done = fresh, done + 1
    return text, done if done > 1 else 0


class _CardStyle:
    """How all cards of one list look."""

    def __init__(self, rng: random.Random) -> None:
        self.outer = rng.choice(["div", "div", "ol", "ul", "section"])
        self.tag = (
            "li" if self.outer in {"ol", "ul"} else rng.choice(["div", "article", "section", "div"])
        )
        self.mark = rng.choice([*_CARDS, ""])
        self.outer_mark = rng.choice(["s", "-list", "-container", "-grid", ""])
        self.heading = rng.choice(["h2", "h3", "h3", "h4", "h5", "strong", "div", "p", "span"])
        self.heading_mark = rng.choice(["title", "card-title", "item__heading", "name"])
        self.is_numbered, self.is_pictured = rng.random() < 0.5, rng.random() < 0.6
        self.is_number_apart = self.is_numbered and rng.random() < 0.5
        self.is_linked = rng.random() < 0.4
        self.button = rng.choice([*_BUTTONS, *[None] * 4])

    def open_list(self, before: etree._Element) -> etree._Element:
        """The list around the cards, set before an element."""
        outer = etree.Element(self.outer)
        if self.mark and self.outer_mark:
            outer.set("class", self.mark + self.outer_mark)
        before.addprevious(outer)
        return outer

    def write_title(self, words: str, number: int) -> str:
        """A title with its number, where that is no element of its own."""
        return f"{number}. {words}" if self.is_numbered and not self.is_number_apart else words

    def open_card(self, title: str, number: int) -> etree._Element:
        """A card with its heading."""
        card = etree.Element(self.tag)
        if self.mark:
            card.set("class", self.mark)
        if self.is_number_apart:
            shown = etree.SubElement(card, "span", attrib={"class": "number"})
            shown.text, shown.tail = str(number), " "  # or it is one word with a heading in a span
        head = etree.SubElement(card, self.heading)
        if self.heading in {"div", "p", "span"}:
            head.set("class", self.heading_mark)
        place = etree.SubElement(head, "a", href="/item") if self.is_linked else head
        place.text = title
        return card

    def fill(self, card: etree._Element, group: list[etree._Element], rng: random.Random) -> None:
        """Picture, paragraphs and button."""
        if self.is_pictured:
            figure = etree.SubElement(card, "figure")
            etree.SubElement(figure, "img", src="/i.jpg")
            if rng.random() < 0.4:
                etree.SubElement(figure, rng.choice(["figcaption", "span"])).text = "Photo: agency"
        is_nested = rng.random() < 0.5
        body = etree.SubElement(card, "div", attrib={"class": "text"}) if is_nested else card
        body.extend(group)
        if self.button:
            etree.SubElement(card, "a", href="/buy", attrib={"class": "button"}).text = self.button


def embed(host: Anatomy, donors: Sequence[Anatomy], rng: random.Random) -> Spliced:
    """Tables of results, quoted posts or lists between the paragraphs: part of the article."""
    text, children = host.text, host.blocks()
    if len(children) < _FEWEST_CHILDREN:
        return text, 0
    first_texts, done = host.first_texts(), 0
    for _ in range(rng.randint(1, 3)):
        anchor = rng.choice(children[1:])
        make = rng.choice(_MAKERS)
        part, words = make(rng.choice(donors), rng)
        fresh = _before(text, first_texts.get(anchor), words)
        if fresh is not None:
            anchor.addprevious(part)
            text, done = fresh, done + 1
    return text, done


Embedded = tuple[etree._Element, str]
_Make = Callable[[Anatomy, random.Random], Embedded]


def _make_table(donor: Anatomy, rng: random.Random) -> Embedded:
    table = etree.Element("table")
    body = etree.SubElement(table, "tbody") if rng.random() < 0.6 else table
    columns, has_head, lines = rng.randint(2, 6), rng.random() < 0.6, []
    for row in range(rng.randint(3, 18)):
        line = etree.SubElement(body, "tr")
        cells = [_fill_cell(row, column, donor, rng) for column in range(columns)]
        for text in cells:
            etree.SubElement(line, "td" if row or not has_head else "th").text = text
        lines.append(" ".join(cells))
    marks = ["table-wrapper", "results", "wp-block-table", "responsive", "standings"]
    return _perhaps_wrapped(table, ["div", "figure"], marks, rng), "\n".join(lines)


def _fill_cell(row: int, column: int, donor: Anatomy, rng: random.Random) -> str:
    if row and not column:
        return str(row)
    if not row or column < 3:
        return _phrase(donor, rng, 1, 3)
    return f"{rng.randint(0, 99)}.{rng.randint(0, 999)}"


def _make_post(donor: Anatomy, rng: random.Random) -> Embedded:
    marks = ["twitter-tweet", "twitter-tweet", "instagram-media", "embed", "quote"]
    quote = etree.Element("blockquote", attrib={"class": rng.choice(marks)})
    words = _phrase(donor, rng, 8, 40)
    by = f"— {_phrase(donor, rng, 2, 2)} (@{rng.choice(donor.words)[:10]})"
    paragraph = etree.SubElement(quote, "p")
    paragraph.text, paragraph.tail = words, by + " "
    link = etree.SubElement(quote, "a", href="https://social.example/x/status/1")
    link.text = f"May {rng.randint(1, 30)}, 2023"
    wraps = ["embed", "wp-block-embed", "social-embed"]
    return _perhaps_wrapped(quote, ["div"], wraps, rng), f"{words}\n{by}"


def _make_list(donor: Anatomy, rng: random.Random) -> Embedded:
    part = etree.Element(rng.choice(["ul", "ol"]))
    lines = [_phrase(donor, rng, 2, 18) for _ in range(rng.randint(2, 12))]
    for line in lines:
        item = etree.SubElement(part, "li")
        place = etree.SubElement(item, "strong") if rng.random() < 0.3 else item
        place.text = line
    return part, "\n".join(lines)


def _make_lines(donor: Anatomy, rng: random.Random) -> Embedded:
    part = etree.Element("div")
    count = rng.randint(3, 10)
    phrases = [_phrase(donor, rng, 2, 6) for _ in range(count)]
    lines = [f"{phrase} {rng.randint(0, 9)}-{rng.randint(0, 9)}" for phrase in phrases]
    for line in lines:
        etree.SubElement(part, "p").text = line
    return part, "\n".join(lines)


_MAKERS: Final[list[_Make]] = [
    _make_table,
    _make_table,
    _make_post,
    _make_post,
    _make_list,
    _make_lines,
]


def _perhaps_wrapped(
    part: etree._Element, tags: list[str], marks: list[str], rng: random.Random
) -> etree._Element:
    if rng.random() < 0.5:
        return part
    wrapper = etree.Element(rng.choice(tags), attrib={"class": rng.choice(marks)})
    wrapper.append(part)
    return wrapper


def _cut_in(
    children: list[etree._Element], count: int, rng: random.Random
) -> list[list[etree._Element]]:
    """Children in `count` groups, one after the other."""
    cuts = sorted(rng.sample(range(1, len(children)), count - 1))
    return [children[i:j] for i, j in zip([0, *cuts], [*cuts, len(children)], strict=True)]


def _wrap(inside: list[etree._Element], tag: str, mark: str) -> etree._Element:
    """A container around siblings, with whatever stands between them."""
    wrapper = etree.Element(tag)
    if mark:
        wrapper.set("class", mark)
    inside[0].addprevious(wrapper)
    element: etree._Element | None = inside[0]
    while element is not None:
        following = None if element is inside[-1] else element.getnext()
        wrapper.append(element)
        element = following
    return wrapper


def _phrase(donor: Anatomy, rng: random.Random, low: int, high: int) -> str:
    begin = rng.randrange(max(1, len(donor.words) - high))
    return " ".join(donor.words[begin : begin + rng.randint(low, high)])


def _before(text: str, following: str | None, fresh: str) -> str | None:
    """The gold with `fresh` before the paragraph `following`; None where that is not found."""
    at = text.find(following[:_FOUND_BY]) if following else -1
    return None if at < 0 else f"{text[:at]}{fresh}\n{text[at:]}"
