"""Recognition (社会认可度): shares satisfied with Wilson's interval."""

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from scipy.special import ndtri

from verification.raw.tables import Row

Z = float(ndtri(0.975))


@dataclass(frozen=True)
class Share:
    """How many were asked, how many are satisfied, and the ends of the 95 % interval of the share."""

    asked: int
    satisfied: int

    @property
    def value(self) -> Fraction:
        """Return the share satisfied."""
        return Fraction(self.satisfied, self.asked)

    @property
    def ends(self) -> tuple[float, float]:
        """Return the ends of Wilson's interval."""
        n, p = self.asked, self.satisfied / self.asked
        middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z / (1 + Z * Z / n) * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        return middle - half, middle + half


def shares(rows: list[Row], groups: list[str]) -> dict[str, Share]:
    """Return the share of each group that the framework asks and that answered, and "" for all together."""
    found = {
        row["group"]: Share(int(row["asked"]), int(row["satisfied"]))
        for row in rows
        if row["group"] in groups and row["asked"] and row["satisfied"] is not None
    }
    if found:
        every = found.values()
        found[""] = Share(sum(one.asked for one in every), sum(one.satisfied for one in every))
    return found
