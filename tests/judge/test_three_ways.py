"""The same county told three ways gives one verdict: a share typed, counts given, rows of schools given; and what they
contradict of each other is named.

What each item's formula counts, on paper: by its id the share that meets its target and one that does not, as
numerators of 1000; the rows below are of one school, the counts of its county.
"""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from analysis import standards
from analysis.clean.records import of_frames
from analysis.judge.all_items import below_resources
from analysis.judge.evidence import listed
from analysis.standards import Standard
from analysis.standards.items import Item

COUNTY, YEAR = "990101", 2024
OWN: dict[str, Any] = {"county": COUNTY, "year": YEAR}
Row = dict[str, Any]
Tables = dict[str, list[Row]]
#: A town school of 1000 pupils in each compulsory stage, of a plan's own year.
SCHOOL = OWN | {
    "school": "1",
    "name": "1",
    "school_type": "nine_year",
    "area": "urban",
    "run_by": "county",
    "pupils_primary": 1000,
    "pupils_junior": 1000,
}


def counts(**numbers: float) -> Tables:
    return {"government": [OWN | {"item": item, "value": float(number)} for item, number in numbers.items()]}


def teachers(**numbers: int) -> Tables:
    return {"teachers": [OWN | {"school": "1", "stage": stage} | numbers for stage in ("primary", "junior")]}


def of_school(**numbers: int) -> Tables:
    return {"schools": [SCHOOL | numbers]}


def both(*tables: Tables) -> Tables:
    return {name: [row for one in tables for row in one.get(name, ())] for one in tables for name in one}


Ways = tuple[Callable[[int], Tables], Callable[[int], Tables] | None]
#: By item: what counts and what rows say that come to n of 1000.
WAYS: dict[str, Ways] = {
    "certificates": (
        lambda n: counts(teachers_certified=n, teachers_full_time=1000),
        lambda n: teachers(teachers=1000, certified=n),
    ),
    "teacher_training": (
        lambda n: counts(teachers_trained=n, teachers_full_time=1000),
        lambda n: teachers(teachers=1000, trained=n),
    ),
    "yearly_training": (
        lambda n: counts(teachers_trained_yearly=n, teachers_full_time=1000),
        lambda n: teachers(teachers=1000, trained_yearly=n),
    ),
    "rotation": (
        lambda n: counts(teachers_rotated=n, teachers_eligible=1000),
        lambda n: teachers(teachers=2000, eligible=1000, rotated=n),
    ),
    "rotation_backbone": (
        lambda n: counts(backbone_rotated=n, teachers_rotated=1000),
        lambda n: teachers(teachers=2000, rotated=1000, rotated_backbone=n),
    ),
    "special_school_funding": (
        lambda n: counts(special_school_funds=n * 1000, special_school_pupils=1000),
        lambda n: {"schools": [SCHOOL | {"school_type": "special", "pupils_junior": 0, "public_funds": n * 1000.0}]},
    ),
    "nearest_primary": (
        lambda n: counts(primary_in_catchment_town=n, primary_pupils_town=1000),
        lambda n: of_school(in_catchment_primary=n),
    ),
    "nearest_junior": (
        lambda n: counts(junior_in_catchment_town=n, junior_pupils_town=1000),
        lambda n: of_school(in_catchment_junior=n),
    ),
    "nearest_urban_primary": (
        lambda n: counts(primary_in_catchment_urban=n, primary_pupils_urban=1000),
        lambda n: of_school(in_catchment_primary=n),
    ),
    "nearest_urban_junior": (
        lambda n: counts(junior_in_catchment_urban=n, junior_pupils_urban=1000),
        lambda n: of_school(in_catchment_junior=n),
    ),
    "senior_places": (
        lambda n: counts(senior_places_allotted=n, senior_places_planned=1000),
        lambda n: both(of_school(senior_places=n), counts(senior_places_planned=1000)),
    ),
    "migrant_places": (
        lambda n: counts(migrants_public=n - 100, migrants_purchased=100, migrants_eligible=1000),
        lambda n: both(of_school(migrants=n - 100), counts(migrants_purchased=100, migrants_eligible=1000)),
    ),
    "migrants_in_public": (
        lambda n: counts(migrants_public=n, migrants_eligible=1000),
        lambda n: both(of_school(migrants=n), counts(migrants_eligible=1000)),
    ),
    # n + 20 graduates, of whom 50 came and with them 30 who went: of 1010 who entered 10 died.
    "retention": (
        lambda n: counts(
            junior_graduates=n + 20,
            junior_transferred_in=50,
            junior_transferred_out=30,
            junior_entered=1010,
            junior_died=10,
        ),
        lambda n: of_school(graduates=n + 20, transferred_in=50, transferred_out=30, entered=1010, died=10),
    ),
    "disabled_enrolment": (
        lambda n: counts(disabled_inclusive=n - 300, disabled_special=200, disabled_home=100, disabled_of_age=1000),
        lambda n: both(of_school(disabled=n - 100), counts(disabled_home=100, disabled_of_age=1000)),
    ),
    "enrolment": (lambda n: counts(children_enrolled=n, children_of_age=1000), None),
    "left_behind_enrolment": (lambda n: counts(left_behind_enrolled=n, left_behind_of_age=1000), None),
}
#: Items that are answered, and the counts and rows of this year and the year before: n of 1000 with a yes from n on.
ANSWERED: dict[str, tuple[int, Callable[[int], Tables], Callable[[int], Tables] | None]] = {
    "teacher_pay": (1000, lambda n: counts(teacher_mean_pay=n, civil_servant_mean_pay=1000), None),
    "multimedia_everywhere": (
        1000,
        lambda n: counts(classrooms_multimedia=n, classrooms=1000),
        lambda n: of_school(multimedia_rooms=n, classes_primary=500, classes_junior=500),
    ),
    "spending_grows": (
        1000,
        lambda n: both(
            counts(education_spending=n, spending_per_pupil=2000),
            before(education_spending=1000, spending_per_pupil=1000),
        ),
        None,
    ),
    "senior_places_rising": (
        501,
        lambda n: both(
            counts(senior_places_allotted=n, senior_places_planned=1000),
            before(senior_places_allotted=500, senior_places_planned=1000),
        ),
        lambda n: both(
            {"schools": [SCHOOL | {"year": YEAR - 1, "senior_places": 500}]},
            of_school(senior_places=n),
            counts(senior_places_planned=1000),
            before(senior_places_planned=1000),
        ),
    ),
}


