"""What changed between versions, and that what is said to have changed did."""

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from pipelines.store.articles.articles import save_article
from pipelines.store.articles.revisions import (
    ParagraphChange,
    diff_paragraphs,
    diff_words,
    load_revisions,
)
from scraper import extract_article
from scraper.article import Article

_LINES = st.lists(st.sampled_from(["rain", "rain fell", "sun", "sun rose late", "fog"]), max_size=8)


@given(old=_LINES, new=_LINES)
@settings(max_examples=100, deadline=None)
def test_a_diff_holds_both_versions(old: list[str], new: list[str]) -> None:
    changes = diff_paragraphs("\n".join(old), "\n".join(new))
    assert [c.old for c in changes if c.old is not None] == old
    assert [c.new for c in changes if c.new is not None] == new
    for change in changes:
        if change.change == "replace":
            words = change.words
            assert "".join(w.text for w in words if w.change != "insert") == change.old
            assert "".join(w.text for w in words if w.change != "delete") == change.new


def test_an_edited_paragraph_is_paired_with_what_it_was() -> None:
    old = "The mayor spoke for an hour.\nNobody answered him."
    new = "It rained all morning.\nThe mayor spoke for two hours.\nNobody answered him."
    changes = diff_paragraphs(old, new)
    assert [c.change for c in changes] == ["insert", "replace", "equal"]
    assert [w.text for w in changes[1].words if w.change == "insert"] == ["two hours"]
    assert [w.text for w in changes[1].words if w.change == "delete"] == ["an hour"]


def test_words_of_long_texts_are_not_compared_for_ever() -> None:
    assert [w.change for w in diff_words("a " * 20_000, "b " * 20_000)] == ["delete", "insert"]


def test_versions_load_in_order_with_what_the_next_made_of_them(db: Database) -> None:
    for title, text in (("Rain", "One."), ("Rain", "One.\nTwo."), ("Sun", "One.\nTwo.")):
        save_article(db, Article(url="https://a.example/1", title=title, text=text))
    versions = load_revisions(db, 1)
    assert [v.revision for v in versions] == [1, 2, 3]
    assert versions[0].changes == (
        ParagraphChange("equal", "One.", "One."),
        ParagraphChange("insert", None, "Two."),
    )
    assert (versions[1].changes[0].old, versions[1].changes[0].new) == ("Rain", "Sun")
    assert (versions[2].changes, versions[2].replaced_at) == ((), None)
    assert versions[0].replaced_at == versions[1].seen_at
    assert load_revisions(db, 99) == []


_PAGE = """<!doctype html><html lang="en"><head><title>Ferry line returns</title></head><body>
<header><a href="/">Harbour Courier</a></header>
<article><h1>Ferry line returns</h1>
<p>After nine years without a boat the ferry to the island of Norr returns in May, the council
decided on Tuesday by a vote of nine to four after a long debate.</p>
<div class="share"><button>Share</button> <span>{shares} shares</span></div>
<p>Two boats a day will run, at seven and at nine. {fare}</p>
<p>Islanders waited on the quay for the result and rang the bell of the old customs house when the
news came through in the late afternoon.</p>
</article>
<aside class="related"><h2>Related</h2><ul>{related}</ul></aside>
<footer>© Harbour Courier</footer></body></html>"""


def _read(shares: int, related: str, fare: str = "Tickets cost four crowns.") -> Article:
    items = "".join(f'<li><a href="/{word}">{word.title()} stories</a></li>' for word in related)
    page = _PAGE.format(shares=shares, related=items, fare=fare)
    return extract_article(page, url="https://harbour.example/ferry")


def test_share_counters_and_related_lists_make_no_version_and_an_edit_does(db: Database) -> None:
    assert save_article(db, _read(12, "abc")).status == "new"
    assert save_article(db, _read(1_204, "xyz")).status == "unchanged"
    assert save_article(db, _read(1_300, "xyz", "Tickets cost five crowns.")).status == "changed"
    first, second = load_revisions(db, 1)
    assert (first.revision, second.revision) == (1, 2)
    (edit,) = [change for change in first.changes if change.change != "equal"]
    assert [w.text for w in edit.words if w.change != "equal"] == ["four", "five"]
