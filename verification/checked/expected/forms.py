"""Tables of the forms: self-assessment, application, and a region's review. What offices fill in are named blanks."""

from collections.abc import Iterable
from fractions import Fraction

from verification import numbers
from verification.checked.expected.base import Row, count, form, traced
from verification.checked.expected.region import _region
from verification.checked.kinds import Kind, Said
from verification.checked.shown import Shown, blank, word
from verification.rules import COMPOSITE, fraction
from verification.worked.deadlines import holder_of
from verification.worked.due import line_due
from verification.worked.ledger import Line, lines
from verification.worked.stages import STAGES

#: Verdicts of what is not judged.
BESIDE = ("not_applicable", "not_in_force")


def empty(name: str, s: Shown) -> Said:
    """Return the named blank of something that no data tell."""
    office = name if name in ("review_result", "review_opinion") else "county"
    who, what = word("filled_by", office, s.lang), word("blanks", name, s.lang)
    return form(s.case.here(word("cells", "fill_in", s.lang).format(who=who, name=what)))


def _pupils(s: Shown, stage: str) -> tuple[Fraction | None, int, bool]:
    """Return the pupils of a stage, how many schools report none, and whether any school has it."""
    places = [one for one in s.case.now.places if one.stage == stage]
    told = [one.pupils for one in places if one.pupils is not None]
    return sum(told, Fraction(0)) if told else None, len(places) - len(told), bool(places)


def _total(s: Shown, name: str, number: Fraction | None, silent: int) -> Row:
    note = word("cells", "silent", s.lang).format(number=silent)
    return {
        "item": form(word("form_rows", name, s.lang)),
        "number": blank(s.lang) if number is None else count(number),
        "note": Said(note, Kind.WORKED) if silent else blank(s.lang),
    }


def basics(s: Shown, _: dict[str, str]) -> list[Row]:
    """Schools by type; then all of them, pupils by stage, classes and teachers, with those that report none."""
    case = s.case
    held = list({row["school"]: row for row in case.county.rows("schools", case.year)}.values())
    kinds = dict.fromkeys(row["school_type"] for row in held)
    rows = [
        {
            "item": form(s.standard.word("school_types", kind, s.lang)),
            "number": count(sum(row["school_type"] == kind for row in held)),
            "note": blank(s.lang),
        }
        for kind in kinds
    ]
    rows.append(_total(s, "schools", Fraction(len(held)), 0))
    for stage in STAGES:
        number, silent, some = _pupils(s, stage)
        rows += [_total(s, f"pupils_{stage}", number, silent)] if some else []
    classes = [one.classes for one in case.now.places]
    told = [one for one in classes if one is not None]
    rows.append(_total(s, "classes", sum(told, Fraction(0)) if told else None, len(classes) - len(told)))
    teachers = [_teachers(row) for row in held]
    known = [one for one in teachers if one is not None]
    rows.append(_total(s, "teachers", sum(known, Fraction(0)) if known else None, len(teachers) - len(known)))
    return rows


def _teachers(row: dict[str, Fraction | None]) -> Fraction | None:
    """Return the teachers of a school, whole where it tells them so, else of its stages."""
    if row.get("teachers") is not None:
        return row["teachers"]
    known = [one for stage in STAGES if (one := row.get(f"teachers_{stage}")) is not None]
    return sum(known, Fraction(0)) if known else None


def county(s: Shown, _: dict[str, str]) -> list[Row]:
    """Who applies, by what, with what result."""
    case, lang = s.case, s.lang
    judged = [one for one in case.now.of_field("overall") if one.verdict not in BESIDE]
    met = sum(one.verdict == "met" for one in judged)
    whole = case.now.findings["overall.all"]
    verdict = s.standard.word("verdicts", whole.verdict, lang)
    years = next((one for one in case.now.findings.values() if one.item == "basic_balance_years"), None)
    year = numbers.whole(years.value) if years and years.value is not None else ""
    title = s.standard.data["title"][lang]
    document = word("cells", "in_document", lang).format(name=title, unit=s.standard.document)
    planned = case.county.entry.get("acceptance") if case.standard.id in ("national-2017", "hebei") else None
    schools = len({row["school"] for row in case.county.rows("schools", case.year)})
    rows = {
        "county": form(case.county.entry[lang]),
        "code": form(case.county.code),
        "standard": Said(document, Kind.RULE),
        "year": form(case.year),
        "acceptance": traced(planned) if planned else empty("acceptance", s),
        "certified": empty("certified", s),
        "certified_years": traced(word("cells", "years_of", lang).format(years=year))
        if year
        else empty("certified_years", s),
        "schools": count(schools),
    }
    for stage in STAGES:
        number, silent, some = _pupils(s, stage)
        if some:
            rows[f"pupils_{stage}"] = empty("pupils", s) if number is None or silent else count(number)
    said = word("cells", "verdict_of", lang).format(verdict=verdict, met=met, all=len(judged))
    rows |= {"verdict": Said(said, Kind.WORKED), "contact": empty("contact", s)}
    return [{"label": form(word("form_rows", name, lang)), "entry": entry} for name, entry in rows.items()]