def before(**numbers: float) -> Tables:
    told = counts(**numbers)
    return {"government": [row | {"year": YEAR - 1} for row in told["government"]]}


def holder(name: str) -> Standard:
    """The first standard that has an item, with it alone, in force from its beginning."""
    for each in ("national-2017", "plan-3", "plan-4", "plan-6", "plan-8"):
        standard = standards.load(each)
        if name in standard.items:
            return standard.model_copy(update={"items": {name: standard.items[name]}})
    raise AssertionError(name)


def judged(name: str, *tables: Tables) -> Row:
    standard = holder(name)
    told = both({"schools": [SCHOOL]}, *tables)
    # What a way says of the school stands in place of the school as it is.
    told["schools"] = list({(row["school"], row["year"]): row for row in told["schools"]}.values())
    held = of_frames(COUNTY, {table: pl.DataFrame(rows, infer_schema_length=None) for table, rows in told.items()})
    (row,) = below_resources(held, standard, [YEAR]).filter(item=name).rows(named=True)
    return dict(row)


def typed(name: str, n: int) -> Tables:
    value = n if holder(name).items[name].target.unit != "share" else n / 1000  # type: ignore[union-attr]
    return {"government": [OWN | {"item": name, "value": float(value), "evidence": "册"}]}


def sides(item: Item) -> tuple[int, int]:
    """What of 1000 just meets an item's target, and what just misses it."""
    assert item.target is not None
    (dated, *_) = next(iter(item.target.values.values()))
    assert dated.value is not None
    limit = dated.value if item.target.unit != "share" else dated.value * 1000
    return round(limit), round(limit) - 1


@pytest.mark.parametrize("name", WAYS)
def test_a_county_told_three_ways_has_one_verdict(name: str) -> None:
    by_counts, by_rows = WAYS[name]
    met, missed = sides(holder(name).items[name])
    for n, verdict in ((met, "met"), (missed, "not_met")):
        ways = [typed(name, n), by_counts(n), *([by_rows(n)] if by_rows else [])]
        found = [judged(name, way) for way in ways]
        assert [(one["verdict"], one["reason"]) for one in found] == [
            (verdict, reason) for reason in ("", "from_counts", "from_rows")[: len(ways)]
        ]
        assert [one["value"] for one in found] == pytest.approx([found[0]["value"]] * len(ways))
        # Told in all ways at once it is the same, and nothing is contradicted.
        whole = judged(name, *ways)
        assert (whole["verdict"], whole["reason"]) == (verdict, "")


