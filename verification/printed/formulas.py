"""Formulas of a workbook, worked out: the few functions that the annex uses, in double precision as workbooks do."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt
from typing import Any

from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook

Value = float | str | bool | None
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)|(?P<text>\"[^\"]*\")"
    r"|(?P<ref>(?:'[^']+'!|[A-Za-z_]+!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)"
    r"|(?P<name>[A-Z]+(?=\())|(?P<sign><=|>=|<>|[-+*/^(),=<>&]))"
)


class FormulaError(ValueError):
    """A formula that can't be worked out here."""


@dataclass
class Sheets:
    """The values of all cells of a workbook, formulas worked out once each."""

    book: Workbook
    held: dict[tuple[str, str], Value] = field(default_factory=dict)

    def value(self, sheet: str, cell: str) -> Value:
        """Return what a cell comes to. Raises FormulaError for one that can't be worked out, or hangs on itself."""
        key = (sheet, cell.replace("$", ""))
        if key not in self.held:
            given = self.book[sheet][key[1]].value
            if isinstance(given, str) and given.startswith("="):
                self.held[key] = "#CIRCLE"
                self.held[key] = _Parser(self, sheet, given[1:]).whole()
            else:
                self.held[key] = given
        if self.held[key] == "#CIRCLE":
            raise FormulaError(f"{sheet}!{cell} hangs on itself")
        return self.held[key]

    def area(self, sheet: str, ref: str) -> list[Value]:
        """Return the values of a range, row by row."""
        left, top, right, bottom = range_boundaries(ref.replace("$", ""))
        page = self.book[sheet]
        return [
            self.value(sheet, page.cell(row, column).coordinate)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]


def _numbers(values: list[Any]) -> list[float]:
    flat = [one for each in values for one in (each if isinstance(each, list) else [each])]
    return [float(one) for one in flat if isinstance(one, int | float) and not isinstance(one, bool)]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _sumif(over: list[Value], asked: str, of: list[Value]) -> float:
    found = re.fullmatch(r"(>=|<=|<>|>|<|=)(.*)", str(asked))
    if found is None:
        raise FormulaError(f"SUMIF asks {asked!r}")
    limit = float(found[2])
    pairs: list[tuple[Any, Any]] = [pair for pair in zip(over, of, strict=True) if all(map(_is_number, pair))]
    return sum((float(amount) for one, amount in pairs if _compared(found[1], one, limit)), 0.0)


def _compared(sign: str, left: Value, right: Value) -> bool:
    if _is_number(left) != _is_number(right):
        # In a workbook any text is greater than any number.
        left, right = float(not _is_number(left)), float(not _is_number(right))
    pairs: dict[str, Callable[[Any, Any], bool]] = {
        "=": lambda a, b: a == b,
        "<>": lambda a, b: a != b,
        "<": lambda a, b: a < b,
        ">": lambda a, b: a > b,
        "<=": lambda a, b: a <= b,
        ">=": lambda a, b: a >= b,
    }
    return pairs[sign](left, right)


_SIGNS: dict[str, Callable[[Any, Any], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
}


def _counted(over: list[Value], asked: Any) -> list[bool]:
    """Return which values meet what COUNTIF asks: a number's limit, or a text that they are."""
    found = re.fullmatch(r"(>=|<=|<>|>|<|=)(-?\d.*)", str(asked))
    if found is None:
        return [one == asked for one in over]
    limit = float(found[2])
    return [_is_number(one) and _compared(found[1], one, limit) for one in over]


def _countifs(*given: Any) -> float:
    pairs = [_counted(over, asked) for over, asked in zip(given[::2], given[1::2], strict=True)]
    return float(sum(map(all, zip(*pairs, strict=True))))


def _round(number: float, places: float) -> float:
    unit = Decimal(1).scaleb(-int(places))
    return float(Decimal(repr(float(number))).quantize(unit, rounding=ROUND_HALF_UP))


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "SUM": lambda *given: sum(_numbers(list(given))),
    "COUNT": lambda *given: float(len(_numbers(list(given)))),
    "SQRT": lambda x: sqrt(x),
    "N": lambda x: float(x) if _is_number(x) else 0.0,
    "ISNUMBER": _is_number,
    "AND": lambda *given: all(given),
    "SUMIF": _sumif,
    "COUNTIF": _countifs,
    "COUNTIFS": _countifs,
    "OR": lambda *given: any(given),
    "ISTEXT": lambda x: isinstance(x, str),
    "MIN": lambda *given: min(_numbers(list(given)), default=0.0),
    "MAX": lambda *given: max(_numbers(list(given)), default=0.0),
    "ROUND": _round,
}


