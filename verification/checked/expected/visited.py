"""Tables of a field check: schools, values that differ, findings that change, entries that are not used."""

from fractions import Fraction

from verification import numbers
from verification.checked.expected.base import Row, count, form, traced
from verification.checked.kinds import Kind, Said
from verification.checked.shown import Shown, blank, word
from verification.raw.visit import Line, known
from verification.worked import visited
from verification.worked.finding import Finding
from verification.worked.visited import Visited


def check(s: Shown) -> Visited:
    """Return the field check that a case is judged by. Raises LookupError where there is none."""
    if s.case.visited is None:
        raise LookupError("no field check")
    return s.case.visited


def called(table: str, column: str, lang: str) -> str:
    """Return what a column is called; what was typed where there is no such column."""
    words = known()["columns"].get(table, {}).get(column)
    return str(words[lang == "en"]) if words else column


def unit(table: str, column: str, lang: str) -> str:
    """Return what a column is measured in."""
    return str(known()["units"][known()["columns"][table][column][2]][lang == "en"])


def amount(value: Fraction | None, lang: str, kind: Kind = Kind.TRACED) -> Said:
    """Return an amount as the sheet shows it: with two places where it is not whole."""
    if value is None:
        return blank(lang)
    return Said(numbers.places(value, 0 if value.denominator == 1 else 2), kind, value)


def rate(value: Fraction | None, lang: str) -> Said:
    """Return a deviation with its sign."""
    if value is None:
        return blank(lang)
    return Said(("+" if value > 0 else "") + numbers.percent(value), Kind.WORKED, value)


def schools(s: Shown, _: dict[str, str]) -> list[Row]:
    """Schools: values to verify, verified, differing, the largest deviation; the school rule before and after."""
    of, rows = check(s), []
    for code in of.schools:
        mine = of.of_school(code)
        rates = [one.rate for one in mine if one.rate is not None]
        differing = sum(one.differs for one in mine)
        worst = max(rates, key=abs, default=None) if differing else None
        row = {"school": form(s.words.school(code)), "listed": count(of.listed(code)), "verified": count(len(mine))}
        row |= {"differing": count(differing), "worst": rate(worst, s.lang)}
        row |= {key: _ruled(s, visited.rule(case, code)) for key, case in (("before", of.case), ("after", of.after))}
        rows.append(row)
    return rows


def _ruled(s: Shown, verdict: str) -> Said:
    return form(s.standard.word("verdicts", verdict, s.lang)) if verdict else blank(s.lang)


def values(s: Shown, _: dict[str, str]) -> list[Row]:
    """Values that differ: as reported, as verified, the deviation."""
    rows = []
    for one in check(s).differing:
        line = one.line
        name, (table, column, place) = called(line.table, line.column, s.lang), line.key[1:]
        rows.append(
            {
                "school": form(s.words.school(line.school)),
                "value": form(word("cells", "with_unit", s.lang).format(name=name, unit=place) if place else name),
                "reported": amount(one.reported, s.lang),
                "verified": amount(one.verified, s.lang),
                "unit": form(unit(table, column, s.lang)),
                "rate": rate(one.rate, s.lang),
            }
        )
    return rows


def changes(s: Shown, _: dict[str, str]) -> list[Row]:
    """Findings whose verdict changes: value and verdict before and after."""
    of, rows = check(s), []
    reported = Shown(of.case)
    for before, after in of.changes:
        changed = after or before
        assert changed is not None
        by = (reported.by_plan, s.by_plan) if changed.field == "plan" else (reported, s)
        rows.append(
            {
                "where": form(_where(by[1], changed)),
                "item": form(_item(by[1], changed, (after, before))),
                "reported": by[0].value(before),
                "verified": by[1].value(after),
                "target": by[1].target(changed),
                "before": by[0].verdict(before),
                "after": by[1].verdict(after),
            }
        )
    return rows


def _where(s: Shown, one: Finding) -> str:
    if one.school:
        return s.where(one)
    return s.standard.word("stages", one.stage, s.lang) if one.stage else str(s.case.county.entry[s.lang])


def _item(s: Shown, one: Finding, both: tuple[Finding | None, Finding | None]) -> str:
    """Return what changes; of a school that meets enough indicators and not its rule, why."""
    if one.item == "all":
        return s.standard.word("fields", one.field, s.lang)
    said = s.words.called(one.item)
    if one.field == "plan":
        said = word("cells", "with_unit", s.lang).format(name=said, unit=s.standard.word("fields", "plan", s.lang))
    unmet = any(each and each.item == "school_rule" and _reaches(each) for each in both)
    return (
        word("cells", "with_unit", s.lang).format(name=said, unit=word("cells", "far_below", s.lang)) if unmet else said
    )


def _reaches(one: Finding) -> bool:
    return one.verdict == "not_met" and one.margin is not None and one.margin >= 0


def lost(s: Shown, _: dict[str, str]) -> list[Row]:
    """Entries that are not used: where they stand, what they name, why."""
    return [
        {
            "sheet": form(one.sheet),
            "row": form(one.row, Fraction(one.row)),
            "school": traced(one.school),
            "value": traced(_named(s, one)),
            "entry": traced(one.typed),
            "fault": form(word("entry_faults", fault, s.lang)),
        }
        for one, fault in check(s).lost
    ]


def _named(s: Shown, one: Line) -> str:
    place = one.key[3]
    return called(one.table, one.column, s.lang) + (f" {place}" if place else "")
