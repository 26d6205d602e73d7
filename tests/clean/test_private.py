"""What identifies pupils is told nowhere: not by notices, nor by what is kept of rows that were set aside."""

import json
from pathlib import Path

import polars as pl
import pytest

from analysis import clean
from tests.workbooks import COUNTY, HEADER, Rows, cleaned, school, text

SCORES = ["考生号", "姓名", "身份证号", "学校代码", "年级", "学科", "成绩"]
NUMBER, CARD, NAME = "20240000017", "330102201001011234", "欧阳小明"
GOOD = [NUMBER, NAME, CARD, "9901010001", "八年级", "数学", "88"]
SECRETS = (NUMBER, CARD, NAME, "欧阳", "小明")


def told(folder: Path, rows: Rows, corrections: str = "") -> clean.Records:
    text(folder / COUNTY / "schools_2024.csv", [HEADER, school(1)])
    text(folder / COUNTY / "scores_2024.csv", [SCORES, *rows])
    (folder / "corrections.yml").write_text(corrections, encoding="utf-8")
    return cleaned(folder)


def everything(records: clean.Records) -> str:
    frames = [frame for name, frame in records.frames().items() if name != "scores"]
    return " ".join(frame.write_json() for frame in frames)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        (6, NAME),
        (6, CARD + "X"),
        (6, f"{NAME}88"),
        (3, CARD),
        (3, NAME),
        (4, NAME),
        (5, NAME),
        (5, CARD),
        (0, None),
        (0, f"{NUMBER} {NAME}"),
    ],
)
def test_what_stands_in_the_wrong_column_is_described_alone(tmp_path: Path, column: int, cell: str | None) -> None:
    row = [cell if place == column else one for place, one in enumerate(GOOD)]
    records = told(tmp_path, [GOOD, row])
    for secret in SECRETS:
        assert secret not in everything(records)


def test_what_names_nobody_is_told_as_it_stood(tmp_path: Path) -> None:
    rows = [[str(number), "x", "y", "9901010001", "八年级", "数学", "88"] for number in range(3)]
    rows[0][6], rows[1][6], rows[2][4] = "-5", "缺考", "大班"
    records = told(tmp_path, rows)
    before = dict(records.notices.filter(table="scores").select("rule", "before").rows())
    assert before["score_negative"] == "-5"
    assert before["absent_mark"] == "缺考"
    assert before["grade_unreadable"] == "●●"


ENTRY = "- {{file: {file}, row: {row}, column: {column}, before: '{before}', after: '{after}', why: 误, who: 科}}\n"


@pytest.mark.parametrize(
    ("column", "before", "after"),
    [("姓名", NAME, "欧阳晓明"), ("身份证号", CARD, "330102201001015678"), ("考生号", NUMBER, "20240000099")],
)
@pytest.mark.parametrize("row", [2, 9])
@pytest.mark.parametrize("file", ["scores_2024.csv", "scores_2023.csv", "list.csv"])
def test_a_correction_of_what_identifies_a_pupil_is_told_without_it(
    tmp_path: Path, column: str, before: str, after: str, row: int, file: str
) -> None:
    entry = ENTRY.format(file=f"{COUNTY}/{file}", row=row, column=column, before=before, after=after)
    records = told(tmp_path, [GOOD], entry)
    applied = file == "scores_2024.csv" and row == 2
    rule = "correction_unmatched" if not applied else "corrected" if column == "考生号" else "correction_unused"
    (notice,) = records.notices.filter(pl.col("rule") == rule).rows(named=True)
    named = "pupil" if rule == "corrected" else column
    assert (notice["column"], set(notice["before"] + notice["after"])) == (named, {"●"})


def test_other_corrections_are_told_in_full(tmp_path: Path) -> None:
    about = {"row": 2, "file": f"{COUNTY}/scores_2024.csv"}
    score = ENTRY.format(**about, column="成绩", before="88", after="80")
    books = ENTRY.format(**about | {"file": f"{COUNTY}/schools_2024.csv"}, column="books", before="9000", after="9001")
    records = told(tmp_path, [GOOD], score + books)
    corrected = records.notices.filter(rule="corrected").sort("table").select("before", "after").rows()
    assert corrected == [("9000", "9001"), ("88", "80")]
    assert records.scores["score"].to_list() == [80.0]


def test_a_header_that_names_people_is_masked_in_every_table(tmp_path: Path) -> None:
    rows = [[*HEADER, "校长姓名"], [*school(1), NAME], [*school(2, kind="x"), NAME]]
    text(tmp_path / COUNTY / "schools_2024.csv", rows)
    (aside,) = cleaned(tmp_path).quarantine["cells"]
    assert json.loads(aside)["校长姓名"] == "●●●●"
    assert json.loads(aside)["学校名称"] == "第2小学"
