"""Question and answer pairs, by the ways sites show and state them."""

import pytest

from scraper.article import FaqEntry
from scraper.extract.dom import parse_html
from scraper.extract.faq import find_faq
from scraper.extract.segment import segment_tree
from scraper.extract.structured.structured_data import parse_structured_data


def _find(html: str) -> tuple[FaqEntry, ...]:
    root = parse_html(html)
    return find_faq(segment_tree(root), parse_structured_data(root))


def _pairs(html: str) -> list[tuple[str, str]]:
    return [(entry.question, entry.answer) for entry in _find(html)]


_FERRY = [
    ("When does the ferry leave?", "At seven, and again at noon."),
    ("May I bring a bicycle?", "Yes.\nIt costs nothing."),
]
_SHOWN = {
    "details": """<section><details><summary>When does the ferry leave?</summary><p>At seven, and
        again at noon.</p></details><details><summary><b>May I bring a bicycle?</b></summary><p>Yes.
        </p><p>It costs nothing.</p></details></section>""",
    "panels named by their buttons": """<div class="accordion">
        <h3><button aria-controls="p1">When does the ferry leave?</button></h3>
        <h3><button aria-controls="p2">May I bring a bicycle?</button></h3>
        <div id="p1" hidden><p>At seven, and again at noon.</p></div>
        <div id="p2" style="display:none"><p>Yes.</p><p>It costs nothing.</p></div></div>""",
    "panels after their headers": """<div class="faq-list">
        <div class="item"><div class="head"><span>When does the ferry leave?</span><i>+</i></div>
        <div class="body" aria-hidden="true">At seven, and again at noon.</div></div>
        <div class="item open"><div class="head"><span>May I bring a bicycle?</span><i>+</i></div>
        <div class="body"><p>Yes.</p><p>It costs nothing.</p></div></div></div>""",
    "definition list": """<h2>Frequently asked questions</h2><dl><dt>When does the ferry leave?</dt>
        <dd>At seven, and again at noon.</dd><dt>May I bring a bicycle?</dt><dd>Yes.</dd>
        <dd>It costs nothing.</dd></dl>""",
    "headings under a title": """<p>It is a long way.</p><h2>FAQ</h2><h3>When does the ferry
        leave?</h3><p>At seven, and again at noon.</p><h3>May I bring a bicycle?</h3><p>Yes.</p>
        <p>It costs nothing.</p><h2>More news</h2><p>The mill is for sale.</p>""",
    "labelled paragraphs": """<h2>Questions and answers</h2><p><b>Q: When does the ferry leave?</b>
        </p><p>A: At seven, and again at noon.</p><p><b>Q: May I bring a bicycle?</b></p>
        <p>A: Yes.</p><p>It costs nothing.</p>""",
    "links that unfold": """<ul class="faqs"><li><a href="#">When does the ferry leave?</a><div>At
        seven, and again at noon.</div></li><li><a href="#">May I bring a bicycle?</a><div>Yes.
        </div><div>It costs nothing.</div></li></ul>""",
}


@pytest.mark.parametrize("html", _SHOWN.values(), ids=_SHOWN.keys())
def test_pairs_that_a_page_shows(html: str) -> None:
    assert _pairs(f"<body><p>Before.</p>{html}</body>") == _FERRY
    assert {entry.source for entry in _find(html)} == {"html"}


_OTHER_LANGUAGES = {
    "German": ("Häufig gestellte Fragen", "Wann fährt die Fähre ab?", "Um sieben Uhr früh."),
    "French": ("Questions fréquentes", "Quand part le bac ?", "À sept heures du matin."),
    "Spanish": ("Preguntas frecuentes", "¿Cuándo sale el barco?", "A las siete de la mañana."),
    "Russian": ("Часто задаваемые вопросы", "Когда отходит паром?", "В семь часов утра."),
    "Greek": ("Συχνές ερωτήσεις", "Πότε φεύγει το πλοίο;", "Στις επτά το πρωί."),
    "Arabic": ("الأسئلة الشائعة", "متى تغادر العبارة؟", "في السابعة صباحا."),
    "Chinese": ("常见问题", "渡轮什么时候出发？", "早上七点出发，中午还有一班。"),
    "Japanese": ("よくある質問", "船は何時に出ますか。", "朝の七時に出ます。"),
    "Korean": ("자주 묻는 질문", "배는 언제 떠납니까?", "아침 일곱 시에 떠납니다."),
}


@pytest.mark.parametrize("words", _OTHER_LANGUAGES.values(), ids=_OTHER_LANGUAGES.keys())
def test_other_languages(words: tuple[str, str, str]) -> None:
    title, question, answer = words
    html = f"<h2>{title}</h2><h3>{question}</h3><p>{answer}</p>"
    assert _pairs(html) == [(question, answer)]


