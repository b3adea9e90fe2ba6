"""Who imports whom, read from the source: nothing is run."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("scraper", "pipelines")


@dataclass(frozen=True, slots=True)
class Plan:
    """A folder as a plan of a house.

    Attributes:
        rooms: Its files and folders, by name; an `__init__.py` that holds only words is none.
        arrows: From a room to one that it imports.
        floors: How many rooms lie above one another: each stands above all that it imports.
        circles: Rooms that import each other, each group once.
    """

    rooms: tuple[str, ...]
    arrows: frozenset[tuple[str, str]]
    floors: int
    circles: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        return f"{len(self.rooms)} rooms, {len(self.arrows)} arrows, {self.floors} floors"


def source_files(folder: str = "") -> list[Path]:
    """The files of both packages, or of a folder of them, as paths from the root."""
    places = [folder] if folder else PACKAGES
    return [path.relative_to(ROOT) for p in places for path in sorted((ROOT / p).rglob("*.py"))]


def draw_plan(folder: str = "", *, by_file: bool = False) -> Plan:
    """The plan of a folder, whose rooms are what lies in it; with `by_file` each file below it.

    Example:
        >>> draw_plan("scraper/render").circles
        ()
    """
    modules = {_module_of(path): path for path in source_files()}
    inside = source_files(folder)
    room_of = {
        path: str(path) if by_file else _room_of(path, folder)
        for path in inside
        if not _is_words_only(path)
    }
    arrows = {
        (room_of[path], room_of[target])
        for path in room_of
        for target in _targets(path, modules)
        if target in room_of and room_of[target] != room_of[path]
    }
    rooms = tuple(sorted(set(room_of.values())))
    circles = tuple(sorted(_circles(rooms, arrows)))
    return Plan(rooms, frozenset(arrows), _count_floors(rooms, arrows), circles)


def _module_of(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _room_of(path: Path, folder: str) -> str:
    parts = path.relative_to(folder).parts if folder else path.parts
    return parts[0].removesuffix(".py")


def _is_words_only(path: Path) -> bool:
    """Whether a file is a package's face: it says what is in the package, or hands it on."""
    allowed = (ast.Expr, ast.Import, ast.ImportFrom, ast.Assign)
    body = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    return path.name == "__init__.py" and all(isinstance(node, allowed) for node in body)


def _targets(path: Path, modules: dict[str, Path], depth: int = 0) -> Iterator[Path]:
    """The files that a file imports; through a package's face, those that the face hands on."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in modules else node.module for name in inner]
        for target in {modules[name] for name in names if name in modules}:
            if not _is_words_only(target):
                yield target
            elif depth < 2:  # a face may hand on what another face hands on
                yield from _targets(target, modules, depth + 1)


def _count_floors(rooms: Iterable[str], arrows: Iterable[tuple[str, str]]) -> int:
    below: dict[str, set[str]] = {room: set() for room in rooms}
    for start, end in arrows:
        below[start].add(end)
    floor_of: dict[str, int] = {}

    def floor(room: str, above: frozenset[str]) -> int:
        if room not in floor_of:
            under = below[room] - above  # a circle is cut where it was entered
            floor_of[room] = 1 + max((floor(one, above | {room}) for one in under), default=0)
        return floor_of[room]

    return max((floor(room, frozenset({room})) for room in below), default=0)


def _circles(rooms: Iterable[str], arrows: Iterable[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    below: dict[str, set[str]] = {room: set() for room in rooms}
    for start, end in arrows:
        below[start].add(end)
    reach = {room: _reachable(room, below) for room in below}
    seen: set[str] = set()
    for room in below:
        circle = {other for other in reach[room] if room in reach[other]}
        if circle and room not in seen:
            seen |= circle
            yield tuple(sorted(circle))


def _reachable(room: str, below: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(below[room])
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += below[one]
    return found
