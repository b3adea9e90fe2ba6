"""A hash of an article's content, by which a new version is told from one seen before.

The hash is taken over title and text with everything left out that changes while nobody edits:
white space, typographic variants of one character, and lines that only count or age — "1,204
shares", "12 comments", "Updated 5 minutes ago" — which even careful extraction may keep.
"""

import re
import unicodedata
from hashlib import blake2b

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d")
_MOST_WORDS_OF_A_COUNTER = 6  # a counter is a phrase; longer lines of these words are sentences

# Words of lines that count readers or time, in the languages news is most often met in. A line is
# a counter only when it has a number and every other word is one of these.
_COUNTER_WORDS = frozenset(
    """
    a about ago an and by comment comments day days facebook favorite favorites follower followers
    hour hours hr hrs in k last like likes m min mins minute minutes month months of on people
    reaction reactions read reading reads retweet retweets second seconds share shared shares the
    time times total tweet tweets twitter update updated view viewed viewers views vote votes watch
    watching week weeks x year years
    aktualisiert am antworten aufrufe gelesen geteilt kommentar kommentare lesezeit mal minuten
    reaktionen stunde stunden tag tage tagen teilen uhr um vor zuletzt
    commentaire commentaires de depuis fois heure heures il jour jours lecture lu minutes partage
    partages réactions vues y
    comentario comentarios compartido compartidos compartir dias días hace hora horas lectura leído
    minuto minutos veces visitas vistas visualizaciones
    comentários compartilhamentos há leitura visualizações
    commenti condivisioni fa giorni lettura minuti ore volte
    dagen deel delen geleden gelezen leestijd minuut minuten reacties uur
    """.split()
)


def hash_content(title: str | None, text: str) -> str:
    r"""32 hexadecimal digits, equal for versions that differ in counters and white space only.

    Example:
        >>> hash_content("Rain", "It rained.\n12 shares") == hash_content("Rain", "It rained. ")
        True
    """
    lines = (f"{title or ''}|", *text.split("\n"))
    content = "\n".join(line for line in lines if not is_counter(line))
    if not content.isascii():
        content = unicodedata.normalize("NFKC", content)
    # White space goes altogether: where lines break inside a text is nobody's edit.
    packed = "".join(content.split())
    return blake2b(packed.encode("utf-8", "replace"), digest_size=16).hexdigest()


def is_counter(line: str) -> bool:
    """Whether a line only counts readers or time, so that it changes with nobody's doing.

    Example:
        >>> is_counter("1.2K shares"), is_counter("3 goals"), is_counter("2024")
        (True, False, False)
    """
    if len(line) > 60 or not _NUMBER.search(line):
        return False
    words = _WORD.findall(line.lower())
    return 0 < len(words) <= _MOST_WORDS_OF_A_COUNTER and _COUNTER_WORDS.issuperset(words)
