"""What the documents name exists: make targets, commands of junheng, their options, files, variables."""

import re
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


def test_where_is_names_what_is_there() -> None:
    """Each row of the table 'Where is ...?' names a module and a test, and each file that it names is there."""
    text = (root() / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.split("## Where is ...?")[1].split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    below = ("", "analysis", "analysis/read", "analysis/standards", "reports/templates")
    assert len(rows) >= 20
    for row in rows:
        _, data, code, test = (part.strip() for part in row.strip("|").split("|"))
        for path in re.findall(r"`([\w./-]+\.(?:py|yml|j2))`", f"{data} {code} {test}"):
            assert any((root() / place / path).exists() for place in below), f"{row}: {path}"
        assert "`tests/" in test, row
        assert ".py`" in code or "/`" in code, row
