"""A county's slice, laid out elsewhere, makes the same report: its content key is the same."""

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.errors import DataError
from analysis.run.build import stale
from analysis.run.cluster import parcel
from analysis.run.request import Request, resolve

ENTRIES = """
sources:
  - {file: 990101/a table.csv, county: "990101", table: classes, year: 2024, title: 班额, publisher: 局,
     date: 2024-10-01, synthetic: true, where: {县区: 青溪县}}
  - {file: 990101/gone.csv, county: "990101", table: rooms, year: 2023}
  - {file: 990102/other.csv, county: "990102", table: classes, year: 2024}
"""
PUBLISHED = """
published:
  - {file: published/cv.csv, counties: ["990103", "990104"], standard: national-2012, year: 2012,
     title: 公布, publisher: 省}
"""


def rich(raw: Path) -> Path:
    """A folder in which everything lies that a folder may hold."""
    (raw / "sources.yml").write_text((raw / "sources.yml").read_text(encoding="utf-8") + ENTRIES + PUBLISHED, "utf-8")
    files = ("990101/a table.csv", "990101/a stray.doc", "990102/other.csv", "published/cv.csv", "ledger/990101.xlsx")
    for name in (*files, "990100/schools_2021.csv"):
        (raw / name).parent.mkdir(exist_ok=True)
        (raw / name).write_text(name, encoding="utf-8")
    (raw / "corrections.yml").write_text("[]\n", encoding="utf-8")
    (raw / "identity.yml").write_text('- {kind: county, old: "990100", new: "990101", year: 2022}\n', encoding="utf-8")
    return raw


def key_elsewhere(asked: Request, folder: Path, **words: str) -> str:
    given = {"standard": asked.standard, "plan": asked.plan, "audience": asked.audience, "lang": asked.lang} | words
    there = parcel.lay_out(parcel.pack(asked), folder, given)
    return stale.key(resolve(asked.county.code, str(asked.year), **there), "embedded")


@pytest.mark.parametrize("county", ["990101", "990102", "990103"])
def test_the_key_is_the_same_elsewhere(county: str, raw: Path, tmp_path: Path) -> None:
    asked = resolve(county, data=str(rich(raw)))
    assert key_elsewhere(asked, tmp_path / "there") == stale.key(asked, "embedded")


def test_a_parcel_holds_one_county_alone(raw: Path) -> None:
    names = set(parcel.pack(resolve("990101", data=str(rich(raw)))))
    assert "raw/990100/schools_2021.csv" in names
    assert "raw/990101/a table.csv" in names
    assert not [name for name in names if "990102" in name or "published" in name]


def test_a_stray_goes_by_its_name_and_a_file_that_is_gone_stays_told(raw: Path, tmp_path: Path) -> None:
    packed = parcel.pack(resolve("990101", data=str(rich(raw))))
    assert packed["raw/990101/a stray.doc"] == b""
    there = parcel.lay_out(packed, tmp_path / "there", {"standard": "", "plan": ""})
    found = resolve("990101", **there).catalogue
    assert (found.strays, found.absent) == (("990101/a stray.doc",), ("990101/gone.csv",))


def test_rules_of_ones_own_go_along(raw: Path, tmp_path: Path) -> None:
    plan = tmp_path / "mine" / "plan.yml"
    plan.parent.mkdir()
    plan.write_text("extends: national-2017\nid: mine\n", encoding="utf-8")
    asked = resolve("990101", data=str(raw), plan=str(plan))
    assert key_elsewhere(asked, tmp_path / "there") == stale.key(asked, "embedded")
    assert (tmp_path / "there" / "plan" / "plan.yml").is_file()


@pytest.mark.parametrize(
    "change",
    [
        lambda packed: packed.update({"raw/990101/schools_2024.csv": b"changed"}),
        lambda packed: packed.pop("raw/ledger/990101.xlsx"),
        lambda packed: packed.pop("raw/corrections.yml"),
    ],
    ids=["a file", "the ledger", "corrections"],
)
def test_what_came_otherwise_than_it_went_has_another_key(
    change: Callable[[parcel.Parcel], object], raw: Path, tmp_path: Path
) -> None:
    asked = resolve("990101", data=str(rich(raw)))
    packed = parcel.pack(asked)
    change(packed)
    there = parcel.lay_out(packed, tmp_path / "there", {"standard": "", "plan": ""})
    assert stale.key(resolve("990101", "2024", **there), "embedded") != stale.key(asked, "embedded")


def test_a_file_that_went_away_is_named(raw: Path) -> None:
    asked = resolve("990101", data=str(raw))
    (raw / "990101" / "schools_2022.csv").unlink()
    with pytest.raises(DataError, match="schools_2022"):
        parcel.pack(asked)
