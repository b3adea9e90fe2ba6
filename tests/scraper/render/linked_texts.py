"""Made texts with links: hostile words and addresses, for what renders them."""

from hypothesis import strategies as st

from scraper.blocks import Block, Figure, Heading, Link, ListBlock, ListItem, Paragraph, Quote
from scraper.linked_text import LinkedText, make_table
from scraper.urls.web_urls import absolute_web_url

_WORDS = st.sampled_from(
    "rain,a [b] c,](https://evil.example/),![x],!,*,**b**,_,snake_,`,``,\\,\\\\,<b>,<!--,-->,&amp;,&,#"
    ",## h,1.,2) x,-,+,>,=,---,~~~,https://a.example/b,<https://a.example/>,www.a.example,(,),[,]"
    ",[^1],: ,$x$,\",',🌧️,مطر,雨,|,a|b,\\|, ,  ,\t,\u00a0,javascript:x".split(",")
)
_pieces = st.lists(_WORDS | st.text("ab !|[]()<>\\*_`&;#.1", max_size=6), max_size=3).map("".join)
_TAILS = st.text("ab/()[]<>{}|\\ `*_&;=?#%'\"!~^ü🌊", max_size=12)
_urls = _TAILS.map(lambda tail: absolute_web_url(f"https://a.example/{tail}", None) or "")


@st.composite
def linked_texts(draw: st.DrawFn) -> LinkedText:
    """A text whose links are where they say, in order."""
    text = ""
    links = []
    for piece in draw(st.lists(_pieces, max_size=6)):
        words = piece.strip()
        is_link = words != "" and draw(st.booleans())
        if is_link:
            links.append(Link(words, draw(_urls), None, len(text)))
        text += words if is_link else piece
    return LinkedText(text, tuple(links))


def _table(rows: list[list[LinkedText]], caption: LinkedText | None) -> Block:
    return make_table(rows, caption)


linked_blocks: st.SearchStrategy[Block] = st.one_of(
    linked_texts().map(lambda whole: Paragraph(whole.text, whole.links)),
    linked_texts().map(lambda whole: Heading(2, whole.text, whole.links)),
    linked_texts().map(lambda whole: Quote(whole.text, whole.links)),
    linked_texts().map(
        lambda whole: Figure("https://a.example/x.jpg", "A", whole.text, whole.links)
    ),
    st.lists(linked_texts(), min_size=1, max_size=3).map(
        lambda items: ListBlock(False, tuple(ListItem(x.text, (), x.links) for x in items))
    ),
    st.builds(
        _table,
        st.lists(st.lists(linked_texts(), min_size=2, max_size=2), min_size=1, max_size=3),
        st.none() | linked_texts(),
    ),
)
"""Each kind of block that holds texts with links."""
