"""The workbook that goes to a school: what is known is filled in and locked, rules are the spreadsheet's own."""

from pathlib import Path
from typing import Any

from analysis.brand import brand
from analysis.clean.checks import checks
from analysis.errors import language
from analysis.read.cell_places import cell
from analysis.read.collecting import ID, ITEM, LAST, MARKED, NOTE, NOW, TOP, UNIT, Form, Line, Part, declared, printed
from analysis.read.fields import Column
from analysis.render.template import validate
from analysis.render.template import words as words_of_templates
from analysis.render.whole_workbook import AS_TYPED, WholeWorkbook

_WIDTHS = {ITEM: 34, UNIT: 9, LAST: 14, NOW: 16, NOTE: 58}
_COUNTS = ("count", "amount", "number", "share")
_ABOUT = 8


def write(form: Form, path: Path) -> None:
    """Write a school's workbook; raises OSError where it can't be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with WholeWorkbook(path, AS_TYPED) as book:
        _Book(book, form).write()


class _Book:
    """A workbook in the making."""

    def __init__(self, book: Any, form: Form) -> None:
        self._book, self._form, self._lang = book, form, language()
        self._words = {name: text.get(self._lang) for name, text in declared()["words"].items()}
        colours = brand().colours
        edge = {"border": 1, "border_color": colours.get("line", "#BFBFBF"), "valign": "vcenter"}
        self._head = book.add_format({"bold": True, "bg_color": colours["faint"], "text_wrap": True} | edge)
        self._plain = book.add_format({"text_wrap": True} | edge)
        self._grey = book.add_format({"font_color": "#595959", "bg_color": "#F2F2F2"} | edge)
        self._fill = book.add_format({"bg_color": "#FFF9DB", "locked": False} | edge)
        self._typed = book.add_format({"bg_color": "#FFF9DB", "locked": False, "num_format": "@"} | edge)
        self._title = book.add_format({"bold": True, "font_size": 14})

    def write(self) -> None:
        """Write all sheets."""
        about = self._book.add_worksheet(self._words["about"])
        left = []
        for part in self._form.parts:
            page = self._book.add_worksheet(part.table.short[self._lang][:31])
            left.append((page.get_name(), self._rows(page, part) if part.listed else self._lines(page, part)))
            page.protect("", {"format_columns": True, "format_rows": True})
            page.set_landscape()
            page.fit_to_pages(1, 0)
        self._about(about, left)
        marked = self._book.add_worksheet(MARKED)
        marked.very_hidden()
        form = self._form
        marked.write_row(0, 0, [declared()["mark"], form.county, str(form.year), form.school])

    def _about(self, page: Any, left: list[tuple[str, tuple[str, int]]]) -> None:
        """Write what is to be done, who did it, and how many cells are still empty on each sheet."""
        words, form = self._words, self._form
        page.set_column(0, 0, 24)
        page.set_column(1, 1, 60)
        page.write(0, 0, words["title"].format(name=form.name or form.school, year=form.year), self._title)
        page.write_row(1, 0, [words["code"], form.school], self._plain)
        page.write_row(2, 0, [words["due"], form.due], self._plain)
        for row, (name, kind) in enumerate((("person", self._typed), ("day", self._typed), ("remark", self._typed)), 3):
            page.write(row, 0, words[name], self._plain)
            page.write_blank(row, 1, None, kind)
        page.write_row(_ABOUT - 1, 0, [words["sheet"], words["left"]], self._head)
        for row, (sheet, (formula, number)) in enumerate(left, start=_ABOUT):
            page.write(row, 0, sheet, self._plain)
            page.write_formula(row, 1, formula, self._plain, number)
        short = {
            "type": "cell",
            "criteria": ">",
            "value": 0,
            "format": self._book.add_format({"font_color": "#C00000"}),
        }
        page.conditional_format(_ABOUT, 1, _ABOUT + len(left) - 1, 1, short)
        for row, text in enumerate(words["help"], start=_ABOUT + len(left) + 1):
            page.write(row, 0, text)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.protect("")

    def _heads(self, page: Any, part: Part, heads: list[str]) -> None:
        page.write(0, 1, part.table.title[self._lang], self._title)
        page.write(1, 1, self._words["help"][0])
        page.write_row(TOP - 1, 1, heads, self._head)
        page.set_column(ID, ID, None, None, {"hidden": True})
        page.freeze_panes(TOP, 2)

    def _lines(self, page: Any, part: Part) -> tuple[str, int]:
        """Write a line for each column; return the formula that counts empty needed cells, and their number."""
        form, said = self._form, self._words["heads"]
        last = said["last"].format(year=form.last_year or form.year - 1)
        heads = [said["item"], said["unit"], last, said["now"].format(year=form.year), said["note"]]
        self._heads(page, part, heads)
        for position, width in _WIDTHS.items():
            page.set_column(position, position, width)
        several = len({line.stage for line in part.lines}) > 1
        needed = []
        for row, line in enumerate(part.lines, start=TOP):
            called = line.column.called(self._lang).replace("/", " ")
            stage = printed(part.table.columns["stage"], line.stage) if line.stage else ""
            page.write(row, ID, line.id)
            page.write(row, ITEM, f"{called}（{stage}）" if several or stage else called, self._plain)
            page.write(row, UNIT, line.column.measured_in(self._lang), self._plain)
            page.write(row, LAST, printed(line.column, line.last), self._grey)
            self._cell(page, row, NOW, line)
            page.write(row, NOTE, self._note(line), self._plain)
            if line.needed and not line.locked:
                needed.append(cell(row + 1, NOW))
        self._relations(page, part)
        return _empty(needed, page.get_name()), len(needed)

    def _note(self, line: Line) -> str:
        if line.locked:
            return str(self._words["known"])
        word = self._words["needed" if line.needed else "optional"]
        said, about = words_of_templates(self._lang), line.column.about.get(self._lang, "")
        return f"{word}：{said['about'].format(about=about) if about else ''}{said[line.column.kind]}"

    def _cell(self, page: Any, row: int, position: int, line: Line) -> None:
        """Write the cell that is filled in: what is known, locked where it is to stay."""
        value = printed(line.column, line.known)
        if line.locked:
            page.write(row, position, value, self._grey)
            return
        page.write(row, position, value, self._shape(line.column))
        validate(page, (row, row), position, line.column, words_of_templates(self._lang))

    def _shape(self, column: Column) -> Any:
        return self._fill if column.kind in (*_COUNTS, "grade", "year") else self._typed

    def _relations(self, page: Any, part: Part) -> None:
        """Colour cells of a part that is more than its whole, as the checks have it."""
        red = self._book.add_format({"bg_color": "#F8CBAD"})
        rows = {(line.stage, line.column.name): row for row, line in enumerate(part.lines, start=TOP)}
        for check in checks().values():
            if check.table != part.table.name or not check.whole:
                continue
            for stage in {line.stage for line in part.lines}:
                whole = rows.get((stage, check.whole))
                for name in check.parts:
                    row = rows.get((stage, name))
                    if row is not None and whole is not None:
                        mine, all_of = cell(row + 1, NOW), cell(whole + 1, NOW)
                        formula = f'=AND({mine}<>"",{all_of}<>"",{mine}>{all_of})'
                        page.conditional_format(
                            row, NOW, row, NOW, {"type": "formula", "criteria": formula, "format": red}
                        )

    def _rows(self, page: Any, part: Part) -> tuple[str, int]:
        """Write a row for each class or room of the last year and blank ones; return what `_lines` returns."""
        heads: list[str] = [column.called(self._lang) for column in part.keys]
        for column in part.values:
            called = column.called(self._lang)
            unit = f"（{column.measured_in(self._lang)}）" if column.unit else ""
            heads += [self._words["last_of"].format(column=called), called + unit]
        self._heads(page, part, heads)
        page.set_column(1, len(heads), 18)
        bottom = TOP + len(part.rows) + part.blank
        for number in range(len(part.rows) + part.blank):
            before = part.rows[number] if number < len(part.rows) else {}
            row = TOP + number
            page.write(row, ID, f"{part.table.name}|{number + 1}")
            for column, position in part.places():
                if column in part.keys:
                    page.write(row, position, printed(column, before.get(column.name)), self._shape(column))
                else:
                    page.write(row, position - 1, printed(column, before.get(column.name)), self._grey)
                    page.write_blank(row, position, None, self._fill)
        for column, position in part.places():
            validate(page, (TOP, bottom - 1), position, column, words_of_templates(self._lang))
        key, value = 1, 2 + len(part.keys)
        name = f"'{page.get_name()}'!"
        of_keys, of_values = (f"{name}{cell(TOP + 1, at)}:{cell(bottom, at)}" for at in (key, value))
        return f'=SUMPRODUCT(({of_keys}<>"")*({of_values}=""))', len(part.rows)


def _empty(cells: list[str], sheet: str) -> str:
    """Return the formula that counts the empty ones of cells of a sheet."""
    runs: list[list[str]] = []
    for each in cells:
        number = int("".join(letter for letter in each if letter.isdigit()))
        if runs and int("".join(letter for letter in runs[-1][-1] if letter.isdigit())) == number - 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    ranges = [f"COUNTBLANK('{sheet}'!{run[0]}:{run[-1]})" for run in runs]
    return f"={'+'.join(ranges) or '0'}"
