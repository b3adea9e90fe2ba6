"""What a person types into a search box, as an expression FTS5 accepts, whatever was typed.

storm flood      both words, anywhere
"storm surge"    the words in this order
flood*           words that begin so
-football        not this word
storm OR flood   either
"""

import re
from dataclasses import dataclass

_ITEM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))(?P<star>\*?)')
_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_UNSAFE = re.compile("[\x00-\x1f\ud800-\udfff]")
_MOST_TERMS = 64  # nobody types more; FTS5's parser has a depth limit
_TRIGRAM = 3  # characters in a piece of the index that serves texts without spaces


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase of a query.

    Attributes:
        is_negated: Articles with it are left out.
        is_prefix: Longer words that begin so count as well.
    """

    text: str
    is_negated: bool = False
    is_prefix: bool = False

    @property
    def has_cjk(self) -> bool:
        """Whether the words of this term may have no spaces between them."""
        return _CJK.search(self.text) is not None


Query = tuple[tuple[Term, ...], ...]
"""Groups that all have to match, each by any of its terms."""


def parse_query(text: str) -> Query:
    """The groups of terms in what was typed; empty when there is nothing to look for.

    Example:
        >>> [[term.text for term in group] for group in parse_query('"storm surge" rain OR hail')]
        [['storm surge'], ['rain', 'hail']]
    """
    groups: list[list[Term]] = []
    joins_last = False
    for match in _ITEM.finditer(_UNSAFE.sub(" ", text)):
        word = match["word"]
        if word == "OR":
            joins_last = bool(groups)
            continue
        term = _term(match)
        if term is None or word == "AND":
            continue
        if joins_last and not term.is_negated and not groups[-1][-1].is_negated:
            groups[-1].append(term)
        else:
            groups.append([term])
        joins_last = False
        if len(groups) == _MOST_TERMS:
            break
    return tuple(tuple(group[:_MOST_TERMS]) for group in groups)


def _term(match: re.Match[str]) -> Term | None:
    text, is_prefix = match["phrase"], bool(match["star"])
    if text is None:
        text = match["word"]
        is_prefix = is_prefix or text.endswith("*")
        text = text.rstrip("*")
    if not any(character.isalnum() for character in text):
        return None
    return Term(text.strip(), is_negated=bool(match["minus"]), is_prefix=is_prefix)


def has_cjk(query: Query) -> bool:
    """Whether any term is of a script without spaces, so that only the trigram index finds it."""
    return any(term.has_cjk for group in query for term in group)


def word_expression(query: Query) -> str | None:
    """The query for `articles_fts`; None when it only says what not to find.

    Example:
        >>> word_expression(parse_query("rain OR hail -foot* "))
        '("rain" OR "hail") NOT ("foot" *)'
    """
    return _expression(query)


def trigram_expression(query: Query) -> str | None:
    """The query for `articles_fts_cjk`, of the groups it can answer; None when there is none."""
    return _expression(tuple(group for group in query if not _is_short(group)), prefixes=False)


def short_groups(query: Query) -> Query:
    """The groups with a term too short to have a piece of three letters."""
    return tuple(group for group in query if _is_short(group))


def _is_short(group: tuple[Term, ...]) -> bool:
    return any(len(term.text) < _TRIGRAM for term in group)


def _expression(query: Query, *, prefixes: bool = True) -> str | None:
    wanted, unwanted = [], []
    for group in query:
        quoted = [
            '"' + term.text.replace('"', '""') + '"' + (" *" if term.is_prefix and prefixes else "")
            for term in group
        ]
        if group[0].is_negated:
            unwanted.append(quoted[0])
        else:
            wanted.append(quoted[0] if len(quoted) == 1 else f"({' OR '.join(quoted)})")
    if not wanted:
        return None
    expression = " AND ".join(wanted)
    if unwanted:
        if len(wanted) > 1:
            expression = f"({expression})"
        expression += f" NOT ({' OR '.join(unwanted)})"
    return expression
