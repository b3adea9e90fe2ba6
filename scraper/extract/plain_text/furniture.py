"""Lines between the paragraphs that are not text: share bars, captions, what comes after."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from scraper.extract.plain_text.lines import Line

_NETWORKS: Final = frozenset(
    "facebook twitter x instagram linkedin pinterest telegram whatsapp tumblr email e-mail mail "
    "reddit vkontakte vk flipboard threads bluesky mastodon messenger viber line wechat weibo "
    "youtube tiktok vimeo xing pocket print copy link share tweet pin follow on us google news "
    "teilen drucken merken partager imprimer compartir imprimir condividi stampa compartilhar "
    "delen dela dele del jaa udostępnij поделиться yazdır paylaş copied save (twitter) url pinit "
    "поделиться печать скопировать ссылку κοινοποίηση εκτύπωση αντιγραφή συνδέσμου "
    "مشاركة شارك طباعة نسخ الرابط اشتراک‌گذاری چاپ کپی لینک שיתוף שתפו הדפסה העתקת קישור "
    "साझा शेयर करें प्रिंट लिंक कॉपी แชร์ พิมพ์ คัดลอกลิงก์ "
    "複製連結 シェア 印刷 リンクをコピー 공유 인쇄 링크 복사 enlace imprimir "
    "whats app snapchat rss 分享 分享到 微信 微博 朋友圈 qq空间 复制链接 打印".split()
)
# A depiction asked for in words is the caption of a generated picture.
_DEPICTION: Final = re.compile(
    r"^(?:please\s+)?(?:generate|create|design|illustrate|imagine|depict|draw|visuali[sz]e|render"
    r"|show|paint|produce|craft|erstelle|zeichne|illustriere|crée[zr]?|illustre[zr]?|crea|diseña"
    r"|ilustra|imagina|crie|ilustre)\s+(?:\S+\s+){0,4}?(?:images?|pictures?|photos?|photographs?"
    r"|scenes?|illustrations?|graphics?|drawings?|paintings?|collages?|bild(?:er)?|szene|imagen"
    r"|escena|imagem|cena|scène)\b",
    re.I,
)
_CREDIT: Final = re.compile(
    r"^(?:photo|image|picture|foto|bild|imagen|imagem|immagine|crédit|credit|source|quelle|fuente"
    r"|file photo|pictured|illustration|grafik|graphic|video|фото|写真|图)"
    r"\s*(?:credits?|courtesy|by)?\s*[:|/©]|^©|(?:photo|image|foto)(?:graph)?\s+(?:by|credit|courtesy)|"
    r"[(\[/|]\s*(?:getty images?|reuters|ap photo|afp|dpa|epa|shutterstock|istock)"
    r"[^)\]]{0,40}[)\]]?$",
    re.I,
)
_END: Final = re.compile(
    r"^(?:previous (?:article|post)|next (?:article|post)|related (?:posts?|articles?|stories|news)"
    r"|you (?:may|might) (?:also )?like|more (?:from|stories)\b|read next|recommended"
    r"|leave a (?:reply|comment)|add a comment|post a comment|comments?(?: \(\d+\))?$|latest posts"
    r"|trending(?: posts| now)?$|most (?:read|popular)|subscribe to|sign up (?:for|to)"
    r"|about the author"
    r"|share\.(?:\s|$)|follow on\b|das könnte sie auch|weitere artikel"
    r"|kommentare?$|ähnliche (?:artikel|beiträge)|articles? "
    r"(?:similaires|liés)|sur le même|laisser un commentaire|commentaires?$|te puede interesar"
    r"|noticias relacionadas|artículos relacionados|más noticias|deja una respuesta|comentarios?$"
    r"|notícias relacionadas|deixe um comentário|articoli correlati"
    r"|lascia un commento|commenti$|похожие|комментарии|关注|相关(?:阅读|新闻|文章)"
    r"|関連記事|あわせて読みたい|よく読まれている|관련 ?(?:기사|뉴스)|많이 본"
    r"|延伸阅读|延伸閱讀|阅读排行|熱門新聞|热门(?:新闻|文章)"
    r"|διαβάστε (?:επίσης|ακόμη|ακόμα)|σχετικά (?:άρθρα|νέα)|τα πιο διαβασμένα"
    r"|читайте (?:также|ещё|еще)|самое читаемое"
    r"|اقر[أا] (?:أيض|المزيد)|مواضيع ذات صلة|أخبار ذات صلة|الأكثر قراءة"
    r"|بیشتر بخوانید|مطالب مرتبط|اخبار مرتبط|پربازدیدترین|כתבות (?:קשורות|נוספות)|קראו (?:עוד|גם)"
    r"|הנקראות ביותר|यह भी पढ़ें|ये भी पढ़ें|संबंधित (?:खबरें|ख़बरें|लेख)|सबसे (?:ज़्यादा|ज्यादा) पढ़े"
    r"|ข่าวที่เกี่ยวข้อง|เรื่องที่เกี่ยวข้อง|บทความที่เกี่ยวข้อง|อ่านเพิ่มเติม|อ่านมากที่สุด|ข่าวล่าสุด"
    r"|lo más leído|meistgelesen)",
    re.I,
)
_PROMOTION: Final = re.compile(
    r"^(?:read (?:more|also)|see also|also read|lesen sie (?:auch|mehr)|mehr zum thema"
    r"|auch interessant"
    r"|à lire aussi|lire aussi|lea también|lee también|leia (?:também|mais)|leggi anche|lees ook"
    r"|läs (?:också|även)|les også|læs også|lue myös|czytaj (?:też|także)|zobacz (?:też|także)"
    r"|přečtěte si|читайте также|follow us)\b",
    re.I,
)
_MAX_CAPTION_CHARS: Final = 300  # what a generated picture was to show may take sentences
# Share of the kept characters that must come before an end. With 0.3, articles end at what only
# looks like one: a point of word F1 is lost on 151 labelled ones.
_LEAST_TEXT_BEFORE_END: Final = 0.7


def is_share_bar(text: str) -> bool:
    """Whether a line is nothing but names of networks and words of sharing."""
    words = re.sub(r"[.,:：|/]", " ", text.lower()).split()
    return 0 < len(words) <= 25 and all(word in _NETWORKS for word in words)


def is_caption(text: str) -> bool:
    """Whether a line describes or credits a picture in words only captions use."""
    if len(text) > _MAX_CAPTION_CHARS:
        return False
    return bool(_DEPICTION.search(text) or (len(text) < 200 and _CREDIT.search(text)))


def is_end(text: str) -> bool:
    """Whether a line opens what follows an article: related texts, comments, subscriptions."""
    return len(text) <= 160 and bool(_END.search(text))


def is_promotion(text: str) -> bool:
    """Whether a line sends the reader to another text."""
    return len(text) <= 200 and bool(_PROMOTION.search(text))


def without_furniture(lines: Sequence[Line], kept: Sequence[int]) -> list[int]:
    """The kept lines without share bars, captions and what comes after the end."""
    end = _find_end(lines, kept)
    result: list[int] = []
    for place, index in enumerate(kept):
        text = lines[index].text
        if index >= end:
            break
        if place > 0 and len(text) > 20 and lines[kept[place - 1]].text == text:
            # A picture's alternative text and its caption: both go.
            if result and result[-1] == kept[place - 1]:
                result.pop()
        elif not (is_share_bar(text) or is_caption(text) or is_promotion(text)):
            result.append(index)
    return result


def complete_lists(lines: Sequence[Line], kept: Sequence[int]) -> list[int]:
    """The kept lines with each list whole: with all its items where most were kept, else none.

    Items of one list follow each other without an empty line. A list that a kept line announces, or
    that answers its question, is kept with it, and so is one between two kept lines of which
    a quarter was kept; one that a promotion stands above is not.
    """
    chosen, likely = set(kept), frozenset(kept)
    for run in _item_runs(lines):
        if len(run) < 2:
            continue
        share = sum(index in chosen for index in run) / len(run)
        above = lines[run[0] - 1].text if run[0] > 0 else ""
        promoted = is_promotion(above)
        announced = run[0] - 1 in chosen and above.endswith((":", "：", "?", "？", "؟"))
        framed = share >= 0.25 and {run[0] - 1, run[-1] + 1} <= likely
        if (share > 0.5 or announced or framed) and not promoted:
            chosen.update(run)
        elif share < 0.5 or promoted:
            chosen.difference_update(run)
    return sorted(chosen)


def _item_runs(lines: Sequence[Line]) -> Iterator[list[int]]:
    """The indexes of the items of each list: items with no empty line between them."""
    run: list[int] = []
    for index, line in enumerate(lines):
        if line.bullet and run and not line.blank_before:
            run.append(index)
            continue
        if run:
            yield run
        run = [index] if line.bullet else []
    if run:
        yield run


def _find_end(lines: Sequence[Line], kept: Sequence[int]) -> int:
    """Index of the first line after most of the text that opens related texts or comments.

    One past the last line of the page when there is none.
    """
    if not kept:
        return len(lines)
    total = sum(len(lines[index].text) for index in kept)
    chosen = set(kept)
    before = 0
    for index in range(kept[0], kept[-1] + 1):
        if before >= _LEAST_TEXT_BEFORE_END * total and is_end(lines[index].text):
            return index
        if index in chosen:
            before += len(lines[index].text)
    return len(lines)
