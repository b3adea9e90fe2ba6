"""Quotes with who said them, posts that scripts draw, and boxes of other shapes."""

from collections.abc import Collection

import pytest

from scraper import extract_article
from scraper.blocks import Link, Quote
from scraper.extract.between import judge_between
from scraper.extract.dom import parse_html
from scraper.extract.segment import segment_tree

RAIN = "<p>It has rained all night in the hills above the town, and the river is up again today."
SAID = "Nobody here has seen such a flood before."
STORIES = "".join(f'<li><a href="/2031/05/0{n}/rain-{n}-in-the-hills">Rain {n} in the hills</a>'
                  for n in range(1, 5))  # fmt: skip


def _extract(between: str) -> tuple[str, list[Quote]]:
    flow = RAIN * 2 + between + RAIN.replace("night", "day") * 2
    article = extract_article(f"<main><h1>Flood</h1>{flow}</main>", url="https://news.example/a/1")
    return article.text, [block for block in article.blocks if isinstance(block, Quote)]


def _brought_back(between: str, barred: Collection[int] = ()) -> list[str]:
    """The texts between the paragraphs that are kept again where the net keeps none of them."""
    page = segment_tree(parse_html(f"<main>{RAIN * 2}{between}{RAIN * 2}</main>"))
    kept = [segment.text.startswith("It has rained") for segment in page.segments]
    return [page.segments[index].text for index in judge_between(page, kept, barred).text]


@pytest.mark.parametrize(
    "markup",
    [
        "<blockquote>{} <cite>Ida Lund</cite></blockquote>",
        "<blockquote>{}<br>— Ida Lund</blockquote>",
        "<blockquote>{} — <cite>Ida Lund</cite></blockquote>",
        "<blockquote><p>{}</p></blockquote><p>– Ida Lund</p>",
        "<figure><blockquote><p>{}</p></blockquote><figcaption>Ida Lund</figcaption></figure>",
        "<aside><blockquote><p>{}</p><footer>Ida Lund</footer></blockquote></aside>",
    ],
)
def test_the_last_line_of_a_quote_says_whose_it_is(markup: str) -> None:
    _, quotes = _extract(markup.format(SAID))
    assert [quote.text.replace("— ", "").replace("– ", "") for quote in quotes] == [
        f"{SAID}\nIda Lund"
    ]


def test_the_link_of_a_speaker_stays_on_the_name() -> None:
    name = '<cite><a href="https://ida.example/">Ida Lund</a></cite>'
    _, (quote,) = _extract(f"<blockquote>{SAID} — {name}</blockquote>")
    assert quote.links == (Link("Ida Lund", "https://ida.example/", None, len(SAID) + 3),)


def test_an_answer_after_a_quote_is_no_speaker() -> None:
    _, (quote,) = _extract(f"<blockquote><p>{SAID}</p></blockquote><p>— And yet it rained again.")
    assert quote.text == SAID


def test_a_post_that_scripts_would_draw_says_nothing() -> None:
    link = '<a href="https://pictures.example/p/1">View this post</a>'
    text, _ = _extract(f'<blockquote class="instagram-media"><p>{link}</p></blockquote>')
    assert "View this post" not in text


@pytest.mark.parametrize(
    "box",
    [
        f"<ul>{STORIES}</ul>",
        f"<div><h4>Elsewhere</h4><ul>{STORIES}</ul></div>",
        "<ul><li><a href='https://a.example/share?u=1'>Post it</a><li><a href='#'>Send it</a></ul>",
        "<div><img src=/hut.jpg><p>A hut at the river</p></div>",
        '<div class="social-share"><p>Tell others of it</p></div>',
        '<div><p>The news of the day by mail, each morning at six, for nothing at all.</p>'
        '<form><input type="email"></form></div>',
    ],
)  # fmt: skip
def test_what_leads_away_shares_or_asks_for_an_address_is_not_brought_back(box: str) -> None:
    assert _brought_back(box) == []


def test_a_label_makes_the_list_below_it_a_box() -> None:
    floods = "<ul><li>Mud in cellars<li>Boats on roofs</ul>"
    assert _brought_back(f"<p>Read more:</p>{floods}", barred={2}) == []
    assert _brought_back(f"<p>It brought:</p>{floods}") == [
        "It brought:",
        "Mud in cellars",
        "Boats on roofs",
    ]


def test_thousands_of_insertions_are_judged_in_time() -> None:
    quotes = "".join(f"{RAIN}<blockquote><p>Flood {n}</p></blockquote>" for n in range(3_000))
    assert "Flood 7" in extract_article(f"<main>{quotes}{RAIN}</main>").text
