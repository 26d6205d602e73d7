"""Tables of the report on a province or city: a row for each county, its own findings side by side."""

from fractions import Fraction

from verification.checked.expected.base import Row, count, form, traced
from verification.checked.expected.records import sources as files
from verification.checked.kinds import Kind, Said
from verification.checked.shown import Shown, blank, word
from verification.rules import COMPOSITE
from verification.worked.finding import FIELDS, Finding
from verification.worked.region import SCHOOLS, Member, Region
from verification.worked.stages import STAGES

#: The public is not told the figures of fewer questionnaires.
FEW = 10


def _region(s: Shown) -> Region:
    assert isinstance(s.case, Region)
    return s.case


def _name(s: Shown, one: Member) -> Said:
    if one.case is None or one.case.year == s.case.year:
        return form(one.name)
    return form(word("cells", "with_unit", s.lang).format(name=one.name, unit=one.case.year))


def _value(s: Shown, one: Finding | None) -> Said:
    if one is None:
        return blank(s.lang)
    return s.verdict(one) if one.value is None or one.verdict == "not_applicable" else s.value(one)


def fields(s: Shown, _: dict[str, str]) -> list[Row]:
    """The verdicts of each county, how many items it misses, and the year that it plans."""
    rows, region = [], _region(s)
    for one in region.members:
        row = {"county": _name(s, one), "overall": form(word("region_states", "absent", s.lang))}
        row |= {name: blank(s.lang) for name in (*FIELDS, "entry", "unmet", "acceptance")}
        if one.case is not None:
            found = {name: one.case.now.findings.get(f"{name}.all") for name in (*FIELDS, "entry")}
            row |= {name: blank(s.lang) if each is None else s.fulfilled(each) for name, each in found.items()}
            row |= {"overall": s.verdict(one.case.now.findings["overall.all"]), "unmet": count(len(one.unmet()))}
            if one.acceptance:
                row["acceptance"] = traced(one.acceptance, Fraction(one.acceptance))
        rows.append(row)
    return rows


def holding(s: Shown, _: dict[str, str]) -> list[Row]:
    """Each item that some county misses: how many do, and which."""
    return [
        {
            "field": form(s.standard.word("fields", id.partition(".")[0], s.lang)),
            "item": form(s.words.in_full(_region(s).item(id))),
            "number": count(len(members)),
            "counties": form(word("cells", "between", s.lang).join(one.name for one in members)),
        }
        for id, members in _region(s).missed.items()
    ]


def coefficients(s: Shown, said: dict[str, str]) -> list[Row]:
    """The coefficients of a stage by county; their limits in the first row."""
    stage = s.words.groups["stage"][said["stage"].lower()]
    found: dict[str, dict[str, Finding]] = {}
    for one in _region(s).judged:
        cvs = {name: one.worked.finding(f"resources.cv_{name}.{stage}") for name in (*s.standard.indicators, COMPOSITE)}
        known = {name: each for name, each in cvs.items() if each is not None}
        if known:
            found[one.code] = known
    shown = [name for name in (*s.standard.indicators, COMPOSITE) if any(name in each for each in found.values())]
    limits = {
        f"ind {name}": next(
            (s.target(each[name]) for each in found.values() if name in each and each[name].target is not None),
            blank(s.lang),
        )
        for name in shown
    }
    rows = [{"county": form(word("cells", "limit", s.lang))} | limits]
    for one in _region(s).judged:
        if one.code in found:
            cells = {f"ind {name}": _value(s, found[one.code].get(name)) for name in shown}
            rows.append({"county": _name(s, one)} | cells)
    return rows


def changes(s: Shown, _: dict[str, str]) -> list[Row]:
    """Of each coefficient the counties over its limit then and now, and those in which it changed."""
    rows, moves = [], _region(s).moves
    for item, stage in dict.fromkeys((one.now.item, one.now.stage) for one in moves):
        mine = [one for one in moves if (one.now.item, one.now.stage) == (item, stage)]
        row = {"stage": form(s.standard.word("stages", stage, s.lang))}
        name = item.removeprefix("cv_")
        row["indicator"] = form(s.words.label(name if name in s.standard.indicators else item))
        row |= {
            "before": count(sum(one.then.verdict == "not_met" for one in mine)),
            "now": count(sum(one.now.verdict == "not_met" for one in mine)),
            "worse": count(sum(one.way > 0 for one in mine)),
            "better": count(sum(one.way < 0 for one in mine)),
            "same": count(sum(not one.way for one in mine)),
        }
        rows.append(row)
    return rows


