"""How long a module and a function may be; those that are longer today are named, and their number only falls."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: Lines of a module below each folder, and of a function anywhere.
MODULE, FUNCTION = {"analysis": 400, "verification": 400, "benchmarks": 600, "tests": 600}, 60
#: Longer today. An entry that is no longer needed fails the test: take it out.
LONG_MODULES: set[str] = set()
LONG_FUNCTIONS: set[str] = set()
FILES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for folder in MODULE
    for path in sorted((ROOT / folder).rglob("*.py"))
}


def long_functions(text: str) -> list[str]:
    """Return the names of functions of more than FUNCTION lines, decorators and docstring counted."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)]
    return [one.name for one in functions if (one.end_lineno or 0) - one.lineno + 1 > FUNCTION]


def test_no_module_is_longer() -> None:
    long = {name for name, text in FILES.items() if len(text.splitlines()) > MODULE[name.split("/")[0]]}
    assert long == LONG_MODULES


def test_no_function_is_longer() -> None:
    long = {f"{name}:{one}" for name, text in FILES.items() for one in long_functions(text)}
    assert long == LONG_FUNCTIONS


@pytest.mark.parametrize(("lines", "found"), [(FUNCTION - 1, []), (FUNCTION, ["work"])])
def test_a_function_of_one_line_more_is_found(lines: int, found: list[str]) -> None:
    assert long_functions("def work():\n" + "    pass\n" * lines) == found
