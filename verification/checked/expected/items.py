"""Tables of fields, items, monitoring and recognition."""

from datetime import date
from fractions import Fraction

from verification import numbers
from verification.checked.expected.base import Row, count, form, traced
from verification.checked.kinds import Kind, Said
from verification.checked.shown import Shown, blank, measure, word
from verification.worked.finding import DECIDED, FIELDS, Finding

#: The tables whose rows tell of an item, by its rule, where that is not the table of schools.
TABLE_OF = {"special_rooms": "rooms", "class_size": "classes", "teacher_share": "teachers"}


def fields(s: Shown, _: dict[str, str]) -> list[Row]:
    """Items of each field by verdict."""
    rows = []
    for name in (*FIELDS, "overall"):
        found = [one for one in s.case.now.of_field(name) if one.verdict not in ("not_applicable", "not_in_force")]
        whole = s.case.now.findings.get(f"{name}.all")
        if not found or whole is None:
            continue
        row = {
            verdict: count(sum(one.verdict == verdict for one in found))
            for verdict in ("met", "not_met", "undecidable", "no_data")
        }
        row |= {"field": form(s.standard.word("fields", name, s.lang)), "items": count(len(found))}
        rows.append(row | {"verdict": s.verdict(whole)})
    return rows


def monitoring(s: Shown, _: dict[str, str]) -> list[Row]:
    """Levels and rates of the national monitoring with the county's own tests beside."""
    found = s.case.now.findings
    pairs = {(one.subject, one.grade) for one in found.values() if one.item in ("level", "rate")}
    pairs |= {(one.subject, one.grade) for one in found.values() if one.item == "rate_own" and one.value is not None}
    rows = []
    for subject, grade in sorted(pairs):
        level, rate, own = (found.get(f"quality.{item}.{subject}.{grade}") for item in ("level", "rate", "rate_own"))
        year = next((one.data_year for one in (rate, level) if one and one.data_year), None)
        row = {
            "subject": form(s.standard.word("subjects", subject, s.lang)),
            "grade": form(s.standard.word("grades", str(grade), s.lang)),
            "year": traced(year, Fraction(year)) if year else blank(s.lang),
            "level": s.value(level),
            "level_verdict": s.verdict(level),
            "rate": s.value(rate),
            "rate_verdict": s.verdict(rate),
            "own": blank(s.lang),
            "interval": blank(s.lang),
            "schools": blank(s.lang),
        }
        if own is not None and own.value is not None:
            ends = [s.number(own, own.told[key]) for key in ("low", "high")]
            row |= {"own": s.value(own), "interval": Said("—".join(ends)), "schools": count(own.told["rate"].schools)}
        rows.append(row)
    return rows


def recognition(s: Shown, _: dict[str, str]) -> list[Row]:
    """Recognition by group."""
    rows = []
    for one in s.case.now.findings.values():
        if not one.item.startswith("recognition_"):
            continue
        share = one.told["share"]
        ends = [s.number(one, Fraction(end)) for end in share.ends]
        rows.append(
            {
                "group": form(s.standard.word("groups", one.item.removeprefix("recognition_"), s.lang)),
                "asked": count(share.asked, Kind.TRACED),
                "satisfied": count(share.satisfied, Kind.TRACED),
                "share": s.value(one),
                "interval": Said("—".join(ends)),
            }
        )
    return rows


def _tally(s: Shown, one: Finding) -> tuple[str, int, int] | None:
    """Return what a county's finding on a computed item counts, how many do, how many there are."""
    item = s.standard.items.get(one.item)
    if item is None or item["kind"] != "computed" or one.school or one.value is None:
        return None
    found = s.case.now.schools(one.item)
    if not found:
        return None
    if (
        one.target == 1
        and all("classes" in each.told for each in found)
        and all(each.verdict in DECIDED for each in found)
    ):
        classes, over = (sum(int(each.told[key]) for each in found) for key in ("classes", "over"))
        return "classes", classes - over, classes
    what = "stages" if any(each.stage for each in found) else "schools"
    return what, sum(each.verdict == "met" for each in found), len(found)


def computed_value(s: Shown, one: Finding) -> Said:
    """Return a finding's value; of an item that is counted, how many of how many."""
    told = _tally(s, one)
    if one.item == "special_rooms" and one.school:
        said = (
            word("cells", "rooms_of", s.lang).format(kind=word("rooms", kind, s.lang), number=one.told[kind])
            for kind in ("music", "art")
        )
        return Said(word("cells", "between", s.lang).join(said), Kind.WORKED, one.value)
    if told is None:
        return s.value(one)
    what, met, every = told
    share = Fraction(met, every) if what == "classes" else one.value or Fraction(0)
    percent = numbers.percent(share, one.target, one.sense)
    said_ = word("cells", "tally", s.lang).format(
        met=numbers.whole(met), all=numbers.whole(every), word=word("counted", what, s.lang), share=percent
    )
    return Said(said_, Kind.WORKED, one.value)


