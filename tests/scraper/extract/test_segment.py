"""The walk: segments as a browser would break lines, and the tree around them."""

import html as html_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import ExtractionError
from scraper.extract.dom import parse_html
from scraper.extract.segment import Segmentation, segment_page, segment_tree


def walk(html: str) -> Segmentation:
    return segment_tree(parse_html(html))


def texts(html: str) -> list[str]:
    return [segment.text for segment in walk(html).segments]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>one <b>two</b> three</p>", ["one two three"]),
        ("<div>before<p>inside</p>after</div>", ["before", "inside", "after"]),
        ("<p>a<br>b</p>", ["a b"]),
        ("<p>a<br><br>b<br> <br>c</p>", ["a", "b", "c"]),
        ("<div><span> x </span><span> y</span></div>", ["x y"]),
        ("<p>a<script>var b</script>c</p>", ["ac"]),
        ("<p>a<svg><text>b</text><g><desc>c</desc>d</g>e</svg>f</p>", ["af"]),
        ("<ul><li>one<ul><li>two</ul><li>three</ul>", ["one", "two", "three"]),
        ("<p> \n\t </p><p>x</p>", ["x"]),
        ("<html><body><p>a</body></html><div>b</div>", ["a", "b"]),  # closed too early
        ("<title>a</title><nav>b</nav><div>c</div>", ["b", "c"]),  # no <body> was written
    ],
)
def test_segments_are_what_lies_between_block_boundaries(html: str, expected: list[str]) -> None:
    assert texts(html) == expected


def test_links_and_bold_text_are_measured_in_characters() -> None:
    (segment,) = walk("<p>see <a href=x>the map</a> and <strong>be careful</strong></p>").segments
    assert (segment.link_chars, segment.links, segment.bold_chars) == (7, 1, 10)


def test_preformatted_text_is_kept_as_written() -> None:
    (segment,) = walk("<pre>  a\n    b<br>c</pre>").segments
    assert segment.raw == "  a\n    b\nc"
    assert segment.text == "a b c"


@pytest.mark.parametrize(
    "attribute",
    ["hidden", "aria-hidden=true", "style='display: none'", "style='VISIBILITY:hidden'"],
)
def test_what_is_hidden_hides_what_is_in_it(attribute: str) -> None:
    result = walk(f"<div {attribute}><section><p>x</p></section></div><p>y</p>")
    hidden = [result.nodes[segment.node].hidden for segment in result.segments]
    assert hidden == [True, False]


@pytest.mark.parametrize(
    "attribute",
    [
        "class=sr-only",
        "class='label u-visually-hidden'",
        "class='sr-only focus:not-sr-only'",
        "class=screen-reader-text",
        "hidden",
        "style='display: none'",
    ],
)
def test_words_in_a_line_that_nobody_sees_are_left_out(attribute: str) -> None:
    line = (
        f"<p>the <a href=x>map<span {attribute}> (opens in a <b>new</b> tab)</span></a> of mud</p>"
    )
    (segment,) = walk(line).segments
    assert (segment.text, segment.link_chars, segment.bold_chars) == ("the map of mud", 3, 0)


@pytest.mark.parametrize(
    "span",
    [
        "<span class=not-sr-only>of mud</span>",
        "<span class='sr-only md:not-sr-only'>of mud</span>",
        "<span class=sr-only-ish>of mud</span>",
        "<span class='hidden md:inline'>of mud</span>",
        "<span style='display:inline'>of mud</span>",
    ],
)
def test_words_that_some_screen_shows_stay(span: str) -> None:
    assert texts(f"<p>the map {span}</p>") == ["the map of mud"]


def test_a_text_that_is_folded_away_in_its_line_stays() -> None:
    rest = "and it rained on the next day and on the one after that " * 3
    assert texts(f"<p>It rained <span style=display:none>{rest}</span></p>") == [
        f"It rained {rest.strip()}"
    ]


def test_nodes_know_which_segments_lie_under_them() -> None:
    result = walk("<div class=a><p>1</p><p>2</p></div><div class=b>3<p>4</p></div>")
    spans = {node.marks: (node.start, node.end) for node in result.nodes if node.marks}
    assert spans == {"a": (0, 2), "b": (2, 4)}


def test_images_know_the_segment_that_follows() -> None:
    result = walk("<p>a</p><img src=x><p>b</p>")
    assert [image.position for image in result.images] == [1]


def test_text_for_readers_without_scripts_is_read_when_there_is_no_other() -> None:
    story = "It rained on the hills, and then it rained on the plain below them. " * 20
    shell = f"<div id=app>Loading</div><noscript><p>{story}</p></noscript>"
    assert story.strip() in [s.text for s in segment_page(parse_html(shell)).segments]
    full = f"<p>{story}</p><noscript>Please turn scripts on.</noscript>"
    assert [s.text for s in segment_page(parse_html(full)).segments] == [story.strip()]


def test_depth_of_thousands_is_walked() -> None:
    html = "<div>" * 2000 + "deep" + "</div>" * 2000
    assert texts(html) == ["deep"]


MARKUP = st.lists(
    st.one_of(
        st.sampled_from(
            "<p> </p> <div> </div> <b> </b> <a> </a> <br> <pre> </pre> <li> <svg> </svg> <table> "
            "<td> </table> <script> </script> <noscript> </noscript> <!-- --> <p <x:y> &amp; "
            "<frameset> <body> </html> <template>".split(" ")
        ),
        st.text(max_size=8),
    ),
    max_size=60,
).map("".join)


@given(MARKUP)
@settings(max_examples=150, deadline=None)
def test_any_markup_gives_segments_that_lie_under_their_nodes(markup: str) -> None:
    try:
        root = parse_html(markup)
    except ExtractionError:
        return
    result = segment_page(root)
    for position, segment in enumerate(result.segments):
        assert segment.text == " ".join(segment.text.split()) != ""
        assert 0 <= segment.link_chars <= len(segment.text)
        for index in result.ancestors(segment.node):
            assert result.nodes[index].start <= position < result.nodes[index].end


@given(st.lists(st.text(alphabet="abc é\n", min_size=1, max_size=20), max_size=10))
def test_no_text_of_paragraphs_is_lost_or_made_up(paragraphs: list[str]) -> None:
    markup = "".join(f"<p>{html_module.escape(p)}</p>" for p in paragraphs)
    expected = [" ".join(p.split()) for p in paragraphs if p.split()]
    assert texts(f"<body>{markup}</body>") == expected
