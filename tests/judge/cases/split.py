"""Split of shared assets between the stages of a school."""

from typing import Any

from analysis.measure import stage_rows
from tests.judge.given import COUNTY, YEAR, case, national, records


def books_of(school_type: str, **pupils: int | None) -> dict[str, float]:
    row = {"county": COUNTY, "year": YEAR, "school": "1", "name": "1", "school_type": school_type, "books": 23226}
    rows = stage_rows(records(row | pupils).schools, national(2012))
    return {one["stage"]: one["books"] for one in rows.iter_rows(named=True)}


@case
def split_of_the_official_example() -> None:
    books = books_of("nine_year", pupils_primary=166, pupils_junior=210)
    assert round(books["primary"], 1) == 9711.6
    assert round(books["junior"], 1) == 13514.4


@case
def split_by_type_of_school() -> None:
    # 100 + 110 + 132 = 342 weighted pupils; senior pupils keep their part.
    books = books_of("twelve_year", pupils_primary=100, pupils_junior=100, pupils_senior=100)
    assert round(books["primary"], 6) == round(23226 * 100 / 342, 6)
    assert round(books["junior"], 6) == round(23226 * 110 / 342, 6)
    # Between junior and senior alone 1 to 1.2.
    books = books_of("complete_secondary", pupils_junior=100, pupils_senior=100)
    assert round(books["junior"], 6) == round(23226 * 100 / 220, 6)
    assert books_of("primary", pupils_primary=100) == {"primary": 23226}
    # Pupils of a level that the type does not have weigh nothing.
    books = books_of("nine_year", pupils_primary=100, pupils_junior=100, pupils_senior=100)
    assert books["primary"] == 23226 * 100 / 210
    assert books_of("nine_year", pupils_primary=100, pupils_junior=None) == {"primary": None, "junior": None}
    # A level without pupils takes nothing; one whose pupils are not reported leaves the parts unknown.
    assert books_of("nine_year", pupils_primary=100, pupils_junior=0)["primary"] == 23226
    books = books_of("twelve_year", pupils_primary=100, pupils_junior=100, pupils_senior=0)
    assert round(books["primary"], 6) == round(23226 * 100 / 210, 6)
    assert books_of("complete_secondary", pupils_junior=100, pupils_senior=0) == {"junior": 23226}
    assert books_of("complete_secondary", pupils_junior=100, pupils_senior=None) == {"junior": None}
    assert books_of("primary", pupils_primary=None) == {"primary": 23226}


@case
def split_of_2017_by_type_of_school() -> None:
    def area(school_type: str, **pupils: int) -> list[float]:
        row = {"county": COUNTY, "year": YEAR, "school": "1", "school_type": school_type, "teaching_area": 3420.0}
        found = stage_rows(records(row | {"pupils_primary": None} | pupils).schools, national())
        return [round(value, 6) for value in found.sort("stage", descending=True)["teaching_area"]]

    hundred = {f"pupils_{level}": 100 for level in ("primary", "junior", "senior")}
    # 100 + 110 + 132 = 342: ten square metres a weighted pupil, 1,320 of them the senior pupils'.
    assert area("twelve_year", **hundred) == [1000, 1100]
    # 100 + 110 = 210, and 100 + 120 = 220: the junior pupils' alone, the other half and more the senior pupils'.
    assert area("nine_year", **hundred) == [round(3420 * 100 / 210, 6), round(3420 * 110 / 210, 6)]
    assert area("complete_secondary", **hundred) == [round(3420 * 100 / 220, 6)]


def teachers_of(**given: Any) -> dict[str, float | None]:
    row = {"county": COUNTY, "year": YEAR, "school": "1", "name": "1", "school_type": "nine_year"}
    held = records(row | {"pupils_primary": 100, "pupils_junior": 100} | given)
    rows = stage_rows(held.schools, national())
    parts = {one["stage"]: one["backbone_teachers"] for one in rows.iter_rows(named=True)}
    return {stage: None if part is None else round(part, 9) for stage, part in parts.items()}


@case
def split_only_what_is_not_reported_by_stage() -> None:
    whole, primary, junior = "backbone_teachers", "backbone_teachers_primary", "backbone_teachers_junior"
    assert teachers_of(**{whole: 21}) == {"primary": 10, "junior": 11}
    assert teachers_of(**{whole: 21, primary: 15, junior: 6}) == {"primary": 15, "junior": 6}
    assert teachers_of(**{primary: 15, junior: 6}) == {"primary": 15, "junior": 6}
    assert teachers_of(**{whole: 21, primary: 15}) == {"primary": 15, "junior": 6}
    assert teachers_of(**{whole: 21, primary: 0}) == {"primary": 0, "junior": 21}
    assert teachers_of(**{primary: 15}) == {"primary": 15, "junior": None}
    assert teachers_of(**{whole: 10, primary: 15}) == {"primary": 15, "junior": None}
