"""One subject of a county's own tests: how scores of a grade lie, and where the sum of their squares does."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor

from verification.numbers import root
from verification.raw.tables import Row
from verification.worked.case import Case
from verification.worked.effects import Effect, change, effects
from verification.worked.finding import Finding, joined

AREAS = ("urban", "town", "rural")
#: The public is told nothing of fewer schools, or of fewer pupils.
SCHOOLS, PUPILS = 3, 10


@dataclass(frozen=True)
class Scores:
    """Scores of a group of pupils, ascending, and of how many schools."""

    values: tuple[Fraction, ...]
    schools: int

    @property
    def mean(self) -> Fraction:
        """Return their mean."""
        return _mean(list(self.values))

    @property
    def sd(self) -> Fraction | None:
        """Return their standard deviation, by one pupil fewer; None of a single one."""
        if len(self.values) < 2:
            return None
        return root(_squares(list(self.values), self.mean) / (len(self.values) - 1))

    def part(self, share: Fraction) -> Fraction:
        """Return the score below which a share of them lies, between two scores in proportion."""
        place = share * (len(self.values) - 1)
        low = floor(place)
        high = min(low + 1, len(self.values) - 1)
        return self.values[low] + (place - low) * (self.values[high] - self.values[low])

    @property
    def few(self) -> bool:
        """Whether they are of too few schools or pupils for the public."""
        return self.schools < SCHOOLS or len(self.values) < PUPILS


@dataclass(frozen=True)
class Parts:
    """Shares of the sum of squares: between areas, between schools of one, within schools; pupils of no area."""

    areas: Fraction
    schools: Fraction
    pupils: Fraction
    without: int


@dataclass(frozen=True)
class Moved:
    """A rate's change since the last year before that tested it, with its interval."""

    before: int
    difference: float
    low: float
    high: float


def rows(case: Case, subject: str, grade: int) -> list[Row]:
    """Return the pupils of a test in the report's year, those without a score among them."""
    held = case.county.rows("scores", case.year)
    return [row for row in held if row["subject"] == subject and int(row["grade"]) == grade]


def scores(given: list[Row]) -> Scores | None:
    """Return the scores of pupils; None where nobody has one."""
    known = [row for row in given if row["score"] is not None]
    if not known:
        return None
    return Scores(tuple(sorted(row["score"] for row in known)), len({row["school"] for row in known}))


def _areas(case: Case) -> dict[str, str]:
    schools = case.county.rows("schools", case.year)
    return {row["school"]: row["settlement"] for row in schools if row.get("settlement") in AREAS}


def by_area(case: Case, subject: str, grade: int) -> dict[str, Scores]:
    """Return the scores of each kind of area."""
    of, every = _areas(case), rows(case, subject, grade)
    found = {area: scores([row for row in every if of.get(row["school"]) == area]) for area in AREAS}
    return {area: one for area, one in found.items() if one is not None}


def parts(case: Case, subject: str, grade: int) -> Parts | None:
    """Return where the sum of squares lies; None where it is nothing, or there are not two areas."""
    of = _areas(case)
    scored = [row for row in rows(case, subject, grade) if row["score"] is not None]
    known = [row for row in scored if row["school"] in of]
    if len({of[row["school"]] for row in known}) < 2:
        return None
    groups: dict[tuple[str, str], list[Fraction]] = {}
    for row in known:
        groups.setdefault((of[row["school"]], row["school"]), []).append(row["score"])
    whole = _mean([row["score"] for row in known])
    within = sum((_squares(one, _mean(one)) for one in groups.values()), Fraction(0))
    between = Fraction(0)
    for area in {area for area, _ in groups}:
        mine = [one for (where, _), held in groups.items() if where == area for one in held]
        between += len(mine) * (_mean(mine) - whole) ** 2
    total = _squares([row["score"] for row in known], whole)
    if not total:
        return None
    rest = total - between - within
    return Parts(between / total, rest / total, within / total, len(scored) - len(known))


def _mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _squares(values: list[Fraction], middle: Fraction) -> Fraction:
    return sum(((one - middle) ** 2 for one in values), Fraction(0))


def own(case: Case, subject: str, grade: int, year: int | None = None) -> Finding | None:
    """Return the finding on the rate of an own test; None where the test gave none."""
    found = case.finding(f"quality.rate_own.{subject}.{grade}", year)
    return found if found is not None and found.value is not None else None


def moved(case: Case, subject: str, grade: int) -> Moved | None:
    """Return how the rate moved since the last year before that has one."""
    now = own(case, subject, grade)
    years = [year for year in case.years[:-1] if own(case, subject, grade, year)]
    if now is None or not years:
        return None
    then = own(case, subject, grade, years[-1])
    assert then is not None
    ends, past = ((float(one.told["low"]), float(one.told["high"])) for one in (now, then))
    low, high = change(then.told["rate"], now.told["rate"], ends, past)
    return Moved(years[-1], now.told["rate"].rate - then.told["rate"].rate, low, high)


def of_schools(case: Case, subject: str, grade: int) -> list[Effect]:
    """Return the effects of the schools of a test."""
    found = own(case, subject, grade)
    return effects(found.told["rate"]) if found is not None else []


def grades(case: Case, subject: str) -> list[int]:
    """Return the grades of which scores are told: to the public not those of few schools or pupils."""
    tested = {int(row["grade"]) for row in case.county.rows("scores", case.year) if row["subject"] == subject}
    found = {grade: scores(rows(case, subject, grade)) for grade in sorted(tested)}
    return [grade for grade, one in found.items() if one is not None and not (case.public and one.few)]


def parted(case: Case, subject: str) -> list[int]:
    """Return the grades whose areas are told: to the public not where one of them has few schools or pupils."""
    return [
        grade
        for grade in grades(case, subject)
        if not case.public or not any(one.few for one in by_area(case, subject, grade).values())
    ]


def verdict(case: Case, subject: str) -> str | None:
    """Return what all national results of a subject come to; None where none is judged."""
    found = [one for one in case.now.findings.values() if one.subject == subject and one.item in ("level", "rate")]
    return joined(one.verdict for one in found) if found else None
