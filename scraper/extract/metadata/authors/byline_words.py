"""What bylines are made of besides names: "By" in many languages, roles, agencies."""

import re
from typing import Final

# "By" and its kin in the languages of the pages; the longest form of each comes first.
_LEAD_INS: Final = (
    r"(?:(?:article|story|words|text|reported|report|reporting|written|posted|published|created"
    r"|compiled|submitted|authored|contributed|blog|news|post|op-ed|opinion|analysis|commentary"
    r"|guest post|review|interview)\s+)?by\b",
    r"this (?:post|article|story|piece) (?:was|is) (?:written )?by\b",
    r"(?:articles?|posts?|stories|more) (?:by|from|about)\b|insights from\b|about the author\b",
    r"(?:geschrieben |verfasst |ein (?:beitrag|artikel|kommentar|interview) |text )?von\b",
    r"(?:écrit |publié |rédigé |article |propos recueillis )?par\b",
    r"(?:escrito |publicado |redactado |texto )?por\b",
    r"(?:scritto |pubblicato |articolo )(?:di|da)\b|a cura di\b|di\b(?=\s+[A-Z])|da\b(?=\s+[A-Z])",
    r"(?:geschreven )?door\b|(?:skrevet |skriven |tekst |text )av\b|(?:skrevet )?af\b|av\b|przez\b",
    r"autor(?:zy|ka|in|en|es|i|a)?\b|auteurs?\b|autore\b|authors?\b|forfatter\b|författare\b",
    r"yazar\b|yazan\b|автор\w*|текст\b|kirjoittaja\b|teksti\b|szerző\b|írta\b|penulis\b|oleh\b",
    r"tác giả\b|bởi\b|written\b|writer\b|posted\b|byline\b|words\b(?=\s*:)|text\b(?=\s*:)",
    r"(?:reporter|editor|journalist|staff|tekst|texte|testo|texto|opracował\w*)\b(?=\s*:)",
    r"(?:από(?: (?:τον|την|τη|το))?|του|της|написал\w?|מאת|כתב\w?|بقلم|كتب|โดย)\b",
    r"(?:作者|撰文|記者|记者|文|编辑|編輯|責任編輯|责任编辑|著者|筆者|執筆|取材・文|글)\s*(?=[:：/／|｜])",
    r"(?:[\u4e00-\u9fff]{0,4})(?:记者|記者)(?=\s*[\u4e00-\u9fff]{2})|\[?(?:기자|記者)\]\s*",
)
LEAD_IN: Final = re.compile(rf"^(?:{'|'.join(_LEAD_INS)})[\s:：/／|｜\-–—]*", re.IGNORECASE)
CJK_JOB: Final = re.compile(
    r"(?:\s*(?:記者|记者|기자|선임기자|특파원|논설위원|編集委員|編集部員|さん|氏|著))+$"
)
# What follows a name on a line in Chinese, Japanese or Korean: the place, the next role.
CJK_TAIL: Final = re.compile(
    r"\s*(?:[／/](?=.*(?:報導|报道|報道))|(?:编辑|編輯|责编|責編|校对|来源|來源|摄影|攝影|写真|사진)\s*[:：/／]).*$"
)
# Chinese reporters, parted by spaces; in Japanese a space parts the two halves of a name.
HAN_NAMES: Final = re.compile(r"^[\u4e00-\u9fff]{2,4}(?:\s+[\u4e00-\u9fff]{2,4})+$")
_AGENCIES: Final = (
    "dpa|afp|ap|apa|reuters|rtr|epd|kna|sid|ots|pap|ansa|efe|tass|ntb|ritzau|tt|stt|belga|anp|cna|pti|ians"
    "|ani|xinhua|kyodo|yonhap|aap|upi|bloomberg|ctk|čtk|tasr|mti|hina|bta|agerpres|lusa|anadolu|aa|afp-jiji"
)
AGENCY: Final = re.compile(rf"(?:{_AGENCIES})$", re.IGNORECASE)
