"""The sheets of the plan of least cost: amounts that an office can change, with floors, coefficients and costs as
formulas that follow."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from xlsxwriter.utility import xl_rowcol_to_cell as cell_name
from xlsxwriter.worksheet import Worksheet

from analysis.brand import brand
from analysis.least_cost import Plan
from analysis.least_cost.model import Cell, Problem, Step
from analysis.tell.case.case import Case
from analysis.tell.facts.least_cost import least

from .workbook import HEAD_ROW, Workbook

#: Columns of the sheet of schools, in their order.
COLUMNS = (
    *("stage", "indicator", "school", "name", "pupils", "amount", "added", "same", "part"),
    *("total", "value", "floor", "ratio", "price", "cost", "square"),
)
PLACE = {name: number for number, name in enumerate(COLUMNS)}
SUMS = ("stage", "indicator", "schools", "before", "after", "limit", "cost")


@dataclass(frozen=True)
class Line:
    """A school in a block of the sheet: `added` in the whole school, which costs `cost`; `of` is the line whose amount
    it shares, where that stands in the block of the other stage; `same` are lines of another indicator whose persons
    count here too, and how many of these there are."""

    cell: Cell
    added: float
    part: float
    cost: float
    price: float
    of: Cell | None
    same: tuple[tuple[Cell, float], ...]


def plan_sheets(book: Workbook, case: Case) -> None:
    """Add what the plan comes to, and school by school what it adds; nothing where there is no plan."""
    plan_found = least(case)
    if (
        case.public
        or plan_found is None
        or plan_found.plan.stopped
        or plan_found.plan.units is None
        or not plan_found.plan.actions
    ):
        return
    plan, problem = plan_found.plan, plan_found.problem
    words = book.words
    sums = book.sheet("plan_sums", str(words["sheets"]["plan_sums"]), len(SUMS))
    book.heads(sums, [str(words["plan_sums"][name]) for name in SUMS])
    schools = book.sheet("plan_schools", str(words["sheets"]["plan_schools"]), len(COLUMNS))
    book.heads(schools, [str(words["plan_schools"][name]) for name in COLUMNS])
    blocks = {key: list(_lines(problem, plan, key)) for key in _blocks(problem, plan)}
    cells = [line.cell for lines in blocks.values() for line in lines]
    places = {cell: row for row, cell in enumerate(cells, start=HEAD_ROW + 1)}
    for number, (key, lines) in enumerate(blocks.items()):
        for line in lines:
            _school(book, schools, case, problem, plan, line, places)
        ends = places[lines[0].cell], places[lines[-1].cell]
        _sum(book, sums, case, problem, plan, key, HEAD_ROW + 1 + number, ends)
    last = HEAD_ROW + len(_blocks(problem, plan))
    total = cell_name(HEAD_ROW + 1, len(SUMS) - 1), cell_name(last, len(SUMS) - 1)
    book.text(sums, last + 1, 0, str(words["plan_total"]), bold=True)
    style = book.format(num_format="#,##0", bold=True)
    sums.write_formula(last + 1, len(SUMS) - 1, f"=SUM({total[0]}:{total[1]})", style, plan.cost or 0)
    book.text(sums, last + 3, 0, str(words["plan_how"]), font_color=brand().colours["muted"])
    for column, wide in enumerate((10, 44, 10, 12, 12, 10, 14)):
        sums.set_column(column, column, wide)
    schools.set_column(0, len(COLUMNS) - 1, 12)
    schools.set_column(PLACE["indicator"], PLACE["name"], 22)


def _blocks(problem: Problem, plan: Plan) -> list[tuple[str, int]]:
    """Return the stages and indicators that the plan changes, primary first."""
    assert plan.units is not None
    touched = {
        (problem.rows[cell.row].stage, cell.indicator)
        for number in np.flatnonzero(plan.units)
        for cell, _ in problem.steps[number].effects
    }
    return sorted(touched, key=lambda key: (key[0] != "primary", key[1]))


def _lines(problem: Problem, plan: Plan, key: tuple[str, int]) -> Iterator[Line]:
    stage, indicator = key
    assert plan.units is not None
    for number, row in enumerate(problem.rows):
        cell = Cell(number, indicator)
        if row.stage != stage or np.isnan(problem.base[cell]):
            continue
        steps = [
            (problem.steps[at], slope, float(plan.units[at])) for at, slope in problem.by_cell.get(cell, ()) if slope
        ]
        meant = [each for each in steps if each[0].lifts[0] == problem.indicators[indicator]]
        part = abs((meant or steps)[0][1]) if steps else 1.0
        other = next((at for step, *_ in meant for at, _ in step.effects if at.indicator == indicator), cell)
        shared = other if other != cell and other.row != number else None
        units = sum(done * step.sign for step, _, done in meant)
        cost = sum(step.cost * done for step, _, done in meant)
        usual = min((step.cost for step, *_ in meant if step.sign > 0), default=0.0)
        same = tuple(
            (_meant_for(problem, step, cell), done) for step, _, done in steps if step not in [m[0] for m in meant]
        )
        yield Line(cell, units, part, cost, cost / units if units > 0 else usual, shared, same)


def _meant_for(problem: Problem, step: Step, cell: Cell) -> Cell:
    """Return the cell of the indicator that a step is meant for: of the same row, where it changes that."""
    first = problem.indicators.index(step.lifts[0])
    cells = [at for at, _ in step.effects if at.indicator == first]
    return next((at for at in cells if at.row == cell.row), cells[0])


def _school(
    book: Workbook, sheet: Worksheet, case: Case, problem: Problem, plan: Plan, line: Line, places: dict[Cell, int],
) -> None:  # fmt: skip
    """Write one school: what it has, what is added, and what follows as formulas."""
    row, cell, school = places[line.cell], line.cell, problem.rows[line.cell.row]
    name = problem.indicators[cell.indicator]
    entry = case.standard.indicators[name]
    at = {column: cell_name(row, place) for column, place in PLACE.items()}
    values = "0." + "0" * entry.decimals
    for column, text in (
        ("stage", case.word("stages", school.stage)),
        ("indicator", entry.short.text(case.lang)),
        ("school", school.school),
        ("name", case.school(school.school)),
    ):
        book.text(sheet, row, PLACE[column], text)

    def number(column: str, value: float, shown: str, **style: object) -> None:
        sheet.write_number(row, PLACE[column], value, book.format(num_format=shown, **style))

    def formula(column: str, text: str, value: float, shown: str) -> None:
        sheet.write_formula(row, PLACE[column], text, book.format(num_format=shown), value)

    amount = float(problem.base[cell])
    number("pupils", school.pupils, "#,##0")
    number("amount", amount, "#,##0.##")
    linked = places.get(line.of, row) if line.of is not None else row
    if linked >= row:
        number("added", line.added, "#,##0.##", locked=False, font_color=brand().colours["vermilion"])
        formula("cost", f"={at['added']}*{at['price']}", line.added * line.price, "#,##0")
    else:
        formula("added", f"={cell_name(linked, PLACE['added'])}", line.added, "#,##0.##")
        number("cost", 0.0, "#,##0")
    same = [(at, done) for at, done in line.same if at in places]
    if same:
        links = "+".join(cell_name(places[at], PLACE["added"]) for at, _ in same)
        formula("same", f"={links}", sum(done for _, done in same), "#,##0")
    number("part", line.part, "0.0000")
    number("price", line.price, "#,##0.##")
    total = amount + (line.added + sum(done for _, done in same)) * line.part
    value = total / school.pupils * entry.per
    added = f"({at['added']}+{at['same']})" if same else at["added"]
    formula("total", f"={at['amount']}+{added}*{at['part']}", total, "#,##0.##")
    formula("value", f"={at['total']}/{at['pupils']}*{entry.per}", value, values)
    if not np.isnan(problem.floor[cell]):
        floor = float(problem.floor[cell]) / (1 + plan.wish.reserve) / school.pupils * entry.per
        number("floor", floor, values)
        formula("ratio", f"={at['value']}/{at['floor']}", value / floor, "0.00")
    formula("square", f"={at['total']}^2/{at['pupils']}", total**2 / school.pupils, "#,##0.00")


def _sum(
    book: Workbook, sheet: Worksheet, case: Case, problem: Problem, plan: Plan, key: tuple[str, int], row: int,
    span: tuple[int, int],
) -> None:  # fmt: skip
    """Write what a block comes to: its coefficient, before and by formula after, and its cost."""
    stage, indicator = key
    name = problem.indicators[indicator]
    own = str(book.words["sheets"]["plan_schools"])

    def area(column: str) -> str:
        ends = (cell_name(at, PLACE[column], row_abs=True, col_abs=True) for at in span)
        return f"'{own}'!{':'.join(ends)}"

    book.text(sheet, row, 0, case.word("stages", stage))
    book.text(sheet, row, 1, case.standard.indicators[name].label.text(case.lang))
    sheet.write_number(row, 2, span[1] - span[0] + 1, book.format(num_format="0"))
    cone = problem.cone_of.get(key)
    assert plan.units is not None
    if cone is not None:
        after = problem.coefficient(problem.amounts(plan.units), cone)
        style = book.format(num_format="0.0000")
        sheet.write_number(row, 3, problem.coefficient(problem.base, cone), style)
        squares = f"SUM({area('square')})*SUM({area('pupils')})/SUM({area('total')})^2"
        sheet.write_formula(row, 4, f"=SQRT({squares}-1)", style, after)
        limit = next(r["limit"] for r in plan.coefficients if (r["stage"], r["indicator"]) == (stage, name))
        sheet.write_number(row, 5, limit, book.format(num_format="0.00"))
    cost = sum(line.cost for line in _lines(problem, plan, key) if _pays(problem, plan, key, line))
    sheet.write_formula(row, 6, f"=SUM({area('cost')})", book.format(num_format="#,##0"), cost)


def _pays(problem: Problem, plan: Plan, key: tuple[str, int], line: Line) -> bool:
    """Return whether a line bears its cost: the other stage's does where it stands before."""
    if line.of is None:
        return True
    other = problem.rows[line.of.row].stage
    before = _blocks(problem, plan)
    return (other, key[1]) not in before or before.index((other, key[1])) > before.index(key)
