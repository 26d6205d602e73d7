"""From what a header's texts name to the columns that are read: one position a column, or a doubt that is named."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from analysis.read import degrees
from analysis.read.cell_places import column_letters, column_number
from analysis.read.fields import Column, Table, Unit, addends, header_words, units
from analysis.read.header_names import Heading, Nearness, heading, plain
from analysis.read.header_units import SpokenUnits, is_scaled, may_be_unit, narrow, split, unit_of

#: Amounts that differ by less, in parts of them, are one amount in two units.
_SAME = 1e-9

#: Doubts that a person who chose a column has not settled.
_OF_UNITS = ("unit_unknown", "unit_unclear")
#: What stands between units, and behind what is measured in them.
_PARTS = re.compile(r"[,，、;；:：/\s()（）]+")


@dataclass(frozen=True)
class Binding:
    """One column of a table found in a sheet: where it stands, and the unit its header names.

    `addends` are further positions whose cells are added to it.
    """

    column: str
    position: int
    unit: Unit | None
    addends: tuple[int, ...] = ()


@dataclass(frozen=True)
class Doubt:
    """Why positions that name a column are not read: `rule` is an id of checks.yml, `said` what is in doubt.

    `entry` is the line for the source's entry that decides it.
    """

    rule: str
    column: str
    positions: tuple[int, ...]
    said: str = ""
    entry: str = ""


@dataclass(frozen=True)
class Decided:
    """What a person decided in the source's entry: columns by letter or header, units by column, hidden columns.

    `left` is the number of the sheet's column at position 0.
    """

    columns: tuple[tuple[str, str], ...] = ()
    units: tuple[tuple[str, str], ...] = ()
    hidden: bool | None = None
    left: int = 0


@dataclass(frozen=True)
class Bound:
    """Bindings, doubts, positions that are passed over with their reason, implied values, and groups that say nothing.

    `titled` are the columns whose unit a title or a note tells.
    """

    bindings: tuple[Binding, ...]
    doubts: tuple[Doubt, ...] = ()
    passed: tuple[Doubt, ...] = ()
    implied: dict[str, str] = field(default_factory=dict)
    groups: tuple[tuple[int, str], ...] = ()
    titled: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Asked:
    """What decides between positions: the texts over them, the table and year asked for, the hidden positions, what a
    person decided, the units that titles tell, and the rows below the header.
    """

    texts: tuple[str, ...]
    table: Table
    year: int
    hidden: frozenset[int]
    decided: Decided
    units_told: SpokenUnits
    below: pl.DataFrame


@dataclass
class _Outcome:
    """What was decided so far."""

    bindings: dict[str, Binding] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    passed: list[Doubt] = field(default_factory=list)

    def passes(self, rule: str, column: str, positions: Iterable[int]) -> None:
        self.passed += _each(rule, column, positions)


def bind(headings: Sequence[Heading | None], asked: Asked) -> Bound:
    """Return the bindings of a header: of the positions that name one column, the one that a person, the year, or its
    place in sight decides; where none does, they must say the same in the rows below.
    """
    chosen = chosen_places(asked.texts, asked.table, asked.decided)
    by_column: dict[str, dict[int, Heading]] = {}
    for position, named in enumerate(headings):
        if named and position not in chosen.values():
            by_column.setdefault(named.column, {})[position] = named
    idle, outcome = _idle_groups(by_column), _Outcome()
    for name, found_headings in by_column.items():
        if name in chosen:
            outcome.passes("column_decided", name, found_headings)
        else:
            _decide(asked.table.columns[name], found_headings, idle, asked, outcome)
    for name, position in chosen.items():
        asked_of = headings[position] or Heading(name, Nearness.WHOLE)
        unit, doubt = _unit(asked.table.columns[name], position, asked_of, asked.decided, asked.units_told)
        if doubt and (doubt.rule in _OF_UNITS or _speaks(asked.table.columns[name], asked_of)):
            line = f"units: {{{name}: {_offered(asked.table.columns[name], asked_of, asked.units_told)}}}"
            rule = doubt.rule if doubt.rule in _OF_UNITS else "unit_unknown"
            outcome.doubts.append(replace(doubt, rule=rule, entry=line))
        else:
            outcome.bindings[name] = Binding(name, position, unit)
    implied = _complete(asked, outcome)
    bindings = tuple(outcome.bindings.values())
    over = {
        binding.column: _addend(asked.texts[binding.position], asked.table)
        if binding.addends
        else headings[binding.position]
        for binding in bindings
    }
    groups = tuple(
        (binding.position, head.group) for binding in bindings if (head := over[binding.column]) and head.group
    )
    units = {name for name, _ in asked.decided.units}
    titled = frozenset(
        binding.column
        for binding in bindings
        if binding.unit and binding.column not in units and not ((head := over[binding.column]) and head.unit)
    )
    return Bound(bindings, tuple(outcome.doubts), tuple(outcome.passed), implied, groups, titled)


def _decide(
    column: Column, headings: dict[int, Heading], idle: frozenset[str], asked: Asked, outcome: _Outcome
) -> None:
    """Add to the outcome which of the positions that name a column is read, or why none is."""
    name, decided = column.name, asked.decided
    headings, out = _of_year(headings, asked.year, column)
    if not headings:
        positions = tuple(position for place in out for position in place.positions)
        entry = _entry(name, positions[0], decided)
        outcome.doubts.append(Doubt("column_other_year", name, positions, entry=entry))
        return
    outcome.passed += out
    headings, out = _in_sight(headings, asked.hidden, column, decided)
    outcome.passed += out
    if not headings:
        return
    closest = {
        place for place, heading in headings.items() if heading.nearness is Nearness.WHOLE or heading.group in idle
    }
    outcome.passes("column_narrower", name, [place for place in headings if closest and place not in closest])
    headings = {place: heading for place, heading in headings.items() if not closest or place in closest}
    weaker = _weaker(column, headings, asked.texts)
    outcome.passes("column_narrower", name, weaker)
    headings = {place: heading for place, heading in headings.items() if place not in weaker}
    units = {place: _unit(column, place, heading, decided, asked.units_told) for place, heading in headings.items()}
    below = _without_heads(asked.below, asked.texts, units) if len(units) > 1 else asked.below
    agreed = _agreed(units, below)
    if agreed is None:
        entry = _entry(name, next(iter(headings)), decided)
        outcome.doubts.append(Doubt("column_twice", name, tuple(headings), entry=entry))
        return
    unit, doubt = units[agreed]
    if doubt:
        outcome.doubts.append(replace(doubt, positions=tuple(headings)))
        return
    if degrees.is_unclear(column, agreed, asked.texts, below):
        outcome.doubts.append(Doubt("column_of_degrees", name, tuple(headings), entry=_entry(name, agreed, decided)))
        return
    outcome.bindings[name] = Binding(name, agreed, unit)
    outcome.passes("column_double", name, [place for place in headings if place != agreed])


def _weaker(column: Column, places: Iterable[int], texts: Sequence[str]) -> list[int]:
    """Return the positions whose header gives way to those of others; none where there is no other."""
    words = {plain(text) for text in column.weaker}
    weaker = [place for place in places if plain(split(texts[place].split("/")[-1]).name) in words] if words else []
    return weaker if len(weaker) < len(list(places)) else []


def _idle_groups(by_column: dict[str, dict[int, Heading]]) -> frozenset[str]:
    """Return the texts above names that tell no column from another: those over all there is of some columns."""
    alone = [
        headings.values()
        for headings in by_column.values()
        if all(heading.nearness < Nearness.WHOLE for heading in headings.values())
    ]
    return frozenset(place.group for alone_of in alone for place in alone_of)


def _each(rule: str, column: str, positions: Iterable[int]) -> list[Doubt]:
    return [Doubt(rule, column, (position,)) for position in positions]


def _without_heads(below: pl.DataFrame, texts: Sequence[str], places: Iterable[int]) -> pl.DataFrame:
    """Return the rows in which none of these positions holds a text of the header: it may come again below."""
    heads = list({part for text in texts for part in (text, *text.split("/"))})
    return below.filter(~pl.any_horizontal(pl.col(f"c{place}").is_in(heads).fill_null(value=False) for place in places))


def _agreed(units: dict[int, tuple[Unit | None, Doubt | None]], below: pl.DataFrame) -> int | None:
    """Return the position to read of those that name a column: the first that holds anything; None where others that do
    differ from it in some row, in a unit that isn't known, or in their unit and not by its factor.
    """
    if len(units) == 1:
        return next(iter(units))
    filled = [place for place in units if below[f"c{place}"].null_count() < below.height]
    first = filled[0] if filled else next(iter(units))
    return first if all(_say_the_same(first, other, units, below) for other in filled[1:]) else None


def _say_the_same(
    place: int, other: int, units: dict[int, tuple[Unit | None, Doubt | None]], below: pl.DataFrame
) -> bool:
    (unit, doubt), (unit_other, doubt_other) = units[place], units[other]
    texts = below[f"c{place}"], below[f"c{other}"]
    factors = [known_unit.factor if known_unit else 1.0 for known_unit in (unit, unit_other)]
    if (doubt and doubt.said) != (doubt_other and doubt_other.said):
        return False
    if factors[0] == factors[1]:
        return bool(texts[0].eq_missing(texts[1]).all())
    amounts = [text.cast(pl.Float64, strict=False) * factor for text, factor in zip(texts, factors, strict=True)]
    if any(amount.null_count() > text.null_count() for amount, text in zip(amounts, texts, strict=True)):
        return False
    near = (amounts[0] - amounts[1]).abs() <= _SAME * amounts[0].abs()
    return bool((amounts[0].is_null() == amounts[1].is_null()).all()) and bool(near.fill_null(value=True).all())


def _entry(column: str, position: int, decided: Decided) -> str:
    return f"columns: {{{column}: {column_letters(position + decided.left)}}}"


def chosen_places(texts: Sequence[str], table: Table, decided: Decided) -> dict[str, int]:
    """Return the positions that a person chose, by column; a letter or a header that is not there chooses nothing."""
    chosen = {}
    for name, asked in decided.columns:
        if name not in table.columns:
            continue
        if asked.isascii() and asked.isalpha() and len(asked) <= 3:
            position = column_number(asked) - decided.left
        else:
            position = next((place for place, text in enumerate(texts) if plain(text) == plain(asked)), -1)
        if 0 <= position < len(texts):
            chosen[name] = position
    return chosen


def _of_year(headings: dict[int, Heading], year: int, column: Column) -> tuple[dict[int, Heading], list[Doubt]]:
    """Return the positions of the year asked, where years are told, and those of other years."""
    if not year or column.kind == "year" or not any(heading.years for heading in headings.values()):
        return headings, []
    mine = {place: heading for place, heading in headings.items() if heading.is_of(year)}
    kept = mine or {place: heading for place, heading in headings.items() if not heading.years}
    return kept, _each("column_past_year", column.name, [place for place in headings if place not in kept])


def _in_sight(
    headings: dict[int, Heading], hidden: frozenset[int], column: Column, decided: Decided
) -> tuple[dict[int, Heading], list[Doubt]]:
    """Return the positions in sight; hidden ones where there is none in sight, unless a person decided."""
    if decided.hidden is True:
        return headings, []
    seen = {place: heading for place, heading in headings.items() if place not in hidden}
    kept = headings if not seen and decided.hidden is None else seen
    return kept, _each("column_hidden", column.name, [place for place in headings if place not in kept])


def _unit(
    column: Column, position: int, heading: Heading, decided: Decided, units_told: SpokenUnits
) -> tuple[Unit | None, Doubt | None]:
    """Return the unit of a column: that which a person, its header, or a title names; or why it isn't known."""
    asked = dict(decided.units).get(column.name)
    if asked and (unit := unit_of(asked)) and unit.base == column.base:
        return unit, None
    line = f"units: {{{column.name}: {_offered(column, heading, units_told)}}}"
    if narrow(heading.group) in header_words()["apart"]:
        entry = _entry(column.name, position, decided)
        return None, Doubt("group_apart", column.name, (position,), heading.group, entry)
    if heading.odd and not may_be_unit(heading.odd) and not is_scaled(heading.odd):
        entry = _entry(column.name, position, decided)
        entry += f", {line}" if column.base in header_words()["spoken_of"] else ""
        return None, Doubt("head_qualified", column.name, (position,), heading.odd, entry)
    if heading.odd:
        return None, Doubt("unit_unknown", column.name, (position,), heading.odd, line)
    if heading.unit or not column.base or column.kind not in ("count", "amount", "share"):
        return heading.unit, None
    of_base = units_told.of(column.base)
    if len(of_base) > 1 or units_told.perhaps(column.base):
        return None, Doubt("unit_unclear", column.name, (position,), "", line)
    if not of_base and units_told.odd and column.kind == "amount":
        return None, Doubt("unit_unknown", column.name, (position,), "、".join(units_told.odd), line)
    return (of_base[0] if of_base else None), None


