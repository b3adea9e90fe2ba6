"""Stories out of word lists: each reads like news, and no two are alike."""

import random
from dataclasses import dataclass
from typing import Final

Language = str

_KANJI: Final = "市橋港駅校図書館議会計画予算調査水道公園文化工事農業病院祭海山川"
_KANA: Final = "アイウエオカキクケコサシスセソタチツテトナニ"
_PLACES: Final = (
    "Aldermoor Brackwater Cinderford Dunmere Eastholt Fenwick Garrowby Hartsea Inverlock "
    "Jarrowdale Kelmarsh Lowestone Marrowick Netherby "
    "Oakhampton Pellworth Quarrington Redmere "
    "Saltmarsh Thornaby Underhill Vexford Westering Yarrowgate"
).split()
_PEOPLE: Final = (
    "Anna Brandt|Carl Dorsey|Edith Farrow|Gregor Hale|Ines Jarrow|Kofi Lamb|Mara Novak|Otto Price|"
    "Quentin Rusk|Sara Tamm|Ulf Verne|Wanda Yates|Bela Kiss|Dora Lund|Emil Stark|Freya Mott"
).split("|")
_ENGLISH: Final = {
    "who": "council committee harbour-master company hospital school railway library museum union "
    "court brewery theatre university farmers'-league fire-brigade weather-service choir".split(),
    "did": "approved delayed cancelled opened inspected repaired defended questioned announced "
    "sold renamed rebuilt measured criticised welcomed postponed financed surveyed".split(),
    "what": "bridge tunnel ferry budget timetable roof canal archive vineyard playground turbine "
    "orchard lighthouse quarry station market bakery observatory footpath reservoir".split(),
    "how": "narrowly quietly unexpectedly on-Monday before-dawn against-advice "
    "after-months-of-talks with-borrowed-money "
    "without-debate "
    "for-the-second-time despite-the-rain".split(),
    "why": "costs had doubled since spring|nobody had asked the neighbours|the old one leaked|"
    "winter comes early here|the contract runs out in June|visitors had complained|"
    "an engineer had found cracks|the county wanted to see figures|volunteers had done half of it|"
    "a storm had taken the fence|two thirds of the members were in favour".split("|"),
}
_GERMAN: Final = {
    "who": "Stadtrat Ausschuss Hafenamt Verein Klinik Schule Bahn Bücherei Museum Gericht Brauerei "
    "Theater Hochschule Feuerwehr Wetterdienst Chor Gemeinde Stiftung".split(),
    "did": "genehmigte verschob eröffnete prüfte reparierte verteidigte verkaufte vermaß lobte "
    "begrüßte finanzierte erneuerte beschloss plante kritisierte sperrte".split(),
    "what": "Brücke Fähre Straße Mauer Schleuse Mühle Halle Quelle Allee Scheune Werkstatt Anlage "
    "Turbine Leitung Kapelle Markthalle Sternwarte Rampe".split(),
    "how": "knapp leise überraschend am-Montag vor-Sonnenaufgang gegen-jeden-Rat ohne-Aussprache "
    "zum-zweiten-Mal trotz-des-Regens mit-geliehenem-Geld nach-langen-Gesprächen".split(),
    "why": "die Kosten sich seit dem Frühjahr verdoppelt haben|niemand die Nachbarn gefragt hatte|"
    "der Winter hier früh kommt|der Vertrag im Juni ausläuft|ein Gutachter Risse gefunden hat|"
    "der Kreis Zahlen sehen wollte|Freiwillige die Hälfte schon getan haben|"
    "ein Sturm den Zaun mitgenommen hat|zwei Drittel der Mitglieder dafür waren".split("|"),
}


@dataclass(frozen=True, slots=True)
class Text:
    """What one version of a story says.

    Attributes:
        title: Its headline.
        paragraphs: In order; the subheading stands before the third.
        heading: The subheading.
    """

    title: str
    paragraphs: tuple[str, ...]
    heading: str


def write_text(rng: random.Random, language: Language, number: int) -> Text:
    """A story of five to nine paragraphs; `number` is its own and stands in its text."""
    title = f"{_title(rng, language)} {_roman(number)}"
    count = rng.randint(5, 9)
    paragraphs = tuple(
        " ".join(_sentence(rng, language) for _ in range(rng.randint(3, 5))) for _ in range(count)
    )
    return Text(title, paragraphs, _title(rng, language))


def correct(rng: random.Random, language: Language, text: Text) -> Text:
    """The story with one paragraph written anew, and now and then a longer end."""
    place = rng.randrange(len(text.paragraphs))
    anew = " ".join(_sentence(rng, language) for _ in range(4))
    paragraphs = [*text.paragraphs[:place], anew, *text.paragraphs[place + 1 :]]
    if rng.random() < 0.3:
        paragraphs.append(" ".join(_sentence(rng, language) for _ in range(3)))
    return Text(text.title, tuple(paragraphs), text.heading)


def person(rng: random.Random) -> str:
    """A name for a byline."""
    return rng.choice(_PEOPLE)


def _title(rng: random.Random, language: Language) -> str:
    place = rng.choice(_PLACES)
    if language == "ja":
        return f"{_kana(rng, 4)}の{_kanji(rng)}、{_kanji(rng)}を{_kanji(rng)}へ"
    words = _GERMAN if language == "de" else _ENGLISH
    who, did, what = (rng.choice(words[key]).replace("-", " ") for key in ("who", "did", "what"))
    if language == "de":
        return f"{place}: {who} {did} {what} in {rng.choice(_PLACES)}"
    return f"{place} {who} {did} {what} in {rng.choice(_PLACES)}"


def _sentence(rng: random.Random, language: Language) -> str:
    if language == "ja":
        return (
            f"{_kana(rng, 4)}市の{_kanji(rng)}は{rng.randint(2, 28)}日、{_kanji(rng)}の"
            f"{_kanji(rng)}について{_kana(rng, 5)}と発表し、{_kanji(rng)}を"
            f"{_kanji(rng)}する方針を示した。"
        )
    words = _GERMAN if language == "de" else _ENGLISH
    who, did, what, how = (
        rng.choice(words[key]).replace("-", " ") for key in ("who", "did", "what", "how")
    )
    why, place, name = rng.choice(words["why"]), rng.choice(_PLACES), rng.choice(_PEOPLE)
    if language == "de":
        return (
            f"Der {who} von {place} {did} die {what} {how}, weil {why}, sagte {name}, "
            f"{rng.randint(23, 79)}, nach {rng.randint(2, 48)} Tagen."
        )
    return (
        f"The {who} of {place} {did} the {what} {how} because {why}, said {name}, "
        f"{rng.randint(23, 79)}, who had waited {rng.randint(2, 48)} days for an answer."
    )


def _kanji(rng: random.Random) -> str:
    return "".join(rng.choice(_KANJI) for _ in range(3))


def _kana(rng: random.Random, length: int) -> str:
    return "".join(
        rng.choice("アイウエオカキクケコサシスセソタチツテトナニ") for _ in range(length)
    )


def _roman(number: int) -> str:
    """The number in letters, so that titles differ in a word."""
    digits = "b d f g k l m n r s".split()
    return "".join(f"{digits[int(c)]}a" for c in str(number)).capitalize()
