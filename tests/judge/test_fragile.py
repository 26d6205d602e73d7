"""How fragile 'met' is, against the ordinary judge: records are changed as the overstatement says, and judged again."""

from collections.abc import Iterable
from dataclasses import replace

import polars as pl
import pytest

from analysis.clean.records import Records
from analysis.judge import fragile, frames, judge, resources, visit_sample
from analysis.judge.fragile import Fragile
from analysis.measure import measure
from analysis.standards import Standard
from analysis.tables import Stage, Verdict
from benchmarks.judge import fragile as benchmark
from tests.judge.given import COUNTED, COUNTY, FLOORS, YEAR, national, records, school

AMOUNTS = (*FLOORS,)


def county(*ratios: tuple[float, ...], pupils: Iterable[int] = (1000, 1000, 1000, 1000)) -> Records:
    """Schools whose indicators stand at these ratios of their floors."""
    rows = []
    for place, (own, number) in enumerate(zip(ratios, pupils, strict=False)):
        amounts = {name: number * floor * ratio for (name, floor), ratio in zip(FLOORS.items(), own, strict=True)}
        amounts = {
            name: round(value) if name in (*COUNTED, "multimedia_rooms") else value for name, value in amounts.items()
        }
        rows.append(school(str(place), number, **amounts))
    return records(*rows)


def findings(held: Records, standard: Standard | None = None) -> pl.DataFrame:
    used = standard or national()
    return judge(measure(held, used), held, used, COUNTY, YEAR)


def fragility(held: Records, error: float, standard: Standard | None = None) -> dict[str, Fragile]:
    used = standard or national()
    rows = fragile.fragile(measure(held, used), findings(held, used), held, used, COUNTY, YEAR, error)
    return {row.finding: row for row in rows}


def overstated(held: Records, schools: Iterable[str], error: float) -> Records:
    """The records as they would be with every amount of some schools less by `error`."""
    chosen = pl.col("school").is_in(list(schools))
    true = [pl.when(chosen).then(pl.col(name) * (1 - error)).otherwise(name).alias(name) for name in AMOUNTS]
    return replace(
        held, schools=held.schools.with_columns(pl.col(name).cast(pl.Float64) for name in AMOUNTS).with_columns(true)
    )


def verdict(held: Records, id: str, standard: Standard | None = None) -> str:
    used = standard or national()
    cells = frames.cells(COUNTY, [YEAR]).with_columns(pl.lit(value=True).alias("reported"))
    rows = resources.findings(measure(held, used), used, cells, {YEAR: frames.day_of(YEAR)})
    parts = id.split(".")[1:]
    of_item = rows.filter(item=parts[0], stage=parts[1])
    return str(of_item.filter(school=parts[2])["verdict"][0] if len(parts) > 2 else of_item["verdict"][0])


GOOD, NEAR, FAR = (1.5,) * 7, (1.5, 1.5, 1.5, 1.5, 0.88, 1.5, 1.5), (1.2,) * 7


def test_a_school_that_just_meets_the_rule_turns_it_alone() -> None:
    held = county(GOOD, NEAR, FAR)
    for error, alone in ((0.03, ()), (0.05, ("1",)), (0.2, ("1", "2"))):
        row = fragility(held, error)["resources.schools.primary"]
        assert row.alone == alone
        assert (row.low, row.high) == ((1, 1) if alone else (None, None))
        assert row.visits == len(alone)
        for code in ("0", "1", "2"):
            turned = verdict(overstated(held, [code], error), "resources.schools.primary") != Verdict.MET
            assert turned == (code in alone)


def test_the_overstatement_of_each_school_is_where_the_judge_turns() -> None:
    held = county(GOOD, NEAR, FAR)
    for code, _, error in fragile.overstatements(findings(held), national()).iter_rows():
        id = f"resources.school_rule.primary.{code}"
        assert verdict(overstated(held, [code], error - 1e-6), id) == Verdict.MET
        assert verdict(overstated(held, [code], error + 1e-6), id) == Verdict.NOT_MET


def test_a_coefficient_turns_with_the_least_set_and_no_school_alone() -> None:
    sports = [(*(3.0,) * 4, ratio, 3.0, 3.0) for ratio in (4.2, 3.9, 1.5, 1.3)]
    held = county(*sports)
    cv = float(measure(held, national()).filter(indicator="sports_area", statistic="cv")["value"][0])
    used = _limited(cv * 1.025)
    id = "resources.cv_sports_area.primary"
    row = fragility(held, 0.05, used)[id]
    assert (row.low, row.high) == (2, 2)
    assert verdict(overstated(held, row.schools, 0.05), id, used) == Verdict.NOT_MET
    for code in ("0", "1", "2", "3"):
        assert verdict(overstated(held, [code], 0.05), id, used) == Verdict.MET
    assert 0 < row.visits < 4


def _limited(limit: float) -> Standard:
    """The national standard with another limit for sports area."""
    standard = national()
    indicator = standard.indicators["sports_area"]
    assert indicator.cv is not None
    value = indicator.cv[Stage.PRIMARY][0].model_copy(update={"value": limit})
    changed = indicator.model_copy(update={"cv": {**indicator.cv, Stage.PRIMARY: (value,)}})
    return standard.model_copy(update={"indicators": {**standard.indicators, "sports_area": changed}})


