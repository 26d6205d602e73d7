"""Tables of the schools of one township: what they meet and lack, their classes, their part in the differences."""

from fractions import Fraction

from verification import numbers
from verification.checked.expected.base import Row, count, form
from verification.checked.expected.ledgers import due
from verification.checked.kinds import Kind, Said
from verification.checked.shown import Shown, blank, word
from verification.rules import fraction
from verification.worked import township as of
from verification.worked.ledger import lines as ledger_lines
from verification.worked.shortfalls import Shortfall
from verification.worked.stages import STAGES, Place


def schools(s: Shown, said: dict[str, str]) -> list[Row]:
    """Each school and stage: pupils, classes, the school rule, what is below its floor."""
    rows = []
    for place in of.places(s.case, said["township"]):
        rule = s.case.finding(f"resources.school_rule.{place.stage}.{place.school}")
        out = form(word("cells", "out_of_scope", s.lang)) if place.out else blank(s.lang)
        short = [one for one in of.short(s.case, said["township"]) if _is_of(one, place)]
        clauses = word("cells", "clauses", s.lang)
        rows.append(
            {
                "school": form(s.words.school(place.school)),
                "stage": form(s.standard.word("stages", place.stage, s.lang)),
                "type": form(s.standard.word("school_types", place.kind, s.lang)),
                "pupils": _counted(s, place.pupils),
                "classes": _counted(s, place.classes),
                "met": blank(s.lang) if rule is None or rule.value is None else count(rule.value),
                "verdict": s.verdict(rule) if rule else out,
                "below": Said(clauses.join(_lacks(s, one) for one in short)) if short else blank(s.lang),
            }
        )
    return rows


def _is_of(one: Shortfall, place: Place) -> bool:
    return (one.finding.school, one.finding.stage) == (place.school, place.stage)


def _counted(s: Shown, number: Fraction | None) -> Said:
    return blank(s.lang) if number is None else count(number, Kind.TRACED)


def _lacks(s: Shown, one: Shortfall) -> str:
    name = one.finding.item.removeprefix("floor_")
    said = s.standard.name(name, s.lang, short=True)
    return word("cells", "below", s.lang).format(name=said, amount=_amount(s, name, one.missing))


def _amount(s: Shown, name: str, missing: int) -> str:
    unit = s.standard.indicators[name]["unit"]
    return s.amount(missing, unit) + word("amounts", unit, s.lang)


def lacking(s: Shown, said: dict[str, str]) -> list[Row]:
    """By stage and indicator: schools below the floor, those that miss their rule, and what they lack together."""
    rows = []
    for stage in STAGES:
        for name in s.standard.indicators:
            items = (f"floor_{name}", stage)
            mine = [one for one in of.short(s.case, said["township"]) if (one.finding.item, one.finding.stage) == items]
            if mine:
                missing = sum(one.missing for one in mine)
                rows.append(
                    {
                        "stage": form(s.standard.word("stages", stage, s.lang)),
                        "indicator": form(s.standard.name(name, s.lang, short=True)),
                        "below": count(len(mine)),
                        "breaking": count(sum(one.breaks for one in mine)),
                        "missing": Said(_amount(s, name, missing), Kind.WORKED, Fraction(missing)),
                    }
                )
    return rows


def classes(s: Shown, said: dict[str, str]) -> list[Row]:
    """By school and stage: how many classes, the largest, the limit, those over it."""
    codes = of.codes(s.case, said["township"])
    items = [name for name, one in s.standard.items.items() if one.get("rule") == "class_size"]
    return [
        {
            "school": form(s.words.school(one.school)),
            "stage": form(s.standard.word("stages", one.stage, s.lang)),
            "classes": count(one.told["classes"]),
            "largest": s.value(one),
            "limit": s.target(one),
            "over": count(one.told["over"]),
            "verdict": s.verdict(one),
        }
        for item in items
        for one in s.case.now.schools(item)
        if one.school in codes
    ]


def parts(s: Shown, said: dict[str, str]) -> list[Row]:
    """By coefficient: the township's part of the difference and of the pupils, and both means."""
    rows = []
    for part in of.parts(s.case, said["township"]):
        name = part.cv.item.removeprefix("cv_")
        entry = s.standard.indicators[name]
        per = fraction(entry["per"])
        rows.append(
            {
                "stage": form(s.standard.word("stages", part.cv.stage, s.lang)),
                "indicator": form(s.standard.name(name, s.lang, short=True)),
                "schools": count(part.schools),
                "cv": s.value(part.cv),
                "share": Said(numbers.percent(part.share), Kind.WORKED, part.share),
                "pupils": Said(numbers.percent(part.pupils), Kind.WORKED, part.pupils),
                "mean": Said(numbers.places(part.mean * per, entry["decimals"]), Kind.WORKED, part.mean * per),
                "county": Said(numbers.places(part.county * per, entry["decimals"]), Kind.WORKED, part.county * per),
            }
        )
    return rows


def ledger(s: Shown, said: dict[str, str]) -> list[Row]:
    """The open lines of the ledger of its schools."""
    codes = of.codes(s.case, said["township"])
    return [
        {
            "where": form(s.where(line.finding)),
            "item": form(s.label(line.finding.item)),
            "state": form(word("states", line.state, s.lang)),
            "missing": s.missing(line.finding),
            "opened": Said(str(line.opened), Kind.WORKED, Fraction(line.opened)),
            "due": due(s, line.finding) or blank(s.lang),
        }
        for line in ledger_lines(s.case).values()
        if line.finding.school in codes and line.state != "closed"
    ]
