"""What a list said of a story, where its page says nothing."""

from scraper.article import Article
from scraper.extract.metadata.listed import complete_from_listing
from scraper.listing import Listing

LISTING = Listing(
    kind="sitemap",
    title="A <b>ferry</b> on the bank",
    published_at="2031-05-03T08:00:00+00:00",
    authors=("desk@kell.example (Ida Lund)", "Kell Bote"),
    tags=("Ships",),
)


def test_a_page_that_says_nothing_is_completed() -> None:
    article = complete_from_listing(Article(site_name="Kell Bote"), LISTING)
    assert article.title == "A ferry on the bank"
    assert article.published_at == "2031-05-03T08:00:00+00:00"
    assert article.authors == ("Ida Lund",)
    assert article.tags == ("Ships",)
    assert {article.evidence[key] for key in ("title", "published_at", "authors", "tags")} == {
        "sitemap"
    }


def test_what_the_page_says_stays() -> None:
    said = Article(title="Rain", published_at="2031-05-01", authors=("Jon Ost",), tags=("Weather",))
    assert complete_from_listing(said, LISTING) is said
    assert complete_from_listing(said, None) is said
