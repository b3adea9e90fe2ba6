"""Every article of the demo, field by field, against the file it was written in."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime

import pytest

from pipelines.demo.demo_articles import Story
from pipelines.demo.demo_sites import DemoSite, load_sites
from pipelines.store.articles.articles import load_article
from pipelines.store.database.database import open_database
from scraper.article import Article
from scraper.blocks import Block, Code, Figure, Heading, ListBlock, Paragraph, Quote, Table
from tests.end_to_end.conftest import CrawledDemo

Find = Callable[[DemoSite, Story], Article]

SITES = load_sites()
of_every_site = pytest.mark.parametrize("site", SITES, ids=lambda site: site.folder.name)
of_every_story = pytest.mark.parametrize(
    ("site", "story"),
    [
        pytest.param(site, story, id=f"{site.folder.name}/{story.slug}")
        for site in SITES
        for story in site.stories
    ],
)


@pytest.fixture(scope="session")
def find(demo: CrawledDemo) -> Iterator[Find]:
    """The article that came out of the crawl for a story; the test fails when there is none."""
    base_urls = {served.site.folder: served.base_url for served in demo.sites}
    with closing(open_database(demo.path, create=False)) as db:

        def find_stored(site: DemoSite, story: Story) -> Article:
            url = base_urls[site.folder] + site.path_of(story)
            article = load_article(db, url)
            assert article is not None, f"{url} is not in the database"
            return article

        yield find_stored


@of_every_story
def test_who_wrote_what_and_where(site: DemoSite, story: Story, find: Find) -> None:
    article = find(site, story)
    assert article.title == story.title
    assert article.authors == story.authors
    assert article.section == story.section
    assert article.tags == story.tags
    assert article.description == story.description


@of_every_story
def test_what_the_site_says_of_itself(site: DemoSite, story: Story, find: Find) -> None:
    article = find(site, story)
    assert article.site_name == site.name
    assert article.language == site.language
    assert article.access == site.access_of(story)
    assert article.image_url is not None
    assert article.image_url.endswith(f"/images/{story.slug}.svg")


@of_every_story
def test_when(site: DemoSite, story: Story, find: Find) -> None:
    article = find(site, story)
    assert is_moment(article.published_at, story.published)
    assert is_moment(article.modified_at, story.modified)


@of_every_story
def test_body(site: DemoSite, story: Story, find: Find) -> None:
    found = [block for block in find(site, story).blocks if not is_head(block, story)]
    expected = [as_served(block, site) for block in story.blocks]
    body, rest = found[: len(expected)], found[len(expected) :]
    assert [without_host(block) for block in body] == expected
    # Whether questions belong to the body is the page's choice; nothing else may follow it.
    known = {text for pair in story.faq for text in pair} | {site.faq_heading}
    assert [text for text in texts_of(rest) if text not in known] == []


@of_every_story
def test_questions(site: DemoSite, story: Story, find: Find) -> None:
    pairs = tuple((entry.question, entry.answer) for entry in find(site, story).faq)
    assert pairs == story.faq


@of_every_story
def test_text_has_the_story_and_nothing_of_the_template(
    site: DemoSite, story: Story, find: Find
) -> None:
    article = find(site, story)
    lines = article.text.splitlines()
    for block in story.blocks:
        if isinstance(block, Paragraph):
            assert lines.count(block.text) == 1
    assert story.title not in lines
    assert [marker for marker in site.markers if marker in article.text] == []
    others = [other.title for other in site.stories if other.slug != story.slug]
    assert [title for title in others if title in article.text] == []


def is_moment(found: str | None, written: datetime | None) -> bool:
    """Whether both are the same moment; a page without a time zone means its own."""
    if found is None or written is None:
        return found is None and written is None
    moment = datetime.fromisoformat(found)
    return moment == (written if moment.tzinfo else written.replace(tzinfo=None))


def is_head(block: Block, story: Story) -> bool:
    """The picture and the summary that open the page."""
    if isinstance(block, Figure):
        return block.image_url.endswith(f"/{story.slug}.svg")
    return isinstance(block, Paragraph) and block.text == story.description


def as_served(block: Block, site: DemoSite) -> Block:
    """A block as its site's template has it."""
    match block:
        case Heading(level, text):
            return Heading(level + site.heading_shift, text)
        case Figure(image_url, alt, caption):
            return Figure(f"/images/{image_url}", alt, caption)
        case _:
            return block


def without_host(block: Block) -> Block:
    if isinstance(block, Figure):
        path = block.image_url[block.image_url.index("/images/") :]
        return Figure(path, block.alt, block.caption)
    return block


def texts_of(blocks: Iterable[Block]) -> Iterator[str]:
    """Every piece of text in blocks, in order."""
    for block in blocks:
        match block:
            case ListBlock(_, items):
                for item in items:
                    yield item.text
                    yield from texts_of(item.blocks)
            case Table(rows, caption):
                yield json.dumps([rows, caption])
            case Figure(image_url):
                yield image_url
            case Heading(_, text) | Paragraph(text) | Quote(text) | Code(text):
                yield text