def indicators(s: Shown, _: dict[str, str]) -> list[Row]:
    """Indicators by stage: mean, floor, schools below it, coefficient and limit."""
    rows = []
    for one in s.case.now.of_field("resources"):
        name = one.item.removeprefix("cv_")
        if not one.item.startswith("cv_") or name == COMPOSITE or one.verdict in BESIDE:
            continue
        entry, floors = s.standard.indicators[name], s.case.now.schools(f"floor_{name}", one.stage)
        found = s.case.now.coefficients.get((name, one.stage))
        mean = found.mean * fraction(entry["per"]) if found else None
        rows.append(
            {
                "stage": form(s.standard.word("stages", one.stage, s.lang)),
                "indicator": form(s.standard.name(name, s.lang)),
                "mean": blank(s.lang) if mean is None else Said(numbers.places(mean, entry["decimals"])),
                "floor": s.target(floors[0]) if floors else blank(s.lang),
                "below": count(sum(each.verdict == "not_met" for each in floors)) if floors else blank(s.lang),
                "cv": s.value(one),
                "limit": s.target(one),
                "verdict": s.verdict(one),
            }
        )
    return rows


def mending(s: Shown, _: dict[str, str]) -> list[Row]:
    """Open lines of the ledger by item: how many, of how many schools, who answers for them until when."""
    held: dict[str, list[tuple[str, Line]]] = {}
    for id, line in lines(s.case).items():
        if line.state != "closed":
            held.setdefault(line.finding.item, []).append((id, line))
    between, rows = word("cells", "between", s.lang), []
    for item, mine in held.items():
        schools = {line.finding.school for _, line in mine if line.finding.school}
        holders = dict.fromkeys(filter(None, (holder_of(s.case, id, item) for id, _ in mine)))
        dues = sorted({year for _, line in mine if (year := line_due(s.case, line.finding))})
        entered = [s.case.county.entered[id] for id, _ in mine if id in s.case.county.entered]
        measures = dict.fromkeys(one.measure for one in entered if one.measure)
        rows.append(
            {
                "item": form(s.label(item.removeprefix("floor_"))),
                "lines": count(len(mine)),
                "schools": count(len(schools)) if schools else blank(s.lang),
                "holder": traced(_parts(holders)) if holders else empty("holder", s),
                "due": Said(between.join(map(str, dues)), Kind.RULE) if dues else empty("due", s),
                "measure": traced(_parts(measures)) if measures else empty("measure", s),
            }
        )
    return rows


def _parts(said: Iterable[str]) -> str:
    """Return texts that stand in a cell together, in whichever order."""
    return "\x00".join(said) + "\x00"


def counties(s: Shown, _: dict[str, str]) -> list[Row]:
    """Counties side by side: the verdict and counts of each; the review's own results are blanks."""
    rows = []
    for one in _region(s).members:
        row = {"county": form(one.name), "result": empty("review_result", s)}
        row |= {"opinion": empty("review_opinion", s)}
        row |= {name: blank(s.lang) for name in ("year", "items", "met", "unmet")}
        row["verdict"] = form(word("region_states", "absent", s.lang))
        if one.case is not None:
            judged = one.judged()
            row |= {
                "year": form(one.case.year, Fraction(one.case.year)),
                "verdict": s.verdict(one.case.now.findings["overall.all"]),
                "items": count(len(judged)),
                "met": count(sum(each.verdict == "met" for each in judged)),
                "unmet": count(len(one.unmet())),
            }
        rows.append(row)
    return rows
