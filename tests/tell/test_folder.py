"""What a school's folder holds: documents that prove what the standard asks, with the rows that the data have."""

import pytest

from analysis import standards
from analysis.read.fields import tables
from analysis.tell.facts.folder import _told, documents, folder
from tests.tell.conftest import school, small

CLASSES = [
    {"county": "990999", "year": 2024, "school": "a", "grade": 1, "class": f"{k}", "pupils": 40} for k in range(2)
]


def test_every_document_proves_what_some_standard_asks_and_every_table_is_one() -> None:
    known = {
        name for id in ("national-2017", "national-2012") for one in [standards.load(id)]
        for name in (*one.indicators, *one.items)
    }  # fmt: skip
    for id, one in _told().items():
        assert set(one["proves"]) <= known, id
        assert one.get("table", "schools") in tables(), id
        assert one["zh"], id
        assert one["en"], id


def test_every_indicator_has_a_document() -> None:
    for name in ("national-2017", "national-2012"):
        standard = standards.load(name)
        proved = {each for one in documents(standard) for each in one.proves}
        assert set(standard.indicators) <= proved


#: What the county alone shows: no school holds papers of it.
OF_COUNTY = {"layout", "four_standards", "teacher_pay", "performance_pay", "posts_allotted", "basic_balance_years",
             "basic_balance_kept", "no_empty_posts"}  # fmt: skip


def test_every_item_has_a_document_or_is_of_the_county() -> None:
    standard = standards.load("national-2017")
    proved = {each for one in documents(standard) for each in one.proves}
    assert set(standard.items) - proved == OF_COUNTY


def test_a_school_holds_what_its_kind_asks_for() -> None:
    """Grade 7 and senior places are papers of junior schools, a special school's funds its own."""
    special = school("c") | {"school_type": "special", "pupils_junior": 0}
    junior = school("b") | {"school_type": "junior", "pupils_primary": None, "pupils_junior": 100}
    report = small([school("a"), junior, special])
    asked = {code: {one.document.id for one in folder(report, code) if one.asked} for code in "abc"}
    mixed = {"register", "places"}
    assert (asked["a"] & mixed, asked["b"] & mixed) == (set(), mixed)
    assert ["special_funds" in asked[code] for code in "abc"] == [False, False, True]
    assert "charter" in asked["a"] & asked["b"] & asked["c"]
    table = report.table("folders")
    assert table is not None
    assert table.frame["places"].to_list() == ["—", "□", "—"]


def test_a_standard_that_does_not_ask_for_it_has_no_such_document() -> None:
    asked = {one.id for one in documents(standards.load("national-2017"))}
    assert "books" not in asked
    assert "books" in {one.id for one in documents(standards.load("national-2012"))}


def test_rows_are_those_of_the_school_and_year() -> None:
    report = small([school("a"), school("b", sports_area=1.0), school("a", year=2023)], {"classes": CLASSES})
    a, b = ({one.document.id: one for one in folder(report, code)} for code in "ab")
    assert (a["statistics"].rows, a["classes"].rows, a["charter"].rows) == (1, 2, None)
    assert (b["statistics"].rows, b["classes"].rows) == (1, 0)
    assert (a["grounds"].unmet, b["grounds"].unmet) == ((), ("sports_area",))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tables_count_schools_with_and_without(lang: str) -> None:
    report = small([school("a"), school("b")], {"classes": CLASSES}, lang=lang)
    table, each = report.table("folder"), report.table("folders")
    assert table is not None
    assert each is not None
    place = [one.id for one in documents(report.standard)].index("classes")
    assert table.frame.row(place)[-2:] == (1, 1)
    assert each.frame["classes"].to_list() == [2, 0]
    assert set(each.frame["charter"]) == {"□"}
