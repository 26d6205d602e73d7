"""The README's ten lines for a county's own plan, followed to the letter."""

import json
import re
import shlex
from pathlib import Path

import pytest

from analysis import cli
from analysis.project import root

SECTION = "## A county's own plan, in ten lines"


def blocks(kind: str) -> str:
    section = (root() / "README.md").read_text(encoding="utf-8").split(SECTION)[1].split("\n## ")[0]
    found = re.search(rf"```{kind}\n(.*?)```", section, re.DOTALL)
    assert found
    return found[1]


def test_the_plan_has_ten_lines_or_fewer() -> None:
    assert len(blocks("yaml").splitlines()) <= 10


@pytest.mark.slow
def test_its_lines_give_a_report_with_the_plan_beside_the_national_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    name = re.search(r"Save this as\s+`([^`]+)`", (root() / "README.md").read_text(encoding="utf-8"))
    assert name
    Path(name[1]).write_text(blocks("yaml"), encoding="utf-8")
    check, make = (shlex.split(line, comments=True) for line in blocks("sh").splitlines())

    assert check[0] == "junheng"
    assert cli.main(check[1:]) == 0

    words = dict(word.split("=") for word in make[2:])
    asked = ["report", words["COUNTY"], "--plan", words["PLAN"], "--formats", "xlsx", "--out", str(tmp_path / "out")]
    assert cli.main(asked) == 0, capsys.readouterr().err
    (results,) = (tmp_path / "out").rglob("results.json")
    found = {row["id"]: row for row in json.loads(results.read_text(encoding="utf-8"))["findings"]}
    assert found["plan.schools.junior"]["target"] == 0.8
    assert found["plan.senior_places"]["target"] == 0.7
    assert found["resources.schools.junior"]["target"] == 1
    assert found["plan.schools.junior"]["value"] == found["resources.schools.junior"]["value"]
