"""Schools by stage: what is reported for the whole school is split, and each is in scope or out of it."""

from dataclasses import dataclass
from fractions import Fraction

from verification.raw.county import County
from verification.raw.tables import Row
from verification.rules import Standard, fraction

STAGES = ("primary", "junior")
LEVELS = ("primary", "junior", "senior")


@dataclass(frozen=True)
class Place:
    """One school in one stage; `amounts` by indicator, `out` why it is not counted ("" where it is).

    `lost` are the indicators whose amount hangs on a value that is set aside.
    """

    school: str
    name: str
    kind: str
    township: str
    settlement: str
    run_by: str
    stage: str
    pupils: Fraction | None
    classes: Fraction | None
    amounts: dict[str, Fraction | None]
    out: str
    row: Row
    lost: frozenset[str] = frozenset()

    def per_pupil(self, indicator: str, standard: Standard) -> Fraction | None:
        """Return the value of an indicator, per pupil or per so many."""
        amount = self.amounts[indicator]
        if amount is None or not self.pupils:
            return None
        return amount / self.pupils * fraction(standard.indicators[indicator]["per"])


def _weights(row: Row, standard: Standard) -> dict[str, Fraction]:
    levels = standard.data["school_types"].get(row["school_type"], {})
    return {level: fraction(weight) for level, weight in levels.items()}


def _split(row: Row, amount: str, by_stage: bool, stage: str, weights: dict[str, Fraction]) -> Fraction | None:
    """Return a stage's part of an amount: its own where the school reports it, else by weighted pupils."""
    own = {level: row.get(f"{amount}_{level}") for level in STAGES if by_stage and level in weights}
    if own.get(stage) is not None:
        return own[stage]
    whole = row.get(amount)
    if whole is None:
        return None
    rest = whole - sum((given for given in own.values() if given is not None), Fraction(0))
    left = [level for level in weights if own.get(level) is None]
    if rest < 0:
        return None
    if left == [stage]:
        return Fraction(rest)
    pupils = {level: one for level in left if (one := row.get(f"pupils_{level}")) is not None}
    if len(pupils) < len(left):
        return None
    total = sum((weights[level] * pupils[level] for level in left), Fraction(0))
    return Fraction(rest * weights[stage] * pupils[stage] / total) if total else None


def _is_lost(row: Row, amount: str, by_stage: bool, stage: str, weights: dict[str, Fraction]) -> bool:
    """Whether a stage's part of an amount hangs on a value that is set aside; what it reports of its own does not."""
    lost = row.get("lost", ())
    if not by_stage:
        return amount in lost
    if f"{amount}_{stage}" in lost:
        return True
    others = [f"{amount}_{level}" for level in STAGES if level != stage and level in weights]
    return row.get(f"{amount}_{stage}") is None and any(name in lost for name in (amount, *others))


def _out(row: Row, pupils: Fraction | None, standard: Standard) -> str:
    for rule in standard.data["scope"]:
        if "school_type" in rule and row["school_type"] not in rule["school_type"]:
            continue
        if "run_by" in rule and row["run_by"] not in rule["run_by"]:
            continue
        if "area" in rule and row["settlement"] not in rule["area"]:
            continue
        if "pupils_below" in rule and not (pupils is not None and pupils < rule["pupils_below"]):
            continue
        return str(rule["reason"])
    return "no_pupils" if pupils == 0 else ""


def places(county: County, standard: Standard, year: int) -> list[Place]:
    """Return every school of a year in each stage that its kind has, primary first."""
    return placed(county.rows("schools", year), standard)


def placed(rows: list[Row], standard: Standard) -> list[Place]:
    """Return the schools of rows in each stage that their kind has, primary first."""
    found = []
    for stage in STAGES:
        for row in rows:
            weights = _weights(row, standard)
            if stage not in weights:
                continue
            pupils = row.get(f"pupils_{stage}")
            indicators = standard.indicators.items()
            lost = frozenset(
                name for name, one in indicators if _is_lost(row, one["amount"], one["by_stage"], stage, weights)
            )
            amounts = {
                name: None if name in lost else _split(row, one["amount"], one["by_stage"], stage, weights)
                for name, one in indicators
            }
            found.append(
                Place(
                    row["school"],
                    row["name"],
                    row["school_type"],
                    row["township"],
                    row["settlement"],
                    row["run_by"],
                    stage,
                    pupils,
                    row.get(f"classes_{stage}"),
                    amounts,
                    _out(row, pupils, standard),
                    row,
                    lost,
                )
            )
    return found
