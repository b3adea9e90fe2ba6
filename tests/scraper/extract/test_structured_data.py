"""JSON-LD and microdata as publishers write them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.dom import parse_html
from scraper.extract.structured.json_repair import parse_json_documents, repair_json
from scraper.extract.structured.structured_data import (
    MicrodataItem,
    StructuredData,
    items_of_type,
    nodes_of_type,
    parse_structured_data,
    types_of,
)


def page(script: str) -> StructuredData:
    html = f'<html><head><script type="application/ld+json">{script}</script></head></html>'
    return parse_structured_data(parse_html(html))


ARTICLE = '{"@type": "NewsArticle", "headline": "Rain over Varnholt"}'


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE,
        f"[{ARTICLE}]",
        f'{{"@context": "https://schema.org", "@graph": [{ARTICLE}]}}',
        f"<!-- {ARTICLE} -->",
        f"//<![CDATA[\n{ARTICLE}\n//]]>",
        f"/* <![CDATA[ */ {ARTICLE} /* ]]> */",
        f"{ARTICLE};",
        '{"@type": "NewsArticle", "headline": "Rain over Varnholt",}',
        '{"@type": "NewsArticle" "headline": "Rain over Varnholt"}',
        '{"@type": "NewsArticle",, "headline": "Rain over Varnholt"}',
        '{"@type": "NewsArticle", "headline": "Rain over Varnholt", "author": [{"name": "A"',
        '{"@type": "NewsArticle", "wordCount": , "headline": "Rain over Varnholt"}',
        '{/* who */ "@type": "NewsArticle", // what\n "headline": "Rain over Varnholt"}',
        '{"@type": "NewsArticle", "description": "one\ntwo\tthree", '
        '"headline": "Rain over Varnholt"}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, "
        "&quot;headline&quot;: &quot;Rain over Varnholt&quot;}",
        '{"@type": "NewsArticle", "description": "he said "no", then left", '
        '"headline": "Rain over Varnholt"}',
        r'{"@type": "NewsArticle", "description": "C:\dogs \'x\'",'
        ' "headline": "Rain over Varnholt"}',
        '{"@type": "NewsArticle", "headline": "Rain over Varnholt"}]}',
    ],
)
def test_an_article_is_read_through_the_slips_of_its_publisher(script: str) -> None:
    found = list(nodes_of_type(page(script), "NewsArticle"))
    assert [node["headline"] for node in found] == ["Rain over Varnholt"]


def test_several_objects_in_one_script_are_all_read() -> None:
    assert [types_of(n) for n in page(ARTICLE + '\n{"@type": "WebSite"}').json_ld] == [
        ("NewsArticle",),
        ("WebSite",),
    ]


def test_quotes_inside_a_string_are_kept_as_quotes() -> None:
    (node,) = page('{"headline": "The "wet" summer", "x": 1}').json_ld
    assert node["headline"] == 'The "wet" summer'


def test_half_a_surrogate_pair_does_not_reach_the_record() -> None:
    (node,) = page(r'{"headline": "Rain \ud83d in \ud83c\udf27 town"}').json_ld
    assert node["headline"] == "Rain \ufffd in \U0001f327 town"
    node["headline"].encode()


def test_a_reference_is_resolved_to_the_fullest_node_of_its_id() -> None:
    structured = page(
        '{"@graph": [{"@type": "NewsArticle", "author": {"@id": "#ida"}},'
        ' {"@type": "Person", "@id": "#ida", "name": "Ida Brunn"}]}'
    )
    assert structured.resolve(structured.json_ld[0]["author"])["name"] == "Ida Brunn"
    assert structured.resolve("#ida")["name"] == "Ida Brunn"
    assert structured.resolve({"@id": "#nobody"}) == {"@id": "#nobody"}
    assert structured.resolve(7) == 7


def test_nested_nodes_come_after_whole_ones_and_only_when_asked_for() -> None:
    structured = page(
        '[{"@type": "WebPage", "about": {"@type": "Person", "name": "inner"}},'
        ' {"@type": "Person", "name": "outer"}]'
    )
    assert [n["name"] for n in nodes_of_type(structured, "Person")] == ["outer", "inner"]
    assert [n["name"] for n in nodes_of_type(structured, "Person", nested=False)] == ["outer"]


def test_microdata_gives_items_with_their_nested_items() -> None:
    structured = parse_structured_data(
        parse_html(
            '<article itemscope itemtype="https://schema.org/NewsArticle">'
            '<h1 itemprop="headline name">Rain <b>over</b> Varnholt</h1>'
            '<time itemprop="datePublished" datetime="2031-04-05">5 April</time>'
            '<meta itemprop="dateModified" content="2031-04-06">'
            '<span itemprop="author" itemscope itemtype="http://schema.org/Person">'
            '<a itemprop="url" href="/ida"><span itemprop="name">Ida Brunn</span></a></span>'
            '<div itemprop="articleBody"><p>Wet.</p></div>'
            '<div itemprop="text"><p>One.</p><p>Two <i>x</i>.</p><script>bad</script></div>'
            '</article><p itemprop="name">nobody\'s</p>'
        )
    )
    (item,) = structured.microdata
    assert item.types == ("NewsArticle",)
    assert item.texts("headline") == item.texts("name") == ("Rain over Varnholt",)
    assert item.texts("datePublished") == ("2031-04-05",)
    assert item.texts("dateModified") == ("2031-04-06",)
    assert item.texts("text") == ("One.\nTwo x.",)
    assert item.texts("articleBody") == ()
    (author,) = item.items("author")
    assert author == MicrodataItem(("Person",), {"url": ("/ida",), "name": ("Ida Brunn",)})
    assert list(items_of_type(structured, "Person")) == [author]


def test_microdata_can_be_left_out() -> None:
    root = parse_html("<p itemscope><b itemprop=name>x</b></p>")
    assert parse_structured_data(root, microdata=False).microdata == ()
    assert len(parse_structured_data(root).microdata) == 1


def test_repaired_json_is_json() -> None:
    assert json.loads(repair_json("{'a': 1, \"b\": [1, 2")) == {"a": 1, "b": [1, 2]}


@given(st.text() | st.text(alphabet="{}[]\",:\\'/*<>!- \nau1@"))
def test_no_text_at_all_breaks_the_reader_of_json(text: str) -> None:
    for _ in parse_json_documents(text):
        pass
    html = f'<p><script type="application/ld+json">{text}</script>'
    structured = parse_structured_data(parse_html(html))
    list(nodes_of_type(structured, "a"))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_sound_json_comes_back_as_it_was(value: object) -> None:
    assert list(parse_json_documents(json.dumps(value))) == [value]


def test_deep_nesting_ends_without_an_error() -> None:
    assert list(parse_json_documents("[" * 100_000)) == []
    assert list(parse_json_documents('{"a":' * 100_000)) == []


@pytest.mark.parametrize(
    ("inside", "names"),
    [
        ("The <b>Harbour</b> Team", ("The Harbour Team",)),
        ("<p>One.</p><p>Two.</p>", ()),
        ("long " * 60, ()),
        ("", ()),
    ],
)
def test_an_item_without_properties_is_named_by_a_short_text(
    inside: str, names: tuple[str, ...]
) -> None:
    html = f'<div itemscope itemtype="https://schema.org/Person">{inside}</div>'
    (item,) = parse_structured_data(parse_html(html)).microdata
    assert item.texts("name") == names
