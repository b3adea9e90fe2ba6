"""Under which names anybody can register one: the public suffix list (publicsuffix.org).

The list itself comes with the package `tld`, both its parts: what registries offer (``co.uk``) and
what companies do (``github.io``). It is matched here rather than by that package, which asks the
network for a new list when it cannot open its own, and does not see that ``xn--55qx5d.cn`` is the
rule ``公司.cn``.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import ada_url

_LIST: Final = Path("res", "effective_tld_names.dat.txt")


def find_public_suffix(hostname: str) -> str | None:
    """The longest suffix of the list that a host ends in or is; None when there is none.

    Args:
        hostname: In lower case, without port and final dot, in letters or IDNA-encoded.

    Example:
        >>> find_public_suffix("www.example.co.uk"), find_public_suffix("someone.github.io")
        ('co.uk', 'github.io')
        >>> find_public_suffix("printer.internal") is None
        True
    """
    rules = _load_rules()
    labels = hostname.split(".")
    # The list is written in letters.
    written = str(ada_url.idna_to_unicode(hostname)) if "xn--" in hostname else hostname
    while written:
        parent = written.partition(".")[2]
        if f"!{written}" in rules:
            written = parent
            break
        if written in rules or (parent and f"*.{parent}" in rules):
            break
        written = parent
    return ".".join(labels[-(written.count(".") + 1) :]) if written else None


def find_registrable_domain(hostname: str) -> str | None:
    """What somebody has registered under a public suffix, of which the host is a part.

    A host that is a public suffix is its own. None when no rule of the list fits, as for addresses
    and for names of a local network.

    Args:
        hostname: As for `find_public_suffix`.

    Example:
        >>> find_registrable_domain("www.example.co.uk"), find_registrable_domain("github.io")
        ('example.co.uk', 'github.io')
    """
    suffix = find_public_suffix(hostname)
    if suffix is None or suffix == hostname:
        return suffix
    return f"{hostname[: -len(suffix) - 1].rpartition('.')[2]}.{suffix}"


@cache
def _load_rules() -> frozenset[str]:
    """The rules as the list has them, ``*.`` and ``!`` included; read when first asked for."""
    # Found without importing the package, which would take six times as long as the list.
    package = find_spec("tld")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("the package tld, which has the public suffix list, is missing")
    lines = (Path(package.origin).parent / _LIST).read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("//"))
