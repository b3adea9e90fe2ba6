"""Kinds of bylines that say more than names, or other things than names."""

import pytest

from scraper.extract.dom import parse_html
from scraper.extract.metadata import Metadata, find_metadata
from scraper.extract.metadata.authors.degrees import without_degrees
from scraper.extract.metadata.authors.names import looks_like_name, split_names
from scraper.extract.metadata.authors.organisations import looks_like_organisation
from scraper.extract.structured.structured_data import parse_structured_data

URL = "https://www.bote.example/news/ferry"
REUTERS = '{"@type": "Organization", "name": "Reuters"}'
HEADLINE = "<title>A ferry on the bank</title><h1>A ferry on the bank</h1>"
PROSE = "<p>" + "The ferry ran aground on a bank that was on no chart, and nobody was hurt. " * 4


def read(html: str) -> Metadata:
    root = parse_html(html)
    return find_metadata(root, url=URL, structured=parse_structured_data(root))


def stated(author: str) -> str:
    return (
        '<script type="application/ld+json">{"@type": "NewsArticle",'
        f' "headline": "A ferry on the bank", "author": {author}}}</script>{HEADLINE}'
    )


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Interview: Ida Lund", ("Ida Lund",)),
        ("Entrevista: Ida Lund y Jon Ost", ("Ida Lund", "Jon Ost")),
        ("Wywiad: Ida Lund", ("Ida Lund",)),
        ("Text: Ida Lund Foto: Jon Ost", ("Ida Lund",)),
        ("Text: Ida Lund, Fotos: Jon Ost", ("Ida Lund",)),
        ("Texte : Ida Lund | Photos : Jon Ost", ("Ida Lund",)),
        ("Tekst: Ida Lund Zdjęcia: Jon Ost", ("Ida Lund",)),
        ("Foto: Jon Ost, Text: Ida Lund", ("Ida Lund",)),
        ("Text & Fotos: Ida Lund", ("Ida Lund",)),
        ("Von unserem Korrespondenten Jon Ost", ("Jon Ost",)),
        ("Ida Lund 5 min read", ("Ida Lund",)),
        ("Ida Lund Lesezeit: 4 Minuten", ("Ida Lund",)),
        ("Ida Lund 6 minutos de lectura", ("Ida Lund",)),
        ("Temps de lecture : 3 minutes", ()),
        ("5 min read", ()),
        ("3 min read | By Ida Lund", ("Ida Lund",)),
        ("Lesezeit: 3 Min. Von Ida Lund", ("Ida Lund",)),
        ("Das Interview führte Ida Lund", ("Ida Lund",)),
        ("Συντάκτης: Μαρία Παππά", ("Μαρία Παππά",)),
        ("文／王小明 圖／李四", ("王小明",)),
        ("Tekst Kåre Ødegård Foto Siri Lund", ("Kåre Ødegård",)),
        ("Ida Lund, CNN Business", ("Ida Lund",)),
        ("Dear Reader", ()),
        ("Liebe Leserinnen", ()),
        ("Cara Lund", ("Cara Lund",)),
        ("By Staff Reporter", ()),
        ("By Our Own Correspondent", ()),
        ("De notre correspondant", ()),
        ("Ida Lund, The Post", ("Ida Lund",)),
        ("Ida Lund, CNN", ("Ida Lund",)),
        ("Ida Lund, Kell Daily Herald", ("Ida Lund",)),
        ("Ida Lund The Kell Press", ("Ida Lund",)),
        ("Ida Lund BBC News", ("Ida Lund",)),
        ("Ida Lund, Special to the Post", ("Ida Lund",)),
        ("authors/ida-lund", ("Ida Lund",)),
        ("/author/ida-lund-12/", ("Ida Lund",)),
        ("The Kell Gazette & Courier", ("The Kell Gazette & Courier",)),
        ("Kell & Ostrow", ("Kell & Ostrow",)),
        ("Ida Lund & Jon Ost", ("Ida Lund", "Jon Ost")),
        ("Ida Lund/Jon Ost", ("Ida Lund", "Jon Ost")),
        ("Ana Kell - Ostrow", ("Ana Kell - Ostrow",)),
        ("Ida Lund - Reuters", ("Ida Lund",)),
        ("Ida Lund - CNN", ("Ida Lund",)),
        ("Webmaster", ()),
    ],
)
def test_what_stands_with_a_name_is_no_part_of_it(byline: str, names: tuple[str, ...]) -> None:
    assert split_names(byline) == names


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Dr. Ida Lund", "Ida Lund"),
        ("Prof. Dr. med. Ida Lund", "Ida Lund"),
        ("Ida Lund, M.D.", "Ida Lund"),
        ("Ida Lund, PhD, RN", "Ida Lund"),
        ("Проф. Анна Белова", "Анна Белова"),
        ("Jon Ost, Jr.", "Jon Ost, Jr."),
        ("Dr. Lund", "Dr. Lund"),
        ("Drew Lund", "Drew Lund"),
    ],
)
def test_titles_and_degrees_are_no_names(printed: str, name: str) -> None:
    assert without_degrees(printed) == name


