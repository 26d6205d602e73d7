"""docs/plans.md and the page of each national framework are what their cases and texts say."""

from pathlib import Path

import pytest

from tests.standards.inputs import cases
from tests.standards.pages import pages

PAGES = pages()


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_a_page_is_what_its_cases_say(file: Path) -> None:
    assert file.read_text(encoding="utf-8") == PAGES[file], "python -m tests.standards.pages writes it"


def test_a_page_has_a_row_for_each_case() -> None:
    plans = next(text for file, text in PAGES.items() if file.name == "plans.md")
    for name in (f"plan-{number}" for number in range(1, 9)):
        section = plans.partition(f"## {name}:")[2].partition("\n## ")[0]
        rows = [row for row in section.splitlines() if row.startswith("| ") and "`" in row]
        assert len(rows) == len(cases(name))
        assert all(case["says"] in row for case, row in zip(cases(name), rows, strict=True))
