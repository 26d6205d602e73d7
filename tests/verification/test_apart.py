"""The second reader is a program apart: neither package imports the other, by whatever way."""

import ast
import subprocess
import sys

from analysis.project import root

FILES = sorted((root() / "verification").rglob("*.py"))


def roots(text: str) -> set[str]:
    """Return the top-level packages that a module names: in imports, and as text that could be imported."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or "").split(".")[0])
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
            "__import__",
            "import_module",
        ):
            found.add("imported by name")
    return found


def test_the_second_reader_imports_nothing_of_the_first() -> None:
    others = {"analysis", "polars", "imported by name"}
    assert [path for path in FILES if roots(path.read_text(encoding="utf-8")) & others] == []


def test_the_first_imports_nothing_of_the_second() -> None:
    files = list((root() / "analysis").rglob("*.py"))
    assert len(files) > 100
    assert [path for path in files if "verification" in roots(path.read_text(encoding="utf-8"))] == []


def test_nothing_of_the_first_is_loaded_with_the_second() -> None:
    loaded = "any(n.split('.')[0] in ('analysis', 'polars') for n in sys.modules)"
    code = f"import sys, verification.__main__; sys.exit({loaded})"
    assert subprocess.run([sys.executable, "-c", code], cwd=root(), check=False).returncode == 0


def test_an_import_is_seen_however_it_is_written() -> None:
    assert "analysis" in roots("def f():\n    from analysis.measure import measure")
    assert "imported by name" in roots("import importlib\nimportlib.import_module('anal' + 'ysis')")
