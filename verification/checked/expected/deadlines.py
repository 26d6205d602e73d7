"""Tables of the sheet of deadlines."""

from fractions import Fraction

from verification.checked.expected.base import Row, count, form, traced
from verification.checked.kinds import Kind, Said
from verification.checked.shown import Shown, blank, word
from verification.worked.calendar import since
from verification.worked.deadlines import Due, dues, open_in

PARTS = ("overdue", "soon", "next", "later", "undated")
MONTHS = {"months": 1, "quarters": 3}


def holders(s: Shown, _: dict[str, str]) -> list[Row]:
    """Open lines by who answers for them, by part of the time, with their sum."""
    every = open_in(s.case)
    rows = []
    for who in dict.fromkeys(one.holder for one in every):
        mine = [one for one in every if one.holder == who]
        rows.append({"holder": form(who or word("cells", "no_holder", s.lang))} | _parts(mine))
    if len(rows) > 1:
        rows.append({"holder": form(word("cells", "all", s.lang))} | _parts(every))
    return rows


def _parts(lines: list[Due]) -> Row:
    return {"open": count(len(lines))} | {part: count(sum(one.part == part for one in lines)) for part in PARTS}


def _about(s: Shown, one: Due) -> Row:
    """Whose a line is, what it is about and what it lacks: in the words of people where they added it."""
    if one.line is not None:
        finding = one.line.finding
        return {
            "where": form(s.where(finding)), "item": form(s.label(finding.item)), "missing": s.missing(finding)
        }  # fmt: skip
    where, dash = one.entry.school or str(s.case.county.entry[s.lang]), blank(s.lang).text
    return {
        "where": traced(where), "item": traced(one.entry.item or dash), "missing": traced(one.entry.missing or dash)
    }  # fmt: skip


def stretch(s: Shown, part: str) -> list[Row]:
    """Lines of a part of the time: whose they are, what they lack, their day and how far it is."""
    rows = []
    for one in open_in(s.case, part):
        assert one.left is not None
        rows.append(
            {
                "holder": form(one.holder or word("cells", "no_holder", s.lang)),
                **_about(s, one),
                "day": Said(str(one.day), Kind.TRACED if one.entry.until else Kind.RULE),
                "days": Said(str(abs(one.left)), Kind.WORKED, Fraction(abs(one.left))),
            }
            | {name: traced(said) for name in ("measure", "person") if (said := getattr(one.entry, name))}
        )
    return rows


def overdue(s: Shown, _: dict[str, str]) -> list[Row]:
    """Lines whose day has passed."""
    return stretch(s, "overdue")


def soon(s: Shown, _: dict[str, str]) -> list[Row]:
    """Lines due within the first stretch."""
    return stretch(s, "soon")


def following(s: Shown, _: dict[str, str]) -> list[Row]:
    """Lines due within the second stretch."""
    return stretch(s, "next")


def undated(s: Shown, _: dict[str, str]) -> list[Row]:
    """Lines without a day, by item."""
    held = open_in(s.case, "undated")
    items, between = [one.item for one in held], word("cells", "between", s.lang)
    called = {one.item: _about(s, one)["item"] for one in held}
    rows = []
    for item in dict.fromkeys(items):
        texts = dict.fromkeys(one.entry.until for one in held if one.item == item and one.entry.until)
        row = {"item": called[item], "lines": count(items.count(item))}
        rows.append(row | {"entered": traced(between.join(texts)) if texts else blank(s.lang)})
    return rows


def spans(s: Shown, said: dict[str, str]) -> list[Row]:
    """Lines due in each month or quarter of the year that is told from: closed, open, of these overdue."""
    name = "months" if said["span"] in ("月报", "month") else "quarters"
    day, rows = since(s.case), []
    for number in range(1, 12 // MONTHS[name] + 1):
        months = range(MONTHS[name] * (number - 1) + 1, MONTHS[name] * number + 1)
        mine = [one for one in dues(s.case) if one.day and one.day.year == day.year and one.day.month in months]
        if not mine:
            continue
        opened = [one for one in mine if not one.closed]
        rows.append(
            {
                "span": form(word("spans", name, s.lang).format(number=number)),
                "due": count(len(mine)),
                "closed": count(len(mine) - len(opened)),
                "open": count(len(opened)),
                "overdue": count(sum(one.part == "overdue" for one in opened)),
            }
        )
    return rows
