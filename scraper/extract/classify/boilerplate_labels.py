"""Labels of what stands between the paragraphs of an article and is not part of it.

What the law has publishers write above advertisements, and what they write above teasers of other
stories, is too short and too near the text for a model to tell it from a heading. On labelled pages
in a dozen languages such a line, when it says nothing else, is main content in 1 case of 100.
"""

from typing import Final, Literal

Label = Literal["advertising label", "teaser label"]

_ADVERTISING: Final = """
advertisement|advertisements|advertising|advert|anzeige|anzeigen|werbung|publicité|publicite
publicidad|anuncio|publicidade|pubblicità|advertentie|annons|annonse|annonce|mainos|reklama|реклама
reklam|διαφήμιση|פרסומת|إعلان|広告|广告|廣告|광고
"""
_TEASERS: Final = """
also read|read also|read more|read next|keep reading|continue reading|related articles|related posts
related stories|related content|related news|related links|related topics|more like this
more on this story|more on this topic|more stories|recommended for you|recommended reading
recent articles|recent posts|latest articles|latest posts|latest stories|you may also like
you might also like|you may also be interested in|you might also be interested in|up next|watch next
share|share this|share this article|share this post|share this story
mehr zum thema|mehr zu diesem thema|auch interessant|verwandte artikel|verwandte beiträge
verwandte themen|ähnliche artikel|ähnliche beiträge|neueste artikel|neueste beiträge|weiterlesen
zum weiterlesen|lesen sie auch|lesen sie mehr|lies auch|schon gelesen|weitere artikel
das könnte dich auch interessieren|das könnte sie auch interessieren
das thema könnte dich auch interessieren|das thema könnte sie auch interessieren|artikel teilen
à lire aussi|lire aussi|à lire également|lire également|sur le même sujet|sur le même thème|partager
lea también|lee también|leer más|le puede interesar|te puede interesar|puede interesarle
noticias relacionadas|artículos relacionados|compartir
leggi anche|potrebbe interessarti|ti potrebbe interessare|articoli correlati|condividi
leia também|leia mais|veja também|notícias relacionadas|compartilhar
lees ook|lees meer|lees verder|gerelateerde artikelen|delen
læs også|les også|les mer|läs också|läs även|läs mer|lue myös|lue lisää
czytaj też|czytaj także|czytaj również|czytaj więcej|zobacz też|zobacz także|zobacz również
przeczytaj także|przeczytaj też|przeczytaj również
читайте также|читать также|читайте також|материалы по теме|по теме|ilgili haberler
διαβάστε επίσης|διαβάστε ακόμη|olvasta már|kapcsolódó cikkek|اقرأ أيضا|اقرأ أيضًا
相关阅读|相关新闻|相關新聞|推荐阅读|延伸阅读|延伸閱讀|関連記事|あわせて読みたい|관련기사|관련 기사
"""
_LABELS: Final[dict[str, Label]] = {
    **dict.fromkeys(_ADVERTISING.strip().replace("\n", "|").split("|"), "advertising label"),
    **dict.fromkeys(_TEASERS.strip().replace("\n", "|").split("|"), "teaser label"),
}
_MARKS_AROUND: Final = " -–—:：|»«›‹>→↓▶►•*…!?.[]()"
_MOST_CHARS: Final = max(map(len, _LABELS)) + 6  # with some marks around it


def recognize_label(text: str) -> Label | None:
    """The kind of label a text is, when it is one and says nothing else; None for all other text.

    Example:
        >>> recognize_label("Read also:"), recognize_label("Read also what the mayor said.")
        ('teaser label', None)
    """
    if len(text) > _MOST_CHARS:
        return None
    return _LABELS.get(text.lower().strip(_MARKS_AROUND))
