"""Taking a source out of a sources.toml without losing anything else that stands in it."""

from pathlib import Path

from pipelines.errors import SettingsError
from pipelines.settings.key_lines import LineFinder
from pipelines.settings.parse_settings import parse_settings
from pipelines.settings.sources_file import read_sources_text, replace_sources_text


def remove_source_entry(path: str | Path, name: str) -> None:
    """Take a [[source]] out of the file, with the comment right above it.

    All else stays as it is. Lines are cut out of the text: a TOML library that keeps comments holds
    the one above an entry for the end of the entry before, and would take out the wrong one. What
    is left is read again, and has to be the other sources. The file is replaced in one step.

    Raises:
        SettingsError: The file is broken, has no such source, has it in a way that is not taken
            out by itself, or cannot be written.
    """
    path = Path(path)
    text = read_sources_text(path)
    before = parse_settings(text, path=str(path), has_secrets=False)
    index = next((i for i, source in enumerate(before.sources) if source.name == name), None)
    if index is None:
        raise SettingsError(f'{path}: there is no source "{name}"')
    others = (*before.sources[:index], *before.sources[index + 1 :])
    left = _without_entry(text, index)
    try:
        is_right = parse_settings(left, has_secrets=False) == before.model_copy(
            update={"sources": others}
        )
    except SettingsError:
        is_right = False
    if not is_right:
        line = LineFinder(text).find("name", index)
        raise SettingsError(
            f'{path}, line {line}: source "{name}" is written in a way that only you can take out: '
            "delete it there, and run this again"
        )
    replace_sources_text(path, left)


def _without_entry(text: str, index: int) -> str:
    found = LineFinder(text).find_entry(index)
    if found is None:
        return text
    lines = text.splitlines(keepends=True)
    begin, following = found[0] - 1, len(lines) if found[1] is None else found[1] - 1
    end = _end_of_entry(lines, begin, following, is_last=found[1] is None)
    first = _comment_above(lines, begin)
    if first > 0:  # what begins a file is about the file
        begin = first
    is_parted = begin == 0 or not lines[begin - 1].strip()
    while is_parted and end < len(lines) and not lines[end].strip():
        end += 1  # of the empty lines around it, those above stay
    return "".join(lines[:begin] + lines[end:])


def _end_of_entry(lines: list[str], begin: int, following: int, *, is_last: bool) -> int:
    """The line after an entry: comments below it are its own unless an empty line parts them.

    Those right above what follows are about that.
    """
    limit = following if is_last else _comment_above(lines, following)
    own = (n for n in range(begin, following) if lines[n].strip() and not _is_comment(lines[n]))
    end = max(own) + 1
    while end < limit and _is_comment(lines[end]):
        end += 1
    return end


def _comment_above(lines: list[str], number: int) -> int:
    while number > 0 and _is_comment(lines[number - 1]):
        number -= 1
    return number


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")
