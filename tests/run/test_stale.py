"""The content key: what changes it, what does not, and that asking costs no Polars."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis import storage
from analysis.run.build import stale
from analysis.run.build.stale import State
from analysis.run.request import resolve

ENGINE = "embedded 1"


def key(raw: Path, county: str = "990101", **words: str) -> str:
    return stale.key(resolve(county, data=str(raw), **words), ENGINE)


def test_asking_loads_no_polars() -> None:
    code = """
import sys
from analysis import storage
from analysis.run.build import stale
from analysis.run.request import resolve
stale.shared()
sys.exit(len({'polars', 'numpy', 'pydantic', 'papermill'} & set(sys.modules)))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_key_stays_where_nothing_changes_but_times(raw: Path) -> None:
    before = key(raw)
    os.utime(raw / "990101" / "schools_2024.csv", (1, 1))
    assert key(raw) == before


@pytest.mark.parametrize("file", ["schools_2024.csv", "schools_2022.csv"])
def test_a_changed_row_of_any_year_changes_the_county_alone(raw: Path, file: str) -> None:
    before, other = key(raw), key(raw, "990102")
    (raw / "990101" / file).write_text("changed\n", encoding="utf-8")
    assert key(raw) != before
    assert key(raw, "990102") == other


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: (raw / "corrections.yml").write_text("[]", encoding="utf-8"),
        lambda raw: (raw / "identity.yml").write_text("[]", encoding="utf-8"),
        lambda raw: (raw / "990101" / "classes_2024.csv").write_text("x\n", encoding="utf-8"),
        lambda raw: (raw / "sources.yml").write_text(
            (raw / "sources.yml").read_text(encoding="utf-8").replace("Qingxi", "Qingshui"), encoding="utf-8"
        ),
        lambda raw: ((raw / "ledger").mkdir(), (raw / "ledger" / "990101.xlsx").write_bytes(b"x")),
    ],
    ids=["corrections", "identity", "another table", "name", "ledger"],
)
def test_what_else_a_report_is_made_from_changes_the_key(raw: Path, change: Callable[[Path], object]) -> None:
    before = key(raw)
    change(raw)
    assert key(raw) != before


@pytest.mark.parametrize(
    "words", [{"year": "2022"}, {"lang": "en"}, {"audience": "public"}, {"standard": "national-2012"}]
)
def test_parameters_change_the_key(raw: Path, words: dict[str, str]) -> None:
    assert key(raw, **words) != key(raw)


def test_formats_and_the_place_of_output_do_not_change_the_key(raw: Path, tmp_path: Path) -> None:
    assert key(raw, formats="html", out=str(tmp_path / "elsewhere")) == key(raw)


def test_the_engine_changes_the_key(raw: Path) -> None:
    request = resolve("990101", data=str(raw))
    assert stale.key(request, "embedded 2") != stale.key(request, ENGINE)


def test_a_plan_of_ones_own_counts_with_its_content(raw: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yml"
    plan.write_text("extends: national-2017\n", encoding="utf-8")
    before = key(raw, plan=str(plan))
    plan.write_text("extends: national-2017\nid: mine\n", encoding="utf-8")
    assert key(raw, plan=str(plan)) != before


@pytest.mark.parametrize("file", ["analysis/judge/rule.py", "notebooks/a.ipynb", "reports/templates/zh/a.md.j2"])
def test_program_notebooks_and_templates_count(file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUNHENG_ROOT", str(tmp_path))
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    keys = set()
    for content in ("a", "b"):
        path.write_text(content, encoding="utf-8")
        stale.shared.cache_clear()
        keys.add(stale.shared())
    stale.shared.cache_clear()
    assert len(keys) == 2


def test_built_files_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUNHENG_ROOT", str(tmp_path))
    stale.shared.cache_clear()
    before = stale.shared()
    (tmp_path / "reports" / "output").mkdir(parents=True)
    (tmp_path / "reports" / "output" / "index.html").write_text("x", encoding="utf-8")
    stale.shared.cache_clear()
    assert stale.shared() == before
    stale.shared.cache_clear()


def test_a_state_holds_while_every_file_lies_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("whole", encoding="utf-8")
    stale.write_state(tmp_path, State("k", {"report.html": (storage.digest_of(b"whole"),)}))
    found = stale.state(tmp_path)
    assert found.holds(tmp_path, "k", ("report.html",))
    assert not found.holds(tmp_path, "other", ("report.html",))
    assert not found.holds(tmp_path, "k", ("report.html", "report.pdf"))
    (tmp_path / "report.html").write_text("whale", encoding="utf-8")
    assert not found.holds(tmp_path, "k", ("report.html",))
    (tmp_path / "report.html").unlink()
    assert not found.holds(tmp_path, "k", ("report.html",))


def test_a_state_of_an_earlier_edition_told_sizes(tmp_path: Path) -> None:
    (tmp_path / stale.STATE).write_text('{"key": "k", "files": {"report.html": 5}}', encoding="utf-8")
    (tmp_path / "report.html").write_text("whole", encoding="utf-8")
    assert stale.state(tmp_path).holds(tmp_path, "k", ("report.html",))
    (tmp_path / "report.html").write_text("longer", encoding="utf-8")
    assert not stale.state(tmp_path).wrote(tmp_path, "report.html")


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"key": 1}', '{"key": "k", "files": [1]}', '{"key": "k", "files": {"a": "x"}}']
)
def test_an_unreadable_state_is_no_state(tmp_path: Path, text: str) -> None:
    (tmp_path / stale.STATE).write_text(text, encoding="utf-8")
    assert stale.state(tmp_path) == State("", {})
