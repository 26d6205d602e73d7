"""What a report tells of a county's own plan: its targets by verdict, their values and years, its phases and dates."""

from collections.abc import Callable, Iterator
from datetime import date

from verification import numbers
from verification.checked.asks import asks
from verification.checked.kinds import Kind, Said, source
from verification.checked.quantities.at import At, Claim, Quantity, count
from verification.checked.shown import Shown
from verification.printed.blocks import joins
from verification.worked import laid, ledger
from verification.worked.case import Case
from verification.worked.deadlines import holder_of
from verification.worked.due import line_due
from verification.worked.finding import Finding
from verification.worked.laid import Ahead, Floors, Reached


def _laid(at: At) -> Case:
    """Return the case as its plan tells it, whichever of the two a sentence is of."""
    found = at.case if at.case.by_plan else at.case.laid
    if found is None:
        raise LookupError("no plan")
    return found


def targets(at: At, verdict: str = "") -> Said:
    """Return how many targets a plan has, or have a verdict (`said`: that of the sentence)."""
    name = str(at.said["verdict"]) if verdict == "said" else verdict
    return count(sum(not name or one.verdict == name for one in laid.targets(_laid(at))))


def in_force(at: At) -> Said:
    """Return how many targets of a plan are in force."""
    return count(sum(one.verdict != "not_in_force" for one in laid.targets(_laid(at))))


def floors(at: At, which: str = "all") -> Said:
    """Return how many floors a plan sets for schools, or are not reached by each of them."""
    found = [one for one in laid.floors(_laid(at)) if not one.verdict]
    return count(sum(which == "all" or one.met < one.schools for one in found))


def _floor(at: At) -> Floors:
    name = (f"floor_{at.indicator}", at.stage)
    return next(one for one in laid.floors(_laid(at)) if (one.finding.item, one.finding.stage) == name)


def at_floor(at: At, which: str) -> Said:
    """Return how many schools there are at a floor of the plan, or reach it."""
    return count(getattr(_floor(at), which))


def _found(at: At) -> Finding:
    return _laid(at).now.findings[str(at.said["aim"])]


def value(at: At) -> Said:
    """Return the value of a target of the plan."""
    one = _found(at)
    assert one.value is not None
    return Said(Shown(_laid(at)).number(one, one.value), source(one), one.value)


def target(at: At) -> Said:
    """Return what a target of the plan asks."""
    return Said(Shown(_laid(at)).target(_found(at)).text, Kind.RULE)


def asked(at: At) -> Said:
    """Return what a target asks of each school, where its words name the numbers that it does."""
    printed = at.found["asks"]
    named = asks(_laid(at), _item(at)) or []
    rest = printed
    for one in named:
        if one not in rest:
            return Said(" ".join(named), Kind.RULE)
        rest = rest.replace(one, "", 1)
    return Said(printed if not any(letter.isdigit() for letter in rest) else " ".join(named), Kind.RULE)


def _item(at: At) -> str:
    return str(at.said["aim"]).split(".")[1]


def _coming(at: At) -> list[Reached]:
    found = [one for one in laid.milestones(_laid(at)) if one.coming]
    return [one for one in found if one.due.day.year == found[0].due.day.year]


def next_year(at: At) -> Said:
    """Return the year in which the next targets fall due."""
    return Said(str(_coming(at)[0].due.day.year), Kind.RULE)


def _next(at: At) -> Finding:
    for one in _coming(at):
        if one.finding is not None and one.finding.id == at.said["aim"]:
            return one.finding
    raise LookupError("no such target falls due next")


def next_target(at: At) -> Said:
    """Return what a target asks that falls due next."""
    return Said(Shown(_laid(at)).target(_next(at)).text, Kind.RULE)


def next_value(at: At) -> Said:
    """Return what there is now of a target that falls due next."""
    one = _next(at)
    assert one.value is not None
    return Said(Shown(_laid(at)).number(one, one.value, judged=False), source(one), one.value)


def _ahead(at: At) -> Ahead:
    year = int(at.found["y"])
    for one in laid.ahead(_laid(at)):
        if one.finding.id == at.said["aim"] and one.reached.due.day.year == year:
            return one
    raise LookupError("no such target is to come")


def ahead_year(at: At) -> Said:
    """Return the year of a target to come."""
    return Said(str(_ahead(at).reached.due.day.year), Kind.RULE)


def ahead_value(at: At) -> Said:
    """Return what there is now of a target to come."""
    one = _ahead(at).finding
    assert one.value is not None
    return Said(Shown(_laid(at)).number(one, one.value, judged=False), source(one), one.value)


def ahead_target(at: At) -> Said:
    """Return what a target to come asks."""
    return Said(Shown(_laid(at)).target(_ahead(at).finding).text, Kind.RULE)


def ahead_step(at: At, which: str) -> Said:
    """Return the yearly change that a target needs, or that there was, without its sign."""
    one = _ahead(at)
    change = one.needed if which == "needed" else one.pace.pace
    assert change is not None
    unit = Shown(_laid(at)).unit(one.finding)
    if unit == "share" and one.finding.item not in ("rate", "rate_own"):
        return Said(numbers.places(abs(change) * 100, 1))
    return Said(numbers.places(abs(change), 3 if unit == "coefficient" else 1))


def ahead_reached(at: At, which: str) -> Said:
    """Return the year in which a target is reached at the pace so far, or at an end of its range."""
    return Said(str(getattr(_ahead(at).pace, which)), Kind.WORKED)