def _speaks(column: Column, heading: Heading) -> bool:
    """Tell whether a text behind a name speaks of another unit than the column's own, whatever else it says."""
    return _offered(column, heading, SpokenUnits()) != (column.unit or "%")


def _offered(column: Column, heading: Heading, units_told: SpokenUnits) -> str:
    """Return the unit that an entry offers: the first of the column's kind that the header or a title speaks of, other
    than its own, which it is where there is none: what is copied as it stands must not make 170万元 to 170 yuan."""
    odd = [text for text in (heading.odd, *units_told.odd) if text]
    in_texts = (unit for text in odd for part in _PARTS.split(text) if (unit := unit_of(part)))
    for unit in (*in_texts, *units_told.units, *units_told.elsewhere):
        if unit.base == column.base and unit.factor != 1:
            return next((name for name, known in units().items() if known == unit), column.unit or "%")
    return column.unit or "%"


def _complete(asked: Asked, outcome: _Outcome) -> dict[str, str]:
    """Add bindings of columns that come in parts; return the values that the headers imply."""
    composed = [column for column in asked.table.columns.values() if column.name not in outcome.bindings]
    composed = [column for column in composed if column.sums or column.implied]
    if not composed:
        return {}
    places = {plain(text) for text in asked.texts if text}
    added = _addends(asked)
    implied = {}
    for column in composed:
        parts = next((parts for parts in column.sums if set(parts) <= set(added)), ())
        if parts and column.name not in outcome.bindings:
            _add_up(column, [added[part] for part in parts], asked, outcome)
        for value, headers in column.implied.items():
            if all(plain(header) in places for header in headers):
                implied[column.name] = value
    return implied


def _addends(asked: Asked) -> dict[str, tuple[int, Heading]]:
    """Return where each part of a column stands, and what its header says; none of those that stand there twice."""
    found: dict[str, list[tuple[int, Heading]]] = {}
    for position, text in enumerate(asked.texts):
        head = _addend(text, asked.table)
        if head and head.nearness is Nearness.WHOLE:
            found.setdefault(head.column, []).append((position, head))
    return {name: places[0] for name, places in found.items() if len(places) == 1}


def _addend(text: str, table: Table) -> Heading | None:
    return heading(tuple(text.split("/")), addends(table)) if text else None


def _add_up(column: Column, parts: list[tuple[int, Heading]], asked: Asked, outcome: _Outcome) -> None:
    """Bind a column to its parts, which are all in one unit; doubt it where that is not known."""
    units_of = [_unit(column, position, head, asked.decided, asked.units_told) for position, head in parts]
    doubts = [doubt for _, doubt in units_of if doubt]
    if doubts:
        outcome.doubts.append(doubts[0])
    elif len({unit for unit, _ in units_of}) == 1:
        first, *others = (position for position, _ in parts)
        outcome.bindings[column.name] = Binding(column.name, first, units_of[0][0], tuple(others))
