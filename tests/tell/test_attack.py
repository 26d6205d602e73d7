"""Attacks on the report of the public: who holds all its outputs tries to work out what is hidden of a tiny school.

The attacker knows more than the report tells: every enrolment, the hidden ones too. Figures of the schools that are
shown are taken from the workbook, means and coefficients from results.json.
"""

import json
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from analysis.measure import measure
from analysis.render import annex, results
from analysis.run.build import titles
from analysis.statistics import disclosure
from analysis.statistics.disclosure import Published
from analysis.tell import Report
from analysis.tell.facts.obstacles import obstacles
from analysis.tell.language import wording

from .conftest import CHAPTERS, FIGURES, TABLES, school, small

TINY = "9909990001"
PART = wording.emphasis()["suppress"]["part"]
COUNTED = ("advanced_degree_teachers", "backbone_teachers", "pe_arts_teachers", "multimedia_rooms")


def county(seed: int = 4, **tiny: Any) -> list[dict[str, Any]]:
    """Return twelve primary schools: eight pupils in one, the others like those of a county."""
    chance = random.Random(seed)
    rows = []
    for number in range(1, 13):
        pupils = 8 if number == 1 else 40 + 35 * number
        areas = {"teaching_area": 7.0, "sports_area": 11.0, "equipment_value": 2500.0}
        amounts: dict[str, Any] = {
            name: round(pupils * each * chance.uniform(0.5, 1.8), 1) for name, each in areas.items()
        }
        counts = {"advanced_degree_teachers": 0.06, "backbone_teachers": 0.02, "pe_arts_teachers": 0.02}
        amounts |= {f"{name}_primary": round(pupils * each * chance.uniform(0.5, 1.8)) for name, each in counts.items()}
        amounts["multimedia_rooms"] = round(pupils * 0.04 * chance.uniform(0.5, 1.8))
        if number == 1:
            amounts |= {"advanced_degree_teachers_primary": 2, "backbone_teachers_primary": 1, "multimedia_rooms": 2}
            amounts |= tiny
        rows.append(school(f"{9909990000 + number}", pupils=pupils, **amounts))
    return rows


#: Digits of a number that no other has by chance.
LONG = 7
#: Another tiny school: like the others, rich beyond measure, with next to nothing.
STORIES: tuple[dict[str, Any], ...] = (
    {},
    {"teaching_area": 900.0, "equipment_value": 90_000.0},
    {"teaching_area": 20.0, "sports_area": 0.0, "advanced_degree_teachers_primary": 0},
)


@dataclass(frozen=True)
class Loot:
    """What the attacker holds of one indicator: amounts and enrolments of shown schools, mean and coefficient."""

    shown: list[tuple[float, float]]
    enrolments: list[float]
    mean: tuple[float, float]
    cv: tuple[float, float]


def places(number: float) -> float:
    """Return half a unit of the last place of a number as it is written."""
    return 0.5 * 10.0 ** -len(repr(number).partition(".")[2]) if number != int(number) else 0.05


def cells(path: Path) -> dict[str, list[list[Any]]]:
    """Return the rows of every sheet with the values that are stored, in hidden rows and columns too."""
    return {name: [list(row) for row in frame.rows()] for name, frame in _sheets(path).items()}


def _sheets(path: Path) -> dict[str, pl.DataFrame]:
    found: dict[str, pl.DataFrame] = pl.read_excel(
        path, sheet_id=0, has_header=False, drop_empty_rows=False, infer_schema_length=None
    )
    return found


def loot(report: Report, tmp_path: Path, code: str = TINY) -> dict[str, Loot]:
    """Return per indicator what a public report tells, with the enrolments that it hides, the tiny school's first."""
    annex.write(report, tmp_path / "annex.xlsx", titles.meta(report))
    return taken(report, cells(tmp_path / "annex.xlsx")["学校_小学"], results.results(report)["coefficients"], code)


