"""Imports run downwards only, between rooms and within those that have floors, and no modules import in a circle."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "analysis"
FLOORS = ["cli", "run", "render", "tell", "least_cost", "forecast", "judge", "measure", "clean", "read"]
GROUND = {
    "standards",
    "statistics",
    "project",
    "errors",
    "files",
    "plaintext",
    "entries",
    "yamlfile",
    "tables",
    "ids",
    "registered",
    "registering",
    "decisions",
    "sources",
    "regions",
    "kinds",
    "brand",
    "storage",
    "pagewords",
    "places",
    "sample",
}
#: Floors within a room, the uppermost first: modules and folders; what stands in no list, all of the room may use.
INSIDE = {
    "tell": ["documents", "parts", "speech", "facts", "case", "language", "findings"],
    "run": ["commands", "cluster", "processes", "build", "request"],
}
BETWEEN_GROUND = {
    "standards": {"errors", "files", "ids", "project", "tables", "yamlfile"},
    "statistics": set(),
    "project": {"plaintext"},
    "plaintext": set(),
    "errors": {"plaintext", "project"},
    "tables": set(),
    "ids": {"tables"},
    "files": {"errors"},
    "entries": {"errors", "files"},
    "yamlfile": {"errors", "files", "plaintext"},
    "decisions": {"entries", "errors", "files", "plaintext"},
    "registered": {"decisions", "entries", "errors", "files", "yamlfile"},
    "registering": {"errors", "registered", "storage"},
    "sources": {"decisions", "errors", "files", "plaintext", "project", "registered"},
    "regions": {"errors", "project", "sources"},
    "kinds": {"sources"},
    "pagewords": {"project", "sources"},
    "places": {"sources"},
    "brand": {"errors", "project", "sources"},
    "storage": set(),
    "sample": {"errors", "project", "tables", "statistics", "standards", "read"},
}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def imports_of(path: Path) -> set[str]:
    """Return the modules that a file names in imports, wherever they stand: those for types alone too."""
    found: set[str] = set()
    inside = path.relative_to(PACKAGE.parent).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = inside[: len(inside) - node.level] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            for name in node.names:
                whole = f"{module}.{name.name}"
                found.add(whole if whole in MODULES else module)
    return {name for name in found if name in MODULES} - {module_of(path)}


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


FILES = sorted(PACKAGE.rglob("*.py"))
MODULES = {module_of(path) for path in FILES}


def upwards(path: Path) -> set[str]:
    """Return the rooms above its own that a module imports."""
    room = room_of(path)
    if room in {"__init__", "__main__"}:
        return set()
    others = {name.split(".")[1] for name in imports_of(path) if "." in name} - {room}
    if room in FLOORS:
        return others - set(FLOORS[FLOORS.index(room) + 1 :]) - GROUND
    assert room in GROUND, f"{room} has no floor: name it in this test"
    return others - BETWEEN_GROUND[room]


def upwards_within(path: Path) -> set[str]:
    """Return the floors of its own room above its own that a module imports."""
    room, *parts = module_of(path).split(".")[1:] or [""]
    floors = INSIDE.get(room, [])
    if not parts or parts[0] not in floors:
        return set()
    others = {name.split(".")[2] for name in imports_of(path) if name.startswith(f"analysis.{room}.")}
    return others & set(floors[: floors.index(parts[0])])


def test_imports_run_downwards() -> None:
    assert {path: above for path in FILES if (above := upwards(path))} == {}


def test_imports_within_a_room_run_downwards() -> None:
    assert {path: above for path in FILES if (above := upwards_within(path))} == {}


def test_every_folder_of_a_room_with_floors_has_one() -> None:
    for room, floors in INSIDE.items():
        folders = {path.name for path in (PACKAGE / room).iterdir() if (path / "__init__.py").exists()}
        assert folders <= set(floors)


def circles(imports: dict[str, set[str]]) -> list[list[str]]:
    """Return what is left when modules that import none of those left are taken away again and again."""
    left = {name: set(others) for name, others in imports.items()}
    while free := [name for name, others in left.items() if not others & left.keys()]:
        for name in free:
            del left[name]
    return [[name, *sorted(others & left.keys())] for name, others in sorted(left.items())]


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles({module_of(path): imports_of(path) for path in FILES}) == []


def test_a_circle_is_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == [["a", "b"], ["b", "c"], ["c", "b"]]
    assert circles({"a": {"b"}, "b": {"c"}, "c": set()}) == []


@pytest.mark.parametrize("module", ["sources", "regions", "kinds", "brand", "project", "errors", "storage"])
def test_light_modules_do_not_load_polars(module: str) -> None:
    code = f"import sys, analysis.{module}; sys.exit('polars' in sys.modules or 'matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
