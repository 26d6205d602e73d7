"""Figures of a county: shares of teachers, pupils for a teacher, the monitoring's round, points; and what rows tell."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from verification.raw.tables import Row
from verification.worked.duties import duties, known, of_stages, selected
from verification.worked.finding import DECIDED
from verification.worked.stages import STAGES

if TYPE_CHECKING:
    from verification.worked.findings import Year


@dataclass(frozen=True)
class Figure:
    """A figure of a county, None where it is not known; `endless` where it is divided by nothing."""

    value: Fraction | None = None
    endless: bool = False


@dataclass(frozen=True)
class OfRows:
    """What rows come to of an item that a county reports: a figure, and what it answers; None where it answers
    nothing."""

    value: Fraction
    met: bool | None = None


def figure(y: "Year", item: dict[str, Any]) -> Figure:
    """Return the figure of an item's rule; one that is not known where the rule is none of these."""
    rule = RULES.get(str(item["rule"]))
    return rule(y, item) if rule else Figure()


def _teachers(y: "Year", item: dict[str, Any]) -> Iterator[Row | None]:
    """Yield the rows of teachers of the schools that an item looks at, None for a stage with pupils that has none."""
    schools = selected(y.county.rows("schools", y.counted), item.get("schools"))
    rows = {(row["school"], row["stage"]): row for row in y.county.rows("teachers", y.counted)}
    for school in schools:
        for stage in STAGES:
            row = rows.get((school["school"], stage))
            if row is not None or (school.get(f"pupils_{stage}") or 0) > 0:
                yield row


def _sums(y: "Year", item: dict[str, Any], columns: tuple[str, ...]) -> list[Fraction] | None:
    """Return sums of columns of the teachers, None where a stage lacks its row or a row a number."""
    rows = list(_teachers(y, item))
    if not rows or not y.county.rows("teachers", y.counted):
        return None
    held = [[None if row is None else row.get(column) for row in rows] for column in columns]
    if any(one is None for column in held for one in column):
        return None
    return [sum((one for one in column if one is not None), Fraction(0)) for column in held]


def teacher_share(y: "Year", item: dict[str, Any]) -> Figure:
    """Return the teachers with an attribute over those with another, or over all."""
    given = item["parameters"]
    sums = _sums(y, item, (given["column"], given.get("over", "teachers")))
    return Figure(sums[0] / sums[1] if sums and sums[1] else None)


def pupils_per_teacher(y: "Year", item: dict[str, Any]) -> Figure:
    """Return the pupils of the compulsory stages for each teacher of a kind."""
    sums = _sums(y, item, (item["parameters"]["column"],))
    schools = selected(y.county.rows("schools", y.counted), item.get("schools"))
    heads = [of_stages(row, "pupils", y.standard) for row in schools]
    pupils = sum((one for one in heads if one is not None), Fraction(0))
    if sums is None or None in heads or not pupils:
        return Figure()
    return Figure(pupils / sums[0]) if sums[0] else Figure(endless=True)


def monitoring_round(y: "Year", _: dict[str, Any]) -> Figure:
    """Return how much of a whole round has results: of the rounds that have ended, the fullest."""
    rule = y.standard.data.get("monitoring")
    if not rule:
        return Figure()
    start, years = rule["rounds"]["start"], rule["rounds"]["years"]
    filled = {
        (row["subject"], int(row["grade"]), year)
        for year in y.county.years("monitoring")
        for row in y.county.rows("monitoring", year)
        if row.get("taken") != "no" and (row.get("level") is not None or row.get("rate") is not None)
    }
    shares = [Fraction(0)]
    for first in range(start, y.year - years + 2, years):
        asked = [
            (name, grade, first + subject["round_year"] - 1)
            for name, subject in rule["subjects"].items()
            for grade in subject["grades"]
        ]
        shares.append(Fraction(sum(one in filled for one in asked), len(asked)))
    return Figure(max(shares))


def score(y: "Year", item: dict[str, Any]) -> Figure:
    """Return the points of a county: as it reports them, else the sum of their parts; none where both differ."""
    parts = {f"score_{number}" for number in range(1, int(item["parameters"]["parts"]) + 1)}
    held = {row["item"]: row["value"] for row in y.county.rows("government", y.year) if row["value"] is not None}
    given = [value for name, value in held.items() if name in parts]
    whole = sum(given, Fraction(0)) if len(given) == len(parts) else None
    told = held.get(next(name for name, one in y.standard.items.items() if one is item))
    if told is not None and whole is not None and told != whole:
        return Figure()
    return Figure(whole if told is None else told)


RULES: dict[str, Callable[["Year", dict[str, Any]], Figure]] = {
    "teacher_share": teacher_share,
    "pupils_per_teacher": pupils_per_teacher,
    "monitoring_round": monitoring_round,
    "score": score,
}


def by_rows(y: "Year", item: dict[str, Any]) -> OfRows | None:
    """Return what rows come to of an item that a county reports; None where they don't tell, or by another rule."""
    asked = item.get("rows")
    if not asked:
        return None
    as_computed = {**item, "rule": asked["rule"], "parameters": asked["parameters"], "schools": asked.get("schools")}
    if known(as_computed):
        return _of_schools(y, as_computed)
    if asked["rule"] == "school_counts" and set(asked["parameters"]) == {"of"}:
        value = _for_a_pupil(y, as_computed)
    else:
        value = figure(y, as_computed).value
    return None if value is None else OfRows(value)


def _of_schools(y: "Year", item: dict[str, Any]) -> OfRows | None:
    """Return the share of schools that do what is asked: where all are judged, or where one that is does not."""
    verdicts = [one.verdict for one in duties(y, item)]
    unsure = sum(one not in DECIDED for one in verdicts)
    if not verdicts or (unsure and "not_met" not in verdicts):
        return None
    return OfRows(Fraction(verdicts.count("met"), len(verdicts)), "not_met" not in verdicts)


def _for_a_pupil(y: "Year", item: dict[str, Any]) -> Fraction | None:
    """Return what schools have of some columns together for each of their pupils, where every school tells both."""
    schools = selected(y.county.rows("schools", y.counted), item.get("schools"))
    held = [row.get(column) for row in schools for column in item["parameters"]["of"]]
    pupils = [of_stages(row, "pupils", y.standard) for row in schools]
    told, heads = [one for one in held if one is not None], [one for one in pupils if one is not None]
    if len(told) < len(held) or len(heads) < len(pupils) or not sum(heads):
        return None
    return sum(told, Fraction(0)) / sum(heads, Fraction(0))
