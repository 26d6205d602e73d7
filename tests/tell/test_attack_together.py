"""One attacker over everything that is published of a county: reports of the county, its townships, a subject and its
region, the notice, the page over all of them, this year's and last year's, and what `junheng diff` tells of them.

He looks for names of schools and pupils, for amounts of schools that are hidden, and places what is hidden by what all
the files together show (test_attack).
"""

import contextlib
import io
import json
import random
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from analysis import cli, sources
from analysis.read.fields import tables
from analysis.tell import Report, open_report
from tests.run.test_public_outputs import letters
from tests.workbooks import text

from .conftest import school, small
from .test_attack import LONG, TINY, cells, check, loot, taken, truth
from .test_stories import called_in_vain

COUNTY = "990999"
PLACES = ("密林镇", "高坡乡", "石桥镇")


def drawn(seed: int, year: int = 2024) -> list[dict[str, Any]]:
    """Return the schools of a county as chance has it: one has fewer than ten pupils, and now and then another."""
    chance = random.Random(f"{seed}")
    number = chance.randint(6, 15)
    least = chance.choice((1, 1, 1, 2))
    sizes = [chance.randint(3, 9) for _ in range(least)] + [chance.randint(25, 900) for _ in range(number - least)]
    chance = random.Random(f"{seed} {year}")
    rows = []
    for at, pupils in enumerate(sizes, 1):
        pupils += chance.choice((-1, 0, 1)) if year != 2024 and pupils > 4 else 0
        areas = {"teaching_area": 7.0, "sports_area": 11.0, "equipment_value": 2500.0}
        amounts: dict[str, Any] = {
            name: round(pupils * each * chance.uniform(0.4, 2), 3) for name, each in areas.items()
        }
        counts = {"advanced_degree_teachers": 0.06, "backbone_teachers": 0.02, "pe_arts_teachers": 0.02}
        amounts |= {f"{name}_primary": round(pupils * each * chance.uniform(0.4, 2)) for name, each in counts.items()}
        amounts["multimedia_rooms"] = round(pupils * 0.04 * chance.uniform(0.4, 2))
        if at == 1:
            amounts |= {"advanced_degree_teachers_primary": chance.randint(1, 3), "backbone_teachers_primary": 1}
            amounts["multimedia_rooms"] = chance.randint(1, 3)
        place = {"township": PLACES[at % len(PLACES)], "name": f"{'甲乙丙丁戊己庚辛壬癸子丑寅卯辰'[at - 1]}水岭小学"}
        rows.append(school(f"{9909990000 + at}", year=year, pupils=pupils, **amounts, **place))
    return rows


def attacked(seed: int, folder: Path) -> None:
    """Attack what is to be printed of a drawn county."""
    report = small(drawn(seed), audience="public")
    check(report, loot(report, folder))


@pytest.mark.parametrize("seed", range(2))
def test_nothing_hidden_can_be_placed_in_a_drawn_county(seed: int, tmp_path: Path) -> None:
    attacked(seed, tmp_path)


# Of the first two all amounts of the indicator that weighs most are hidden, of the third all lines that were closed.
@pytest.mark.parametrize("seed", [1, 4, 10])
def test_what_is_hidden_is_not_referred_to(seed: int, tmp_path: Path) -> None:
    data = raw(tmp_path / "raw", seed)
    report = open_report(COUNTY, data=data, processed=tmp_path / "processed", audience="public")
    assert called_in_vain(report) == set()


@pytest.mark.slow
@pytest.mark.parametrize("first", range(100, 1100, 100))
def test_nothing_hidden_can_be_placed_in_1000_drawn_counties(first: int, tmp_path: Path) -> None:
    for seed in range(first, first + 100):
        attacked(seed, tmp_path)


def raw(folder: Path, seed: int) -> Path:
    """Write the statistics of a drawn county and its neighbour, of two years; return the folder."""
    titled = {name: column.called("zh") for name, column in tables()["schools"].columns.items()}
    entries = []
    for code, other in ((COUNTY, seed), ("990998", seed + 10_000)):
        for year in (2023, 2024):
            rows = drawn(other, year)
            for row in rows:
                row["school"] = code + row["school"][6:]
            names = [name for name in titled if name in rows[0]]
            words = {"primary": "小学", "county": "地方"}
            lines = [[titled[name] for name in names]]
            lines += [[words.get(str(row[name]), row[name]) for name in names] for row in rows]
            text(folder / code / f"schools_{year}.csv", lines)
            file = f"{code}/schools_{year}.csv"
            entries.append(f'{{file: {file}, county: "{code}", table: schools, year: {year}, date: {year}-10-15}}')
    counties = '  "990999": {zh: 密林县, en: Milin}\n  "990998": {zh: 邻县, en: Lin}\n'
    registered = "".join(f"  - {entry}\n" for entry in entries)
    (folder / "sources.yml").write_text(f"counties:\n{counties}sources:\n{registered}", encoding="utf-8")
    return folder


