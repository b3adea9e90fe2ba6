"""Pairs stated in JSON-LD and microdata (schema.org FAQPage, QAPage, Question, Answer)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scraper.article import FaqEntry
from scraper.errors import ExtractionError
from scraper.extract.dom import parse_html
from scraper.extract.faq.questions import clean_answer, clean_question
from scraper.extract.structured.structured_data import (
    StructuredData,
    items_of_type,
    nodes_of_type,
    text_of,
)

_MARKUP: Final = re.compile(r"<\s*[a-z/!][^>]*>|&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});", re.I)
_MAX_ESCAPING: Final = 2  # publishers escape once too often
_MAX_ANSWER_CHARS: Final = 20_000  # characters of markup; bounds the time of parsing it


def find_stated_pairs(structured: StructuredData) -> Iterator[FaqEntry]:
    """The pairs a page states in JSON-LD, then those in microdata; of answers one block a line."""
    for node in nodes_of_type(structured, "Question"):
        question, answer = _first_text(node, "name", "text"), _answer_of(structured, node)
        if question and answer:
            yield FaqEntry(clean_question(question), answer, "json-ld")
    for item in items_of_type(structured, "Question"):
        names = item.texts("name") or item.texts("text")
        answers = [*item.items("acceptedAnswer"), *item.items("suggestedAnswer")]
        texts = [text for answer in answers for text in answer.texts("text") if text.strip()]
        if not texts:  # an answer that is no item of its own
            texts = [text for text in item.texts("acceptedAnswer") if text.strip()]
        if names and texts and names[0].strip():
            question = " ".join(names[0].split())
            yield FaqEntry(clean_question(question), clean_answer(texts[0]), "microdata")


def _answer_of(structured: StructuredData, question: Mapping[str, Any]) -> str:
    """The accepted answer, else the first suggested one; "" when neither has text."""
    for name in ("acceptedAnswer", "suggestedAnswer"):
        value = structured.resolve(question.get(name))
        for answer in value if isinstance(value, list) else [value]:
            resolved = structured.resolve(answer)
            if isinstance(resolved, dict):
                text = _first_text(resolved, "text", "articleBody", "description", lines=True)
            else:
                text = strip_markup(resolved) if isinstance(resolved, str) else ""
            if text:
                return clean_answer(text)
    return ""


def _first_text(node: Mapping[str, Any], *names: str, lines: bool = False) -> str:
    for name in names:
        value = node.get(name)
        values = value if isinstance(value, list) else [value]
        parts = (v.get("@value") if isinstance(v, dict) else v for v in values)
        text = strip_markup("\n".join(part for part in parts if isinstance(part, str)))
        if text:
            return text if lines else " ".join(text.split())
    return ""


def strip_markup(text: str) -> str:
    r"""The plain lines of a text that may be HTML, escaped once or twice; "" when nothing is left.

    Example:
        >>> strip_markup("<p>Rain &amp;amp; wind</p><p>all night</p>")
        'Rain & wind\nall night'
    """
    text = text[:_MAX_ANSWER_CHARS]
    for _ in range(_MAX_ESCAPING):
        if not _MARKUP.search(text):
            break
        try:
            text = text_of(parse_html("<div>" + text.replace("\n", "<br>") + "</div>"))
        except ExtractionError:
            return ""
    return "\n".join(line for line in (" ".join(raw.split()) for raw in text.split("\n")) if line)
