"""Headlines that are not the page's first <h1>, and sections that only the markup names."""

from scraper import extract_article
from scraper.blocks import Heading

PROSE = "The ferry ran aground on a bank that was not on the chart, and nobody was hurt. " * 4


def test_the_name_of_a_blog_is_not_the_title_of_its_posts() -> None:
    page = f"""<title>A ferry on the bank « Harbour Diary</title>
    <h1 id="name"><a href="/">Harbour Diary</a></h1>
    <div class="post"><h2>A ferry on the bank</h2><p>{PROSE}</p><p>{PROSE}</p></div>"""
    assert extract_article(page, url="https://d.example/2026/ferry").title == "A ferry on the bank"


def test_a_heading_by_role_is_a_headline_and_not_repeated_in_the_body() -> None:
    page = f"""<title>A ferry on the bank • Diary</title>
    <div role="heading" aria-level="1"><b>A ferry on the bank</b></div>
    <div>4 March 2026, 18:30</div>
    <div><div>{PROSE}</div><div>{PROSE}</div></div>"""
    article = extract_article(page, url="https://d.example/s/ferry-1")
    assert article.title == "A ferry on the bank"
    assert (article.published_at or "").startswith("2026-03-04")
    assert Heading(1, article.title) not in article.blocks
    assert "A ferry on the bank" not in article.text


def test_the_section_comes_from_microdata() -> None:
    page = f"""<div itemscope itemtype="https://schema.org/NewsArticle">
    <meta itemprop="articleSection" content="Shipping">
    <h1 itemprop="headline">A ferry on the bank</h1><p>{PROSE}</p></div>"""
    article = extract_article(page, url="https://d.example/s/ferry-1")
    assert (article.section, article.evidence["section"]) == (
        "Shipping",
        "microdata articleSection",
    )


def test_the_section_comes_from_a_link_marked_as_category() -> None:
    page = f"""<h1>A ferry on the bank</h1>
    <p>in <a href="/c/shipping" rel="category tag">Shipping</a></p><p>{PROSE}</p>"""
    assert extract_article(page, url="https://d.example/s/ferry-1").section == "Shipping"
