"""Comments under a story and entries of a live blog: data of their own, never the story's text."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from scraper import Article, Comment, LiveEntry, extract_article

MakePage = Callable[..., str]
FIRST = "We moved our sheep a day earlier, because nobody told us anything about the water."
ANSWER = "The council did tell everybody, twice, and there were notes on every door of the street."
EXPECTED = (
    Comment(FIRST, "Marta Oak", "2031-05-04T09:15:00+00:00", 0),
    Comment(ANSWER, "tidewatcher", "2031-05-04T10:20:00+00:00", 1),
)

THREADS = {
    "wordpress": f"""<div id="comments" class="comments-area"><h2>2 thoughts</h2>
      <ol class="comment-list"><li id="comment-1" class="comment even depth-1"><article
      class="comment-body"><footer class="comment-meta"><div class="comment-author vcard"><b
      class="fn">Marta Oak</b> <span class="says">says:</span></div><div class="comment-metadata">
      <time datetime="2031-05-04T09:15:00+00:00">May 4, 2031 at 9:15</time></div></footer>
      <div class="comment-content"><p>{FIRST}</p></div><div class="reply"><a href="#r">Reply</a>
      </div></article><ol class="children"><li id="comment-2" class="comment odd depth-2"><article
      class="comment-body"><footer class="comment-meta"><div class="comment-author vcard"><b
      class="fn">tidewatcher</b> <span class="says">says:</span></div><div
      class="comment-metadata"><time datetime="2031-05-04T10:20:00+00:00">May 4, 2031 at 10:20
      </time></div></footer><div class="comment-content"><p>{ANSWER}</p></div><div class="reply">
      <a href="#r">Reply</a></div></article></li></ol></li></ol></div>""",
    "microdata": f"""<section><div itemscope itemtype="https://schema.org/Comment"><span
      itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">Marta
      Oak</span></span> <time itemprop="dateCreated" datetime="2031-05-04T09:15:00+00:00">4 May
      </time><p itemprop="text">{FIRST}</p><div itemscope itemtype="https://schema.org/Comment">
      <span itemprop="name">tidewatcher</span> <time datetime="2031-05-04T10:20:00+00:00">4 May
      </time><p itemprop="text">{ANSWER}</p></div></div></section>""",
}


@pytest.mark.parametrize("name", THREADS)
def test_comments_are_read_and_kept_out_of_the_text(
    name: str, article_page: MakePage, paragraphs: tuple[str, ...]
) -> None:
    article = extract_article(article_page(after=THREADS[name]))
    assert article.comments == EXPECTED
    assert article.text.splitlines() == list(paragraphs)
    assert article.published_at is None


@pytest.mark.parametrize(
    "title", ["14 comments", "Kommentare (3)", "Commentaires", "Comentarios", "Комментарии", "评论"]
)
def test_posts_under_a_heading_that_says_so_are_comments(
    title: str, article_page: MakePage, paragraphs: tuple[str, ...]
) -> None:
    posts = "".join(
        f'<article><h3>{name}</h3><time datetime="{day}">4.5.</time><p>{text}</p></article>'
        for name, day, text in (
            ("Marta Oak", "2031-05-04T09:15:00Z", FIRST),
            ("tidewatcher", "2031-05-04T10:20:00Z", ANSWER),
        )
    )
    html = article_page(after=f"<section><h2>{title}</h2>{posts}</section>")
    article = extract_article(html)
    assert [(c.author, c.text) for c in article.comments] == [
        ("Marta Oak", FIRST),
        ("tidewatcher", ANSWER),
    ]
    assert article.text.splitlines() == list(paragraphs)


def test_a_forum_is_no_story_with_comments(paragraphs: tuple[str, ...]) -> None:
    posts = "".join(
        f'<div class="comment" id="comment-{i}"><cite>user{i}</cite><time datetime="2031-05-0{i}">'
        f"{i} May</time><p>{text}</p></div>"
        for i, text in enumerate(paragraphs, 1)
    )
    html = f"<title>Water</title><h1>Water in the cellar</h1><p>{'How? ' * 60}</p>{posts}"
    assert extract_article(html).comments == ()


def _live_node() -> dict[str, Any]:
    updates = [
        {
            "@type": "BlogPosting",
            "headline": "Bridge open again",
            "datePublished": "2031-05-04T14:05:00Z",
            "articleBody": f"<p>{FIRST}</p><p>{ANSWER}</p>",
            "author": {"@type": "Person", "name": "Tom Reeve"},
        },
        {
            "@type": "BlogPosting",
            "datePublished": "2031-05-04T12:40:00Z",
            "articleBody": ANSWER * 2,
        },
    ]
    return {"@type": "LiveBlogPosting", "headline": "Flood: live", "liveBlogUpdate": updates}


def test_entries_of_a_live_blog_are_kept_with_their_times() -> None:
    script = f'<script type="application/ld+json">{json.dumps(_live_node())}</script>'
    article = extract_article(f"<title>Flood: live</title>{script}<div id=root></div>")
    assert article.entries == (
        LiveEntry(
            f"{FIRST}\n{ANSWER}", "Bridge open again", "Tom Reeve", "2031-05-04T14:05:00+00:00"
        ),
        LiveEntry(ANSWER * 2, None, None, "2031-05-04T12:40:00+00:00"),
    )
    assert article.text.splitlines() == ["Bridge open again", FIRST, ANSWER, ANSWER * 2]
    assert article.evidence["text"] == "json-ld liveBlogUpdate"


def test_marked_entries_of_a_live_blog_are_kept(article_page: MakePage) -> None:
    entry = (
        '<div itemprop="liveBlogUpdate" itemscope itemtype="https://schema.org/BlogPosting"><h3 '
        'itemprop="headline">Bridge open again</h3><time itemprop="datePublished" '
        'datetime="2031-05-04T14:05:00Z">14:05</time><span itemprop="author">Tom Reeve</span>'
        f'<div itemprop="articleBody"><p>{FIRST}</p></div></div>'
    )
    article = extract_article(article_page(body=f"<p>{ANSWER * 3}</p>{entry}"))
    assert article.entries == (
        LiveEntry(FIRST, "Bridge open again", "Tom Reeve", "2031-05-04T14:05:00+00:00"),
    )


def test_a_record_with_comments_and_entries_comes_back() -> None:
    article = Article(comments=EXPECTED, entries=(LiveEntry(FIRST, None, "a", None),))
    assert Article.from_dict(json.loads(json.dumps(article.to_dict()))) == article


def test_controls_are_taken_out_of_comments(article_page: MakePage) -> None:
    thread = THREADS["wordpress"].replace("a day", "a&#27;[31m day")
    assert extract_article(article_page(after=thread)).comments == EXPECTED