def taken(
    report: Report, rows: list[list[Any]], coefficients: list[dict[str, Any]], code: str = TINY
) -> dict[str, Loot]:
    """Return what the rows of the workbook's sheet of schools and the coefficients of results.json give away."""
    head = next(place for place, row in enumerate(rows) if row[0] == "学校")
    names = [report.label(one, short=True) for one in report.standard.indicators]
    told = {(one["indicator"], one["year"]): one for one in coefficients if one["stage"] == "primary"}
    truth = dict(report.rows.filter("in_scope").select("school", "pupils").iter_rows())
    found = {}
    for indicator, name in zip(report.standard.indicators, names, strict=True):
        place = next(n for n, label in enumerate(rows[head]) if label.startswith(name))
        per = report.standard.indicators[indicator].per
        shown, known = [], set()
        for row in rows[head + 1 :]:
            match = re.search(r"99099900\d\d", str(row[0] or ""))
            if match and match[0] in truth and isinstance(_number(row[place]), float):
                known.add(match[0])
                shown.append((_number(row[place]) * truth[match[0]] / per, truth[match[0]]))
        one = told[indicator, report.year]
        rest = [truth[each] for each in sorted(truth) if each not in known and each != code]
        decimals = report.standard.indicators[indicator].decimals
        assert one["mean"] == round(one["mean"], decimals)
        assert one["cv"] == round(one["cv"], 4)
        found[indicator] = Loot(
            shown,
            [truth[code], *rest],
            (one["mean"] / per, 0.5 * 10.0**-decimals / per),
            (one["cv"], places(one["cv"])),
        )
    return found


def _number(cell: object) -> Any:
    try:
        return float(str(cell))
    except ValueError:
        return None


def reachable(enrolments: list[float], most: int) -> dict[int, Any]:
    """Return for each sum of whole amounts the sums of amount squared over enrolment that schools can have with it."""
    found = {0: np.zeros(1)}
    for pupils in enrolments:
        parts: dict[int, list[Any]] = {}
        for before, squares in found.items():
            for amount in range(most + 1 - before):
                parts.setdefault(before + amount, []).append(squares + amount**2 / pupils)
        found = {total: np.unique(np.concatenate(each).round(4)) for total, each in parts.items()}
    return found


def solve(held: Loot, counted: bool, most: float) -> list[float]:
    """Return all amounts of the tiny school, up to `most`, with which everything that the attacker holds agrees."""
    total, squares = sum(x for x, _ in held.shown), sum(x * x / n for x, n in held.shown)
    every = sum(n for _, n in held.shown) + sum(held.enrolments)
    own, rest = held.enrolments[0], held.enrolments[1:]
    left = held.mean[0] * every - total
    known = reachable(rest, round(left)) if counted else {}
    agreeing = []
    for amount in np.arange(0, most + 1) if counted else np.linspace(0, most, 400):
        if counted:
            sums: Any = round(left - amount)
            parts = known.get(sums, np.array([np.nan]))
        else:
            if _may_be(held, amount, total, squares):
                agreeing.append(float(amount))
            continue
        mean = (total + amount + sums) / every
        cv = np.sqrt(np.maximum((squares + amount**2 / own + parts) / every - mean**2, 0)) / mean
        if ((abs(mean - held.mean[0]) <= held.mean[1] + 1e-9) & (abs(cv - held.cv[0]) <= held.cv[1] + 1e-4)).any():
            agreeing.append(float(amount))
    return agreeing


def _may_be(held: Loot, amount: float, total: float, squares: float) -> bool:
    """Return whether some amounts of the other hidden schools, of any size, agree with mean and coefficient."""
    every = sum(n for _, n in held.shown) + sum(held.enrolments)
    own, rest = held.enrolments[0], held.enrolments[1:]
    mean = held.mean[0] + held.mean[1] * np.linspace(-1, 1, 65)
    lasts = mean * every - total - amount
    # Sums of squares lie between those of equal values per pupil and of one school that has all.
    low, high = lasts**2 / sum(rest), lasts**2 / min(rest)
    least, most = max(held.cv[0] - held.cv[1], 0), held.cv[0] + held.cv[1]
    needed = [every * mean**2 * (1 + cv**2) - squares - amount**2 / own for cv in (least, most)]
    return bool(((lasts >= 0) & (needed[0] <= high + 1e-6) & (needed[1] >= low - 1e-6)).any())


def truth_of(report: Report) -> list[str]:
    """Return the codes of the primary schools that count."""
    return list(report.rows.filter("in_scope")["school"])


def truth(report: Report) -> dict[str, float]:
    return dict(
        report.stages.filter(school=TINY)
        .unpivot(list(report.standard.indicators))
        .select("variable", "value")
        .iter_rows()
    )