@pytest.mark.parametrize("name", WAYS)
def test_ways_that_disagree_are_named(name: str) -> None:
    by_counts, by_rows = WAYS[name]
    met, missed = sides(holder(name).items[name])
    for first, second in ((met, missed), (missed, met)):
        found = judged(name, typed(name, first), by_counts(second))
        assert (found["verdict"], found["reason"], found["computed_by"]) == (
            "undecidable",
            "contradicts_counts",
            "counts",
        )
        if by_rows is None:
            continue
        found = judged(name, typed(name, first), by_rows(second))
        assert (found["verdict"], found["reason"], found["computed_by"]) == ("undecidable", "contradicts_rows", "rows")
        found = judged(name, by_counts(first), by_rows(second))
        assert (found["verdict"], found["reason"], found["computed_by"]) == ("undecidable", "contradicts_rows", "rows")
        # The county's typed figure and its counts agree, the rows do not; then the rows and the figure, not the counts.
        assert judged(name, typed(name, first), by_counts(first), by_rows(second))["reason"] == "contradicts_rows"
        assert judged(name, typed(name, first), by_counts(second), by_rows(first))["reason"] == "contradicts_counts"


@pytest.mark.parametrize("name", ANSWERED)
def test_an_answer_and_counts_have_one_verdict(name: str) -> None:
    least, by_counts, by_rows = ANSWERED[name]
    for n, answer, verdict in ((least, "yes", "met"), (least - 1, "no", "not_met")):
        told: Tables = {"government": [OWN | {"item": name, "answer": answer, "evidence": "册"}]}
        other: Tables = {
            "government": [OWN | {"item": name, "answer": {"yes": "no", "no": "yes"}[answer], "evidence": "册"}]
        }
        assert (judged(name, told)["verdict"], judged(name, told)["reason"]) == (verdict, "")
        assert (judged(name, by_counts(n))["verdict"], judged(name, by_counts(n))["reason"]) == (verdict, "from_counts")
        assert judged(name, told, by_counts(n))["verdict"] == verdict
        assert judged(name, other, by_counts(n))["reason"] == "contradicts_counts"
        if by_rows is not None:
            assert (judged(name, by_rows(n))["verdict"], judged(name, by_rows(n))["reason"]) == (verdict, "from_rows")
            assert judged(name, told, by_rows(n))["verdict"] == judged(name, told, by_counts(n), by_rows(n))["verdict"]
            assert judged(name, told, by_rows(n))["verdict"] == verdict
            assert judged(name, other, by_rows(n))["reason"] == "contradicts_rows"
            missed = least - 1 if n == least else least
            assert judged(name, by_counts(missed), by_rows(n))["reason"] == "contradicts_rows"


def leaning(places: int) -> tuple[Tables, Tables]:
    """Counts and rows of a rural school of 100 graduates with so many places, beside another of 100 with 50."""
    schools = [
        SCHOOL | {"area": "rural", "graduates": 100, "senior_places": places},
        SCHOOL | {"school": "2", "graduates": 100, "senior_places": 50},
    ]
    of_county = {"senior_places_allotted": places + 50, "junior_graduates": 200}
    return counts(senior_places_to_rural=places, junior_graduates_rural=100, **of_county), {"schools": schools}


def test_places_that_do_not_lean_to_rural_schools_refute_a_yes() -> None:
    """The text gives no number: what is held against an answer is ours, so it refutes a yes and answers nothing."""
    name = "senior_places_rural"
    yes, no = ({"government": [OWN | {"item": name, "answer": each, "evidence": "册"}]} for each in ("yes", "no"))
    for by, told_of in (("counts", 0), ("rows", 1)):
        enough, few = leaning(50)[told_of], leaning(49)[told_of]
        assert (judged(name, yes, enough)["verdict"], judged(name, yes, enough)["computed"]) == ("met", 1)
        found = judged(name, yes, few)
        assert (found["verdict"], found["reason"]) == ("undecidable", f"contradicts_{by}")
        assert found["computed"] == pytest.approx(0.49 / 0.495)
        assert judged(name, no, enough)["verdict"] == judged(name, no, few)["verdict"] == "not_met"
        assert judged(name, enough)["verdict"] == judged(name, few)["verdict"] == "no_data"
    # Without a rural school, or without the graduates or the place of one, there is nothing to hold against it.
    whole = leaning(49)[1]["schools"]
    for changed in ({"area": "town"}, {"area": None}, {"graduates": None}):
        assert judged(name, yes, {"schools": [whole[0] | changed, whole[1]]})["verdict"] == "met"


