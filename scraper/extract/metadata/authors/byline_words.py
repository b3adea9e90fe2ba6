"""What bylines are made of besides names: "By" in many languages, roles, agencies."""

import re
from typing import Final

_TEXT_WORDS: Final = r"(?:texte?s?|texto|testo|tekst|teksti|words|story|wort)"
_PHOTO_WORDS: Final = (
    r"(?:photos?|photographs?|photographies?|fotos?|fotografie|fotografi|fotograf[ií]as?"
    r"|bild(?:er)?|pictures?|kuvat?|zdjęcia"
    r"|фото|illustrations?|illustrationen|ilustra\w+|video)"
)
# Who took the pictures, behind who wrote or before it: "Text: Ann Holm Foto: Jan Behr".
PHOTO_TAIL: Final = rf"[(\[]?\b{_PHOTO_WORDS}(?:\s*[:：]|\s(?-i:[A-ZÆØÅÄÖÜ])\S+ (?-i:[A-ZÆØÅÄÖÜ]))"
PHOTO_FIRST: Final = re.compile(
    rf"^\s*{_PHOTO_WORDS}\s*[:：][^:|]{{2,60}}?[\s,;|/•·–-]+(?={_TEXT_WORDS}\s*[:：])",
    re.IGNORECASE,
)
READING_TIME: Final = (
    r"(?:\d{1,3}\s?-?(?:min(?:ut\w*|s)?|read|мин\w*|dk|dakika|分|분|phút)(?![^\W\d_])"
    r"|\b(?:lesezeit|lesedauer|read(?:ing)? time"
    r"|temps de lecture|tiempo de lectura|tempo d[ie] lett?ura|leestijd|lästid|lesetid|læsetid"
    r"|czas czytania|lukuaika|время чтения|okuma süresi|阅读时间|閱讀時間)\b)"
)
# "By" and its kin in the languages of the pages; the longest form of each comes first.
_LEAD_INS: Final = (
    r"(?:(?:article|story|words|text|reported|report|reporting|written|posted|published|created"
    r"|compiled|submitted|authored|contributed|blog|news|post|op-ed|opinion|analysis|commentary"
    r"|guest post|review|interview)\s+)?by(?: our (?:own )?(?:correspondent|reporter"
    r"|staff writer)s?)?\b",
    rf"{_TEXT_WORDS}\s*(?:und|and|&|\+|et|y|e|och|og|en|i|ja|/|,)\s*{_PHOTO_WORDS}\b(?=\s*:"
    rf"|\s+(?:by|von|par|por)\b)",
    r"(?:interview|entrevista|intervista|interv[jy]u\w*|wywiad|haastattelu|интервью|reportage"
    r"|reportaje)\b(?=\s*:)",
    r"das (?:interview|gespräch) führten?\b|(?:die )?fragen stellten?\b",
    r"(?:συντάκτ\w+|γράφει|piše|пише|autorius|autors|haber|نویسنده|الكاتب|लेखक|เขียนโดย)\s*(?=[:：])",
    r"te(?:k|x)st (?=(?-i:[A-ZÆØÅÄÖÜ])\S+ (?-i:[A-ZÆØÅÄÖÜ]))",
    r"von unsere[mrn] (?:korrespondent|mitarbeiter|reporter|redakteur)(?:in|en)?\b",
    r"this (?:post|article|story|piece) (?:was|is) (?:written )?by\b",
    r"(?:articles?|posts?|stories|more) (?:by|from|about)\b|insights from\b|about the author\b",
    r"(?:geschrieben |verfasst |ein (?:beitrag|artikel|kommentar|interview) |text )?von\b",
    r"(?:écrit |publié |rédigé |article |propos recueillis )?par\b",
    r"(?:escrito |publicado |redactado |texto )?por\b",
    r"(?:scritto |pubblicato |articolo )(?:di|da)\b|a cura di\b|di\b(?=\s+[A-Z])|da\b(?=\s+[A-Z])",
    r"(?:geschreven )?door\b|(?:skrevet |skriven |tekst |text )av\b|(?:skrevet )?af\b|av\b"
    r"|przez\b",
    r"autor(?:zy|ka|in|en|es|i|a)?\b|auteurs?\b|autore\b|authors?\b|forfatter\b|författare\b",
    r"yazar\b|yazan\b|автор\w*|текст\b|kirjoittaja\b|teksti\b|szerző\b|írta\b|penulis\b|oleh\b",
    r"tác giả\b|bởi\b|written\b|writer\b|posted\b|byline\b|words\b(?=\s*:)|text\b(?=\s*:)",
    r"(?:reporter|editor|journalist|staff|tekst|texte|testo|texto|opracował\w*)\b(?=\s*:)",
    r"(?:από(?: (?:τον|την|τη|το))?|του|της|написал\w?|מאת|כתב\w?|بقلم|كتب|โดย)\b",
    r"(?:作者|撰文|記者|记者|文|编辑|編輯|責任編輯|责任编辑|著者|筆者|執筆|取材・文"
    r"|글)\s*(?=[:：/／|｜])",
    r"(?:[\u4e00-\u9fff]{0,4})(?:记者|記者)(?=\s*[\u4e00-\u9fff]{2})|\[?(?:기자|記者)\]\s*",
)
LEAD_IN: Final = re.compile(rf"^(?:{'|'.join(_LEAD_INS)})[\s:：/／|｜\-–—]*", re.IGNORECASE)
CJK_JOB: Final = re.compile(
    r"(?:\s*(?:記者|记者|기자|선임기자|특파원|논설위원|編集委員|編集部員|さん|氏|著))+$"
)
# What follows a name on a line in Chinese, Japanese or Korean: the place, the next role.
CJK_TAIL: Final = re.compile(
    r"\s*(?:[／/](?=.*(?:報導|报道|報道))|(?:编辑|編輯|责编|責編|校对|来源|來源|摄影|攝影|写真"
    r"|사진|图|圖)\s*[:：/／]).*$"
)
# Chinese reporters, parted by spaces; in Japanese a space parts the two halves of a name.
HAN_NAMES: Final = re.compile(r"^[\u4e00-\u9fff]{2,4}(?:\s+[\u4e00-\u9fff]{2,4})+$")
_AGENCIES: Final = (
    "dpa|afp|ap|apa|reuters|rtr|epd|kna|sid|ots|pap|ansa|efe|tass|ntb|ritzau|tt|stt|belga|anp|cna"
    "|pti|ians"
    "|ani|xinhua|kyodo|yonhap|aap|upi|bloomberg|ctk|čtk|tasr|mti|hina|bta|agerpres|lusa|anadolu"
    "|aa|afp-jiji"
)
AGENCY: Final = re.compile(rf"(?:{_AGENCIES})$", re.IGNORECASE)
