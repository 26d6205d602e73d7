"""What a field check comes to: verified values beside those reported, and the county judged again by them."""

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from verification.raw.county import County
from verification.raw.tables import Row
from verification.raw.visit import Key, Line, Sheets, known, read
from verification.worked.case import Case
from verification.worked.finding import Finding, joined

#: Within this a verified amount is the reported one, as the sheet shows it; things that are counted must be the same.
SAME = Fraction(1, 200)


@dataclass(frozen=True)
class Compared:
    """An entry that fits a value: what was reported and verified, whether they differ, their deviation in parts."""

    line: Line
    reported: Fraction | None
    verified: Fraction
    differs: bool
    rate: Fraction | None


@dataclass
class Visited:
    """The county as it was reported (`case`) and its workbook."""

    case: Case
    sheets: Sheets

    @cached_property
    def values(self) -> dict[Key, Fraction | None]:
        """Return every value of the year that can be verified, as it was reported."""
        return values(self.case.county, self.case.year)

    @property
    def entered(self) -> list[Line]:
        """Return the lines in which something was typed."""
        return [one for one in self.sheets.lines if one.typed]

    def fault(self, one: Line) -> str:
        """Return why an entry is not used; "" where it is."""
        columns = {(key[1], key[2]) for key in self.values} | {("classes", "pupils"), ("rooms", "area")}
        number = one.verified
        if one.school not in {key[0] for key in self.values}:
            return "school_unknown"
        if (one.table, one.column) not in columns:
            return "column_unknown"
        if one.key not in self.values:
            return "place_unknown"
        if number is None:
            return "not_number"
        if number < 0:
            return "negative"
        if one.column not in known()["amounts"] and number.denominator > 1:
            return "not_whole"
        return "twice" if Counter(line.key for line in self.entered)[one.key] > 1 else ""

    @cached_property
    def lost(self) -> list[tuple[Line, str]]:
        """Return the entries that are not used, and why."""
        return [(one, fault) for one in self.entered if (fault := self.fault(one))]

    @cached_property
    def compared(self) -> list[Compared]:
        """Return the entries that fit."""
        return [self._compared(one) for one in self.entered if not self.fault(one)]

    def _compared(self, one: Line) -> Compared:
        reported, verified = self.values[one.key], one.verified
        assert verified is not None
        within = SAME if one.column in known()["amounts"] else Fraction(0)
        differs = reported is None or abs(reported - verified) > within
        rate = (reported - verified) / verified if reported is not None and verified > 0 else None
        return Compared(one, reported, verified, differs, rate if differs else Fraction(0))

    @property
    def differing(self) -> list[Compared]:
        """Return those that are others than reported."""
        return [one for one in self.compared if one.differs]

    @cached_property
    def schools(self) -> list[str]:
        """Return the schools drawn, then those of which people verified a value besides."""
        return list(dict.fromkeys([*self.sheets.schools, *(one.line.school for one in self.compared)]))

    def of_school(self, code: str) -> list[Compared]:
        """Return the entries of a school that fit."""
        return [one for one in self.compared if one.line.school == code]

    def listed(self, code: str) -> int:
        """Return how many values of a school there are to verify on the sheet."""
        return len({one.key for one in self.sheets.lines if one.school == code and one.key in self.values})

    @property
    def unvisited(self) -> list[str]:
        """Return the schools of which nothing was verified."""
        return [code for code in self.schools if not self.of_school(code)]

    @property
    def blank(self) -> int:
        """Return how many values on the sheets of schools visited have no entry that can be used."""
        visited = [code for code in self.schools if self.of_school(code)]
        return sum(self.listed(code) - len(self.of_school(code)) for code in visited)

    @cached_property
    def after(self) -> Case:
        """Return the county with the verified values in place of those reported."""
        others = {year: one for year, one in self.case.held.items() if year != self.case.year}
        return replace(self.case, county=self._mended, held=others, visited=self)

    @cached_property
    def _mended(self) -> County:
        new = {one.line.key: one.verified for one in self.differing}
        year, county = self.case.year, self.case.county
        tables = {name: dict(held) for name, held in county.tables.items()}
        for name, held in tables.items():
            if year in held and name in known()["columns"]:
                rows = [_put(name, row, new) for row in held[year].rows]
                held[year] = replace(held[year], rows=rows)
        return replace(county, tables=tables)

    @cached_property
    def changes(self) -> list[tuple[Finding | None, Finding | None]]:
        """Return the findings whose verdict is another by the verified values, before and after."""
        before, after = (
            {**of.now.findings, **(of.laid.now.findings if of.laid else {})} for of in (self.case, self.after)
        )
        pairs = [(before.get(id), after.get(id)) for id in dict.fromkeys([*before, *after])]
        return [(a, b) for a, b in pairs if a is None or b is None or a.verdict != b.verdict]


def rule(of: Case, school: str) -> str:
    """Return whether a school meets its rule in all its stages; "" where it is not judged."""
    verdicts = [one.verdict for one in of.now.schools("school_rule") if one.school == school]
    return joined(verdicts) if verdicts else ""


def place_of(table: str, row: Row) -> str:
    """Return the class or room of a row as the sheet calls it."""
    if table == "classes":
        return f"{int(row['grade'])}年级{row['class']}"
    return str(row["room"]) if table == "rooms" else ""


def values(county: County, year: int) -> dict[Key, Fraction | None]:
    """Return every number of the schools, their classes and rooms of a year."""
    return {
        (row["school"], table, column, place_of(table, row)): row.get(column)
        for table, columns in known()["columns"].items()
        for row in county.rows(table, year)
        for column in columns
    }


def _put(table: str, row: Row, new: dict[Key, Fraction]) -> Row:
    place = place_of(table, row)
    mine = {
        column: new[key]
        for column in known()["columns"][table]
        if (key := (row["school"], table, column, place)) in new
    }
    return {**row, **mine} if mine else row


def visited(of: Case) -> Visited | None:
    """Return a county's field check of the year; None where it has no workbook."""
    sheets = read(of.county.folder / "fieldcheck" / f"{of.county.code}_{of.year}.xlsx")
    return Visited(of, sheets) if sheets is not None else None
