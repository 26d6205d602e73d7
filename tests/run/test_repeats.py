"""Rows of a table of one's own that would count twice, or are none of a pupil's, and groups that are named wrongly."""

from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from analysis.errors import DataError
from analysis.run.commands import coefficients, rates
from analysis.run.commands.pupils import Question
from analysis.tell.documents.frames import of_polars
from tests.workbooks import Rows, book

Capture = pytest.CaptureFixture[str]
#: Three schools of four pupils: school, class, number, score.
PUPILS: Rows = [[school, n // 2, n, 60 + 7 * n + 5 * "abc".index(school)] for school in "abc" for n in range(4)]
HEAD = ["学校", "班级", "考生号", "成绩"]


def rate(folder: Path, rows: Rows, head: list[str] = HEAD, *by: str) -> int:
    path = book(folder / "t.xlsx", [head, *rows])
    return int(rates.icc(path, Question("学校", ("成绩",), by))["pupils"].sum())


def test_a_pupil_whose_row_comes_again_is_refused_with_both_rows(tmp_path: Path) -> None:
    with pytest.raises(DataError) as found:
        rate(tmp_path, [*PUPILS, PUPILS[1]])
    values = found.value.values
    assert (found.value.key, values["one"], values["other"], values["count"]) == ("pupils_twice", 3, 14, 2)


def test_a_pupil_of_a_statistical_file_whose_row_comes_again_is_refused(tmp_path: Path) -> None:
    frame = pl.DataFrame([*PUPILS, PUPILS[1]], schema=["school", "class", "IDSTUD", "score"], orient="row")
    pyreadstat.write_sav(of_polars(frame), str(tmp_path / "t.sav"))
    with pytest.raises(DataError) as found:
        rates.icc(tmp_path / "t.sav", Question("school", ("score",)))
    assert found.value.key == "pupils_twice"


def test_a_number_that_comes_again_with_another_score_counts_and_is_told(tmp_path: Path, capsys: Capture) -> None:
    assert rate(tmp_path, [*PUPILS, [*PUPILS[1][:3], 99]]) == 13
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "第 3 行和第 14 行" in line


@pytest.mark.parametrize(
    "again",
    [
        ["b", 0, 1, 99],  # another school has the same numbers
        ["a", 1, 1, 99],  # and another class
        ["a", 0, None, 67],  # who has no number is nobody that is known
        ["a", 0, 1, None],  # and who has no score doesn't count twice
        [None, 0, 1, 67],
    ],
)
def test_a_number_that_is_another_pupils_is_no_doubt(again: list[object], tmp_path: Path, capsys: Capture) -> None:
    rows = [row for row in PUPILS if row[:3] != again[:3]]
    rate(tmp_path, [*rows, again])
    assert "另一行相同" not in capsys.readouterr().err


def test_scores_of_two_groups_are_no_doubles(tmp_path: Path, capsys: Capture) -> None:
    rows = [[*row, subject] for row in PUPILS for subject in ("语文", "数学")]
    assert rate(tmp_path, rows, [*HEAD, "科目"], "科目") == 24
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("head", "is_told"), [("学号", False), ("考生号", True)])
def test_numbers_within_something_that_is_not_told_are_no_pupils(
    head: str, is_told: bool, tmp_path: Path, capsys: Capture
) -> None:
    """Each number three times in each school: what numbers pupils within a class tells nobody apart."""
    rows = [[row[0], n // 3, row[3] + n] for row in PUPILS[::4] for n in range(9)]
    assert rate(tmp_path, rows, ["学校", head, "成绩"]) == 27
    assert ("另一行相同" in capsys.readouterr().err) == is_told


def test_namesakes_count_and_are_told(tmp_path: Path, capsys: Capture) -> None:
    rows = [[row[0], f"n{row[2]}", row[3]] for row in PUPILS]
    assert rate(tmp_path, rows, ["学校", "姓名", "成绩"]) == 12
    assert capsys.readouterr().err == ""
    assert rate(tmp_path, [*rows, rows[1]], ["学校", "姓名", "成绩"]) == 13
    assert "同名" in capsys.readouterr().err


def test_a_row_of_statistics_that_comes_again_is_refused(tmp_path: Path) -> None:
    rows: Rows = [["a", 30, 70, 9], ["b", 25, 75, 8], ["b", 20, 71, 8], ["c", 31, 66, 10]]
    question = Question("学校", n="n", mean="mean", sd="sd")
    head = ["学校", "n", "mean", "sd"]
    assert rates.icc(book(tmp_path / "t.xlsx", [head, *rows]), question)["schools"].item() == 3
    with pytest.raises(DataError) as found:
        rates.icc(book(tmp_path / "t.xlsx", [head, *rows, rows[2]]), question)
    assert (found.value.key, found.value.values["one"], found.value.values["other"]) == ("rows_twice", 4, 6)


@pytest.mark.parametrize(
    ("schools", "refused"),
    [
        (["a", None, "b", None, "c", None, "d", None], True),
        (["a", None, "b", None, "c", None, "d", "d"], True),  # three of five
        (["a", None, "b", None, "c", "c", "d", "d"], False),  # two of six
        (["a", "a", None, "a", "b", None, "b", "b"], False),  # within a school
        (["a", "b", "c", "d", "a", "b", None, None], False),
    ],
)
def test_schools_that_are_named_in_their_first_row_alone(
    schools: list[str | None], refused: bool, tmp_path: Path
) -> None:
    rows = [[school, 60 + place * place] for place, school in enumerate(schools)]
    if refused:
        with pytest.raises(DataError) as found:
            rate(tmp_path, rows, ["学校", "成绩"])
        assert found.value.key == "first_rows_alone"
    else:
        rate(tmp_path, rows, ["学校", "成绩"])


def test_townships_that_are_named_in_their_first_row_alone(tmp_path: Path) -> None:
    rows: Rows = [["东镇", 100, 900], [None, 250, 2000], ["西镇", 300, 3100], [None, 90, 1000]]
    path = book(tmp_path / "t.xlsx", [["乡镇", "学生数", "面积"], *rows])
    with pytest.raises(DataError) as found:
        coefficients.cv(path, "面积", "学生数", ["乡镇"])
    assert (found.value.key, found.value.values["blank"]) == ("first_rows_alone", 2)
    assert coefficients.cv(path, "面积", "学生数")["schools"].item() == 4


def test_a_row_of_means_under_the_name_of_its_school_is_refused(tmp_path: Path) -> None:
    schools = [[60, 67, 75, 81], [55, 70, 72, 90], [40, 66, 71, 88], [52, 61, 79, 93]]
    rows: Rows = [[name, x] for name, own in zip("abcd", schools, strict=True) for x in [*own, sum(own) / 4]]
    for some in (rows, rows[::-1]):
        with pytest.raises(DataError) as found:
            rate(tmp_path, some, ["学校", "成绩"])
        assert (found.value.key, found.value.values["row"]) == ("means_among", 6 if some == rows else 2)
    assert rate(tmp_path, [*rows[:-1], ["d", 71.5]], ["学校", "成绩"]) == 20
    two = [[name, x] for name in "ab" for x in (60, 70, 80, 70)]
    assert rate(tmp_path, two, ["学校", "成绩"]) == 8  # whole numbers of two schools may be so by chance


def test_scores_of_few_kinds_are_no_means(tmp_path: Path) -> None:
    rows = [[school, x] for school in "abcde" for x in (1, 2, 3, 2)]
    assert rate(tmp_path, rows, ["学校", "成绩"]) == 20


def test_codes_that_a_spreadsheet_damaged_are_refused(tmp_path: Path) -> None:
    rows = [[510116201401010000 + 100 * "abc".index(row[0]), row[3]] for row in PUPILS]
    with pytest.raises(DataError) as found:
        rate(tmp_path, rows, ["学校", "成绩"])
    assert found.value.key == "codes_damaged"
    assert rate(tmp_path, [[str(code), x] for code, x in rows], ["学校", "成绩"]) == 12
    assert rate(tmp_path, [[f"{row[0]}1E10", row[3]] for row in PUPILS], ["学校", "成绩"]) == 12


@pytest.mark.parametrize(
    ("name", "pupils", "words"),
    [("-", 12, "符号"), ("／", 12, "符号"), ("NA", 13, "NA"), ("未知", 13, "未知"), ("d", 13, "")],
)
def test_schools_that_are_called_as_if_there_were_none(
    name: str, pupils: int, words: str, tmp_path: Path, capsys: Capture
) -> None:
    rows = [[row[0], row[3]] for row in PUPILS]
    assert rate(tmp_path, [*rows, [name, 50]], ["学校", "成绩"]) == pupils
    line = capsys.readouterr().err
    assert (words in line, line.count("\n")) == (True, int(bool(words)))


def test_schools_that_differ_in_capitals_are_told(tmp_path: Path, capsys: Capture) -> None:
    rate(tmp_path, [*([row[0], row[3]] for row in PUPILS), ["A", 50]], ["学校", "成绩"])
    assert "大小写" in capsys.readouterr().err


def test_empty_lines_are_no_pupils_without_a_school(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("学校,成绩\n\n" + "".join(f"{row[0]},{row[3]}\n\n" for row in PUPILS), encoding="utf-8")
    assert rates.icc(path, Question("学校", ("成绩",)))["pupils"].item() == 12


def test_a_school_with_two_rows_counts_twice_and_is_told(tmp_path: Path, capsys: Capture) -> None:
    rows: Rows = [["a", 100, 900], ["b", 250, 2000], ["c", 300, 3100], ["d", 90, 1000], ["a", 80, 700]]
    path = book(tmp_path / "t.xlsx", [["学校", "学生数", "面积"], *rows])
    assert coefficients.cv(path, "面积", "学生数")["schools"].item() == 5
    assert "第 2 行和第 6 行" in capsys.readouterr().err
    coded = book(tmp_path / "u.xlsx", [["代码", "学校", "学生数", "面积"], *([n, *row] for n, row in enumerate(rows))])
    coefficients.cv(coded, "面积", "学生数")  # which codes tell apart
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("head", "is_told"), [("NCESSCH", True), ("Region", False)])
def test_a_school_with_a_row_for_each_sex_is_told(head: str, is_told: bool, tmp_path: Path, capsys: Capture) -> None:
    rows = [[name, sex, 100 + n, 900] for n, name in enumerate("abcd") for sex in ("m", "f", "both")]
    coefficients.cv(book(tmp_path / "t.xlsx", [[head, "sex", "学生数", "面积"], *rows]), "面积", "学生数")
    assert ("第 2 行和第 3 行" in capsys.readouterr().err) == is_told


@pytest.mark.parametrize(
    ("head", "is_told"),
    [
        ("生均面积", True),
        ("area per pupil", True),
        ("Books_per_Student", True),
        ("PercentageFSM", True),
        ("Separate rooms", False),
        ("面积", False),
    ],
)
def test_amounts_a_head_are_told(head: str, is_told: bool, tmp_path: Path, capsys: Capture) -> None:
    rows: Rows = [["a", 100, 9], ["b", 250, 8], ["c", 300, 10]]
    coefficients.cv(book(tmp_path / "t.xlsx", [["学校", "学生数", head], *rows]), head, "学生数")
    assert (head in capsys.readouterr().err) == is_told
