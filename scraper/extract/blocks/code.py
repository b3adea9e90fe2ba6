"""Source text in <pre>, and the language it is in."""

import re
from collections.abc import Sequence
from typing import Final

from lxml import etree

from scraper.blocks import Code
from scraper.extract.segment import Segmentation

_LANGUAGE_MARK: Final = re.compile(
    r"(?<![\w-])(?:lang(?:uage)?|highlight-source|highlight-text|brush|sourcecode|prettyprint lang"
    r"|hljs language|code-?block|src)[-: ]\s*([a-z][a-z0-9+#.-]{0,20})",
    re.I,
)
_HLJS: Final = re.compile(r"(?<![\w-])hljs\s+([a-z][a-z0-9+#]{0,20})(?![\w-])", re.I)
_GUTTER: Final = re.compile(r"(?<![a-z])(?:gutter|line-?_?num(?:ber)?s?|lineno?s?|rouge-gutter)")
_NOT_A_LANGUAGE: Final = frozenset(
    "block code container content copy default header highlight hljs inline line lines none "
    "plain plaintext pre snippet source text wrapper nohighlight undefined auto".split()
)
# Class names that say nothing but the language: <pre class="python">.
_LANGUAGES: Final = frozenset(
    "bash c clojure cpp csharp css dart diff dockerfile elixir erlang fsharp go graphql groovy "
    "haskell html ini java javascript js json jsx julia kotlin latex less lisp lua makefile "
    "markdown matlab nginx ocaml objectivec perl php powershell python r ruby rust sass scala "
    "scheme scss sh shell sql swift toml tsx typescript vim xml yaml zig".split()
)
_LANGUAGE_ATTRIBUTES: Final = ("data-lang", "data-language", "data-code-lang", "lang-name")
_ANCESTORS_WITH_LANGUAGE: Final = 3


def build_code(segmentation: Segmentation, pre: int, segments: Sequence[int]) -> Code | None:
    """The code under node `pre`; None when nothing but line numbers is in it."""
    lines: list[str] = []
    for index in segments:
        segment = segmentation.segments[index]
        raw = segment.raw if segment.raw is not None else segment.text
        if segment.text.replace(" ", "").isdecimal() and _in_gutter(segmentation, segment.node):
            continue
        lines.append(raw.strip("\r\n"))
    text = "\n".join(lines).replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()
    return Code(text, _find_language(segmentation, pre)) if text.strip() else None


def _in_gutter(segmentation: Segmentation, node: int) -> bool:
    near = segmentation.ancestors(node)[:_ANCESTORS_WITH_LANGUAGE]
    return any(_GUTTER.search(segmentation.nodes[n].marks) for n in near)


def _find_language(segmentation: Segmentation, pre: int) -> str | None:
    element = segmentation.nodes[pre].element
    candidates = [element, *element.iter("code")]
    above = segmentation.ancestors(pre)[1 : 1 + _ANCESTORS_WITH_LANGUAGE]
    candidates.extend(segmentation.nodes[ancestor].element for ancestor in above)
    for candidate in candidates:
        for name in _LANGUAGE_ATTRIBUTES:
            value = (candidate.get(name) or "").strip().lower()
            if value and value not in _NOT_A_LANGUAGE and len(value) <= 20:
                return value
        for pattern in (_LANGUAGE_MARK, _HLJS):
            for match in pattern.finditer(candidate.get("class") or ""):
                language = match.group(1).lower().rstrip(".-")
                if language not in _NOT_A_LANGUAGE:
                    return language
    return _named_language(candidates[: len(candidates) - len(above)])


def _named_language(elements: Sequence[etree._Element]) -> str | None:
    """The language that a class or the lang attribute of the code itself names and no more."""
    for element in elements:
        words = f"{element.get('class') or ''} {element.get('lang') or ''}".lower().split()
        language = next((word for word in words if word in _LANGUAGES), None)
        if language is not None:
            return language
    return None
