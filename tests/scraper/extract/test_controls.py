"""Controls and terminal escapes: in no text, in whatever element a page puts them."""

import re

from hypothesis import given
from hypothesis import strategies as st

from scraper import extract_article, extract_plain_text

SENTENCE = "It has rained all night in the hills above the little town of Alder Bay. "
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def test_no_element_keeps_them() -> None:
    red = "&#27;[31mred&#27;[0m\x1b]0;owned\x07"
    article = extract_article(
        f"<h1>Rain</h1><p>{red} {SENTENCE * 4}</p><h2>What {red} changes</h2><p>{SENTENCE * 4}</p>"
        f"<ul><li>{red} boats {SENTENCE}</li><li>Cars {SENTENCE}</li></ul><p>{SENTENCE * 4}</p>"
        f"<blockquote><p>{red} {SENTENCE * 2}</p></blockquote>"
        f"<table><tr><th>{red}</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>"
    )
    assert article.text.count("red") >= 4
    assert FORBIDDEN.search(repr(article.to_dict()).encode().decode("unicode_escape")) is None
    assert "[31m" not in article.text + article.markdown
    assert "owned" not in article.text


def test_a_flattened_page_keeps_none_and_its_lines_stay_lines() -> None:
    text = f"Menu\n\nRain \x1b[1magain\x1b[0m\n\n\x1b[31mIt rained.\x0c{SENTENCE * 9}\x1b]0;t\x07"
    article = extract_plain_text(text)
    assert FORBIDDEN.search(f"{article.title}{article.text}") is None
    assert "rained all night" in article.text


@given(st.text(alphabet="\x1b[]0;31m\x07\x9b\x9d\\ a\x90P", max_size=40))
def test_no_broken_sequence_leaves_a_control(text: str) -> None:
    article = extract_article(f"<h1>Rain</h1><p>{SENTENCE * 6}{text}</p><p>{SENTENCE * 4}</p>")
    assert FORBIDDEN.search(article.text + article.markdown) is None
