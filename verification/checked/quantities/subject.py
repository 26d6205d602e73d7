"""What the report on a subject tells: results by grade, how scores lie, what sets schools and years apart."""

from fractions import Fraction

from verification import numbers
from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Claim, Quantity, count
from verification.worked import subject
from verification.worked.finding import Finding

#: What a sentence says of an own test's interval, by the verdict that it gives.
SPOKEN = {
    "undecidable": ("区间跨过", "，跨过", "; the interval spans", "so it spans"),
    "met": ("整个区间低于", "all of it below"),
    "not_met": ("整个区间不低于", "none of it below"),
}
#: What is said of a change whose interval lies above zero, below it, or holds it.
WAYS = {1: ("确有扩大", "it rose"), -1: ("确有缩小", "it fell"), 0: ("区间含零", "the interval includes zero")}


def _key(at: At) -> tuple[str, int]:
    name, _, grade = at.subject.partition(".")
    return name, int(grade)


def _scores(at: At) -> subject.Scores:
    found = subject.scores(subject.rows(at.case, *_key(at)))
    assert found is not None
    return found


def scores(at: At, which: str) -> Said:
    """Return how many pupils or schools a test has, how many pupils no score, or a figure of the scores in points."""
    found = _scores(at)
    if which == "absent":
        return count(len(subject.rows(at.case, *_key(at))) - len(found.values))
    if which in ("pupils", "schools"):
        return count(len(found.values) if which == "pupils" else found.schools)
    parts = {"low": Fraction(1, 4), "median": Fraction(1, 2), "high": Fraction(3, 4)}
    value = found.part(parts[which]) if which in parts else found.mean if which == "mean" else found.sd
    return Said(numbers.places(value or Fraction(0), 1), Kind.WORKED)


def part(at: At, which: str) -> Said:
    """Return a share of the scores' sum of squares, or how many pupils have no area."""
    found = subject.parts(at.case, *_key(at))
    assert found is not None
    if which == "without":
        return count(found.without)
    return Said(numbers.percent(getattr(found, which)), Kind.WORKED)


def change(at: At, which: str) -> Said:
    """Return a rate's change, or an end of its interval."""
    found = subject.moved(at.case, *_key(at))
    assert found is not None
    return Said(numbers.signed(Fraction(getattr(found, which)), 2), Kind.WORKED)


def _result(at: At, item: str) -> Finding | None:
    name, grade = _key(at)
    return at.case.finding(f"quality.{item}.{name}.{grade}")


def is_tested(at: At) -> bool:
    """Whether the subject named is the one that the document is about."""
    named = at.said.get("discipline") or str(at.said["subject"]).partition(".")[0]
    return bool(named == at.said["tested"])


def verdict_is(at: At) -> bool:
    """Whether all national results of the subject come to the verdict named."""
    return bool(subject.verdict(at.case, at.said["tested"]) == at.said["verdict"])


def none_missed(at: At) -> bool:
    """Whether no grade misses what is asked."""
    return subject.verdict(at.case, at.said["tested"]) == "met"


def result_is(at: At, item: str, slot: str = "verdict") -> bool:
    """Whether the grade's level or rate has the verdict in a slot."""
    found = _result(at, item)
    return found is not None and found.value is not None and found.verdict == at.said[slot]


def no_result(at: At) -> bool:
    """Whether the grade has no level."""
    found = _result(at, "level")
    return found is not None and found.value is None


def absent_told(at: At) -> bool:
    """Whether pupils without a score are told, where there are some."""
    return bool(at.found["k"]) == bool(scores(at, "absent").value)


def interval_is(at: At) -> bool:
    """Whether what is said of the interval is what the own test's verdict rests on."""
    found = subject.own(at.case, *_key(at))
    return found is not None and any(one in at.found["how"] for one in SPOKEN[found.verdict])


def way_is(at: At) -> bool:
    """Whether a rate rose, fell, or can't be told from no change."""
    found = subject.moved(at.case, *_key(at))
    assert found is not None
    return at.found["way"] in WAYS[(found.low > 0) - (found.high < 0)]


def none_told(at: At) -> bool:
    """Whether no scores may be told."""
    return not subject.grades(at.case, at.said["tested"])


ALL: dict[str, Quantity] = {"scores": scores, "scores_part": part, "scores_change": change}
CLAIMS: dict[str, Claim] = {
    "is_tested": is_tested,
    "tested_verdict": verdict_is,
    "none_missed": none_missed,
    "result_is": result_is,
    "no_result": no_result,
    "absent_told": absent_told,
    "interval_is": interval_is,
    "way_is": way_is,
    "none_told": none_told,
}