def test_the_attack_succeeds_on_what_the_office_sees() -> None:
    """Nothing but the tiny school's row left out of unrounded figures: every amount comes out to the last digit."""
    report = small(county())
    rows = report.rows.filter(pl.col("school") != TINY)
    for indicator, amount in truth(report).items():
        mean = report.measured.stage(2024, "primary", indicator, "mean") or 0.0
        per = report.standard.indicators[indicator].per
        found = mean / per * (float(rows["pupils"].sum()) + 8) - float(rows[indicator].sum())
        assert found == pytest.approx(amount, abs=1e-6)


def test_the_attack_succeeds_where_the_tiny_school_alone_is_hidden() -> None:
    """Rounding is not enough: whole numbers come out all the same."""
    report = small(county())
    rows = report.rows.filter(pl.col("school") != TINY)
    for indicator in COUNTED:
        mean, cv = (round(report.measured.stage(2024, "primary", indicator, name) or 0, 2) for name in ("mean", "cv"))
        sums = _sums(rows.select(indicator, "pupils").rows())
        alone = Published(truth(report)[indicator], 8.0, (), *sums, (mean / 100, 0.00005), (cv, 0.005), True)
        assert disclosure.interval(alone) == (truth(report)[indicator],) * 2
        assert disclosure.protected(alone, PART) is (alone.amount == 0)


def _sums(rows: list[tuple[float, float]]) -> tuple[float, float, float]:
    return sum(n for _, n in rows), sum(x for x, _ in rows), sum(x * x / n for x, n in rows)


@pytest.mark.parametrize("tiny", STORIES)
def test_no_amount_of_a_tiny_school_can_be_placed(tiny: dict[str, Any], tmp_path: Path) -> None:
    report = small(county(**tiny), audience="public")
    check(report, loot(report, tmp_path))


def check(report: Report, held: dict[str, Loot]) -> None:
    """Hold what an attacker can place of the tiny school's amounts against their protection interval."""
    for indicator, amount in truth(report).items():
        if not amount:
            continue  # a school that has nothing of it needs no protection
        one = held[indicator]
        # Of more than three schools whole numbers are too many to go through: any amount is, which places less.
        counted = indicator in COUNTED and len(one.enrolments) <= 3
        assert len(one.shown) <= len(truth_of(report)) - 2, "a second school is hidden"
        agreeing = solve(one, counted, 3 * amount + 3 if counted else 3 * amount)
        wide = 2 * PART * amount
        step = 1 if counted else 0.01 * amount
        assert agreeing, indicator
        assert min(agreeing) - step <= amount <= max(agreeing) + step, indicator
        assert max(agreeing) - min(agreeing) >= max(wide, 1 if counted else 0) - step * (not counted), indicator


def test_verdicts_stay_those_of_the_office() -> None:
    """What is rounded never tells another verdict; coefficients stand as they are printed."""
    office, public = small(county()), small(county(), audience="public")
    judged = office.findings.filter(pl.col("school").is_null()).select("id", "verdict")
    assert judged.rows() == public.findings.filter(pl.col("school").is_null()).select("id", "verdict").rows()
    for one in public.now.where(kind="cv"):
        whole = office.finding(one.id)
        assert whole is not None
        assert one.value == pytest.approx(whole.value, abs=0.005)
        assert (one.margin is None) or (one.margin >= 0) == (one.verdict == "met")


def everything(report: Report, folder: Path) -> str:
    """Return all letters of the public's outputs that are made without rendering, SVG and cell formulas among them."""
    annex.write(report, folder / "annex.xlsx", titles.meta(report))
    with zipfile.ZipFile(folder / "annex.xlsx") as book:
        parts = [book.read(name).decode("utf-8") for name in book.namelist()]
    parts += [report.chapter(name).text for name in CHAPTERS]
    parts += [made.markdown() for made in map(report.table, TABLES) if made]
    for picture in filter(None, map(report.figure, FIGURES)):
        parts.append(picture.images[0])
        parts += [picture.caption, picture.alt, str(picture.data.rows())]
    return "\n".join([*parts, json.dumps(results.results(report), ensure_ascii=False)])


