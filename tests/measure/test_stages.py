"""Stages of schools: how shared amounts are split, what other columns add to them, which rows count."""

from typing import Any

import polars as pl
import pytest

from analysis.clean.records import Records
from analysis.errors import RequestError
from analysis.measure import measure, stage_rows
from analysis.measure.shares import shares
from analysis.standards import Standard
from analysis.standards.model import ScopeRule
from tests.judge.given import COUNTY, YEAR, national, records, school
from tests.judge.rules import CASES


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("split")])
def test_split(name: str) -> None:
    CASES[name]()


def amount(indicator: str, **given: Any) -> float:
    """The amount of an indicator of one primary school."""
    (row,) = stage_rows(records(school("1", **given)).schools, national()).rows(named=True)
    return float(row[indicator])


@pytest.mark.parametrize(("pupils", "reason"), [(49, "small_teaching_point"), (50, ""), (99, "")])
def test_teaching_points_below_fifty_are_left_out(pupils: int, reason: str) -> None:
    rows = stage_rows(records(school("1", pupils, "teaching_point", area="rural")).schools, national())
    assert rows["scope_reason"].to_list() == [reason]
    # A rural primary school of any size stays in.
    rows = stage_rows(records(school("1", pupils, area="rural")).schools, national())
    assert rows["scope_reason"].to_list() == [""]


@pytest.mark.parametrize(("pupils", "counted"), [(49, 1), (50, 3), (99, 3), (100, 1)])
def test_visiting_teachers_count_at_schools_of_50_to_99(pupils: int, counted: int) -> None:
    given = {"pupils": pupils, "pe_arts_teachers": 1, "visiting_pe_arts_teachers_primary": 2}
    assert amount("pe_arts_teachers", **given) == counted
    assert amount("pe_arts_teachers", **given | {"visiting_pe_arts_teachers_primary": None}) == 1
    by_stage = given | {"pe_arts_teachers": None, "pe_arts_teachers_primary": 1}
    assert amount("pe_arts_teachers", **by_stage) == counted


def test_indoor_pe_rooms_are_no_teaching_area() -> None:
    assert amount("teaching_area", teaching_area=4800.0, indoor_pe_area=300.0) == 4500
    assert amount("teaching_area", teaching_area=4800.0, indoor_pe_area=None) == 4800
    assert amount("teaching_area", teaching_area=300.0, indoor_pe_area=400.0) == 0
    held = records(school("1", teaching_area=None, indoor_pe_area=300.0))
    assert stage_rows(held.schools, national())["teaching_area"].to_list() == [None]


@pytest.mark.parametrize(("dense", "area"), [("yes", 7500), ("no", 7000), (None, 7000)])
def test_other_grounds_count_in_dense_centres(dense: str | None, area: int) -> None:
    given = {"sports_area": 7000.0, "other_grounds_area": 200.0, "rented_grounds_area": 300.0}
    assert amount("sports_area", dense_centre=dense, **given) == area


def test_what_is_reported_of_the_second_column_alone_counts() -> None:
    assert amount("sports_area", dense_centre="yes", sports_area=7000.0, rented_grounds_area=300.0) == 7300
    assert amount("sports_area", dense_centre="yes", sports_area=7000.0, other_grounds_area=200.0) == 7200


def reasons(rule: ScopeRule, *schools: dict[str, Any]) -> list[str]:
    """The reasons by which one rule of scope takes stage rows of schools out."""
    standard = national().model_copy(update={"scope": (rule,)})
    return stage_rows(records(*schools).schools, standard)["scope_reason"].to_list()


def test_all_conditions_of_a_rule_of_scope_hold_together() -> None:
    small = ScopeRule(reason="small_rural_school", school_type=("primary",), area=("rural",), pupils_below=50)
    schools = [
        school("1", 49, area="rural"),
        school("2", 50, area="rural"),
        school("3", 49, area="town"),
        school("4", 49, "teaching_point", area="rural"),
    ]
    assert reasons(small, *schools) == ["small_rural_school", "", "", ""]
    private = ScopeRule(reason="private_school", run_by=("private",))
    assert reasons(private, school("1", run_by="private"), school("2", run_by="county")) == ["private_school", ""]


def nine_years(**given: Any) -> list[dict[str, Any]]:
    """The stage rows of one school of nine years with 100 and 100 pupils, primary first."""
    row = school("1", 100, "nine_year", pupils_junior=100, classes_primary=6, classes_junior=3)
    none = {"pe_arts_teachers": None, "teaching_area": None}
    return stage_rows(records(row | none | given).schools, national()).rows(named=True)


def test_each_stage_has_its_own_pupils_and_classes() -> None:
    told = [(row["stage"], row["pupils"], row["classes"], row["in_scope"]) for row in nine_years(pupils_primary=90)]
    assert told == [("primary", 90, 6, True), ("junior", 100, 3, True)]


