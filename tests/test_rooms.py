"""Imports between rooms run downwards only, and the light modules stay light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "analysis"
FLOORS = ["cli", "run", "render", "tell", "judge", "measure", "clean", "read"]
GROUND = {"standards", "statistics", "project", "errors", "tables", "sources", "regions", "sample"}
BETWEEN_GROUND = {
    "standards": {"errors", "project", "tables"},
    "statistics": set(),
    "project": set(),
    "errors": {"project"},
    "tables": set(),
    "sources": {"errors", "project"},
    "regions": {"errors", "sources"},
    "sample": {"errors", "project", "tables", "statistics", "standards"},
}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    inside = path.relative_to(PACKAGE.parent).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = inside[: len(inside) - node.level + (path.name == "__init__.py")] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            found |= {module, *(f"{module}.{name.name}" for name in node.names)}
    names = {name.split(".")[1] for name in found if name.startswith("analysis.")}
    return {name for name in names if (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").exists()}


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_downwards(path: Path) -> None:
    room = room_of(path)
    if room in {"__init__", "__main__"}:
        return
    others = imports_of(path) - {room}
    if room in FLOORS:
        allowed = set(FLOORS[FLOORS.index(room) + 1 :]) | GROUND
    else:
        assert room in GROUND, f"{room} has no floor: name it in this test"
        allowed = BETWEEN_GROUND[room]
    assert others <= allowed, f"{path}: {sorted(others - allowed)} lie above {room}"


@pytest.mark.parametrize("module", ["sources", "regions", "project", "errors"])
def test_light_modules_do_not_load_polars(module: str) -> None:
    code = f"import sys, analysis.{module}; sys.exit('polars' in sys.modules or 'matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
