"""A researcher's table in every kind of file: the same rows, the same codes, the same faults."""

from functools import partial
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from analysis.errors import DataError, RequestError
from analysis.read import anytable
from analysis.run.commands import coefficients, rates
from analysis.run.commands.pupils import Question
from analysis.tell.documents.frames import of_polars
from tests.workbooks import Rows, book

FRAME = pl.DataFrame({"county": ["990101", "990102", None], "school": [1.0, 2.0, 3.0], "score": [1.5, None, 3.0]})
NUMBERS, KEYS = {"y": "score"}, {"g": "county", "s": "school"}


def rows(path: Path) -> list[tuple[object, ...]]:
    table = anytable.open_table(path)
    found = anytable.blank_to_null(table.collect(table.columns(NUMBERS, KEYS), NUMBERS), KEYS)
    return found.select("y", *(anytable.as_code(key, found.schema[key]) for key in KEYS)).rows()


EXPECTED = [(1.5, "990101", "1"), (None, "990102", "2"), (3.0, None, "3")]


def write(path: Path) -> Path:
    frame = FRAME.with_columns(pl.col("school").cast(pl.Int64))
    match path.suffix:
        case ".csv":
            frame.write_csv(path)
        case ".parquet":
            frame.write_parquet(path)
        case ".xlsx":
            frame.write_excel(path)
        case ".sav":
            pyreadstat.write_sav(of_polars(FRAME).fillna({"county": ""}), str(path))
        case ".dta":
            pyreadstat.write_dta(of_polars(FRAME).fillna({"county": ""}), str(path))
    return path


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx", "sav", "dta"])
def test_each_kind_says_the_same(ending: str, tmp_path: Path) -> None:
    assert rows(write(tmp_path / f"table.{ending}")) == EXPECTED


