"""Who wrote it: what the page states, what it shows, and which of the two is right."""

import pytest

from scraper.extract.dom import parse_html
from scraper.extract.metadata import Metadata, find_metadata
from scraper.extract.structured.structured_data import parse_structured_data

URL = "https://bote.example/news/ferry"
HEADLINE = "<title>A ferry on the bank</title><h1>A ferry on the bank</h1>"
PROSE = "<p>" + "The ferry ran aground on a bank that was on no chart, and nobody was hurt. " * 4


def read(html: str) -> Metadata:
    root = parse_html(html)
    return find_metadata(root, url=URL, structured=parse_structured_data(root))


@pytest.mark.parametrize(
    "stated",
    [
        '<meta name="author" content="KerrinT">',
        '<meta name="author" content="Kerrin Tolk">',
        """<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x",
        "author": {"@type": "Person", "name": "Kerrin Tolk"}}</script>""",
    ],
)
def test_the_byline_readers_see_outranks_who_put_the_story_on_the_site(stated: str) -> None:
    page = stated + HEADLINE + "<p>By <a href='/ida'>Ida Lund</a></p>" + PROSE
    assert read(page).authors == ("Ida Lund",)


def test_a_byline_that_the_data_completes_changes_nothing() -> None:
    page = '<meta name="author" content="Ida Lund, Jon Ost">' + HEADLINE + "<p>By Ida Lund</p>"
    assert read(page + PROSE).authors == ("Ida Lund", "Jon Ost")


def test_those_who_comment_are_no_authors() -> None:
    page = f"""<article itemscope itemtype="https://schema.org/Article">{HEADLINE}
    <p>By <span itemprop="author">Ida Lund</span></p>{PROSE}
    <ol><li><b itemprop="author">Harm Kell</b>: Well said.</li></ol></article>"""
    assert read(page).authors == ("Ida Lund",)


@pytest.mark.parametrize(
    "byline",
    [
        "By <a href='/ida'>Ida Lund</a>, <a href='/jon'>Jon Ost</a> and <a href='/w'>Wim Tey</a>",
        "By Ida Lund, <a href='/jon'>Jon Ost</a><span>, </span><a href='/w'>Wim Tey</a>",
        "Von <b>Ida Lund</b> und <b>Jon Ost</b>, <b>Wim Tey</b>",
    ],
)
def test_every_link_of_a_byline_is_an_author(byline: str) -> None:
    page = HEADLINE + f"<p>{byline}</p><p>3 May 2031</p>" + PROSE
    assert read(page).authors == ("Ida Lund", "Jon Ost", "Wim Tey")


def test_the_card_of_a_shared_link_names_the_writer() -> None:
    page = """<meta name="twitter:label1" content="Written by">
    <meta name="twitter:data1" content="Ida (Ana) Lund">
    <meta name="twitter:label2" content="Time"><meta name="twitter:data2" content="5 min">"""
    assert read(page + HEADLINE + PROSE).authors == ("Ida (Ana) Lund",)


@pytest.mark.parametrize(
    "foot",
    [
        "<p>This post was written by Ida Lund, Head of Ships and Harbour Affairs</p>",
        "<div>Written by <b>Ida Lund</b></div>",
        "<footer><a href='/author/ida'>View all posts by Ida Lund</a></footer>"
        "<div><a href='/author/ida'>Ida Lund</a></div>",
    ],
)
def test_a_signature_at_the_foot_counts_where_nothing_else_does(foot: str) -> None:
    assert read(HEADLINE + PROSE + foot).authors == ("Ida Lund",)


def test_links_to_several_people_say_nothing() -> None:
    links = "<p><a href='/author/ida'>Ida Lund</a></p><p><a href='/author/jon'>Jon Ost</a></p>"
    assert read(HEADLINE + PROSE + links).authors == ()


def test_the_day_of_the_week_is_no_byline() -> None:
    assert read(HEADLINE + "<p class='byline'>Sat, 3 May 2031</p>" + PROSE).authors == ()


def test_the_day_may_stand_before_the_name() -> None:
    page = HEADLINE + "<div>May 3, 2031 · Ida Lund on behalf of <a href='/p'>the port</a></div>"
    assert read(page + PROSE).authors == ("Ida Lund",)


def test_an_agency_near_the_headline_does_not_replace_the_stated_paper() -> None:
    page = """<meta property="og:site_name" content="Varnholter Bote">
    <meta name="author" content="Varnholter Bote">"""
    assert read(page + HEADLINE + "<p>Von APA</p>" + PROSE).authors == ("Varnholter Bote",)


def test_citations_put_the_last_name_first_and_records_do_not() -> None:
    page = """<meta name="citation_author" content="Lund, Ida"><meta name="citation_author"
    content="van Tey, Wim"><meta name="citation_author" content="Ost, Jon K">"""
    assert read(page + HEADLINE + PROSE).authors[::2] == ("Ida Lund", "Jon K Ost")