def published(data: Path, out: Path) -> str:
    """Publish everything of the county below `out`; return what `junheng diff` says of the two years."""
    public = ["--audience", "public", "--data", str(data), "--out", str(out)]
    for year in ("2023", "2024"):
        assert cli.main(["report", COUNTY, "--year", year, *public]) == 0
    for township in PLACES:
        assert cli.main(["township", COUNTY, township, *public]) == 0
    assert cli.main(["region", "9909", *public]) == 0
    assert cli.main(["notice", COUNTY, "--data", str(data), "--out", str(out)]) == 0
    assert cli.main(["site", "--audience", "public", "--out", str(out)]) in (0, 2)
    folders = [next((out / COUNTY / year).glob("public-*")) for year in ("2023", "2024")]
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(said):
        cli.main(["diff", *map(str, folders)])
        said.flush()
    return bytes(said.buffer.getvalue()).decode("utf-8")


def faults(report: Report, data: Path, out: Path) -> list[str]:
    """Publish all of a county and return what an attacker reads out of the files: names, codes, hidden amounts."""
    told = {"diff": published(data, out)}
    files = [path for path in out.rglob("*") if path.is_file()]
    assert {"report.pdf", "report.docx", "annex.xlsx", "report.ipynb", "results.json", "region.html"} <= {
        path.name for path in files
    }
    told |= {path.relative_to(out).as_posix(): letters(path) for path in files}
    found = []
    for file, said in told.items():
        for row in drawn_rows(data):
            found += [f"{file}: {row[1]}"] if row[1] in said else []
    schools = report.rows["school"].to_list()
    hidden = [code for code in schools if not report.may_show(code, "primary")]
    # What is shown of some school in some year is not what is hidden: 1 of 29 is 3.448 a hundred of whatever it is.
    shown = {number for code in schools if code not in hidden for number, _ in numbers_of(report, code)}
    before = open_report(COUNTY, data=data, audience="public", year=2023)
    open_before = [code for code in before.rows["school"] if before.may_show(code, "primary")]
    shown |= {number for code in open_before for number, _ in numbers_of(before, code)}
    for code in hidden:
        for number, one in numbers_of(report, code):
            for file, said in told.items():
                if number not in shown and len(repr(number)) >= LONG and repr(number) in said:
                    found.append(f"{file}: {one} of {code}")
    return found


def numbers_of(report: Report, code: str) -> list[tuple[float | None, str]]:
    """Return the values and amounts of a school, each with its indicator."""
    measured = [(report.measured.school(report.year, "primary", one, code), one) for one in report.standard.indicators]
    return [(number, one) for each, one in measured if each for number in (each.value, each.amount)]


def drawn_rows(data: Path) -> list[list[str]]:
    """Return the rows of all schools as they stand in the statistics."""
    files = sorted(data.glob("*/schools_*.csv"))
    return [line.split(",") for file in files for line in file.read_text(encoding="utf-8").splitlines()[1:]]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_nothing_hidden_can_be_placed_by_all_files_together(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUNHENG_PROCESSED", str(tmp_path / "processed"))
    data, out = raw(tmp_path / "raw", seed), tmp_path / "out"
    assert sources.load(data).years(COUNTY) == [2023, 2024]
    report = open_report(COUNTY, data=data, processed=tmp_path / "processed", audience="public")
    assert TINY in report.rows["school"]
    assert faults(report, data, out) == []
    folder = next((out / COUNTY / "2024").glob("public-*"))
    coefficients = json.loads((folder / "results.json").read_text(encoding="utf-8"))["coefficients"]
    held = taken(report, cells(folder / "annex.xlsx")["学校_小学"], coefficients)
    check(report, held)
    # What is to be printed is what is printed.
    for indicator, one in loot(report, tmp_path).items():
        drawn_from, read = sorted(one.shown), sorted(held[indicator].shown)
        assert len(drawn_from) == len(read)
        assert list(chain(*drawn_from)) == pytest.approx(list(chain(*read)))
        assert (one.mean, one.cv) == (held[indicator].mean, held[indicator].cv)
    assert truth(report)