def test_amounts_and_enrolment_of_a_hidden_school_stand_nowhere(tmp_path: Path) -> None:
    tiny: dict[str, Any] = {"teaching_area": 137.77, "sports_area": 61.33, "equipment_value": 31_337.0}
    report = small(county(**tiny), audience="public")
    said = everything(report, tmp_path)
    hidden = [code for code in report.rows["school"] if not report.may_show(code, "primary")]
    assert len(hidden) >= 2
    for code in hidden:
        for one in report.standard.indicators:
            measured = report.measured.school(2024, "primary", one, code)
            assert measured is not None
            for number in (measured.value, measured.amount):
                # A short number may be another's.
                assert len(repr(number)) < LONG or repr(number) not in said
    assert not [name for name in report.stages["name"].unique() if name in said]
    shown = [row for row in results.results(report)["findings"] if row["school"] in hidden]
    assert shown == []
    assert not re.search("|".join(hidden), json.dumps([row["evidence"] for row in results.results(report)["findings"]]))


def test_sums_over_schools_leave_a_hidden_one_out() -> None:
    """What schools lack together, less what each lacks by the table, must not be the tiny school's."""
    tables = county(sports_area=10.0)
    office, public = small(tables), small(tables, audience="public")
    matter = next(one for one in obstacles(office) if one.finding.indicator == "sports_area")
    assert TINY in [one.school for one in matter.below]
    for one in obstacles(public):
        assert TINY not in [each.school for each in one.below]
        assert one.drivers == ()


def test_the_other_stage_of_a_tiny_school_is_hidden_too() -> None:
    """Shared assets are split by enrolment: what the primary stage has, the junior has 1.1 times per pupil."""
    both = school(
        "9909990077", school_type="nine_year", pupils=200, pupils_junior=8, advanced_degree_teachers_junior=1,
        backbone_teachers_junior=1, pe_arts_teachers_junior=1,
    )  # fmt: skip
    report = small([*county()[1:], both], audience="public")
    assert not report.may_show("9909990077", "junior")
    assert not report.may_show("9909990077", "primary")
    assert not report.may_show("9909990077", None)
    assert sum(not report.may_show(code, "primary") for code in report.rows.filter(stage="primary")["school"]) >= 2


# Nine heads of whom all are satisfied with others who are too: the total would say so of each of them.
@pytest.mark.parametrize(
    ("heads", "cppcc", "deputies", "hidden"),
    [((9, 5), (40, 36), (50, 45), {"heads", "cppcc"}), ((9, 9), (40, 40), (50, 40), {"heads", "cppcc", "deputies"})],
)
def test_a_small_group_of_the_survey_stays_open(
    heads: tuple[int, int], cppcc: tuple[int, int], deputies: tuple[int, int], hidden: set[str], tmp_path: Path
) -> None:
    asked = {"heads": heads, "cppcc": cppcc, "deputies": deputies, "parents": (500, 450), "pupils": (600, 560)}
    rows = [
        {"county": "990999", "year": 2024, "group": group, "asked": n, "satisfied": k}
        for group, (n, k) in asked.items()
    ]
    report = small([school("1"), school("2")], {"survey": rows}, audience="public")
    told = results.results(report)["findings"]
    shown = {row["item"].removeprefix("recognition_") for row in told if row["item"].startswith("recognition_")}
    assert shown == asked.keys() - hidden
    total = json.loads(next(row["evidence"] for row in told if row["item"] == "recognition"))
    left = total["satisfied"] - sum(asked[one][1] for one in shown)
    others = total["asked"] - sum(asked[one][0] for one in shown) - heads[0]
    low, high = max(left - others, 0), min(left, heads[0])
    assert high - low >= max(2 * PART * heads[1], 1)
    annex.write(report, tmp_path / "annex.xlsx", titles.meta(report))
    ids = [cell for row in cells(tmp_path / "annex.xlsx")["判定"] for cell in row if isinstance(cell, str)]
    assert not [one for one in ids for group in hidden if one.endswith(f"recognition_{group}")]


def test_past_years_are_as_coarse(sample: Callable[..., Report]) -> None:
    rows = county() + [row | {"year": 2023} for row in county(seed=5)]
    told = results.results(small(rows, audience="public"))["coefficients"]
    assert {row["year"] for row in told} == {2023, 2024}
    assert all(row["cv"] == round(row["cv"], 4) for row in told if row["cv"] is not None)


def test_measurements_of_a_public_report_hold_no_sums() -> None:
    report = small(county(), audience="public")
    stage = report.measurements.filter(pl.col("school").is_null())
    assert stage["amount"].null_count() == stage.height
    assert report.measurements["share"].null_count() == report.measurements.height
    assert measure(report.records, report.standard)["share"].null_count() < report.measurements.height