@pytest.mark.parametrize("ending", ["sav", "dta"])
def test_statistical_files_are_read_in_pieces(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.read.statistical.PIECE", 2)
    assert rows(write(tmp_path / f"table.{ending}")) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_encodings_and_separators(encoding: str, separator: str, tmp_path: Path) -> None:
    text = "县区,学校,成绩\n青溪县,第一小学, 1.5 \n青溪县,第二小学,NA\n".replace(",", separator)
    (tmp_path / "t.csv").write_text(text, encoding=encoding)
    table = anytable.open_table(tmp_path / "t.csv")
    found = table.collect(table.columns({"y": "成绩"}, {"g": "县区", "s": "学校"}), {"y": "成绩"})
    assert found.rows() == [(1.5, "青溪县", "第一小学"), (None, "青溪县", "第二小学")]


def test_codes_keep_their_zeros(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("county,school,score\n010203,007,1\n", encoding="utf-8")
    assert rows(tmp_path / "t.csv") == [(1.0, "010203", "007")]


def test_rows_of_a_workbook_keep_their_numbers(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(2, 0, ["county", "school", "score"])
        sheet.write_row(3, 0, ["a", "b", 1])
        sheet.write_row(5, 0, ["a", "b", "absent"])
    table = anytable.open_table(tmp_path / "t.xlsx")
    with pytest.raises(DataError) as fault:
        table.collect(table.columns(NUMBERS, KEYS), NUMBERS)
    assert (fault.value.key, fault.value.values["row"], fault.value.values["value"]) == ("number_expected", 6, "absent")


def test_missing_column_names_those_there(tmp_path: Path) -> None:
    table = anytable.open_table(write(tmp_path / "t.parquet"))
    with pytest.raises(RequestError) as fault:
        table.columns({"y": "nope"}, {})
    assert fault.value.values["columns"] == "county, school, score"


def test_infinite_numbers_are_missing(tmp_path: Path) -> None:
    pl.DataFrame({"score": [1.0, float("inf"), float("nan")]}).write_parquet(tmp_path / "t.parquet")
    table = anytable.open_table(tmp_path / "t.parquet")
    assert table.collect(table.columns(NUMBERS, {}), NUMBERS)["y"].to_list() == [1, None, None]


CASES = Path(__file__).parent / "cases"


def test_a_hidden_sheet_before_the_table_is_passed_over_and_told() -> None:
    path = CASES / "12-cv-hidden-first-sheet" / "cv_hidden.xlsx"
    table = anytable.open_table(path)
    assert table.frame.collect()["amount"].to_list() == ["12", "15"]
    assert "old" in table.sentences[0]
    asked = anytable.open_table(path, anytable.Asked(sheet="old"))
    assert (asked.frame.collect()["amount"].to_list(), asked.sentences) == (["999", "1"], ())
    with pytest.raises(RequestError, match="old"):
        anytable.open_table(path, anytable.Asked(sheet="new"))


def test_hidden_rows_are_read_and_told() -> None:
    table = anytable.open_table(CASES / "15-hidden-rows" / "cv_hidrow.xlsx")
    assert table.frame.collect().height == 3
    assert "3" in table.sentences[0]


@pytest.mark.parametrize(("second", "fine"), [("1", True), ("2", False)])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_column_twice_is_one_where_it_is_equal_in_every_row(
    tmp_path: Path, second: str, fine: bool, ending: str
) -> None:
    path = tmp_path / f"a.{ending}"
    rows = [["x", " y ", "x"], ["1", "5", second]]
    if ending == "csv":
        path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    else:
        book(path, rows)
    if fine:
        assert anytable.open_table(path).schema.names() == ["x", "y"]
    else:
        with pytest.raises(DataError, match=r"A.*C"):
            anytable.open_table(path)


@pytest.mark.parametrize("cell", ["#DIV/0!", "=1/0", "17.3%", "7人"])
def test_what_is_no_amount_stops_with_its_row(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"x,p\n1,5\n{cell},6\n", encoding="utf-8")
    with pytest.raises(DataError, match="3"):
        coefficients.cv(path, "x", "p")


@pytest.mark.parametrize(("said", "mean"), [((), None), (("-1",), 95 / 110), (("-1", "40"), 55 / 60)])
def test_negative_amounts_stop_unless_they_are_said_to_be_missing(said: tuple[str, ...], mean: float | None) -> None:
    path = CASES / "14-cv-negative-amount" / "neg.csv"
    if mean is None:
        with pytest.raises(DataError, match="--missing=-1"):
            coefficients.cv(path, "mmr", "enroll")
    else:
        found = coefficients.cv(path, "mmr", "enroll", said=anytable.Asked(missing=said))
        assert found["mean"].item() == pytest.approx(mean)


def test_leading_empty_lines_keep_the_rows_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n\nx,p\n1,5\nq,6\n", encoding="utf-8")
    with pytest.raises(DataError, match="5"):
        coefficients.cv(path, "x", "p")


@pytest.mark.parametrize("name", ["rot13", "base64", "undefined", "zlib", "foo"])
def test_what_is_no_encoding_of_text_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError) as fault:
        anytable.open_table(tmp_path / "t.csv", anytable.Asked(encoding=name))
    assert fault.value.key == "encoding_unknown"


@pytest.mark.parametrize("label", ["合计", "全县平均", "Total", "mean"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_total_or_a_mean_among_schools_is_refused(label: str, ending: str, tmp_path: Path) -> None:
    frame = pl.DataFrame({"school": ["a", "b", label], "pupils": [1, 2, 3], "books": [10, 20, 30]})
    (frame.write_csv if ending == "csv" else frame.write_excel)(tmp_path / f"t.{ending}")
    with pytest.raises(DataError) as fault:
        coefficients.cv(tmp_path / f"t.{ending}", "books", "pupils")
    assert (fault.value.key, fault.value.values["row"], fault.value.values["value"]) == ("total_among_rows", 4, label)


def test_a_total_that_is_a_group_of_its_own_is_none_among_schools(tmp_path: Path) -> None:
    text = "kind,school,pupils,books\n合计,a,1,10\n合计,b,1,30\n小学,c,1,10\n"
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    assert coefficients.cv(tmp_path / "t.csv", "books", "pupils", ["kind"])["schools"].to_list() == [2, 1]


def test_a_mean_among_schools_statistics_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("school,n,m,s\na,30,50,10\nb,40,55,10\n平均,35,52,10\n", encoding="utf-8")
    with pytest.raises(DataError) as fault:
        rates.icc(tmp_path / "t.csv", Question("school", n="n", mean="m", sd="s"))
    assert fault.value.key == "school_is_total"


@pytest.mark.parametrize("place", [1, 20, 40])
def test_a_row_longer_than_the_header_is_refused_whatever_is_asked(place: int, tmp_path: Path) -> None:
    lines = ["school,pupil,score,x", *(f"s{number % 4},{number},{number % 7},1" for number in range(40))]
    lines[place] += ",9"
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    path = tmp_path / "t.csv"
    for asked in (
        partial(coefficients.cv, path, "score", "pupil"),
        partial(rates.icc, path, Question("school", ("score",))),
    ):
        with pytest.raises(DataError) as fault:
            asked()
        assert (fault.value.key, fault.value.values["row"]) == ("row_too_long", place + 1)


def test_a_hidden_column_that_is_asked_for_is_told(tmp_path: Path) -> None:
    rows: Rows = [["school", "pupils", "books"], ["a", 1, 10], ["b", 2, 30]]
    workbook = book(tmp_path / "t.xlsx", rows)
    import openpyxl

    pages = openpyxl.load_workbook(workbook)
    pages.worksheets[0].column_dimensions["C"].hidden = True
    pages.save(workbook)
    table = anytable.open_table(workbook)
    assert table.told_of(["pupils"]) == []
    assert ["books" in one for one in table.told_of(["books", "pupils"])] == [True]
