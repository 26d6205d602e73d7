"""What the documents name exists: make targets, commands of junheng, their options, files, variables."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
import typer.main

from analysis import cli
from analysis.project import root

PAGES = sorted([*root().glob("README*.md"), *(root() / "docs").rglob("*.md")])


def makefile() -> str:
    return (root() / "Makefile").read_text(encoding="utf-8")


def commands() -> dict[str, set[str]]:
    """Each command of junheng with its options."""
    group = typer.main.get_command(cli.app)
    found = getattr(group, "commands")  # noqa: B009
    return {name: {option for param in command.params for option in param.opts} for name, command in found.items()}


def code_of(page: Path) -> list[str]:
    """What stands as code in a page: fenced, indented, or between backticks."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    indented = re.findall(r"^ {4}(.+)$", text, re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()] + indented + re.findall(r"`([^`\n]+)`", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_and_variable_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):.*##", makefile(), re.MULTILINE))
    words = set(re.search(r"^WORDS := (.*)$", makefile(), re.MULTILINE)[1].split())  # type: ignore[index]
    for code in code_of(page):
        for target, rest in re.findall(r"\bmake(?: ([a-z][a-z-]*))?((?: [A-Z_]+=[^\s\]]*)*)", code):
            assert not target or target in targets, f"{page.name}: make {target}"
            assert set(re.findall(r"([A-Z_]+)=", rest)) <= words, f"{page.name}: {code}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_junheng_and_its_options_exist(page: Path) -> None:
    known = commands()
    for code in code_of(page):
        match = re.match(r"(?:\.venv/bin/)?junheng ([a-z][a-z-]*)(.*)", code)
        if match:
            assert match[1] in known, f"{page.name}: {code}"
            options = set(re.findall(r"(--[a-z][a-z-]*)", match[2]))
            assert options <= known[match[1]] | {"--help"}, f"{page.name}: {code}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_linked_file_exists(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_first_commands_of_the_readme_are_the_two_that_a_visitor_needs() -> None:
    lines = (root() / "README.md").read_text(encoding="utf-8").splitlines()
    code = [line.strip() for line in lines if line.startswith("    ")]
    assert code[:2] == ["make report COUNTY=990101", "make test"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_table_breaks_off(page: Path) -> None:
    """An empty line within a table leaves the rows below it as mere text."""
    lines = ["", *page.read_text(encoding="utf-8").splitlines(), ""]
    for before, row, after in zip(lines, lines[1:], lines[2:], strict=False):
        if row.startswith("|") and not before.startswith("|"):
            assert re.match(r"\|[ :-]+\|", after), f"{page.name}: {row}"


ARCHITECTURE = root() / "docs" / "architecture.md"
PACKAGE = root() / "analysis"
#: Folders that the table 'Where is ...?' writes its paths from.
BELOW = ("", "analysis", "analysis/read", "analysis/standards", "reports/templates")


def where_is(text: str) -> list[tuple[str, str, str, str]]:
    """The rows of the table 'Where is ...?': what is asked for, data, code, test."""
    rows = [line for line in text.split("## Where is ...?")[1].split("\n## ")[0].splitlines() if line.startswith("| ")]
    return [tuple(part.strip() for part in row.strip("|").split("|")) for row in rows[1:]]  # type: ignore[misc]


def files_of(cell: str) -> list[Path]:
    """The files that a cell names in backticks, each where it is; FileNotFoundError for one that is nowhere."""
    found = []
    for path in re.findall(r"`([\w./-]+\.\w+)`", cell):
        if "/" in path or (PACKAGE / path).exists() or re.search(r"\.(py|yml|toml)$", path):
            there = [root() / place / path for place in BELOW if (root() / place / path).exists()]
            if not there:
                raise FileNotFoundError(path)
            found.append(there[0])
    return found


def test_where_is_names_what_is_there() -> None:
    """Each row of the table 'Where is ...?' names a module and a test, and each file that it names is there."""
    rows = where_is(ARCHITECTURE.read_text(encoding="utf-8"))
    assert len(rows) >= 20
    for _, data, code, test in rows:
        files_of(data)
        assert files_of(code) or "/`" in code, code
        assert "`tests/" in test, test
        files_of(test)


def unknown_keys(cell: str) -> set[str]:
    """The keys that a cell of data names beside its files and none of these has; without a file, none of standards."""
    files = files_of(cell) or sorted((PACKAGE / "standards").glob("*.yml"))
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    named = re.findall(r"`([\w.]+)`", re.sub(r"`[\w./-]+\.(?:yml|j2|json|md|ipynb|lua|toml)`", "", cell))
    return {key for key in named for part in key.split(".") if not re.search(rf"\b{part}\b", text)}


def test_where_is_names_keys_that_are_there() -> None:
    for _, data, _, _ in where_is(ARCHITECTURE.read_text(encoding="utf-8")):
        assert not unknown_keys(data), data


def test_a_key_that_is_gone_is_found() -> None:
    assert unknown_keys("`reports/templates/emphasis.yml`, `weights`, `weight_of_all`") == {"weight_of_all"}
    assert unknown_keys("the standard's `indicators` and `indicators_of_old`") == {"indicators_of_old"}


@cache
def names_in(module: Path) -> set[str]:
    """What a module defines or imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
    return found


def unknown_names(text: str) -> set[str]:
    """The dotted names of a page that begin in a room of the package and lead nowhere: read.grid.read, ids.OVERALL."""
    rooms = sorted({path.stem for path in PACKAGE.iterdir() if path.suffix in {"", ".py"}}, key=len, reverse=True)
    gone = set()
    for name in re.findall(rf"(?<![\w./])(?:analysis\.)?((?:{'|'.join(rooms)})(?:\.[A-Za-z_]\w*)+)", text):
        *parts, last = name.split(".")
        folder = PACKAGE
        rest = [*parts, last]
        while rest and (folder / rest[0]).is_dir():
            folder = folder / rest.pop(0)
        module = folder / (f"{rest[0]}.py" if rest and (folder / f"{rest[0]}.py").exists() else "__init__.py")
        rest = rest[1:] if module.name != "__init__.py" else rest
        if rest and last not in {"py", "yml", "md", "html", "json", "xlsx"} and rest[0] not in names_in(module):
            gone.add(name)
    return gone


#: The page of sentences holds code of templates, in which such a name is a variable's.
WRITTEN = [page for page in PAGES if page.name != "sentences.md"]


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_every_name_of_the_package_that_a_page_tells_is_there(page: Path) -> None:
    assert unknown_names(page.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_every_file_of_code_that_a_page_tells_is_there(page: Path) -> None:
    places = [root() / place for place in (*BELOW, "verification")]
    for path in re.findall(r"`([\w./-]+/[\w.-]+\.(?:py|yml|lua|ipynb))`", page.read_text(encoding="utf-8")):
        assert any((place / path).exists() for place in places), f"{page.name}: {path}"


def test_every_name_of_the_package_that_a_docstring_tells_is_there() -> None:
    kinds = (ast.Module, ast.FunctionDef, ast.ClassDef)
    for module in sorted(PACKAGE.rglob("*.py")):
        text = module.read_text(encoding="utf-8")
        if unknown_names(text):  # in code such a name may be a variable's
            nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)]
            assert unknown_names(" ".join(ast.get_docstring(node) or "" for node in nodes)) == set(), module


def test_a_name_that_is_gone_is_found() -> None:
    assert unknown_names("`ids.OVERALL`, read.grid.read, judge.judge, tell/case.py, tell.gone.it, ids.NOTHING") == {
        "tell.gone.it",
        "ids.NOTHING",
    }