def computed_target(s: Shown, one: Finding) -> Said:
    """Return a finding's target; of an item that is counted, of whom it is asked, with the rule's own values."""
    told = _tally(s, one)
    if one.item == "special_rooms" and one.school:
        return Said(
            word("cells", "rooms_each", s.lang).format(number=numbers.whole(one.target or 0)), Kind.RULE, one.target
        )
    if told is None:
        return s.target(one)
    found = s.case.now.schools(one.item)
    limits = sorted({each.target for each in found if each.target is not None})
    parameters = s.standard.items[one.item]["parameters"]
    named = {Fraction(str(each)) for each in parameters.values() if type(each) in (int, float)}
    said = word("every", told[0], s.lang)
    if limits and set(limits) <= named:
        sense = s.standard.word("senses", found[0].sense, s.lang)
        joined = word("cells", "apart", s.lang).join(
            each for limit in limits for each in _limits(s, found, limit, parameters, several=len(limits) > 1)
        )
        said = word("cells", "with_unit", s.lang).format(
            name=said, unit=sense + (" " if s.lang == "en" else "") + joined
        )
    return Said(said, Kind.RULE, one.target)


def _deciding(s: Shown, one: Finding) -> list[str]:
    """Return the schools that decide a computed item that is not met, or leave it open."""
    found = s.case.now.schools(one.item)
    unmet = one.verdict == "not_met"
    table = TABLE_OF.get(str(s.standard.items[one.item].get("rule")), "schools")
    if one.verdict == "met" or not s.case.county.rows(table, s.case.now.counted):
        return []
    codes = [each.school for each in found if (each.verdict == "not_met" if unmet else each.verdict not in DECIDED)]
    return [s.words.school(code) for code in dict.fromkeys(codes)]


def items(s: Shown, said: dict[str, str]) -> list[Row]:
    """Items of a field in the standard's order."""
    field = next(id for id, each in s.standard.words["fields"].items() if each[s.lang] == said["field"])
    reported = {row["item"]: row for row in s.case.county.rows("government", s.case.year)}
    rows = []
    for name, item in s.standard.items.items():
        one = s.case.finding(f"{field}.{name}")
        if item["field"] != field or one is None:
            continue
        row = {
            "number": Said(str(item["number"]), Kind.RULE, Fraction(item["number"])),
            "item": form(s.standard.name(name, s.lang)),
            "value": computed_value(s, one) if one.target is not None else blank(s.lang),
            "target": computed_target(s, one) if one.target is not None else blank(s.lang),
            "verdict": s.fulfilled(one),
        }
        parts = []
        # What rows come to is told once where the county reports nothing.
        alone = not one.traced and one.value == one.computed and one.verdict != "not_in_force"
        if one.computed is not None and not alone:
            parts.append(word("cells", "by_rows", s.lang).format(value=s.number(one, one.computed)))
        if item["kind"] == "computed":
            parts.append(word("cells", "between", s.lang).join(_deciding(s, one)))
        for note in item.get("beside", ()):
            if date.fromisoformat(str(note["from"])) <= s.case.now.day:
                parts.append(str(note["text"][s.lang]))
        if item["kind"] != "computed" and name in reported:
            parts.append(s.words.coded(reported[name]["evidence"]))
        row["reason"] = Said("\x00".join(part for part in parts if part), Kind.TRACED)
        rows.append(row)
    return rows


def findings(s: Shown, _: dict[str, str]) -> list[Row]:
    """All findings that are not about one school, as the workbook has them."""
    laid = s.by_plan.case.now.findings.values() if s.case.laid else ()
    told = [(s, one) for one in s.case.now.findings.values()] + [(s.by_plan, one) for one in laid]
    return [_found(t, one) for t, one in told if not one.school]


def _found(s: Shown, one: Finding) -> Row:
    row = {
        "id": form(one.id),
        "field": form(s.standard.word("fields", one.field, s.lang)),
        "item": form(s.label(one.item, short=False)),
        "stage": form(s.standard.word("stages", one.stage, s.lang) if one.stage else ""),
        "subject": form(s.standard.word("subjects", one.subject, s.lang) if one.subject else ""),
        "grade": form(s.standard.word("grades", str(one.grade), s.lang) if one.grade else ""),
        "value": Said("", s.value(one).kind, one.value),
        "target": Said("", Kind.RULE, one.target),
        "margin": Said("", Kind.WORKED, one.margin if one.sense and one.verdict != "not_applicable" else None),
        "verdict": s.verdict(one),
        "reported": s.verdict(one),
        "counts": form(word("answers", str(one.counts and one.field != "plan").lower(), s.lang)),
    }
    if one.data_year:
        row["data_year"] = traced("", Fraction(one.data_year))
    return row


def _limits(
    s: Shown, found: list[Finding], limit: Fraction, parameters: dict[str, object], *, several: bool
) -> list[str]:
    """Return a limit of single schools as it is printed: where there are several with the types of school or the stages
    that have it, those for which the rule has another one as a rule apart."""
    unit = s.unit(found[0])
    shown = (numbers.part(limit) if unit == "share" else numbers.whole(limit)) + measure(unit, s.lang)
    if not several:
        return [shown]
    rows = {row["school"]: row for row in s.case.county.rows("schools", s.case.year)}
    group = "stages" if all(one.stage for one in found) else "school_types"
    told = []
    for eased in (False, True):
        have = {
            one.stage if group == "stages" else rows[one.school]["school_type"] for one in found if one.target == limit
        }
        whose = [
            word("whose", group, s.lang).format(name=s.standard.word(group, one, s.lang))
            for one in s.standard.words[group]
            if one in have and (Fraction(str(parameters.get(one, limit))) != limit) == eased
        ]
        if whose:
            said = word("whose", "limit", s.lang).format(
                whose=word("cells", "between", s.lang).join(whose), limit=shown
            )
            told.append(word("whose", "eased", s.lang).format(limit=said) if eased else said)
    return told
