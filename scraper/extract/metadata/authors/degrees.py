"""Titles before a name and degrees after it."""

import re
from typing import Final

CREDENTIAL: Final = re.compile(
    r"^(?:Ph\.?D\.?|M\.?D\.?|[JS]r\.?|I{2,3}|IV|Esq\.?"
    r"|[A-Z][A-Za-z.\-]{0,7}[A-Z®][®.]?(?:\s[A-Z\d]{2,6})?|R\.?N\.?)$"
)
# A part of the name: "Sue Hara, Jr."
_OF_THE_NAME: Final = re.compile(r"(?:[JS]r\.?|I{2,3}|IV)$")
_TITLE: Final = re.compile(
    r"^(?:(?:(?:univ|priv|ao)\.?[- ]?)?"
    r"(?:dr|dra|prof|profa|professor|doc|dott|dott\.ssa|dipl\.-\w+|mag|mgr"
    r"|mudr|judr|rndr|phdr|ing|pd|med|phil|rer|nat|h\.\s?c|др|проф|д-р|акад|δρ|καθ)(?:\.\s*"
    r"|\s+))+",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(
    r",?\s+(?:Ph\.?\s?D|M\.\s?D|MD|MSc|MBA|RDN?|DVM|DDS|FACP|FRCP|Esq)\b\.?$"
)


def without_degrees(name: str) -> str:
    """A name without academic titles before and degrees after it.

    Example:
        >>> without_degrees("Prof. Dr. Ann Holm, MD, PhD"), without_degrees("Sue Hara, Jr.")
        ('Ann Holm', 'Sue Hara, Jr.')
    """
    parts = [part.strip() for part in name.split(",")]
    kept = [p for p in parts[1:] if _OF_THE_NAME.match(p) or not CREDENTIAL.match(p)]
    bare = _TITLE.sub("", _BEHIND.sub("", ", ".join([parts[0], *kept])))
    return bare if len(bare.split()) >= 2 else name
