"""What the report on a province or city tells: how many counties have what, and which of them."""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from verification import numbers
from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Claim, Quantity, count, few
from verification.checked.shown import Shown
from verification.rules import COMPOSITE
from verification.worked.region import CROSSED, LISTED, MISSED, THINGS, Member, Move, Region

#: Counties in brackets.
BRACKETS = 5


def _region(at: At) -> Region:
    assert isinstance(at.case, Region)
    return at.case


def counties(at: At, which: str = "members") -> Said:
    """Return how many counties there are: all (members), or those that a property of the region names."""
    return count(len(getattr(_region(at), which)))


def verdicts(at: At, field: str, verdict: str = "") -> Said:
    """Return how many counties have a verdict, of all fields or of one; `said` stands for what the sentence says."""
    name = str(at.said["field"]) if field == "said" else field
    return count(len(_region(at).with_verdict(verdict or str(at.said["verdict"]), name)))


def items(at: At, which: str) -> Said:
    """Return how many items some county misses, how many most do, how many counties that is, or miss the next one."""
    region = _region(at)
    if which == "next":
        return count(max((len(held) for id, held in region.missed.items() if id not in region.leading), default=0))
    several = [id for id, held in region.missed.items() if len(held) > 1]
    shown = len((several or list(region.missed))[:MISSED])
    return count({"all": len(region.missed), "top": len(region.top), "most": region.most, "shown": shown}[which])


def misses(at: At) -> Said:
    """Return how many counties miss the item named."""
    return count(len(_region(at).missed[at.said["called"]]))


def moves(at: At, which: str) -> Said:
    """Return how many coefficients are judged in both years, narrowed, widened, did not change or crossed."""
    region = _region(at)
    if which in ("moves", "crossed"):
        return count(len(getattr(region, which)))
    return count(sum(one.way == {"better": -1, "worse": 1, "same": 0}[which] for one in region.moves))


def crossing(at: At, which: str) -> Said:
    """Return the coefficient of then or now of a county that crossed its limit."""
    one = _crossed(at)
    if which == "then":
        assert one.then.value is not None
        return Said(numbers.places(one.then.value, 2), Kind.WORKED)
    return Shown(_region(at)).value(one.now)


def _crossed(at: At) -> Move:
    wanted = (str(at.said["county"]), f"cv_{at.indicator}", at.stage)
    return next(one for one in _region(at).crossed if (one.member.code, one.now.item, one.now.stage) == wanted)


def coefficients(at: At, which: str) -> Said:
    """Return how many coefficients are judged, or are above their limits."""
    found = list(_region(at).coefficients())
    return count(sum(which == "all" or one.verdict == "not_met" for _, one in found))


def schools(at: At, *verdicts: str) -> Said:
    """Return how many schools of a stage are judged, or have one of some verdicts."""
    return count(sum(len(one.schools(at.stage, *verdicts)) for one in _region(at).judged))


def files(at: At) -> Said:
    """Return how many files all counties' reports rest on."""
    return count(sum(len(one.worked.county.used(one.worked.year)) for one in _region(at).judged))


def _key(at: At) -> tuple[str, ...]:
    if "subject" in at.said:
        return ("subject", *str(at.said["subject"]).split("."))
    if "discipline" in at.said:
        return "subject", str(at.said["discipline"]), at.grade
    if "item" in at.said:
        return (str(at.said["item"]),)
    if re.search("综合|composite", at.found[0]):
        return COMPOSITE, at.stage
    return at.indicator, at.stage


def thing(at: At, which: str = "") -> Said:
    """Return how many counties a thing keeps from their verdict, have a coefficient over the limit or schools that
    lack it; how many schools do, or what they lack."""
    region = _region(at)
    if not which:
        return count(len(region.things[_key(at)]))
    name, stage = at.indicator, at.stage
    if which == "over":
        return count(len(region.over(name, stage)))
    mine = region.short(name, stage)
    if which == "missing":
        missing = sum(one.missing for one in mine)
        unit = region.standard.indicators[name]["unit"]
        return Said(Shown(region).amount(missing, unit), Kind.WORKED, Fraction(missing))
    return count(len(mine) if which == "short" else sum(one.schools for one in mine))


def things(at: At) -> Said:
    """Return how many things the conclusion tells, in words or figures."""
    return few(min(len(_region(at).things), THINGS), at.case.lang)


def digits(at: At) -> Said:
    """Return by how many digits of their codes counties belong to the region."""
    return Said(str(len(_region(at).county.code)), Kind.FORM)


def since(at: At) -> Said:
    """Return the one year that all counties are compared with."""
    (year,) = _region(at).since
    return Said(str(year), Kind.FORM)


