"""The sheets of a workbook that lead to the others: its contents, and the school rule school by school."""

from fractions import Fraction

from verification.checked.kinds import Kind, Record
from verification.checked.results import alike
from verification.printed.xlsx import HEAD, Book
from verification.rules import fraction
from verification.worked.case import Case
from verification.worked.finding import Finding

#: The floors stand below the heads, the schools below the floors; indicators from the third column on.
FLOORS, SCHOOLS, FIRST = HEAD + 1, HEAD + 2, 3
#: Decimals of a part of a floor.
PLACES = 11


def is_contents(book: Book, sheet: str) -> bool:
    """Whether a sheet lists the others: the first, with a link in its first row."""
    return sheet == book.titles[0] and book.sheets.book[sheet].cell(FLOORS, 1).hyperlink is not None


def contents(case: Case, book: Book, sheet: str, record: Record) -> None:
    """Hold the list of sheets: each with its title and a link that leads there, and the verdicts below."""
    page, row = book.sheets.book[sheet], FLOORS
    for other in book.titles[1:]:
        cell, title = page.cell(row, 1), book.sheets.book[other].cell(1, 1).value
        link = "" if cell.hyperlink is None else str(cell.hyperlink.location)
        if (cell.value, link) != (other, f"'{other}'!A1") or page.cell(row, 2).value != title:
            record.bad(book.name, f"{sheet}!A{row}", cell.value, other)
        else:
            record.good(book.name, Kind.FORM)
        row += 1
    names = {case.standard.word("fields", one.field, case.lang): one for one in case.now.findings.values() if _all(one)}
    for at in range(row + 3, page.max_row + 1):
        told = names.pop(str(page.cell(at, 1).value), None)
        word = case.standard.word("verdicts", told.verdict, case.lang) if told else "no such field"
        values = [book._value(sheet, page.cell(at, column).coordinate) for column in (2, 3)]
        if values != [word, word]:
            record.bad(book.name, f"{sheet}!B{at}", values[0], word)
    if names and case.audience == "internal" and case.county.tables:  # a region has no verdict of its own
        record.bad(book.name, sheet, "(missing row)", " ".join(names))


def _all(one: Finding) -> bool:
    return one.item == "all"


def is_rule(book: Book, sheet: str) -> bool:
    """Whether a sheet works out the school rule: its first school has a part of a floor by formula."""
    given = book.sheets.book[sheet].cell(SCHOOLS, FIRST).value
    return isinstance(given, str) and given.startswith("=IF(ISNUMBER(")


def rule(case: Case, book: Book, sheet: str, stage: str, record: Record) -> None:
    """Hold the sheet of a stage's school rule, cell by cell."""
    page, entry = book.sheets.book[sheet], case.standard.data["school_rule"]
    inside = sorted(one.school for one in case.now.inside(stage))
    floors = {name: case.standard.floor(name, stage, case.now.day) for name in case.standard.indicators}
    asked = {name: floor for name, floor in floors.items() if floor}
    top = [*asked.values(), Fraction(entry["must_meet"]), fraction(entry["rest_part"])]
    for column, due in enumerate(top, FIRST):
        hold(book, sheet, (FLOORS, column), due, Kind.RULE, record)
    codes = [str(page.cell(row, 1).value) for row in range(SCHOOLS, SCHOOLS + len(inside) + 1)]
    if codes[:-1] != inside or codes[-1] != "None":
        record.bad(book.name, sheet, f"{len(codes)} schools", f"{len(inside)} schools in scope")
        return
    for row, school in enumerate(inside, SCHOOLS):
        ids = [f"resources.floor_{name}.{stage}.{school}" for name in asked]
        parts = [_part(case, id, floor) for id, floor in zip(ids, asked.values(), strict=True)]
        told_aside = [(one := case.finding(id)) is not None and one.verdict == "undecidable" for id in ids]
        known = [part for part in parts if part is not None]
        met, least = Fraction(sum(part >= 1 for part in known)), min(known, default=None)
        for column, value in enumerate((*parts, met, least), FIRST):
            lost = column - FIRST < len(ids) and told_aside[column - FIRST]
            hold(book, sheet, (row, column), value, Kind.WORKED, record, lost=lost)
        told = case.finding(f"resources.school_rule.{stage}.{school}")
        cell = page.cell(row, FIRST + len(asked) + 2)
        word = case.standard.word("verdicts", told.verdict, case.lang) if told else "a verdict"
        if book._value(sheet, cell.coordinate) != word:
            record.bad(book.name, f"{sheet}!{cell.coordinate}", book._value(sheet, cell.coordinate), word)


def _part(case: Case, id: str, floor: Fraction) -> Fraction | None:
    """Return how many times its floor a school has, as the sheet rounds it; None where that is not known."""
    one = case.finding(id)
    return None if one is None or one.value is None else round(one.value / floor, PLACES)


def hold(
    book: Book,
    sheet: str,
    at: tuple[int, int],
    expected: Fraction | None,
    kind: Kind,
    record: Record,
    beside: float = 0.0,
    *,
    lost: bool = False,
) -> None:
    """Hold a cell against the number that it should be; `beside` is how far doubles may be from it. A value that is
    `lost`, for it is set aside, is said to be so in words."""
    cell = book.sheets.book[sheet].cell(*at)
    value = book._value(sheet, cell.coordinate)
    value = None if value == "" else value
    if lost and isinstance(value, str) and not any(letter.isdigit() for letter in value):
        return
    if isinstance(value, str) or not alike(value, expected, 1e-11, beside):
        record.bad(book.name, f"{sheet}!{cell.coordinate}", value, "empty" if expected is None else float(expected))
    elif value is not None:
        record.good(book.name, kind)
