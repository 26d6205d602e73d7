"""What `junheng cv` and `junheng icc` find odd about a table of one's own, and what passes beside it."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from xlsxwriter import Workbook

from analysis.errors import DataError
from analysis.read.anytable import Asked
from analysis.run.commands import coefficients, rates
from analysis.run.commands.pupils import Question
from tests.workbooks import Rows, book

Capture = pytest.CaptureFixture[str]
HEAD = ["学校", "乡镇", "学生数", "面积"]
FOUR: Rows = [
    ["s1", "甲镇", 100, 1000],
    ["s2", "甲镇", 200, 2400],
    ["s3", "乙镇", 300, 3000],
    ["s4", "乙镇", 150, 1800],
]


def cv(folder: Path, rows: Rows, *by: str, head: list[str] = HEAD) -> int:
    book(folder / "t.xlsx", [head, *rows])
    return int(coefficients.cv(folder / "t.xlsx", "面积", "学生数", by)["schools"].sum())


def fault(folder: Path, rows: Rows, *by: str, head: list[str] = HEAD) -> tuple[Any, ...]:
    with pytest.raises(DataError) as found:
        cv(folder, rows, *by, head=head)
    values = found.value.values
    return (found.value.key, *(values[name] for name in ("row", "first", "last", "one", "other") if name in values))


@pytest.mark.parametrize("label", ["全县", "汇总", "全县合计：", "共4所"])
def test_totals_are_refused_by_name(label: str, tmp_path: Path) -> None:
    assert fault(tmp_path, [*FOUR, [label, None, 750, 8200]]) == ("total_among_rows", 6)
    assert cv(tmp_path, FOUR) == 4


@pytest.mark.parametrize("label", [None, "甲县", "x"])
@pytest.mark.parametrize("by", [(), ("乡镇",)])
def test_totals_are_refused_by_their_sums(label: str | None, by: tuple[str, ...], tmp_path: Path) -> None:
    assert fault(tmp_path, [*FOUR, [label, None, 750, 8200]], *by) == ("total_by_sum", 6)
    assert cv(tmp_path, [*FOUR, [label, None, 750, 8201]], *by) == 5


def test_totals_of_townships_are_refused_under_their_name(tmp_path: Path) -> None:
    rows = [*FOUR[:2], ["甲镇", None, 300, 3400], *FOUR[2:], ["乙镇", None, 450, 4800]]
    assert fault(tmp_path, rows) == ("subtotal_by_sum", 4, 2, 3)
    assert (
        fault(tmp_path, [[*row[:2], *row[:1:-1]] for row in rows], head=[*HEAD[:2], *HEAD[:1:-1]])[0]
        == "subtotal_by_sum"
    )


def test_a_total_within_a_group_is_refused_where_chance_makes_none(tmp_path: Path) -> None:
    rows: Rows = [
        ["s1", "甲镇", 100, 1000],
        ["s3", "乙镇", 310, 3000],
        ["s2", "甲镇", 200, 2400],
        ["s4", "乙镇", 150, 1800],
    ]
    assert cv(tmp_path, rows, "乡镇") == 4
    assert fault(tmp_path, [*rows, ["s5", "甲镇", 300, 3400]], "乡镇") == ("subtotal_by_sum", 6, 2, 6)
    assert cv(tmp_path, [*rows, ["s5", "甲镇", 300, 3401]], "乡镇") == 5


def test_a_sum_that_chance_may_have_made_counts_and_is_told(tmp_path: Path, capsys: Capture) -> None:
    rows: Rows = [["s1", "甲镇", 100, 1], ["s2", "甲镇", 200, 2], ["s3", "甲镇", 300, 3], ["s4", "乙镇", 150, 2]]
    assert cv(tmp_path, rows) == 4
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "第 4 行" in line
    assert "第 2–3 行" in line
    # What lacks the township that its parts have, or is called like it, is no school.
    rows[2][1] = None
    assert fault(tmp_path, rows) == ("subtotal_by_sum", 4, 2, 3)
    rows[2][:2] = ["甲镇", "乙镇"]
    assert fault(tmp_path, rows) == ("subtotal_by_sum", 4, 2, 3)


def test_several_years_in_one_are_refused_unless_they_are_groups(tmp_path: Path) -> None:
    rows = [[year, *row] for year in (2024, 2023) for row in FOUR]
    for header in ("年度", "学年", "年份", "year"):
        head = [header, *HEAD]
        assert fault(tmp_path, rows, head=head) == ("years_mixed",)
        assert cv(tmp_path, rows, header, head=head) == 8
        assert cv(tmp_path, rows[:4], head=head) == 4
    both = [[year, f"{year}-{year + 1}", *row] for year, *row in rows]
    assert cv(tmp_path, both, "年度", head=["年度", "学年", *HEAD]) == 8
    assert cv(tmp_path, [[2001 + n, *row] for n, row in enumerate(FOUR)], head=["建校年份", *HEAD]) == 4


def test_a_school_twice_is_refused_with_both_rows(tmp_path: Path) -> None:
    assert fault(tmp_path, [*FOUR, FOUR[1]]) == ("rows_twice", 3, 6)
    assert cv(tmp_path, [*FOUR, ["s5", *FOUR[1][1:]]]) == 5
    assert cv(tmp_path, [*FOUR, [*FOUR[1][:3], 2401]]) == 5
    assert fault(tmp_path, [*FOUR, [*FOUR[1]]], "乡镇") == ("rows_twice", 3, 6)


def test_rows_alike_in_a_table_without_names_are_schools(tmp_path: Path) -> None:
    assert cv(tmp_path, [row[2:] for row in [*FOUR, FOUR[1]]], head=HEAD[2:]) == 5
    assert cv(tmp_path, [row[1:] for row in [*FOUR, FOUR[1]]], head=HEAD[1:]) == 5
    further = [[*row, place] for place, row in enumerate([*FOUR, FOUR[1]])]
    assert cv(tmp_path, further, head=[*HEAD, "备注"]) == 5


def pupils(change: dict[int, Any] | None = None) -> pl.DataFrame:
    """Return 6 schools of 12 pupils with scores about 70, some of them changed."""
    draw = np.random.default_rng(1)
    scores = [round(70 + 2 * (i // 12) + draw.normal(0, 8)) for i in range(72)]
    for place, score in (change or {}).items():
        scores[place] = score
    return pl.DataFrame(
        {
            "school": [f"学校{i // 12 + 1}" for i in range(72)],
            "id": [f"{i:03}" for i in range(72)],
            "score": pl.Series(scores, dtype=pl.Float64, strict=False),
        }
    )


def rate(folder: Path, frame: pl.DataFrame, missing: tuple[str, ...] = ()) -> float:
    frame.write_csv(folder / "t.csv")
    return float(
        rates.icc(folder / "t.csv", Question("school", ("score",), asked=Asked(missing=missing)))["icc"].item()
    )


@pytest.mark.parametrize(
    ("code", "option"), [(999, "--missing 999"), (9999, "--missing 9999"), (-1, "--missing=-1"), (-9, "--missing=-9")]
)
def test_a_code_far_from_all_scores_is_told_and_counts(code: int, option: str, tmp_path: Path, capsys: Capture) -> None:
    plain = rate(tmp_path, pupils({3: None, 40: None}))
    assert capsys.readouterr().err == ""
    coded = pupils({3: code, 40: code})
    assert rate(tmp_path, coded) != pytest.approx(plain)
    line = capsys.readouterr().err
    assert (line.count("\n"), option in line) == (1, True)
    assert rate(tmp_path, coded, (str(code),)) == pytest.approx(plain)
    assert capsys.readouterr().err == ""


def test_each_of_several_codes_is_told(tmp_path: Path, capsys: Capture) -> None:
    rate(tmp_path, pupils({3: 999, 20: 998, 40: -1, 60: -9}))
    told = capsys.readouterr().err
    assert [option in told for option in ("--missing 999", "--missing 998", "--missing=-1", "--missing=-9")] == [
        True
    ] * 4


@pytest.mark.parametrize("change", [{3: 99}, {3: 99, 20: 98}, {3: 100}, {3: 0}, {3: 125}, {3: -1, 4: -2.5}])
def test_scores_that_are_no_code_or_not_far_are_not_told(
    change: dict[int, float], tmp_path: Path, capsys: Capture
) -> None:
    rate(tmp_path, pupils(change))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("place", "score"), [(3, 7550.0), (40, 500.0), (3, -700.0)])
def test_a_score_far_beyond_all_others_is_told(place: int, score: float, tmp_path: Path, capsys: Capture) -> None:
    rate(tmp_path, pupils({place: score}))
    line = capsys.readouterr().err
    assert (line.count("\n"), f"{score:g}" in line) == (1, True)


@pytest.mark.parametrize("header", ["年级", "Grade"])
def test_pupils_of_several_grades_are_told(header: str, tmp_path: Path, capsys: Capture) -> None:
    rate(tmp_path, pupils().with_columns(pl.lit("四年级").alias(header)))
    assert capsys.readouterr().err == ""
    rate(tmp_path, pupils().with_columns((4 + 4 * (pl.int_range(pl.len()) % 2)).alias(header)))
    assert f"--by {header}" in capsys.readouterr().err


def test_schools_in_two_spellings_are_one_and_told_once(tmp_path: Path, capsys: Capture) -> None:
    plain = rate(tmp_path, pupils())
    place = pl.int_range(pl.len())
    spelled = pupils().with_columns(
        pl.when(place == 2)
        .then(pl.lit("学校 1"))
        .when(place == 3)
        .then(pl.lit("学校１"))
        .otherwise("school")
        .alias("school")
    )
    assert rate(tmp_path, spelled) == pytest.approx(plain, rel=1e-12)
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("school", "pupil", "key"),
    [
        ("全县", "x", "school_is_total"),
        ("平均分", "", "school_is_total"),
        ("学校1", "平均", "total_among_rows"),
        ("学校2", "合计", "total_among_rows"),
        ("学校2", "x", ""),
    ],
)
def test_totals_among_pupils_are_refused(school: str, pupil: str, key: str, tmp_path: Path) -> None:
    frame = pl.concat([pupils(), pl.DataFrame({"school": [school], "id": [pupil], "score": [70.0]})])
    if not key:
        assert 0 < rate(tmp_path, frame) < 1
        return
    with pytest.raises(DataError) as found:
        rate(tmp_path, frame)
    assert found.value.key == key


def test_a_school_of_all_pupils_again_is_refused(tmp_path: Path) -> None:
    again = pupils().with_columns(school=pl.lit("x"))
    with pytest.raises(DataError) as found:
        rate(tmp_path, pl.concat([pupils(), again]))
    assert (found.value.key, found.value.values["value"]) == ("school_is_sum", "x")
    other = again.with_columns(score=pl.when(pl.int_range(pl.len()) == 0).then(pl.col("score") + 1).otherwise("score"))
    assert 0 <= rate(tmp_path, pl.concat([pupils(), other])) < 1


@pytest.mark.parametrize(
    ("row", "refused"), [("x,6,4,2.098", True), ("x,6,4,2.11", False), ("x,6,4.1,2.098", False), ("x,7,4,2.098", False)]
)
def test_statistics_of_all_schools_together_are_refused(row: str, refused: bool, tmp_path: Path) -> None:
    """Pupils 1, 3, 5 and 7, and 3, 5: n 6, mean 4, squares 9 + 1 + 1 + 9 + 1 + 1 = 22 = 5 * 2.098²."""
    (tmp_path / "t.csv").write_text(f"s,n,m,sd\na,4,4,2.582\nb,2,4,1.4142\n{row}\n", encoding="utf-8")
    question = Question("s", n="n", mean="m", sd="sd")
    if refused:
        with pytest.raises(DataError) as found:
            rates.icc(tmp_path / "t.csv", question)
        assert found.value.key == "school_is_sum"
    else:
        assert rates.icc(tmp_path / "t.csv", question)["schools"].item() == 3


def test_pupils_of_several_years_are_told(tmp_path: Path, capsys: Capture) -> None:
    rate(tmp_path, pupils().with_columns(year=pl.lit(2024)))
    assert capsys.readouterr().err == ""
    rate(tmp_path, pupils().with_columns(year=2023 + pl.int_range(pl.len()) % 2))
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "--by year" in line


@pytest.mark.parametrize("header", ["科目", "学科", "subject"])
def test_scores_of_several_subjects_are_told(header: str, tmp_path: Path, capsys: Capture) -> None:
    rate(tmp_path, pupils().with_columns(pl.lit("语文").alias(header)))
    assert capsys.readouterr().err == ""
    subjects = pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.lit("语文")).otherwise(pl.lit("数学"))
    rate(tmp_path, pupils().with_columns(subjects.alias(header)))
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert f"--by {header}" in line


@pytest.mark.parametrize(
    ("zeros", "beyond", "is_told"),
    [(2, 60.0, True), (1, 60.0, False), (0, 60.0, False), (2, 10.0, False), (2, -40.0, False)],
)
def test_zeros_far_below_all_scores_are_told(
    zeros: int, beyond: float, is_told: bool, tmp_path: Path, capsys: Capture
) -> None:
    scores = [beyond + (7 * place) % 41 for place in range(60)]
    scores[5 : 5 + zeros] = [0.0] * zeros
    rate(tmp_path, pl.DataFrame({"school": [f"s{place % 6}" for place in range(60)], "score": scores}))
    line = capsys.readouterr().err
    assert ("--missing=0" in line, line.count("\n")) == (is_told, int(is_told))


def test_zeros_among_few_marks_are_marks(tmp_path: Path, capsys: Capture) -> None:
    marks = [float(place % 3) for place in range(60)]
    rate(tmp_path, pl.DataFrame({"school": [f"s{place % 7}" for place in range(60)], "score": marks}))
    assert "--missing" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("other", "schools", "is_told"),
    [("{}.0", 6, True), ("0{}", 12, True), ("a{}", 12, False), ("{}.5", 12, False)],
)
def test_codes_in_two_ways_of_writing_are_told(
    other: str, schools: int, is_told: bool, tmp_path: Path, capsys: Capture
) -> None:
    codes = [(other if place % 2 else "{}").format(place // 2 % 6 + 1) for place in range(60)]
    text = "".join(f"{code},{(7 * place) % 41}\n" for place, code in enumerate(codes))
    (tmp_path / "t.csv").write_text(f"school,score\n{text}", encoding="utf-8")
    assert rates.icc(tmp_path / "t.csv", Question("school", ("score",)))["schools"].item() == schools
    assert capsys.readouterr().err.count("\n") == is_told


@pytest.mark.parametrize(("times", "number", "is_told"), [(2, 40, True), (4, 40, True), (3, 40, False), (2, 12, False)])
def test_a_table_that_was_pasted_twice_is_told(
    times: int, number: int, is_told: bool, tmp_path: Path, capsys: Capture
) -> None:
    table = pl.DataFrame(
        {
            "school": [f"s{place % 4}" for place in range(number)],
            "score": [(7.0 * place) % 41 for place in range(number)],
        }
    )
    rate(tmp_path, pl.concat([table] * times))
    assert ("两次" in capsys.readouterr().err) is is_told
    rate(tmp_path, pl.concat([table] * times)[1:])
    assert capsys.readouterr().err == ""


def written(folder: Path, *cells: str) -> None:
    lines = "".join(f"s{place},100,{cell}\n" for place, cell in enumerate(cells))
    (folder / "t.csv").write_text(f"学校,学生数,面积\n{lines}", encoding="utf-8")
    coefficients.cv(folder / "t.csv", "面积", "学生数")


@pytest.mark.parametrize(
    ("cells", "is_told"),
    [
        (("500", "1.200", "1300"), True),
        (("500", "1.200", "900"), False),
        (("500", "1.200", "1300.5"), False),
        (("500", "1.2", "1300"), False),
        (("500", "0.200", "1300"), False),
    ],
)
def test_a_point_that_may_stand_between_thousands_is_told(
    cells: tuple[str, ...], is_told: bool, tmp_path: Path, capsys: Capture
) -> None:
    written(tmp_path, *cells)
    line = capsys.readouterr().err
    assert ("1.200" in line, line.count("\n")) == (is_told, int(is_told))


@pytest.mark.parametrize(
    ("cell", "form", "is_told"), [(0.45, "0%", True), (52.3, "0.0", False), (52.3, ";;;", True), (0.45, "0.00", False)]
)
def test_numbers_in_two_ways_or_hidden_are_told(
    cell: float, form: str, is_told: bool, tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "t.xlsx"
    with Workbook(path) as file:
        sheet = file.add_worksheet()
        sheet.write_row(0, 0, ["school", "score"])
        for row in range(1, 31):
            sheet.write_row(row, 0, [f"s{row % 5}", (7 * row) % 41 + 30])
        sheet.write(7, 1, cell, file.add_format({"num_format": form}))
    rates.icc(path, Question("school", ("score",)))
    line = capsys.readouterr().err
    assert (line.count("\n"), "第 8 行" in line) == (int(is_told), form == ";;;")


@pytest.mark.parametrize(("blank", "refused"), [(6, True), (5, False)])
def test_schools_that_stand_in_the_first_row_of_each_group_alone_are_refused(
    blank: int, refused: bool, tmp_path: Path
) -> None:
    """Of ten pupils six without a school are more than those with one, five are not."""
    rows = [[None if place < blank else "ab"[place % 2], 60 + place * place] for place in range(10)]
    path = book(tmp_path / "t.xlsx", [["学校", "成绩"], *rows])
    question = Question("学校", ("成绩",))
    if refused:
        with pytest.raises(DataError) as found:
            rates.icc(path, question)
        assert (found.value.key, found.value.values["blank"], found.value.values["rows"]) == (
            "school_mostly_blank",
            6,
            10,
        )
    else:
        assert "school_missing" in rates.icc(path, question)["note"].item()
