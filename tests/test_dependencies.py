"""Every package that is required is imported and has its reason; every one that is imported is required."""

import ast
import re
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DOCUMENT = ROOT / "docs" / "dependencies.md"
#: What is imported under another name than it is installed by.
MODULES = {
    "PyYAML": "yaml",
    "pypandoc_binary": "pypandoc",
    "pylopdf-fonts-zh-cn": "pylopdf_fonts_zh_cn",
    "odfpy": "odf",
    "pillow": "pil",
    "python-docx": "docx",
}
#: Commands, plugins and types: nobody imports these by name.
BY_NAME = {"axe-playwright-python", "jupyterlab", "mypy", "nbval", "pytest-xdist", "ruff"}
STUBS = re.compile(r"^types-|-stubs$")
#: Drawn layouts are for tests: what writes them is among the development requirements.
OWN = {"analysis", "benchmarks", "tests", "verification"}
#: What type checkers alone know.
FOR_TYPES = {"_typeshed"}
DEVELOPMENT = ("analysis/sample/layouts/",)


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def module(name: str) -> str:
    """Return what a package is imported as."""
    return MODULES.get(name, name.replace("-", "_")).lower()


def named(requirement: str) -> str:
    """Return the package that a line of requirements names."""
    found = re.match(r"[A-Za-z0-9_.-]+", requirement)
    assert found, requirement
    return found[0]


def pins(file: str) -> dict[str, str]:
    """Return the version of each package of a file of requirements."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return {named(line): line.split(";")[0].split("==")[1].strip() for line in lines if "==" in line}


def imported(text: str) -> set[str]:
    """Return the top-level modules that a program imports, its own and Python's apart."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return {each.lower() for each in found - set(sys.stdlib_module_names) - OWN - FOR_TYPES}


@cache
def of(folders: tuple[str, ...], but: tuple[str, ...] = ("\0",)) -> set[str]:
    files = (file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    kept = [file for file in files if not file.relative_to(ROOT).as_posix().startswith(but)]
    return set().union(*(imported(file.read_text(encoding="utf-8")) for file in kept))


REQUIRED = {named(one): one for one in PROJECT["dependencies"]}
#: Judges from outside that a test asks where someone installed them, and skips without.
ASKED_IF_THERE = {"cosmic_ray", "rocrate_validator"}
#: Rows of the table: what is required to run, and for development.
ROWS = re.findall(r"^\| `([^`]+)` \| (.+) \|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)


def running() -> set[str]:
    return of(("analysis", "reports"), DEVELOPMENT)


def checking() -> set[str]:
    return of(("tests", "benchmarks", "verification", *DEVELOPMENT)) - ASKED_IF_THERE


def test_what_runs_imports_what_is_required_and_nothing_else() -> None:
    assert {module(name) for name in REQUIRED} == running()


def test_the_second_reader_imports_what_its_extra_and_the_rest_require() -> None:
    extra = {named(one) for one in PROJECT["optional-dependencies"]["verify"]}
    found = of(("verification",))
    assert {module(name) for name in extra} <= found
    assert not found - {module(name) for name in (*extra, *REQUIRED)}


def test_what_checks_imports_what_is_pinned() -> None:
    known = {module(name) for name in (*pins("requirements.txt"), *pins("requirements-dev.txt"))}
    assert not checking() - known


@pytest.mark.parametrize("name", [name for name, _ in ROWS if name not in REQUIRED and not STUBS.search(name)])
def test_what_is_for_development_alone_is_imported_there(name: str) -> None:
    assert name in BY_NAME or module(name) in checking() - running()


def test_each_requirement_is_pinned_where_it_belongs() -> None:
    to_run, to_check = ({canonical(name) for name in pins(f"requirements{kind}.txt")} for kind in ("", "-dev"))
    assert {canonical(name) for name in REQUIRED} <= to_run
    assert {canonical(name) for name, _ in ROWS if name not in REQUIRED} <= to_check
    assert not to_run & to_check


def test_each_requirement_has_its_reason_in_one_line() -> None:
    assert [name for name, _ in ROWS if name in REQUIRED] == sorted(REQUIRED, key=str.lower)
    assert all(reason.strip() for _, reason in ROWS)
    beside = {module(name) for name in pins("requirements.txt")}
    assert {module(name) for name, _ in ROWS} >= checking() - beside


@pytest.mark.parametrize("name", ["papermill", "nbclient"])
def test_what_is_used_by_private_names_is_pinned_exactly(name: str) -> None:
    assert REQUIRED[name] == f"{name}=={pins('requirements.txt')[name]}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import os, polars.io as p", {"polars"}),
        ("def f():\n    from Lxml.etree import x", {"lxml"}),
        ("from . import cells\nfrom analysis.read import grid", set()),
    ],
)
def test_an_import_is_found_wherever_it_stands(text: str, found: set[str]) -> None:
    assert imported(text) == found