def member_year(at: At) -> Said:
    """Return the year of a county's latest statistics, where that is not the region's."""
    one = next(one for one in _region(at).older if one.code == at.said["county"])
    return Said(str(one.worked.year), Kind.FORM)


def _named(at: At, wanted: Sequence[Member], most: int) -> bool:
    """Whether the counties named are those wanted: all of them, or the first where there are more than `most`."""
    codes = [one.code for one in wanted]
    said = list(at.said["counties"])
    return said == codes if len(codes) <= most else said == codes[:most]


def have_verdict(at: At) -> bool:
    """Whether the counties named are those with the verdict named."""
    return _named(at, _region(at).with_verdict(str(at.said["verdict"])), LISTED)


def all_told(at: At, field: str) -> bool:
    """Whether the verdicts that are counted are all that counties have: one that is not told has none."""
    name = str(at.said["field"]) if field == "said" else field
    slots = {"met": "a", "not_met": "b", "undecidable": "c", "no_data": "d", "target_not_set": "e"}
    if field == "said":
        slots |= {"not_in_force": "f", "not_applicable": "g"}
    found = {one.verdict(name) for one in _region(at).judged} - {""}
    return all(verdict in slots and at.found[slots[verdict]] is not None for verdict in found)


def they_miss(at: At) -> bool:
    """Whether the counties named are those that miss the item named, and the conclusion is to name it."""
    return at.said["called"] in _region(at).leading and _named(at, _region(at).missed[at.said["called"]], BRACKETS)


def none_leads(at: At) -> bool:
    """Whether as many counties miss other items as miss those that could be named."""
    return not _region(at).leading


def none_missed(at: At) -> bool:
    """Whether no county misses an item."""
    return not _region(at).missed


def turned(at: At) -> bool:
    """Whether the counties named are those whose verdict turned so."""
    pair = (str(at.said["verdict"]), str(at.said["verdict2"]))
    region = _region(at)
    return _named(at, [one for one in region.judged if region.turned.get(one.code) == pair], BRACKETS)


def none_turned(at: At) -> bool:
    """Whether no county's verdict turned."""
    return not _region(at).turned


def none_crossed(at: At) -> bool:
    """Whether no coefficient crossed its limit."""
    return not _region(at).crossed


def has_crossed(at: At) -> bool:
    """Whether the coefficient named crossed its limit in the direction told, and among the farthest."""
    one, region = _crossed(at), _region(at)
    ranked = sorted(region.crossed, key=lambda move: (-abs(move.difference), move.member.code, move.now.id))
    above = "升到" in at.found["way"] or "above" in at.found["way"]
    return one in ranked[:CROSSED] and above == (one.now.verdict == "not_met")


def keeps(at: At, which: str = "") -> bool:
    """Whether the counties named are those that the thing keeps from their verdict, or over its limit, and no thing
    that is not told keeps more of them."""
    region, key = _region(at), _key(at)
    ranked = sorted((len(held) for held in region.things.values()), reverse=True)
    if len(region.things[key]) < ranked[:THINGS][-1]:
        return False
    over = region.over(at.indicator, at.stage) if which else []
    if which == "none":
        return not over
    if which == "all" and len(over) != len(region.things[key]):
        return False
    return _named(at, over if which else region.things[key], BRACKETS)


def _are(name: str) -> Callable[[At], bool]:
    """Return what holds where the counties named are those of a property of the region."""
    return lambda at: _named(at, getattr(_region(at), name), LISTED)


def over_somewhere(at: At) -> bool:
    """Whether the counties named are those with a coefficient above its limit, as far as they are named."""
    codes = {member.code for member, one in _region(at).coefficients() if one.verdict == "not_met"}
    said = at.said["counties"]
    return set(said) == codes if len(codes) <= BRACKETS else len(set(said)) == BRACKETS and set(said) <= codes


ALL: dict[str, Quantity] = {
    "region_counties": counties,
    "region_verdicts": verdicts,
    "region_items": items,
    "region_misses": misses,
    "region_moves": moves,
    "region_crossing": crossing,
    "region_coefficients": coefficients,
    "region_schools": schools,
    "region_files": files,
    "region_thing": thing,
    "region_things": things,
    "region_digits": digits,
    "region_since": since,
    "member_year": member_year,
}
CLAIMS: dict[str, Claim] = {
    "have_verdict": have_verdict,
    "all_told": all_told,
    "they_miss": they_miss,
    "none_leads": none_leads,
    "none_missed_in": none_missed,
    "turned": turned,
    "none_turned": none_turned,
    "none_crossed": none_crossed,
    "has_crossed": has_crossed,
    "keeps": keeps,
    "are_barred": _are("barred"),
    "are_due": _are("due"),
    "over_somewhere": over_somewhere,
}
