"""What the report on a township tells: how many of its schools count and meet the rule, and what sets them apart."""

from verification import numbers
from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Claim, Quantity, count
from verification.worked import township
from verification.worked.finding import DECIDED, Finding
from verification.worked.township import Part


def _codes(at: At) -> set[str]:
    return township.codes(at.case, str(at.said["township"]))


def _rules(at: At) -> list[Finding]:
    return [one for one in at.case.now.schools("school_rule", str(at.said["stage"])) if one.school in _codes(at)]


def schools(at: At) -> Said:
    """Return how many schools the township has."""
    return count(len(_codes(at)))


def counted(at: At) -> Said:
    """Return how many of its schools count in a stage."""
    return count(sum(one.school in _codes(at) for one in at.case.now.inside(str(at.said["stage"]))))


def met(at: At) -> Said:
    """Return how many of its schools meet the rule in a stage."""
    return count(sum(one.verdict == "met" for one in _rules(at)))


def _part(at: At) -> Part:
    found = township.parts(at.case, str(at.said["township"]))
    return next(one for one in found if (one.cv.item, one.cv.stage) == (f"cv_{at.indicator}", at.stage))


def part(at: At, which: str) -> Said:
    """Return the township's part of a difference, or of the pupils."""
    return Said(numbers.percent(getattr(_part(at), which)), Kind.WORKED)


def missing(at: At, verdict: str) -> bool:
    """Whether the schools named are those of a stage that miss the rule (not_met), or can't be judged (open)."""
    wanted = {
        one.school
        for one in _rules(at)
        if (one.verdict == "not_met" if verdict == "not_met" else one.verdict not in DECIDED)
    }
    return set(at.said["schools"]) == wanted


def all_met(at: At) -> bool:
    """Whether all of its schools that count meet the rule."""
    found = [one for one in at.case.now.schools("school_rule") if one.school in _codes(at)]
    return bool(found) and all(one.verdict == "met" for one in found)


def wider(at: At) -> bool:
    """Whether the township holds more of a difference, which is over its limit, than of the pupils."""
    one = _part(at)
    return one.cv.verdict == "not_met" and one.share > one.pupils


ALL: dict[str, Quantity] = {
    "township_schools": schools,
    "township_counted": counted,
    "township_met": met,
    "township_part": part,
}
CLAIMS: dict[str, Claim] = {"township_missing": missing, "township_all_met": all_met, "township_wider": wider}
