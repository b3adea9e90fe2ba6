"""Questions and answers in text without markup: lines that ask, and the lines below them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from scraper.article import FaqEntry
from scraper.extract.faq.questions import FAQ_TITLE, clean_answer, clean_question, is_question
from scraper.extract.plain_text.lines import Line

_LONGEST_TITLE_CHARS: Final = 120  # a longer line that says FAQ is a sentence about one
_LEAST_ANSWER_CHARS: Final = 60  # a shorter line that was not kept is no answer
_QUESTIONS_WITHOUT_TITLE: Final = 4  # fewer are how essays ask themselves


@dataclass(frozen=True, slots=True)
class LineFaq:
    """The question and answer pairs of a flattened page, and which lines ask."""

    entries: tuple[FaqEntry, ...] = ()
    questions: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Run:
    titled: bool
    pairs: list[tuple[int, list[str]]] = field(default_factory=list)


def find_line_faq(lines: Sequence[Line], kept: Sequence[int], headings: frozenset[int]) -> LineFaq:
    """The pairs under a line that says FAQ, or of four or more question headings in a row."""
    entries: dict[str, FaqEntry] = {}
    questions: set[int] = set()
    for run in _runs(lines, frozenset(kept), headings):
        answered = [(index, answer) for index, answer in run.pairs if answer]
        if not answered or (not run.titled and len(answered) < _QUESTIONS_WITHOUT_TITLE):
            continue
        for index, answer in answered:
            question = clean_question(lines[index].text)
            text = clean_answer("\n".join(answer))
            entries.setdefault(question.lower(), FaqEntry(question, text, "text"))
            questions.add(index)
    return LineFaq(tuple(entries.values()), frozenset(questions))


def _runs(lines: Sequence[Line], kept: frozenset[int], headings: frozenset[int]) -> Iterator[_Run]:
    """Questions one after the other with the lines below each; a title that says FAQ opens a run.

    Under one every question counts and every line answers; without one only headings that ask, and
    kept lines. A heading that does not ask, or a short line that was not kept, ends a run.
    """
    run = _Run(titled=False)
    for index, line in enumerate(lines):
        text = line.text
        is_title = len(text) <= _LONGEST_TITLE_CHARS and bool(FAQ_TITLE.search(text))
        if is_title and not is_question(text):
            yield run
            run = _Run(titled=True)
        elif is_question(text) and (run.titled or index in headings):
            run.pairs.append((index, []))
        elif index in headings or not (index in kept or len(text) >= _LEAST_ANSWER_CHARS):
            if run.pairs:
                yield run
                run = _Run(titled=False)
        elif run.pairs and (index in kept or run.titled):
            run.pairs[-1][1].append(text)
    yield run
