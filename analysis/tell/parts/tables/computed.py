"""Cells of items computed school by school: how many of what, what is asked of all, and the values of the rule."""

from analysis.tell.case.case import Case
from analysis.tell.facts.tally import Limit, Tally, tally
from analysis.tell.findings import Finding
from analysis.tell.language import numbers
from analysis.tell.parts.table import Cell
from analysis.tell.parts.tables import build
from analysis.tell.parts.tables.build import Value


def value(finding: Finding, case: Case) -> Value:
    """Return a finding's value: 49/51 schools (96.1%), 1 music room and no art room; any other as it is."""
    plain, counted = build.value(finding, case), tally(case, finding)
    if finding.rooms and finding.value is not None:
        kinds = (
            case.word("cells", "rooms_of").format(kind=case.word("rooms", room.kind), number=room.have)
            for room in finding.rooms
        )
        return _said(plain, case.word("lists", "between").join(kinds))
    return _said(plain, _tallied(counted, case)) if counted else plain


def target(finding: Finding, case: Case) -> Value:
    """Return a finding's target: every school (at least 5%); any other as it is."""
    plain, counted = build.target(finding, case), tally(case, finding)
    if finding.rooms and finding.target is not None:
        return _said(plain, case.word("cells", "rooms_each").format(number=numbers.whole(finding.target)))
    return _said(plain, _asked(counted, case)) if counted else plain


def rooms(finding: Finding, case: Case) -> str:
    """Return the special rooms that a school is short of: 1 art room."""
    short = (
        case.word("cells", "rooms_missing").format(kind=case.word("rooms", room.kind), number=room.missing)
        for room in finding.short_rooms
    )
    return case.word("lists", "between").join(short)


def _said(plain: Value, said: str) -> Value:
    old = plain.cell or Cell("")
    return Value(plain.value, Cell(said, number=old.number, verdict=old.verdict, finding=old.finding))


def _tallied(tally: Tally, case: Case) -> str:
    whole = numbers.of(tally.finding, tally.finding.value or 0.0, case.standard_of(tally.finding), case.lang)
    counts = {name: numbers.whole(count) for name, count in (("met", tally.met), ("all", tally.all))}
    share = numbers.percent(tally.part, 1.0 if tally.every else None) if tally.what == "classes" else whole
    return case.word("cells", "tally").format(**counts, word=case.word("counted", tally.what), share=share)


def _asked(tally: Tally, case: Case) -> str:
    """Return what is asked of how many, with the values of the rule."""
    standard = case.standard_of(tally.finding)
    asked = numbers.target(tally.finding, standard, case.lang)
    said = (
        case.word("counted_all", tally.what) if tally.every else case.word("cells", "tally_share").format(share=asked)
    )
    if not tally.limits:
        return said
    sense = numbers.sense_of(tally.limits[0].finding, standard)
    between = " " if case.lang == "en" else ""
    limits = case.word("lists", "apart").join(_limit(each, case) for each in tally.limits)
    unit = case.word("senses", sense.value) + between + limits if sense else limits
    return case.word("labels", "with_unit").format(name=said, unit=unit)


def _limit(limit: Limit, case: Case) -> str:
    """Return a value of the rule, and whose it is where there are several."""
    standard = case.standard_of(limit.finding)
    value = numbers.target(limit.finding, standard, case.lang)
    value += case.word("measures", numbers.unit_of(limit.finding, standard))
    if not limit.whose:
        return value
    names = (case.word("whose", limit.group).format(name=case.word(limit.group, one)) for one in limit.whose)
    said = case.word("whose", "limit").format(whose=case.word("lists", "between").join(names), limit=value)
    return case.word("whose", "eased").format(limit=said) if limit.eased else said