class _Parser:
    """A formula read from left to right; IF works out the branch alone that it takes."""

    def __init__(self, sheets: Sheets, sheet: str, text: str) -> None:
        self.sheets, self.sheet = sheets, sheet
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None or found.end() == at:
                raise FormulaError(f"{text[at : at + 20]!r} in {text!r}")
            self.tokens.append((str(found.lastgroup), found[found.lastgroup or 0]))
            at = found.end()
        self.at, self.live = 0, True

    def whole(self) -> Value:
        value: Value = self.comparison()
        if self.at != len(self.tokens):
            raise FormulaError(f"more after {self.tokens[: self.at]}")
        return value

    def sign(self, *signs: str) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "sign" and self.tokens[self.at][1] in signs:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def comparison(self) -> Any:
        left = self.text()
        while sign := self.sign("=", "<>", "<", ">", "<=", ">="):
            right = self.text()
            left = _compared(sign, left, right) if self.live else 0.0
        return left

    def text(self) -> Any:
        left = self.sum()
        while self.sign("&"):
            left = "".join(f"{one:g}" if _is_number(one) else str(one) for one in (left, self.sum()))
        return left

    def _two(self, left: Any, sign: str, right: Any) -> Any:
        if not self.live:
            return 0.0
        if not (_is_number(left) and _is_number(right)):
            raise FormulaError(f"{left!r} {sign} {right!r}")
        return _SIGNS[sign](left, right)

    def sum(self) -> Any:
        left = self.product()
        while sign := self.sign("+", "-"):
            left = self._two(left, sign, self.product())
        return left

    def product(self) -> Any:
        left = self.power()
        while sign := self.sign("*", "/"):
            left = self._two(left, sign, self.power())
        return left

    def power(self) -> Any:
        left = self.atom()
        while sign := self.sign("^"):
            left = self._two(left, sign, self.atom())
        return left

    def atom(self) -> Any:
        if self.sign("("):
            value: Value = self.comparison()
            self._close()
            return value
        if self.sign("-"):
            return self._two(0.0, "-", self.atom())
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return float(text)
        if kind == "text":
            return text[1:-1]
        if kind == "ref":
            return self._ref(text)
        if kind == "name":
            return self._call(text)
        raise FormulaError(f"{text!r} is no value")

    def _close(self) -> None:
        if not self.sign(")"):
            raise FormulaError("a bracket is open")

    def _ref(self, text: str) -> Any:
        sheet, _, place = text.rpartition("!")
        name = sheet.strip("'") or self.sheet
        if not self.live:
            return 0.0
        return self.sheets.area(name, place) if ":" in place else self.sheets.value(name, place)

    def _call(self, name: str) -> Any:
        self.sign("(")
        if name == "IF":
            return self._if()
        given = [self.comparison()]
        while self.sign(","):
            given.append(self.comparison())
        self._close()
        if name not in FUNCTIONS:
            raise FormulaError(f"{name} is not known here")
        try:
            return FUNCTIONS[name](*given) if self.live else 0.0
        except (ValueError, ArithmeticError, TypeError) as fault:  # as a sheet shows #NUM! or #VALUE!
            raise FormulaError(f"{name}: {fault}") from fault

    def _if(self) -> Any:
        asked = self.comparison()
        live, found = self.live, []
        for wanted in (True, False):
            self.sign(",")
            self.live = live and bool(asked) == wanted
            found.append(self.comparison())
        self.live = live
        self._close()
        return found[0] if asked else found[1]