def test_an_author_may_be_named_in_the_record_beside_the_best_one() -> None:
    page = """<script type="application/ld+json">[{"@type": "NewsArticle", "headline": "x",
    "url": "https://bote.example/news/ferry", "datePublished": "2031-05-03"},
    {"@type": "Article", "author": {"@type": "Person", "name": "Ida Lund"}}]</script>"""
    assert read(page + HEADLINE + PROSE).authors == ("Ida Lund",)


@pytest.mark.parametrize(
    "foot",
    [
        "<h3>Author</h3><p>Ida Lund</p>",
        "<div><h2>Article by</h2></div><div>Ida Lund</div><div>Ida lives by the sea.</div>",
        "<ul><li><b>Datum</b> 3.5.2031</li><li><b>Autorin/Autor</b> Ida Lund</li></ul>",
        "<aside><h6>Author(s)</h6><ul><li><a href='/i'>Ida Lund</a></li></ul></aside>",
    ],
)
def test_a_label_says_who_stands_beside_or_below_it(foot: str) -> None:
    assert read(HEADLINE + PROSE + foot).authors == ("Ida Lund",)


def test_several_labels_are_about_other_works() -> None:
    books = "<dl><dt>Author</dt><dd>Ida Lund</dd><dt>Author</dt><dd>Jon Ost</dd></dl>"
    assert read(HEADLINE + 12 * PROSE + books).authors == ()
    assert read(HEADLINE + 12 * PROSE + books[:40]).authors == ("Ida Lund",)


@pytest.mark.parametrize(
    ("start", "authors"),
    [("<article>", ("Ida Lund",)), ("<div>", ())],
    ids=["of the article", "of the site"],
)
def test_the_footer_of_the_article_may_name_its_author(
    start: str, authors: tuple[str, ...]
) -> None:
    byline = "<footer><p class='author'>Ida Lund</p></footer>"
    assert read(start + HEADLINE + PROSE + byline).authors == authors


def test_a_teaser_marked_as_an_article_does_not_name_the_author_of_the_page() -> None:
    card = """<meta name="twitter:label1" content="Written by">
    <meta name="twitter:data1" content="Ida Lund">"""
    teasers = "".join(
        f"""<div itemscope itemtype="https://schema.org/Article"><a itemprop="url" href="/{n}">
        <b itemprop="headline">{n} bells ring</b></a><i itemprop="author">{n} Ost</i></div>"""
        for n in ("Jon", "Wim")
    )
    assert read(card + HEADLINE + PROSE + teasers).authors == ("Ida Lund",)


@pytest.mark.parametrize(
    "own",
    [
        '<b itemprop="headline">A ferry on the bank</b>',
        f'<link itemprop="url" href="{URL}/">',
        "",
    ],
    ids=["by its headline", "by its address", "alone without a headline"],
)
def test_among_several_items_the_page_has_its_own(own: str) -> None:
    items = "".join(
        f"""<div itemscope itemtype="https://schema.org/Article">{about}
        <i itemprop="author">{name}</i></div>"""
        for about, name in (("<b itemprop=headline>Bells ring</b>", "Jon Ost"), (own, "Ida Lund"))
    )
    assert read(HEADLINE + PROSE + items).authors == ("Ida Lund",)


def test_who_wrote_the_article_outranks_the_office_that_owns_the_page() -> None:
    office = """<script type="application/ld+json">{"@type": "Article", "headline": "x",
    "author": {"@type": "Organization", "name": "The Harbour Office of Varnholt"}}</script>"""
    foot = "<div><b>Article written by:</b> <span>Ida Lund</span></div>"
    assert read(office + HEADLINE + PROSE + foot).authors == ("Ida Lund",)


def test_a_label_may_say_the_same_twice() -> None:
    foot = "<div><b>Written by</b><p>Ida Lund</p></div>"
    assert read(HEADLINE + 12 * PROSE + 2 * foot).authors == ("Ida Lund",)


def test_an_office_with_an_and_in_its_name_is_one() -> None:
    page = """<script type="application/ld+json">{"@type": "Article", "headline": "x",
    "author": {"@type": "Organization", "name": "The Harbour Rescue and Pilot Service"}}</script>
    <meta name="author" content="The Harbour Rescue and Pilot Service">"""
    assert read(page + HEADLINE + PROSE).authors == ("The Harbour Rescue and Pilot Service",)


def test_a_title_that_reads_like_a_name_is_not_who_wrote_it() -> None:
    head = "<title>Marta Vess</title><h1>Marta Vess</h1><p>Marta Vess</p><p>3 May 2031</p>"
    assert read(head + PROSE).authors == ()


def test_a_job_of_two_halves_is_one_job() -> None:
    byline = "<p>By Ida Lund, Garden Writer &amp; Garden Educator</p>"
    assert read(HEADLINE + byline + PROSE).authors == ("Ida Lund",)