@pytest.mark.parametrize(
    "label", ["New Results", "Recruitment Status", "Dear Reader", "Copy Link", "Leave A Comment"]
)
def test_labels_of_the_page_are_no_names(label: str) -> None:
    assert not looks_like_name(label)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("Kell Times", True),
        ("The Post", True),
        ("ET Bureau", True),
        ("dpa", True),
        ("bote.example.com", True),
        ("Universität Kell", True),
        ("Emily Post", False),
        ("Le Thi Hoa", False),
        ("Ida Lund", False),
    ],
)
def test_organisations_are_known_by_their_words(name: str, is_one: bool) -> None:
    assert looks_like_organisation(name) is is_one


@pytest.mark.parametrize(
    "page",
    [
        stated('[{"@type": "Organization", "name": "KBH News"}]')
        + '<div data-component="byline-block"><span>2 hours ago</span><span>Ida Lund</span>'
        "<span>KBH News, Kell</span></div>",
        stated(REUTERS) + "<p class='byline'>Ida Lund</p>",
        stated('"KB Desk"') + "<p class='byline'>By Ida Lund, KB Desk</p>",
        stated('{"@type": "Person", "name": "ilund2"}') + "<p class='byline'>Ida Lund</p>",
        stated('{"@type": "Person", "name": "The Kell Gazette & Courier"}')
        + "<p class='author'>Ida Lund</p>",
        stated(f'[{REUTERS}, {{"@type": "Person", "name": "Ida Lund"}}]'),
        stated('{"@type": "Organization", "name": "Bote"}') + "<p><strong>Ida Lund</strong></p>",
    ],
)
def test_a_person_outranks_an_organisation_and_an_account(page: str) -> None:
    assert read(page + PROSE).authors == ("Ida Lund",)


def test_all_the_people_of_one_string_are_authors() -> None:
    page = stated(f'[{REUTERS}, {{"@type": "Person", "name": "Ida Lund, Jon Ost"}}]')
    assert read(page + PROSE).authors == ("Ida Lund", "Jon Ost")


def test_titles_are_left_out_of_a_printed_byline() -> None:
    page = (
        HEADLINE
        + "<div class='byline'>By Dr. Ida Lund, MD, and Prof. Jon Ost, Special to Kell</div>"
    )
    assert read(page + PROSE).authors == ("Ida Lund", "Jon Ost")


def test_a_desk_is_named_where_nobody_else_is() -> None:
    assert read(stated('"Kell Web Desk"') + PROSE).authors == ("Kell Web Desk",)


def test_in_a_conversation_an_account_is_who_wrote() -> None:
    page = stated('{"@type": "Person", "name": "ilund2"}').replace(
        "NewsArticle", "DiscussionForumPosting"
    )
    assert read(page + "<p class='byline'>Jon Ost</p>" + PROSE).authors == ("ilund2",)


@pytest.mark.parametrize(
    "related",
    [
        "<aside><h3>More</h3><p class='byline'>By Jon Ost</p></aside>",
        "<div class='related'><a href='/author/jon-ost'>Jon Ost</a></div>",
        "<section class='recommended'><span class='author'>Jon Ost</span></section>",
        "<div class='more-stories'><span class='author'>Jon Ost</span></div>",
        "<article><h3>Rain</h3><p class='byline'>By Jon Ost</p></article>",
        '<script type="application/ld+json">[{"@type": "NewsArticle", "headline": "A ferry on the'
        ' bank"}, {"@type": "NewsArticle", "headline": "Rain", "author": "Jon Ost"}]</script>',
    ],
)
def test_who_wrote_related_stories_is_no_author(related: str) -> None:
    assert read(f"<article>{HEADLINE}{PROSE}</article>{related}").authors == ()


@pytest.mark.parametrize("office", ["By ET Bureau", "By Kell Web Desk", "By Reuters"])
def test_a_printed_line_that_names_an_office_names_nobody(office: str) -> None:
    assert read(f"{HEADLINE}<p class='byline'>{office}</p>{PROSE}").authors == ()


def test_an_address_of_a_person_names_who_nothing_else_does() -> None:
    page = '<meta property="article:author" content="https://www.bote.example/author/ida-lund">'
    found = read(page + HEADLINE + PROSE)
    assert (found.authors, found.evidence["authors"]) == (("Ida Lund",), "meta article:author")