def monitoring(s: Shown, item: str) -> list[Row]:
    """Levels or rates of the national monitoring by county."""
    judged = _region(s).judged
    pairs = {
        (one.subject, one.grade) for member in judged for one in member.worked.now.findings.values() if one.item == item
    }
    return [
        {"county": _name(s, member)}
        | {
            f"subject {subject}.{grade}": _value(s, member.worked.finding(f"quality.{item}.{subject}.{grade}"))
            for subject, grade in pairs
        }
        for member in judged
    ]


def levels(s: Shown, _: dict[str, str]) -> list[Row]:
    """Levels by county."""
    return monitoring(s, "level")


def rates(s: Shown, _: dict[str, str]) -> list[Row]:
    """Rates by county."""
    return monitoring(s, "rate")


def schools(s: Shown, _: dict[str, str]) -> list[Row]:
    """Schools by county and stage: how many are judged, meet their rule, don't, can't be judged; who does not."""
    rows = []
    for one in _region(s).judged:
        for stage in STAGES:
            every, unmet = one.schools(stage), one.schools(stage, "not_met")
            if not every:
                continue
            open_ = one.schools(stage, "no_data", "undecidable", "target_not_set")
            names = [one.worked.name(each.school) for each in unmet]
            said = word("cells", "between", s.lang).join(names[:SCHOOLS]) or word("cells", "blank", s.lang)
            more = word("cells", "and_more", s.lang).format(names=said, number=len(names))
            rows.append(
                {
                    "county": _name(s, one),
                    "stage": form(s.standard.word("stages", stage, s.lang)),
                    "schools": count(len(every)),
                    "met": count(len(one.schools(stage, "met"))),
                    "not_met": count(len(unmet)),
                    "no_data": count(len(open_)),
                    "names": form(said if len(names) <= SCHOOLS else more),
                }
            )
    return rows


def lacking(s: Shown, _: dict[str, str]) -> list[Row]:
    """What the schools of each county that miss their rule lack, by stage and indicator."""
    region, rows = _region(s), []
    names = {one.code: _name(s, one) for one in region.judged}
    for (code, stage, name), one in region.lacks.items():
        unit = s.standard.indicators[name]["unit"]
        amount = s.amount(one.missing, unit) + word("amounts", unit, s.lang)
        rows.append(
            {
                "county": names[code],
                "stage": form(s.standard.word("stages", stage, s.lang)),
                "indicator": form(s.standard.name(name, s.lang, short=True)),
                "schools": count(one.schools),
                "missing": Said(amount, Kind.WORKED, Fraction(one.missing)),
            }
        )
    return rows


def recognition(s: Shown, _: dict[str, str]) -> list[Row]:
    """The recognition of each county; to the public not that of few questionnaires."""
    rows = []
    for member in _region(s).judged:
        one = member.worked.finding("recognition.recognition")
        if one is None:
            continue
        row = {"county": _name(s, member), "verdict": s.verdict(one)}
        row |= {name: blank(s.lang) for name in ("asked", "share", "interval")}
        if one.value is not None:
            share = one.told["share"]
            ends = [s.number(one, Fraction(end)) for end in share.ends]
            row |= {"asked": count(share.asked), "share": s.value(one), "interval": Said("—".join(ends))}
            if s.case.public and share.asked < FEW:
                row |= {name: form(word("cells", "hidden", s.lang)) for name in ("asked", "share", "interval")}
        rows.append(row)
    return rows


def counties(s: Shown, _: dict[str, str]) -> list[Row]:
    """The data of each county: its year, the year compared with, its files."""
    rows = []
    for one in _region(s).members:
        state = "judged" if one.case else "absent"
        row = {"code": form(one.code), "county": form(one.name), "state": form(word("region_states", state, s.lang))}
        row |= {"year": blank(s.lang), "before": blank(s.lang), "files": count(0)}
        if one.case is not None:
            held = one.case.county.used(one.case.year)
            row |= {"year": form(one.case.year, Fraction(one.case.year)), "files": count(len(held))}
            if one.case.before is not None:
                row["before"] = form(one.case.before.year, Fraction(one.case.before.year))
        rows.append(row)
    return rows


def sources(s: Shown, said: dict[str, str]) -> list[Row]:
    """All files of all counties, each once."""
    found: dict[str, Row] = {}
    for one in _region(s).judged:
        for row in files(Shown(one.worked), said):
            found.setdefault(row["file"].text, row)
    return list(found.values())
