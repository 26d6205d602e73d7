"""`junheng standards`: list, show, check, diff, new."""

from pathlib import Path

import pytest
import yaml

from analysis import standards
from analysis.standards import show


def test_list_names_every_standard() -> None:
    table = show.listing()
    assert table.columns == ["id", "name", "extends", "document", "from"]
    rows = {row["id"]: row for row in table.iter_rows(named=True)}
    assert set(rows) == {"hebei", "national-2012", "national-2017", *(f"plan-{n}" for n in range(1, 9))}
    assert (rows["national-2017"]["document"], rows["national-2017"]["from"]) == ("教督〔2017〕6号", "2017-04-19")
    assert rows["plan-7"]["extends"] == "national-2012"


def test_show_has_each_value_and_whose_it_is() -> None:
    rows = {row["key"]: row for row in show.shown("plan-3").iter_rows(named=True)}
    assert rows["items.senior_places.target.values"]["value"] == "0.7"
    assert rows["items.senior_places.target.values"]["own"] == "yes"
    assert rows["items.senior_places.target.sense"]["own"] == ""
    assert "优质高中" in rows["items.senior_places.target.values"]["of"]
    assert rows["school_rule.schools.values.primary.1.value"]["value"] == "0.5"


def test_diff_tells_what_a_plan_changes() -> None:
    rows = {
        row["key"]: (row["a"], row["b"]) for row in show.differences("national-2017", "plan-8").iter_rows(named=True)
    }
    assert rows["items.nearest_junior.target.values"] == ("0.95", "1")
    assert rows["items.school_size.parameters.nine_year"] == ("2500", "2000")
    assert rows["items.yearly_training.target.values"] == ("", "1")
    assert "items.school_size.parameters.primary" not in rows
    assert show.differences("plan-8", "plan-8").is_empty()


def test_check_tells_every_fault_with_its_value_and_mend(tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    given = {
        "id": "mine",
        "extends": "national-2017",
        "items": {"rotation": {"target": {"sense": "under", "values": "many"}}, "new_one": {"kind": "answer"}},
        "colour": "red",
    }
    file.write_text(yaml.safe_dump(given), encoding="utf-8")
    rows = {row["key"]: row for row in show.faults(file).iter_rows(named=True)}
    assert rows["items.rotation.target.sense"]["value"] == "'under'"
    assert "at_least" in rows["items.rotation.target.sense"]["mend"]
    assert rows["colour"]["mend"] == "删去这一项，或改正拼写"
    assert rows["items.new_one.label"]["mend"] == "补上这一项"
    assert all(row["mend"] for row in rows.values())
    assert show.faults("national-2017").is_empty()


def test_the_starting_point_is_a_whole_plan(tmp_path: Path) -> None:
    text = show.starting_point()
    assert sum(1 for line in text.splitlines() if line and not line.startswith("#")) <= 10
    file = tmp_path / "my-plan.yml"
    file.write_text(text, encoding="utf-8")
    plan = standards.plan(file)
    assert plan.items == {"school_rule", "schools", "senior_places"}
    assert plan.framework == "national-2017"


def test_messages_of_faults_follow_the_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT_LANG", "en")
    file = tmp_path / "mine.yml"
    file.write_text("id: mine\nextends: national-2017\ncolour: red\n", encoding="utf-8")
    assert show.faults(file)["mend"].to_list() == ["delete this key, or mend its spelling"]
