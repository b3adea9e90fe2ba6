"""Which headings an article has: those that head its text, not those of boxes beside it."""

from scraper.blocks import Block, Heading, Paragraph
from scraper.extract.blocks import build_blocks
from scraper.extract.dom import parse_html
from scraper.extract.segment import segment_tree

_TEXT = "".join(f"<p>The ferry was late again, for the {n}th time.</p>" for n in range(4, 10))


def _blocks(html: str, *, dropped: tuple[str, ...] = (), title: str = "") -> tuple[Block, ...]:
    page = segment_tree(parse_html(html))
    kept = [not segment.text.startswith(dropped or "\0") for segment in page.segments]
    return build_blocks(page, kept, title=title)


def _headings(html: str, *, dropped: tuple[str, ...] = (), title: str = "") -> list[str]:
    blocks = _blocks(html, dropped=dropped, title=title)
    return [block.text for block in blocks if isinstance(block, Heading)]


def test_dropped_heading_is_kept_when_a_picture_parts_it_from_its_text() -> None:
    html = (
        f"{_TEXT}<h2>The crossing</h2><figure><img src=/a.jpg><figcaption>A quay.</figcaption>"
        f"</figure>{_TEXT}"
    )
    assert _headings(html, dropped=("The crossing", "A quay")) == ["The crossing"]


def test_dropped_heading_above_a_kept_subheading_is_kept() -> None:
    html = f"{_TEXT}<h2>Prices</h2><h3>Cars</h3>{_TEXT}"
    assert _headings(html, dropped=("Prices",)) == ["Prices", "Cars"]


def test_dropped_heading_of_a_box_stays_dropped() -> None:
    box = "<aside><h3>Stay informed</h3><p>Sign up for our letter, weekly and free.</p></aside>"
    assert _headings(f"{_TEXT}{box}{_TEXT}", dropped=("Stay", "Sign")) == []


def test_dropped_heading_above_mostly_dropped_text_stays_dropped() -> None:
    teasers = "".join(f"<p>Teaser number {n} of another story, dropped.</p>" for n in range(5))
    html = f"{_TEXT}<h2>More on this</h2>{teasers}<p>One line that was kept.</p>"
    assert _headings(html, dropped=("More", "Teaser")) == []


def test_kept_title_of_another_text_in_a_box_is_left_out() -> None:
    box = "<div class=box><div><h3><a href='/other'>Bridge closed to lorries</a></h3></div></div>"
    assert _headings(f"<h2>Harbour</h2>{_TEXT}{box}{_TEXT}") == ["Harbour"]


def test_linked_heading_in_the_flow_is_a_heading() -> None:
    html = f"{_TEXT}<h2><a href='https://shop.example/boat'>A better boat</a></h2>{_TEXT}"
    assert _headings(html) == ["A better boat"]


def test_heading_that_links_to_itself_is_kept_though_it_was_dropped() -> None:
    html = f"{_TEXT}<h2 id=fares><a href='#fares'>Fares</a></h2>{_TEXT}"
    assert _headings(html, dropped=("Fares",)) == ["Fares"]


def test_standfirst_marked_as_heading_is_text() -> None:
    standfirst = "After a year of delays the company promises two new ships and a better timetable"
    blocks = _blocks(f"<h2>{standfirst}</h2>{_TEXT}<h2>The ships</h2>{_TEXT}")
    assert blocks[0] == Paragraph(standfirst)
    assert Heading(2, "The ships") in blocks


def test_short_standfirst_is_known_by_its_name() -> None:
    blocks = _blocks(f"<h2 class=subtitle>Company promises better times</h2>{_TEXT}")
    assert blocks[0] == Paragraph("Company promises better times")


def test_first_section_heading_stays_a_heading() -> None:
    assert _headings(f"<h2>A year of delays</h2>{_TEXT}") == ["A year of delays"]


def test_headline_in_other_words_is_not_repeated() -> None:
    html = f"<h2>Harbour: Ferry company buys two ships at last</h2>{_TEXT}<h2>Fares</h2>{_TEXT}"
    assert _headings(html, title="Ferry company buys two new ships") == ["Fares"]


def test_titles_of_slides_are_captions() -> None:
    slides = "".join(f"<h2>{n}/30 The quay at noon</h2><p>Seen from above.</p>" for n in (1, 2, 3))
    assert _headings(f"<h2>Pictures</h2>{slides}") == ["Pictures"]
    blocks = _blocks(f"<p>Intro.</p>{slides}")
    assert Paragraph("2/30 The quay at noon") in blocks


def test_a_fraction_in_two_headings_counts_no_slides() -> None:
    html = f"<h2>24/7 service</h2>{_TEXT}<h2>1/3 of the fleet</h2>{_TEXT}"
    assert _headings(html) == ["24/7 service", "1/3 of the fleet"]
