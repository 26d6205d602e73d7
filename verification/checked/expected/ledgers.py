"""Tables of what is not met, and of the ledger."""

from fractions import Fraction

from verification.checked.expected.base import Row, count, form
from verification.checked.expected.items import computed_target, computed_value
from verification.checked.kinds import Kind, Said
from verification.checked.shown import Shown, blank, word
from verification.raw.entered import Entry
from verification.worked.due import line_due
from verification.worked.finding import Finding
from verification.worked.ledger import Line, lines


def _unmet(s: Shown) -> list[Finding]:
    """Return what is not met: items, schools that fall short of a computed item, floors that a school misses."""
    found = []
    for one in s.case.now.findings.values():
        if one.verdict != "not_met" or one.item in ("all", "schools", "school_rule", "rows_set_aside"):
            continue
        if one.item.startswith(("recognition_", "rate_own")):
            continue
        found.append(one)
    return found


def _opened(s: Shown, line: Line | None) -> Said:
    if line is None:
        return blank(s.lang)
    said = str(line.opened)
    if line.state == "reopened":
        unit = word("states", "reopened", s.lang)
        said = word("cells", "with_unit", s.lang).format(name=said, unit=unit)
    return Said(said, Kind.WORKED, Fraction(line.opened))


def due(s: Shown, one: Finding) -> Said | None:
    """Return the year in which a line is due: as people entered it, else by the plan or the standard; None for none."""
    year = line_due(s.case, one)
    entered = s.case.county.entered.get(one.id)
    kind = Kind.TRACED if entered and entered.year else Kind.RULE
    return None if year is None else Said(str(year), kind, Fraction(year))


def filled(s: Shown, id: str) -> Row:
    """Return what people wrote beside a line, as they typed it; to the public without the names of people."""
    entry = s.case.county.entered.get(id)
    names = ("holder", "measure", "date") if s.case.public else ("holder", "measure", "person", "date")
    return {name: Said(said, Kind.TRACED) for name in names if entry and (said := getattr(entry, name))}


def problems(s: Shown, _: dict[str, str]) -> list[Row]:
    """What is not met, with what it lacks and since when."""
    held = lines(s.case)
    rows = []
    for one in _unmet(s):
        rows.append(
            {
                "field": form(s.standard.word("fields", one.field, s.lang)),
                "where": form(s.where(one)),
                "item": form(s.label(one.item)),
                "value": computed_value(s, one),
                "target": computed_target(s, one),
                "missing": s.missing(one) if one.id in held else blank(s.lang),
                "opened": _opened(s, held.get(one.id)),
                "due": (due(s, one) if one.id in held else None) or blank(s.lang),
            }
            | (filled(s, one.id) if one.id in held else {})
        )
    return rows


def ledger(s: Shown, said: dict[str, str]) -> list[Row]:
    """Lines of the ledger: all of a workbook, those not judged in a report."""
    only = "unknown" if said.get("part") else ""
    rows = []
    for id, line in lines(s.case).items():
        if only and line.state != only:
            continue
        now = s.case.now.findings.get(id)
        rows.append(
            {
                "id": form(id),
                "where": form(s.where(line.finding)),
                "item": form(s.label(line.finding.item)),
                "value": blank(s.lang) if now is None else computed_value(s, now),
                "target": blank(s.lang) if now is None else computed_target(s, now),
                "missing": s.missing(line.finding),
                "opened": Said(str(line.opened), Kind.WORKED, Fraction(line.opened)),
                "due": due(s, line.finding) or (Said("", Kind.RULE) if said.get("whole") else blank(s.lang)),
                "state": form(word("states", line.state, s.lang)),
            }
            | filled(s, id)
        )
    own = s.case.county.own_lines if said.get("whole") and not s.case.public else []
    return rows + [_own(one) for one in own]


def _own(one: Entry) -> Row:
    """Return the row of a line that people added: its id has the row of their sheet, all else is theirs."""
    names = ("item", "value", "target", "missing", "opened", "holder", "due", "measure", "person", "date")
    told = {"where": one.school, "state": ""} | {name: getattr(one, name) for name in names}
    return {"id": form(f"own.{one.row}")} | {name: Said(text, Kind.TRACED) for name, text in told.items()}


def ledger_closed(s: Shown, _: dict[str, str]) -> list[Row]:
    """Lines closed this year by item."""
    held: dict[str, list[str]] = {}
    for line in lines(s.case).values():
        if line.state == "closed":
            held.setdefault(line.finding.item, []).append(s.where(line.finding))
    between = word("cells", "between", s.lang)
    return [
        {"item": form(s.label(item)), "lines": count(len(names)), "where": form(between.join(sorted(names)))}
        for item, names in held.items()
    ]