def ahead_way(at: At) -> bool:
    """Whether the words say which way a target lies, and which way its value went."""
    one, text, zh = _ahead(at), at.found[0], at.case.lang == "zh"
    pace = None if one.pace.pace is None else -one.pace.pace if one.up else one.pace.pace
    more = text.split("近年")[0].count("提高") if zh else text.split("of late")[0].count("more")
    said = [bool(more) == (one.needed > 0)]
    past = text.split("近年" if zh else "of late")[1:]
    if past and pace:
        said.append((("提高" if zh else "more") in past[0]) == (pace > 0))
    if past and pace == 0:
        said.append(("没有变化" if zh else "no change") in past[0])
    return all(said) and bool(past) == (pace is not None)


def _entry(at: At, name: str) -> dict[str, object]:
    return laid.plan(_laid(at)).beside(name)[int(at.said[name])]


def phase(at: At, which: str, part: str) -> Said:
    """Return the year or the month in which a phase of the plan begins or ends."""
    day = date.fromisoformat(str(_entry(at, "phases")[which]))
    return Said({"year": str(day.year), "month": str(day.month), "full": f"{day.month:02}"}[part], Kind.RULE)


def deadline(at: At, part: str) -> Said:
    """Return the month or the day of what the plan asks every year."""
    return Said(str(_entry(at, "calendar")[part]), Kind.RULE)


def judging(at: At, place: str, of: str = "report") -> Said:
    """Return a number of the document by which a report judges, or on which the plan builds."""
    over = laid.plan(_laid(at)).framework
    told = over if of == "framework" else at.case.told_by.standard
    return Said(_digits(told.document)[int(place)], Kind.FORM)


def _digits(text: str) -> list[str]:
    return "".join(letter if letter.isdigit() else " " for letter in text).split()


def due(at: At) -> Said:
    """Return the latest year in which what a paragraph tells of is due: an indicator, a subject or an item."""
    for mine in _told_of(at):
        years = [year for one in mine if (year := line_due(at.case, one))]
        if years:
            return Said(str(max(years)), Kind.RULE)
    raise LookupError("nothing that is due")


def holders(at: At) -> Said:
    """Return who answers for what a paragraph tells of, in the order of its lines, whichever that is."""
    printed = at.found["h"]
    for mine in _told_of(at):
        wanted = dict.fromkeys(said for one in mine if (said := holder_of(at.case, one.id, one.item)))
        if wanted:
            return Said(printed if joins(printed, wanted) else " | ".join(wanted), Kind.TRACED)
    raise LookupError("nobody who answers for it")


def _told_of(at: At) -> Iterator[list[Finding]]:
    """Yield the unmet lines of the ledger that a paragraph may tell of: by an indicator, a subject or an item."""
    lines = ledger.unmet(at.case)
    for about in (_indicator, _subject, _named):
        try:
            told = about(at)
        except (LookupError, IndexError):
            continue
        yield [one.finding for one in lines if told(one.finding)]


def _indicator(at: At) -> Callable[[Finding], bool]:
    items, stage = (f"cv_{at.indicator}", f"floor_{at.indicator}"), at.stage
    return lambda one: one.item in items and one.stage == stage


def _subject(at: At) -> Callable[[Finding], bool]:
    subject = at.subject
    return lambda one: one.item in ("level", "rate") and f"{one.subject}.{one.grade}" == subject


def _named(at: At) -> Callable[[Finding], bool]:
    recognition = at.case.standard.word("items", "recognition", at.case.lang)
    said = at.block.text[: at.found.start()].lower()
    items = at.case.standard.items.items()
    told = {name: [one[key][at.case.lang] for key in ("unmet", "breach") if one.get(key)] for name, one in items}
    worded = [name for name, texts in told.items() if any(str(text).lower() in said for text in texts)]
    item = "recognition" if recognition.lower() in said else worded[-1] if worded else at.item
    return lambda one: one.item == item


def floors_met(at: At) -> bool:
    """Whether every school reaches every floor of the plan."""
    found = [one for one in laid.floors(_laid(at)) if not one.verdict]
    return bool(found) and all(one.met == one.schools for one in found)


def overall_is(at: At) -> bool:
    """Whether the verdict by the framework is the one said."""
    return at.case.told_by.now.findings["overall.all"].verdict == str(at.said["verdict"])


def plan_verdict(at: At) -> bool:
    """Whether the verdict by the plan is the one said."""
    return _laid(at).now.findings["plan.all"].verdict == str(at.said["verdict"])


def target_is(at: At, verdict: str) -> bool:
    """Whether a target of the plan has a verdict."""
    return _found(at).verdict == verdict


def all_due(at: At) -> bool:
    """Whether no dated target of the plan is to come."""
    return not any(one.coming for one in laid.milestones(_laid(at)))


def other_document(at: At) -> bool:
    """Whether the plan builds on another framework than the report judges by."""
    return laid.plan(_laid(at)).framework.id != at.case.told_by.standard.id


ALL: dict[str, Quantity] = {
    "plan_targets": targets,
    "plan_in_force": in_force,
    "plan_floors": floors,
    "plan_at_floor": at_floor,
    "plan_value": value,
    "plan_target": target,
    "plan_asks": asked,
    "plan_next_year": next_year,
    "plan_next_target": next_target,
    "plan_next_value": next_value,
    "plan_ahead_year": ahead_year,
    "plan_ahead_value": ahead_value,
    "plan_ahead_target": ahead_target,
    "plan_ahead_step": ahead_step,
    "plan_ahead_reached": ahead_reached,
    "plan_phase": phase,
    "plan_deadline": deadline,
    "plan_judging": judging,
    "due": due,
    "holders": holders,
}
CLAIMS: dict[str, Claim] = {
    "plan_floors_met": floors_met,
    "plan_overall_is": overall_is,
    "plan_verdict": plan_verdict,
    "plan_target_is": target_is,
    "plan_all_due": all_due,
    "plan_other": other_document,
    "plan_ahead_way": ahead_way,
}