@pytest.mark.parametrize(
    ("whole", "primary", "junior"), [(16.0, 15.0, 1.0), (15.0, 15.0, 0.0), (14.0, 15.0, None), (13.0, 15.0, None)]
)
def test_parts_that_exceed_the_whole_leave_the_rest_unknown(whole: float, primary: float, junior: float | None) -> None:
    given = {"backbone_teachers": whole, "backbone_teachers_primary": 15}
    assert [row["backbone_teachers"] for row in nine_years(**given)] == [primary, junior]


def test_visiting_teachers_count_at_their_own_stage() -> None:
    # 60 pupils in all: a school of 50 to 99, whatever one stage has.
    given = {"pupils_primary": 40, "pupils_junior": 20, "pe_arts_teachers_primary": 3, "pe_arts_teachers_junior": 2}
    visiting = {"visiting_pe_arts_teachers_primary": 1, "visiting_pe_arts_teachers_junior": 4}
    assert [row["pe_arts_teachers"] for row in nine_years(**given | visiting)] == [4, 6]
    # Of the whole school: 10 + 1 + 4 = 15 by 40 to 22 weighted pupils.
    whole = given | {"pe_arts_teachers_primary": None, "pe_arts_teachers_junior": None, "pe_arts_teachers": 10}
    found = [row["pe_arts_teachers"] for row in nine_years(**whole | visiting)]
    assert found == pytest.approx([15 * 40 / 62, 15 * 22 / 62])


def test_what_one_school_reports_of_a_column_is_nothing_to_another() -> None:
    rows = [school("1", teaching_area=5000.0, indoor_pe_area=500.0), school("2", teaching_area=5000.0)]
    assert stage_rows(records(*rows).schools, national())["teaching_area"].to_list() == [4500, 5000]


def test_an_indicator_without_its_column_is_told_with_the_standard() -> None:
    indicator = national().indicators["sports_area"].model_copy(update={"amount": "meadow", "adjusted": ()})
    standard = national().model_copy(update={"indicators": {"sports_area": indicator}})
    with pytest.raises(RequestError, match="meadow"):
        stage_rows(records(school("1")).schools, standard)


def test_shares_of_the_levels_of_a_school_sum_to_one() -> None:
    given = {"school_type": "twelve_year", "pupils_primary": 100, "pupils_junior": 100, "pupils_senior": 100}
    told = [(share.level, share.pupils, round(share.part, 12)) for share in shares(given, national())]
    # 100 + 110 + 132 = 342 weighted pupils.
    weighted = {"primary": 100, "junior": 110, "senior": 132}
    assert told == [(level, 100, round(of / 342, 12)) for level, of in weighted.items()]
    assert [round(share.part, 12) for share in shares(given | {"pupils_junior": 0}, national())][1] == 0
    assert shares(given | {"pupils_junior": None}, national()) == []
    assert shares(given | dict.fromkeys(("pupils_primary", "pupils_junior", "pupils_senior"), 0), national()) == []
    assert shares(given | {"school_type": "primary"}, national()) == []
    assert shares(given | {"school_type": "kindergarten"}, national()) == []
    assert len(shares(given | {"school_type": "complete_secondary"}, national())) == 2


def set_aside(rows: list[dict[str, Any]], **columns: int) -> Records:
    """Records of schools in which the value of a column in a row (from 0) is set aside."""
    place = {"file": f"{COUNTY}/schools_2024.xlsx", "sheet": ""}
    placed = [place | {"row": number} | row for number, row in enumerate(rows, 2)]
    notice = {"county": COUNTY, "year": YEAR, "table": "schools", "rule": "text_in_number_value", "before": "约"}
    notices = [notice | place | {"column": column, "row": row + 2, "after": None} for column, row in columns.items()]
    return records(*placed, notices=notices)


def told(held: Records, indicator: str, standard: Standard | None = None) -> dict[str, Any]:
    """Value and note of each statistic of an indicator of the primary stage."""
    stages = measure(held, standard or national()).filter(pl.col("school").is_null(), stage="primary")
    found = stages.filter(indicator=indicator)
    return {row["statistic"]: (row["value"], row["note"]) for row in found.iter_rows(named=True)}


def of_sports(*areas: float | None) -> list[dict[str, Any]]:
    return [school(str(place), 100, sports_area=area) for place, area in enumerate(areas)]


def test_an_amount_that_is_set_aside_bounds_the_coefficient() -> None:
    # 10 and 30 a pupil: mean 20, S 10. The third: 100 of 300 pupils.
    found = told(set_aside(of_sports(1000.0, 3000.0, None), sports_area=2), "sports_area")
    assert found["cv"] == (pytest.approx(0.5), "values_set_aside")
    # Least at the value that lowers the spread most: 0.5 / sqrt(1 + 1.25 * 100 / 200).
    assert found["cv_least"][0] == pytest.approx(0.5 / (1 + 1.25 / 2) ** 0.5)
    # Most where it has everything: (300 / 100 - 1) ** 0.5.
    assert found["cv_most"][0] == pytest.approx(2**0.5)
    assert found["missing"][0] == 1
    assert set(told(records(*of_sports(1000.0, 3000.0, None)), "sports_area")) == {"mean", "cv", "schools", "missing"}


