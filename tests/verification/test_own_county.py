"""A county as an office keeps it itself, read a second time: dirt, decisions, answers, a ledger and evidence filled in,
blank tables, a year before; nothing disagrees and nothing is left unexplained."""

from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from analysis import cli
from tests.workbooks import Rows, book
from verification.raw import cells
from verification.raw.county import county
from verification.raw.decided import decided
from verification.raw.mending import CORRECTED, DONE, UNMATCHED, mend
from verification.raw.sheets import Sheet
from verification.raw.tables import Table, table
from verification.run import DOCUMENTS, check, opened
from verification.worked.dispersion import between
from verification.worked.stages import Place

from .conftest import STANDARDS
from .own_county import COUNTY, OLD, YEAR, build


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county's folder of raw statistics."""
    return build(tmp_path_factory.mktemp("own"))


EDITIONS: tuple[list[str], ...] = (
    [],
    ["--lang", "en"],
    ["--audience", "public"],
    ["--plan", "plan-8"],
    ["--year", str(YEAR - 1)],
    ["--year", str(YEAR - 1), "--audience", "public", "--lang", "en"],
)


@pytest.mark.slow
@pytest.mark.parametrize("words", EDITIONS, ids=" ".join)
def test_every_number_of_its_report_is_explained(words: list[str], own: Path, tmp_path: Path) -> None:
    assert cli.main(["report", COUNTY, *words, "--data", str(own), "--out", str(tmp_path)]) == 0
    (told,) = tmp_path.rglob("results.json")
    found = check(told.parent, opened(told.parent, own, STANDARDS))
    assert found.documents == DOCUMENTS
    assert found.record.faults == []


@pytest.mark.slow
def test_what_people_did_to_it_is_read(own: Path) -> None:
    read = county(own, COUNTY)
    schools = {row["school"]: row for row in read.rows("schools", YEAR)}
    assert schools[f"{COUNTY}0001"]["lost"] == ("built",)
    assert schools[f"{COUNTY}0008"]["equipment_value"] is None
    assert schools[f"{COUNTY}0009"]["lost"] == ()
    assert schools[f"{COUNTY}0013"]["books"] == 12000
    assert OLD not in {row["school"] for row in read.rows("schools", YEAR - 1)}
    items = {row["item"]: row for row in read.rows("government", YEAR)}
    assert items["rotation"]["value"] == Fraction(129, 1000)
    assert read.tables["monitoring"][YEAR].unfilled == read.tables["monitoring"][YEAR].read
    assert sorted(read.used(YEAR - 1)) == [f"{COUNTY}/schools_{YEAR - 1}.xlsx"]


@pytest.mark.parametrize(
    ("said", "rule", "value"),
    [
        ("1998-09", "", "1998-09"),
        ("1998年9月", "", "1998-09"),
        ("199809", "", "1998-09"),
        ("", "", ""),
        ("约300", "date_unreadable", None),
        ("1998-13", "date_unreadable", None),
        ("1998年", "month_missing", None),
    ],
)
def test_a_month_is_read_or_named_as_what_it_is(said: str, rule: str, value: str | None) -> None:
    if not rule:
        assert cells.month(said) == value
        return
    with pytest.raises(cells.UnreadableError) as fault:
        cells.month(said)
    assert (fault.value.rule, fault.value.said) == (rule, said)


HEAD = ["学校代码", "学校名称", "学段", "专任教师数（人）", "持教师资格证人数（人）", "备注"]
ONE = ["9901010001", "一小", "小学", 10, 9, None]


def teachers(folder: Path, *rows: list[object]) -> Table:
    sheet: Rows = [HEAD, *rows]
    return table(book(folder / "teachers_2024.xlsx", sheet), "teachers", "990101/teachers_2024.xlsx", [], {})


def test_a_part_above_its_whole_is_set_aside_with_it_and_one_within_is_not(tmp_path: Path) -> None:
    (row,) = teachers(tmp_path / "above", [*ONE[:3], 10, 11, None]).rows
    assert (row["teachers"], row["certified"], set(row["lost"])) == (None, None, {"teachers", "certified"})
    (row,) = teachers(tmp_path / "within", [*ONE[:3], 10, 10, None]).rows
    assert (row["teachers"], row["lost"]) == (10, ())


def test_a_cell_in_words_costs_its_value_or_its_row(tmp_path: Path) -> None:
    held = teachers(tmp_path, [*ONE[:4], "约9", None], ["9901010002", "二小", "幼儿园", 5, 5, None])
    (place, fault), *others = held.values
    assert (place.row, fault.rule, fault.said, others) == (2, "text_in_number_value", "约9", [])
    assert [(place.row, fault.rule) for place, fault in held.faults] == [(3, "choice_unknown")]
    assert held.beside == [("备注", "column_of_notes")]


def test_a_correction_changes_the_cell_that_says_what_was_there() -> None:
    entry = {"column": "teachers", "row": 2, "before": "10", "after": "12", "why": ""}

    def mended(cell: object, **more: object) -> tuple[str, object]:
        sheet = Sheet("表", [[*HEAD], ["9901010001", "一小", "小学", cell]])
        done = mend(sheet, {"teachers": 3, "school": 0}, 1, entry | more)
        return done.rule, sheet.rows[1][3]

    assert mended(10) == (CORRECTED, "12")
    assert mended("１０ ") == (CORRECTED, "12")
    assert mended(12) == (DONE, 12)
    assert mended(11) == (UNMATCHED, 11)
    assert mended(10, sheet="别的表") == (UNMATCHED, 10)
    assert mended(10, row=None, key={"school": "9901010001"}) == (CORRECTED, "12")
    assert mended(10, row=None, key={"school": "9901010002"}) == (UNMATCHED, 10)
    assert mended(None, before="") == (CORRECTED, "12")


def test_how_a_file_is_to_be_read_ends_in_a_line_that_says_what_to_do(tmp_path: Path) -> None:
    written = openpyxl.Workbook()
    page = written.create_sheet("文件读法")
    for row in (["帮助"], [], ["文件", "项目", "列", "内容"], ["schools_2024.xlsx", "单位", "books", "万册"]):
        page.append(row)
    (tmp_path / "decisions").mkdir()
    written.save(tmp_path / "decisions" / "990101.xlsx")
    with pytest.raises(ValueError, match=r"schools_2024\.xlsx.*take the row away"):
        decided(tmp_path, "990101")


def test_a_coefficient_lies_between_what_the_unknown_amounts_can_make_of_it() -> None:
    def place(school: str, amount: int | None, lost: frozenset[str] = frozenset()) -> Place:
        given = {"books": None if amount is None else Fraction(amount)}
        return Place(school, "", "", "", "", "", "primary", Fraction(100), None, given, "", {}, lost)

    two = [place("a", 100), place("b", 300)]
    assert between(two, "books", "primary") is None
    assert between([place("c", None, frozenset({"books"}))], "books", "primary") is None
    ends = between([*two, place("c", None, frozenset({"books"}))], "books", "primary")
    assert ends is not None
    # The others are at 0.5: least with a third that they would not differ from, most with all in the third.
    assert ends == pytest.approx(((0.25 / (1 + 1.25 / 2)) ** 0.5, 2**0.5))