def test_a_share_that_asks_for_fewer_than_all_takes_more_schools() -> None:
    standard = national()
    rule = standard.school_rule
    assert rule is not None
    share = rule.schools
    values = {
        stage: tuple(value.model_copy(update={"value": 0.5}) for value in entries)
        for stage, entries in share.values.items()
    }
    half = standard.model_copy(
        update={"school_rule": rule.model_copy(update={"schools": share.model_copy(update={"values": values})})}
    )
    held = county(NEAR, NEAR, NEAR, FAR)
    row = fragility(held, 0.05, half)["resources.schools.primary"]
    # Three of four fall; two of four are enough, so it takes three.
    assert (row.low, row.high, row.alone) == (3, 3, ())
    assert verdict(overstated(held, row.schools, 0.05), row.finding, half) == Verdict.NOT_MET
    assert verdict(overstated(held, row.schools[:2], 0.05), row.finding, half) == Verdict.MET


def test_a_whole_is_visited_as_its_parts_ask() -> None:
    rows = fragility(county(GOOD, NEAR, FAR), 0.05)
    whole = rows["resources.all"]
    assert (whole.low, whole.high, whole.alone, whole.note) == (1, 1, ("1",), "")
    for row in rows.values():
        assert all(
            whole.chances.get(code, 0) >= chance
            for code, chance in row.chances.items()
            if row.finding.startswith("resources")
        )


def test_what_is_not_met_has_no_row() -> None:
    rows = fragility(county(GOOD, (0.5,) * 7), 0.05)
    assert "resources.schools.primary" not in rows
    assert "resources.all" not in rows


def test_limits_are_kept_against_reports_of_too_few() -> None:
    held = records(
        school("0", 1950, **dict.fromkeys(AMOUNTS, 10000000.0)),
        school("1", 1900, **dict.fromkeys(AMOUNTS, 10000000.0)),
        classes=[{"county": COUNTY, "year": YEAR, "school": code, "grade": 1, "class": "1", "pupils": pupils}
                 for code, pupils in (("0", 44), ("1", 42))],
    )  # fmt: skip
    rows = fragility(held, 0.05)
    assert rows["government.school_size"].alone == ("0",)
    assert rows["government.class_size"].alone == ("0",)


def test_rooms_count_by_their_area() -> None:
    rooms = [
        {"county": COUNTY, "year": YEAR, "school": code, "room": kind, "room_type": kind, "area": area}
        for code, music in (("0", 97.0), ("1", 110.0))
        for kind, area in (("music", music), ("art", 120.0))
    ]
    held = records(
        *(school(code, classes_primary=12, **dict.fromkeys(AMOUNTS, 10000000.0)) for code in ("0", "1")), rooms=rooms
    )
    assert fragility(held, 0.05)["government.special_rooms"].alone == ("0",)


def test_every_rule_reckoned_with_is_one_of_schools() -> None:
    from analysis.standards.rules import every

    assert all(every()[name].of == "schools" for name in fragile.settings()["rules"])


@pytest.mark.parametrize("error", [-0.01, 1.0])
def test_an_error_that_can_not_be_is_refused(error: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        fragility(county(GOOD), error)


def test_schools_are_drawn_by_their_chances() -> None:
    held = county(*[GOOD] * 12, pupils=[1000 + place for place in range(12)])
    found = findings(held)
    chances = {"3": 1.0, "5": 0.5, "7": 0.1}
    draws = [visit_sample.by_chance(held.schools, found, chances, seed) for seed in range(300)]
    shares = {code: sum(code in drawn["school"].to_list() for drawn in draws) / 300 for code in ("0", *chances)}
    assert shares["0"] == 0
    assert shares["3"] == 1
    assert shares["5"] == pytest.approx(0.5, abs=0.1)
    assert shares["7"] == pytest.approx(0.1, abs=0.06)
    assert draws[0].filter(school="3")["chosen"].to_list() == ["alone"]
    again = visit_sample.by_chance(held.schools, found, chances, 0)
    assert again.equals(draws[0])
    # Where the lot takes none, the one of the largest chance is visited.
    few = [visit_sample.by_chance(held.schools, found, {"5": 0.02, "7": 0.01}, seed) for seed in range(5)]
    assert all(drawn["school"].to_list() == ["5"] for drawn in few)
    with pytest.raises(ValueError, match="no school"):
        visit_sample.by_chance(held.schools, found, {}, 0)


@pytest.mark.slow
def test_visits_miss_no_set_more_often_than_one_in_twenty() -> None:
    found = benchmark.run(counties=4, draws=4000)
    assert found["small"]["equal"] == found["small"]["tried"]
    for row in found["errors"]:
        assert row["agree"] == row["turned"] > 0
        assert row["exact"] <= 0.05
        assert row["missed"] <= 0.05 + 3 * (0.05 * 0.95 / (benchmark.WORST * 4000)) ** 0.5
        assert row["visits"] < row["random"]


def test_the_page_says_what_was_found() -> None:
    assert benchmark.filled() == benchmark.PAGE.read_text(encoding="utf-8"), "run python -m benchmarks.judge.fragile"
