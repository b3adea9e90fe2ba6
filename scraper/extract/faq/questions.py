"""What a question looks like, and the words over a list of them, in the languages news is in."""

import re
from typing import Final

_QUESTION_END: Final = re.compile(r"[?？؟⸮՞][\s\"'”’»)\]!.]*$")
_GREEK_QUESTION_END: Final = re.compile(r"[\u0370-\u03ff][;\u037e][\s\"»]*$")
_CJK_QUESTION_END: Final = re.compile(
    r"(?:吗|嗎|呢|ですか|ますか|でしょうか|까요|나요|습니까)[。.]?$"
)
_LAST_CHARACTERS: Final = frozenset("?？؟⸮՞;\u037e\"'”’»)]!吗嗎呢か까요")
_LABEL: Final = re.compile(
    r"^(?:(?:q|f|p|question|frage|pregunta|domanda|pergunta|vraag|в|вопрос|問|问)\s?\d{0,3}\s?[.:：)]"
    r"|\d{1,3}\s?[.):](?!\d)|[•\-–▶►+])\s*",
    re.I,
)
_ANSWER_LABEL: Final = re.compile(
    r"^(?:a|answer|antwort|réponse|respuesta|risposta|resposta|antwoord|о|ответ|答)\s?\d{0,3}\s?"
    r"[.:：)]\s+",
    re.I,
)
_SIGNS: Final = " +-−–×✕▼▾▲▴⌄⌃˅›>→↓#"  # what folds an answer out, glued to its question
_LONGEST_QUESTION_CHARS: Final = 300  # the longest of 143 labelled ones has 137

FAQ_TITLE: Final = re.compile(
    r"\bfaqs?\b|f\.a\.q|frequently\s+asked|(?:common|popular|top)\s+questions|questions\s+(?:and|&)"
    r"\s+answers|\bq\s?&\s?a\b|people\s+(?:also|often)\s+ask|your\s+questions\s+answered"
    r"|(?:häufig|oft)\S*\s+(?:gestellte\s+)?fragen|fragen\s+und\s+antworten"
    r"|(?:questions?|foire)\s+(?:fréquentes|aux\s+questions|fréquemment)|questions\s+(?:et|/)\s+réponses"
    r"|preguntas\s+(?:más\s+)?(?:frecuentes|comunes|y\s+respuestas)"
    r"|perguntas\s+(?:mais\s+)?(?:frequentes|comuns|e\s+respostas)"
    r"|domande\s+(?:più\s+)?(?:frequenti|comuni|e\s+risposte)|veel\s?gestelde\s+vragen"
    r"|vragen\s+en\s+antwoorden|vanliga\s+frågor|frågor\s+och\s+svar|ofte\s+stilte\s+spørsmål"
    r"|spørgsmål\s+og\s+svar|ofte\s+stillede|usein\s+kysyt|kysymyksiä\s+ja\s+vastauksia"
    r"|najczęściej\s+zadawane|często\s+zadawane|pytania\s+i\s+odpowiedzi|časté\s+(?:dotazy|otázky)"
    r"|gyakori\s+kérdések|întrebări\s+frecvente|sık\S*\s+sorulan|συχν\S+\s+ερωτήσεις"
    r"|(?:часто|популярные)\s+(?:задаваемые\s+)?вопрос|вопросы\s+и\s+ответы|поширені\s+запитання"
    r"|питання\s+та\s+відповіді|常见问题|常見問題|问答|よくある(?:ご)?質問|자주\s*묻는|الأسئلة\s+(?:الشائعة|المتكررة)"
    r"|سوالات\s+متداول|שאלות\s+(?:נפוצות|ותשובות)|अक्सर\s+पूछे|câu\s+hỏi\s+thường",
    re.I,
)


def is_question(text: str) -> bool:
    """Whether `text` reads as one question, in any of the scripts that mark questions.

    Example:
        >>> [is_question(t) for t in ("Will it rain?", "雨は降りますか。", "It rains.")]
        [True, True, False]
    """
    text = text.rstrip(_SIGNS)
    last = text[-1:]
    if last in {".", "。"}:
        last = text[-2:-1]  # "降りますか。"
    if last not in _LAST_CHARACTERS or not 5 <= len(text) <= _LONGEST_QUESTION_CHARS:
        return False
    tail = text[-12:]  # enough for the longest ending and what closes after it
    return bool(
        _QUESTION_END.search(tail)
        or _GREEK_QUESTION_END.search(tail)
        or _CJK_QUESTION_END.search(tail)
    )


def clean_question(text: str) -> str:
    """`text` without a label or number before it ("Q:", "3.") and without signs after it."""
    return _LABEL.sub("", text.rstrip(_SIGNS)).strip() or text


def clean_answer(text: str) -> str:
    """`text` without a label before it ("A:")."""
    return _ANSWER_LABEL.sub("", text).strip()
