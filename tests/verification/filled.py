"""The workbook of a field check as people fill it in: most values verified, some others, some that can't be used."""

from pathlib import Path

import openpyxl

#: Columns of the sheet of values.
SCHOOL, TABLE, COLUMN, PLACE, REPORTED, VERIFIED, REMARK = 1, 3, 4, 5, 8, 9, 10
FIRST, DAY = 4, 8
WORDS = {
    "zh": ("学校", "班级", "专用教室", "体育运动场馆面积", "学生数", "使用面积", "网络多媒体教室数"),
    "en": (
        "school",
        "class",
        "special room",
        "Sports area",
        "Pupils of the class",
        "Floor area of the room",
        "Networked multimedia classrooms",
    ),
}


def _found(number: int, reported: float, *, of_school: bool) -> object:
    """Return what is found of a value: as reported, or less, more, nothing, no number, or what can't be."""
    if number % 23 == 11 and of_school:
        return reported + 0.5
    if number % 43 == 9:
        return -5
    if number % 41 == 7:
        return "约30"
    if number % 17 == 2:
        return round(reported * 1.1)
    if number % 31 == 5:
        return 0
    if number % 13 == 3:
        return reported // 2 if isinstance(reported, int) else round(reported * 0.7, 1)
    return reported


def fill(path: Path, county: str) -> None:
    """Fill in a workbook: its last school is not visited, every 29th value not verified; lines are added that fit a
    value, and that fit none."""
    book = openpyxl.load_workbook(path)
    drawn, page = book.worksheets[:2]
    words = WORDS["zh" if page.title == "核查表" else "en"]
    codes = list(dict.fromkeys(page.cell(row, SCHOOL).value for row in range(FIRST, page.max_row + 1)))
    codes = [code for code in codes if code]
    number = 0
    for row in range(FIRST, page.max_row + 1):
        code, reported = page.cell(row, SCHOOL).value, page.cell(row, REPORTED).value
        if code in (None, codes[-1]) or reported is None:
            continue
        number += 1
        if number % 29:
            of_school = page.cell(row, TABLE).value == words[0]
            page.cell(row, VERIFIED).value = _found(number, reported, of_school=of_school)
        if number % 9 == 4:
            page.cell(row, REMARK).value = f"实测{number}次"
    for place, line in enumerate(_added(county, words), page.max_row + 1):
        for column, cell in zip((SCHOOL, TABLE, COLUMN, PLACE, VERIFIED), line, strict=True):
            page.cell(place, column).value = cell
    for row in range(FIRST, FIRST + 3):
        drawn.cell(row, DAY).value = f"2024-11-0{row}"
    book.save(path)


def _added(county: str, words: tuple[str, ...]) -> list[tuple[object, ...]]:
    school, class_, room, sports, pupils, area, rooms = words
    return [
        (f"{county}9999", school, sports, None, 100),
        (f"{county}0001", school, sports, None, 4000),
        (f"{county}0001", class_, pupils, "3年级1班", 47),
        (f"{county}0001", room, area, "音99", 50),
        (f"{county}0001", school, "不存在的列", None, 3),
        (f"{county}0002", school, rooms, None, "1,2"),
        (f"{county}0003", school, rooms, None, 9),
        (f"{county}0003", school, rooms, None, 9),
    ]