_NO_FAQ = {
    "an essay that asks": """<article><h2>Who owns the sea?</h2><p>Nobody did for a long time, and
        then everybody wanted to.</p><h2>The law of 1609</h2><p>It was written for a captured ship.
        </p><h2>And what now?</h2><p>Nothing will change soon.</p></article>""",
    "titles of other pages": """<div class="faq-links"><ul><li><a href="/a">Who owns the sea?</a>
        <span>3 May</span></li><li><a href="/b">Is the mill for sale?</a><span>4 May</span></li>
        </ul></div>""",
    "comments": """<div class="comments"><h2>FAQ</h2><p>Is this true?</p><p>I do not think so.</p>
        <p>Why would they?</p><p>For the money.</p></div>""",
    "a menu": """<nav class="menu"><button>Need help?</button><a href="/h">Call</a>
        <button>Lost?</button><a href="/m">Map</a></nav>""",
}


@pytest.mark.parametrize("html", _NO_FAQ.values(), ids=_NO_FAQ.keys())
def test_questions_that_are_no_faq(html: str) -> None:
    assert _pairs(html) == []


def test_four_question_headings_in_a_row_need_no_title() -> None:
    parts = [f"<h2>What is part {n}?</h2><p>Part {n} is a part of it.</p>" for n in range(4)]
    assert len(_pairs("<h1>All about it</h1>" + "".join(parts))) == 4
    assert _pairs("<h1>All about it</h1>" + "".join(parts[:3])) == []


def test_list_in_an_answer_keeps_its_lines() -> None:
    html = "<h2>FAQ</h2><h3>What to bring?</h3><ul><li>Boots</li><li>Bread</li></ul>"
    assert _pairs(html) == [("What to bring?", "Boots\nBread")]


def test_items_in_a_marked_faq_need_not_ask() -> None:
    html = """<div class="faq"><h3>Opening hours</h3><p>From nine to five.</p><h3>How to get
        there</h3><p>By bus, from the square.</p></div>"""
    assert [q for q, _ in _pairs(html)] == ["Opening hours", "How to get there"]


def test_json_ld_comes_first_and_is_not_doubled() -> None:
    html = """<script type="application/ld+json">{"@type": "FAQPage", "mainEntity": [
        {"@type": "Question", "name": "When does the ferry leave?", "acceptedAnswer": {
        "text": "&lt;p&gt;At &lt;b&gt;seven&lt;/b&gt;.&lt;/p&gt;&lt;p&gt;Or noon.&lt;/p&gt;"}},
        {"@type": "Question", "name": "No answer?"}]}</script>
        <h2>FAQ</h2><h3>When does the ferry leave</h3><h3>When does the ferry leave?</h3>
        <p>At seven. Or noon.</p><h3>May I bring a bicycle?</h3><p>Yes, you may.</p>"""
    assert _find(html) == (
        FaqEntry("When does the ferry leave?", "At seven.\nOr noon.", "json-ld"),
        FaqEntry("May I bring a bicycle?", "Yes, you may.", "html"),
    )


def test_answers_of_a_question_page() -> None:
    html = """<script type="application/ld+json">{"@graph": [{"@type": "QAPage", "mainEntity":
        {"@type": "Question", "name": "Who built it?", "suggestedAnswer": [{"@type": "Answer",
        "text": "Ada Vik did."}, {"@type": "Answer", "text": "Nobody."}]}}]}</script><p>x</p>"""
    assert _find(html) == (FaqEntry("Who built it?", "Ada Vik did.", "json-ld"),)


def test_microdata() -> None:
    html = """<div itemscope itemtype="https://schema.org/FAQPage"><div itemprop="mainEntity"
        itemscope itemtype="https://schema.org/Question"><h3 itemprop="name">Who built it?</h3><div
        itemprop="acceptedAnswer" itemscope itemtype="https://schema.org/Answer"><div
        itemprop="text"><p>Ada Vik did.</p></div></div></div></div>"""
    assert _find(html) == (FaqEntry("Who built it?", "Ada Vik did.", "microdata"),)


@pytest.mark.parametrize("answer", ["null", "[]", "3", '{"text": 4}', '{"text": ["", null]}'])
def test_broken_answers_give_no_pair(answer: str) -> None:
    html = f"""<script type="application/ld+json">{{"@type": "Question", "name": "Who built it?",
        "acceptedAnswer": {answer}}}</script><p>x</p>"""
    assert _find(html) == ()


def test_ten_thousand_questions_end() -> None:
    rows = "".join(f"<h3><button aria-controls=x{n}>Is it {n}?</button></h3>" for n in range(3000))
    assert _find(f"<div class=faq>{rows}</div>") == ()


def test_chapters_of_an_essay_that_ask_are_no_faq() -> None:
    chapter = "<p>" + "Nobody did for a long time, and then everybody wanted to. " * 30 + "</p>"
    asked = ("Who owns the sea?", "Who owned it then?", "Who will own it?", "Does it matter?")
    assert _pairs("".join(f"<h2>{question}</h2>{chapter}" for question in asked)) == []


def test_questions_scattered_among_other_headings_are_no_faq() -> None:
    parts = "".join(
        f"<h2>Why part {n}?</h2><p>It had to be.</p><h2>Part {n} of the law</h2><p>It says so.</p>"
        for n in range(6)
    )
    assert _pairs(f"<h1>All about the sea</h1>{parts}") == []