def test_the_smallest_school_that_is_not_known_gives_the_upper_bound() -> None:
    rows = of_sports(1000.0, None, None)
    rows[2]["pupils_primary"] = 50
    notices = [set_aside(rows, sports_area=place).notices.row(0, named=True) for place in (1, 2)]
    both = records(*set_aside(rows).schools.rows(named=True), notices=notices)
    # 100 + 100 + 50 pupils, all of it with the 50: (250 / 50 - 1) ** 0.5.
    assert told(both, "sports_area")["cv_most"][0] == pytest.approx(2)


def test_one_pupil_and_one_other_school_suffice_for_bounds() -> None:
    found = told(set_aside([school("1", 100), school("2", 1, sports_area=None)], sports_area=1), "sports_area")
    # All of it with the one pupil: (101 / 1 - 1) ** 0.5; nothing there leaves sqrt(1 / 100).
    assert found["cv_most"][0] == pytest.approx(10)
    assert found["cv_least"][0] == 0


def test_the_only_school_has_no_bounds_whatever_its_amount_is() -> None:
    found = told(set_aside(of_sports(None), sports_area=0), "sports_area")
    assert set(found) == {"mean", "cv", "schools", "missing"}


def test_a_school_whose_amount_is_set_aside_is_told_so() -> None:
    held = set_aside(of_sports(1000.0, 3000.0, None, None), sports_area=2)
    rows = measure(held, national()).filter(pl.col("school").is_not_null(), indicator="sports_area")
    assert rows["note"].to_list() == ["", "", "value_set_aside", "missing_amount"]
    others = measure(held, national()).filter(pl.col("school").is_not_null(), indicator="teaching_area")
    assert others["note"].to_list() == [""] * 4


@pytest.mark.parametrize(
    ("column", "given", "unknown"),
    [
        # The whole is not known: no stage that takes part of it is.
        ("backbone_teachers", {}, [True, True]),
        # What is reported for the stage itself stands; the other has what is left of an unknown whole.
        ("backbone_teachers", {"backbone_teachers_primary": 5}, [False, True]),
        # A stage's own value is not known: neither is what is left for the other.
        ("backbone_teachers_primary", {"backbone_teachers": 20}, [True, True]),
        ("backbone_teachers_primary", {"backbone_teachers_junior": 7}, [True, False]),
        ("backbone_teachers backbone_teachers_primary", {"backbone_teachers_junior": 7}, [True, False]),
        ("backbone_teachers backbone_teachers_primary", {}, [True, True]),
    ],
)
def test_what_a_stage_has_is_unknown_where_it_hangs_on_what_is_set_aside(
    column: str, given: dict[str, Any], unknown: list[bool]
) -> None:
    row = school("1", 100, "nine_year", pupils_junior=100) | {"backbone_teachers": None} | given
    held = set_aside([row], **dict.fromkeys(column.split(), 0))
    found = measure(held, national()).filter(pl.col("school").is_not_null(), indicator="backbone_teachers")
    notes = {stage: note == "value_set_aside" for stage, note in found.select("stage", "note").iter_rows()}
    assert [notes["primary"], notes["junior"]] == unknown


def test_the_mean_of_all_coefficients_needs_each_of_them() -> None:
    def composite(*rows: dict[str, Any]) -> list[tuple[Any, ...]]:
        found = measure(records(*rows), national(2012)).filter(indicator="composite", stage="primary")
        return found.select("statistic", "note").rows() + found.select("value").rows()

    names = [indicator.amount for indicator in national(2012).indicators.values()]
    columns = dict.fromkeys(names, 100.0)
    rows = [school("1", 100) | columns, school("2", 100) | dict.fromkeys(names, 300.0)]
    # 1 and 3 a pupil of everything: mean 2, S 1.
    assert composite(*rows) == [("cv", ""), (pytest.approx(0.5),)]
    lacking = [rows[0] | {names[0]: None}, rows[1]]
    assert composite(*lacking) == [("cv", "missing_coefficient"), (None,)]
    # One school in scope has nothing to be compared with: 0 each.
    assert composite(rows[0]) == [("cv", ""), (0,)]
    third = school("3", 100) | dict.fromkeys(names, 200.0)
    # 1, 3 and 2: mean 2, squares 1, 1, 0. A missing amount leaves two, 3 and 2.
    all_three = (2 / 3) ** 0.5 / 2
    assert composite(*rows, third)[1][0] == pytest.approx(all_three)
    # Of the first indicator 3 and 2 are left: mean 2.5, S 0.5.
    assert composite(*lacking, third) == [
        ("cv", ""),
        (pytest.approx((0.2 + (len(names) - 1) * all_three) / len(names)),),
    ]
    # Its third amount is set aside: 0.5 of the others, and its bounds (of 200 pupils, 100 more) beside the others' own.
    found = told(set_aside([*rows, third | {names[0]: None}], **{names[0]: 2}), "composite", national(2012))
    for name, own in (("cv", 0.5), ("cv_least", 0.5 / 1.625**0.5), ("cv_most", 2**0.5)):
        assert found[name] == (pytest.approx((own + (len(names) - 1) * all_three) / len(names)), "values_set_aside")
