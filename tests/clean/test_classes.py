"""Rows of a table of classes that stand for several classes, and names that only look so."""

from pathlib import Path

import pytest

from analysis.clean import Records
from tests.read.by_hand import hold_the_law
from tests.workbooks import COUNTY, Rows, book, cleaned


def read(folder: Path, *names: str, grades: tuple[int, ...] = ()) -> Records:
    """Return what is read of classes of one school, all of grade 1 unless `grades` says otherwise."""
    rows: Rows = [["学校代码", "年级", "班级", "学生数"]]
    rows += [[f"{COUNTY}0001", grade, name, 40] for name, grade in zip(names, grades or (1,) * len(names), strict=True)]
    path = book(folder / COUNTY / "classes_2024.xlsx", rows)
    records = cleaned(folder)
    hold_the_law(records, path)
    return records


@pytest.mark.parametrize(
    "names",
    [
        ("7、8班",),
        ("1,2班",),
        ("1，2",),
        ("一、二班",),
        ("1和2班",),
        ("(1)、(2)班",),
        ("1班、2班",),
        ("1、2、3班",),
        ("一年级1、2班",),
        ("1-2班",),
        ("1-2",),
        ("1至2班",),
        ("1～3班",),
        ("一到三班",),
        ("1-2班", "3-4班"),
        ("十一、十二班",),
    ],
)
def test_a_row_of_several_classes_is_set_aside(names: tuple[str, ...], tmp_path: Path) -> None:
    records = read(tmp_path, "甲班", *names)
    assert records.classes["class"].to_list() == ["甲班"]
    found = records.notices.filter(rule="several_in_one").select("row", "column", "before", "unused").rows()
    assert found == [(number, "class", name, 4) for number, name in enumerate(names, start=3)]


@pytest.mark.parametrize(
    "names",
    [
        ("1班", "2班"),
        ("一（1）班", "一（2）班"),
        ("1-1班", "1-2班"),
        ("1-1", "1-2", "1-3"),
        ("1-2班", "1-3班"),
        ("2-1班",),
        ("1/1班", "1/2班"),
        ("1.2班",),
        ("2班", "10班"),
        ("实验1班",),
        ("一班", "十二班"),
    ],
)
def test_the_name_of_one_class_is_read(names: tuple[str, ...], tmp_path: Path) -> None:
    records = read(tmp_path, *names)
    assert records.classes["class"].to_list() == list(names)
    assert records.notices.filter(rule="several_in_one").is_empty()


def test_each_grade_is_looked_at_by_itself(tmp_path: Path) -> None:
    records = read(tmp_path, "1-1班", "1-2班", "1-2班", "2-1班", "2-2班", grades=(1, 1, 3, 2, 2))
    found = records.notices.filter(rule="several_in_one").select("row", "before").rows()
    assert found == [(4, "1-2班")]
    assert records.classes.height == 4


@pytest.mark.parametrize(
    ("names", "several"),
    [
        (("104-105",), True),
        (("301、302",), True),
        (("1-2", "3-4"), True),
        (("3-201",), False),
        (("3-201", "3-202"), False),
        (("101", "102"), False),
        (("A-1",), False),
    ],
)
def test_a_row_of_several_rooms_is_set_aside(names: tuple[str, ...], several: bool, tmp_path: Path) -> None:
    rows: Rows = [["学校代码", "教室编号", "教室类型", "使用面积"]]
    rows += [[f"{COUNTY}0001", name, "音乐教室", 120] for name in names]
    path = book(tmp_path / COUNTY / "rooms_2024.xlsx", rows)
    records = cleaned(tmp_path)
    hold_the_law(records, path)
    assert records.rooms["room"].to_list() == ([] if several else list(names))
    assert records.notices.filter(rule="several_in_one").height == len(names) * several


@pytest.mark.parametrize(
    ("name", "grade", "other"),
    [
        ("一年级（1）班", 1, False),
        ("一年级（1）班", 2, True),
        ("1年级2班", 2, True),
        ("二(1)班", 2, False),
        ("二(1)班", 3, True),
        ("一年级1班", 7, False),  # a junior school counts from one
        ("一年级1班", 8, True),
        ("八年级（3）班", 8, False),
        ("八年级（3）班", 7, True),
        ("初二3班", 8, False),
        ("初二3班", 7, False),  # after five grades of primary school
        ("初二3班", 9, True),
        ("11班", 3, False),
        ("一班", 3, False),
    ],
)
def test_a_name_of_another_grade_is_told(name: str, grade: int, other: bool, tmp_path: Path) -> None:
    records = read(tmp_path, name, grades=(grade,))
    found = records.notices.filter(rule="class_of_other_grade").select("row", "column", "before", "after").rows()
    assert found == ([(2, "class", name, str(grade))] if other else [])
    assert records.classes["grade"].to_list() == [grade]
