"""Text tables of one's own as people save them: titles and comments above, open quotation marks, written numbers."""

import gzip
from pathlib import Path

import pytest

from analysis.errors import DataError
from analysis.read import anycsv, anytable
from analysis.read.anytable import Asked
from analysis.run.commands import coefficients, rates
from analysis.run.commands.pupils import Question

TABLE = "学校,学生数,面积\na,100,1000\nb,200,2400\nc,100,900\n"


def cv(path: Path, missing: tuple[str, ...] = ()) -> tuple[int, float]:
    found = coefficients.cv(path, "面积", "学生数", said=Asked(missing=missing))
    return found["schools"].item(), found["mean"].item()


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    (folder / "t.csv").write_text(text, encoding=encoding, newline="")
    return folder / "t.csv"


def fault(path: Path) -> tuple[str, object]:
    with pytest.raises(DataError) as found:
        cv(path)
    return found.value.key, found.value.values.get("row")


ABOVE = [
    "甲县学校情况\n",
    "甲县学校情况,,\n",
    "甲县学校情况\n单位：平方米\n\n",
    '"甲县\n学校情况"\n',
    "# 导出\n",
    "# 导出,2024\n",
    "\n\n",
    "\r\n甲县\r\n",
]


@pytest.mark.parametrize("above", ABOVE)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_titles_and_comments_above_the_header_are_passed_over(above: str, encoding: str, tmp_path: Path) -> None:
    assert cv(write(tmp_path, above + TABLE, encoding)) == (3, 4300 / 400)


@pytest.mark.parametrize("above", ABOVE)
def test_rows_below_a_title_keep_their_numbers(above: str, tmp_path: Path) -> None:
    row = above.count("\n") + 3
    assert fault(write(tmp_path, above + TABLE.replace("2400", "很多"))) == ("number_expected", row)
    assert fault(write(tmp_path, above + TABLE.replace("2400", "2,400"))) == ("row_too_long", row)


@pytest.mark.parametrize("separator", [";", "|", "\t", ","])
@pytest.mark.parametrize("line", ["sep={}\n", "SEP={}\r\n", '"sep={}"\n'])
def test_the_separator_may_be_told_in_the_first_line(separator: str, line: str, tmp_path: Path) -> None:
    assert cv(write(tmp_path, line.format(separator) + TABLE.replace(",", separator))) == (3, 4300 / 400)


def test_a_column_called_like_a_comment_is_one(tmp_path: Path) -> None:
    table = anytable.open_table(write(tmp_path, TABLE.replace("学校", "#学校", 1)))
    assert table.schema.names() == ["#学校", "学生数", "面积"]


def test_titles_of_a_packed_table(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "t.csv.gz", "wb") as file:
        file.write(("甲县\n" + TABLE).encode())
    assert cv(tmp_path / "t.csv.gz") == (3, 4300 / 400)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('学校,学生数,面积\n"a,100,1000\nb,200,2400\nc,100,900\n', 2),
        ('学校,学生数,面积\na,100,1000\n"b,200,2400\nc,100,900', 3),
        ('甲县\n学校,学生数,面积\na,100,1000\n"b,200,2400\nc,100,900\n', 4),
        ('学校,学生数,面积\na,100,1000\n"b,200,2400\nc",100,900\nd,100,900\n', 3),
        ('学生数,面积\n100,1000\n200,"2400\n100,900\n', 3),
        ('"甲县\n学校,学生数,面积\na,100,1000\n', 1),
        ('"甲县', 1),
    ],
)
def test_a_quotation_mark_left_open_is_told_with_its_row(text: str, row: int, tmp_path: Path) -> None:
    assert fault(write(tmp_path, text)) == ("quote_open", row)


def test_a_name_in_two_lines_is_no_open_quotation(tmp_path: Path) -> None:
    assert cv(write(tmp_path, TABLE.replace("b,", '"第二\n小学",', 1))) == (3, 4300 / 400)


def test_a_row_that_is_too_long_is_told_before_what_follows(tmp_path: Path) -> None:
    path = write(tmp_path, TABLE.replace("a,100", "a,1,100"))
    assert fault(path) == ("row_too_long", 2)
    found = anycsv.fault_of(path, None)
    assert found is not None
    assert (found.values["cells"], found.values["columns"]) == (4, 3)
    assert anycsv.fault_of(write(tmp_path, TABLE), None) is None


@pytest.mark.parametrize(
    ("cell", "area"), [('"2,400"', 2400), ("２４００", 2400), (" 2400 ", 2400), ('="2400"', 2400), ("2.4e3", 2400)]
)
def test_numbers_are_read_however_they_are_written(cell: str, area: float, tmp_path: Path) -> None:
    assert cv(write(tmp_path, TABLE.replace("2400", cell))) == (3, (1900 + area) / 400)


@pytest.mark.parametrize("cell", ["", "-", "—", "/", "无", "缺考", "NA", "n/a", "NULL", "none", "."])
def test_what_stands_for_nothing_is_missing(cell: str, tmp_path: Path) -> None:
    assert cv(write(tmp_path, TABLE.replace("2400", cell))) == (2, 1900 / 200)


@pytest.mark.parametrize("cell", ["约2400", "1000①", "2400㎡", '"2,40"', '"1.000,5"', "24%", "是"])
def test_what_may_be_read_in_two_ways_stops_with_its_row(cell: str, tmp_path: Path) -> None:
    assert fault(write(tmp_path, TABLE.replace("2400", cell))) == ("number_expected", 3)


def test_words_and_numbers_for_missing_are_what_a_person_says(tmp_path: Path) -> None:
    path = write(tmp_path, TABLE.replace("2400", "停办"))
    assert fault(path) == ("number_expected", 3)
    assert cv(path, ("停办",)) == (2, 1900 / 200)
    assert cv(path, ("停办", "1000")) == (1, 9)


def test_absent_pupils_are_missing_scores(tmp_path: Path) -> None:
    lines = [f"{'abc'[i % 3]},{i % 7 + i % 3}" for i in range(30)]
    plain, absent = "\n".join(lines), "\n".join([*lines, "a,缺考", "b,-", 'c,"1,003"'])
    (tmp_path / "p.csv").write_text("school,score\n" + plain + "\nc,1003\n", encoding="utf-8")
    (tmp_path / "a.csv").write_text("school,score\n" + absent + "\n", encoding="utf-8")
    one, other = (rates.icc(tmp_path / f"{name}.csv", Question("school", ("score",))) for name in "pa")
    assert (one["pupils"].item(), one["icc"].item()) == (other["pupils"].item(), pytest.approx(other["icc"].item()))
    assert (one["note"].item(), other["note"].item()) == ("", "scores_missing")
