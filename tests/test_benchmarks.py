"""The pages say what the benchmarks found, and the suite names modules that are there."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from analysis.clean import clean
from analysis.clean.checks import error_rules, value_rules
from benchmarks import outcome
from benchmarks.__main__ import PARTS, main
from benchmarks.clean import speed
from benchmarks.reports import page


def test_the_pages_and_the_table_say_what_was_found() -> None:
    for one in page.BLOCKS:
        assert page.filled(one) == one.read_text(encoding="utf-8"), "run python -m benchmarks.reports.page"
    assert outcome.TABLE.read_text(encoding="utf-8") == outcome.page()


@pytest.mark.parametrize("command", [words for sizes in PARTS.values() for words in sizes.values()])
def test_every_part_of_the_suite_is_there(command: list[str]) -> None:
    assert find_spec(command[0])


def test_an_unknown_size_or_part_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["huge"]) == main(["small", "weather"]) == 2
    assert "small|full" in capsys.readouterr().err


def test_a_median_and_its_spread() -> None:
    assert outcome.spread([1.0, 2.0, 4.0]) == {"median": 2.0, "spread": 1.5}


def test_what_does_not_hold_is_marked() -> None:
    one = {"median": 2.0, "spread": 0.1}
    rows = [outcome.Row("a", one, one, one, "<= 1", False), outcome.Row("b", one, None, one, "<= 3", True)]
    lines = outcome.table(rows).splitlines()
    assert lines[2].endswith("| **no** |")
    assert lines[3] == "| b | 2 |  | 2.00 | 10 % | <= 3 | yes |"


def test_a_figure_without_a_target_is_only_stated() -> None:
    one = {"median": 2.0, "spread": 0.1}
    (line,) = outcome.table([outcome.Row("a", one, one, one, "", True)]).splitlines()[2:]
    assert line == "| a | 2 | 2 | 2.00 | 10 % |  |  |"


@pytest.mark.parametrize("kind", speed.YEARS)
def test_the_year_that_is_timed_contradicts_itself_nowhere(kind: str, tmp_path: Path) -> None:
    catalogue = speed.lay(tmp_path, "schools_2024.csv", speed.schools(100, *speed.YEARS[kind]))
    records = clean(catalogue, speed.COUNTY)
    assert records.schools.height == 100
    assert not set(records.notices["rule"]) & {*value_rules(), *error_rules()}
