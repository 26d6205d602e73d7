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


#: Columns of the ledger's workbook, and what people write there by turns: days past, near, far, a month, a year, words.
HOLDER, DUE, MEASURE, PERSON, DATE, LINE = 7, 8, 9, 10, 11, 12
DAYS = ("2024-09-30", "2024年11月", "2024-12-15", "2025.6.30", "长期坚持", "2026年底前")


def fill_ledger(path: Path) -> None:
    """Fill in the workbook of a ledger: most lines have a holder, a day or a year, a measure or a person; two lines of
    people's own stand below."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    rows = [row for row in range(2, page.max_row + 1) if page.cell(row, LINE).value]
    for number, row in enumerate(rows):
        if number % 7 == 6:
            continue
        if number % 3 != 2:
            page.cell(row, HOLDER).value = ("县教育局", "县财政局", "第2督学责任区")[number % 3]
        if number % 4 == 1:
            page.cell(row, DUE).value = ("2025", 2026)[number % 2]
        else:
            page.cell(row, DATE).value = DAYS[number % len(DAYS)]
        page.cell(row, MEASURE).value = f"分{number + 1}批补足" if number % 2 else None
        page.cell(row, PERSON).value = "王某" if number % 5 == 2 else None
    for row, (school, item) in enumerate((("第3片区", "校门口道路改造"), ("全县", "食堂")), rows[-1] + 1):
        for column, cell in zip(
            (1, 2, 5, HOLDER, DUE, MEASURE), (school, item, "300米", "县住建局", "2025", "立项"), strict=True
        ):
            page.cell(row, column).value = cell
    book.save(path)