def test_every_item_that_counts_tell_is_told_in_all_ways() -> None:
    """Items whose entries name counts or sums over schools stand above."""
    listed: dict[str, Any] = {**WAYS, **ANSWERED, "senior_places_rural": leaning(1)}
    for each in standards.names():
        for name, item in standards.load(each).items.items():
            if item.counts is not None:
                assert name in listed, name
            if item.rows is not None and item.rows.rule == "school_counts":
                assert listed[name][-1] is not None, name


def test_what_is_counted_in_part_tells_nothing() -> None:
    """Without the pupils due, set aside, or below zero a count has no share; no eligible child has none either."""
    part = counts(migrants_public=850, migrants_purchased=0)
    assert (judged("migrant_places", part)["verdict"], judged("migrant_places", part)["reason"]) == (
        "no_data",
        "no_records",
    )
    whole = counts(migrants_public=850, migrants_purchased=0, migrants_eligible=1000)
    assert judged("migrant_places", whole)["verdict"] == "met"
    below = counts(migrants_public=-850, migrants_purchased=0, migrants_eligible=1000)
    assert judged("migrant_places", below)["verdict"] == "no_data"
    more = counts(migrants_public=1001, migrants_purchased=0, migrants_eligible=1000)
    assert (judged("migrant_places", more)["verdict"], judged("migrant_places", more)["reason"]) == (
        "no_data",
        "value_impossible",
    )
    nobody = counts(migrants_public=0, migrants_purchased=0, migrants_eligible=0)
    assert judged("migrant_places", nobody)["verdict"] == "no_data"
    assert judged("migrant_places", nobody, typed("migrant_places", 850))["reason"] == "contradicts_counts"
    assert judged("migrant_places", nobody, typed("migrant_places", 0))["verdict"] == "not_met"


def test_schools_that_an_item_looks_at_are_added_up() -> None:
    """Boarding schools and private ones are no part of the nearest-school share; one silent school leaves it open."""
    mine = SCHOOL | {"in_catchment_primary": 1000}
    other = SCHOOL | {"school": "2", "in_catchment_primary": 500}

    def share(**given: Any) -> tuple[str, float | None]:
        held = of_frames(COUNTY, {"schools": pl.DataFrame([mine, other | given], infer_schema_length=None)})
        standard = holder("nearest_primary")
        (row,) = below_resources(held, standard, [YEAR]).rows(named=True)
        return row["verdict"], row["value"]

    assert share() == ("not_met", 0.75)
    assert share(boarding="no") == ("not_met", 0.75)
    assert share(boarding="yes") == share(run_by="private") == share(area="rural") == ("met", 1.0)
    assert share(in_catchment_primary=None) == ("no_data", None)
    assert share(in_catchment_primary=None, pupils_primary=0) == ("met", 1.0)
    # Where a school lies is not told: it may count, or not.
    assert share(area=None) == ("no_data", None)


def test_counts_that_give_the_verdict_are_its_evidence() -> None:
    held = of_frames(COUNTY, {"schools": pl.DataFrame([SCHOOL]), "government": pl.DataFrame(
        counts(teachers_certified=20, teachers_full_time=20)["government"]
    )})  # fmt: skip
    standard = holder("certificates")
    (row,) = listed(below_resources(held, standard, [YEAR]), held, standard, YEAR).rows(named=True)
    assert (row["basis"], row["rows"], row["state"]) == ("computed", 2, "have")


def funded(budget: float | None, standard: float | None, pupils: int | None = None) -> str:
    row = SCHOOL | {"school_type": "teaching_point", "pupils_primary": 60, "pupils_junior": None, "area": "rural"}
    told = {"schools": pl.DataFrame([row | {"public_funds": budget, "funded_pupils": pupils}])}
    if standard is not None:
        told["government"] = pl.DataFrame(counts(public_funds_standard=standard)["government"])
    found = below_resources(of_frames(COUNTY, told), holder("small_school_funding"), [YEAR])
    return str(found.filter(pl.col("school").is_null())["verdict"].item())


def test_a_budget_is_so_many_pupils_by_the_standard_of_one() -> None:
    """60 pupils with 72,000 yuan at 720 a pupil are funded as 100; with 71,999 they are not."""
    assert funded(72_000.0, 720.0) == "met"
    assert funded(71_999.0, 720.0) == "not_met"
    assert funded(72_000.0, None) == funded(None, 720.0) == funded(72_000.0, 0.0) == "no_data"
    assert funded(71_999.0, 720.0, pupils=100) == "met"  # for how many it is funded is told
