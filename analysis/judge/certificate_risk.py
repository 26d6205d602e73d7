"""Whether a certificate is at risk: years running below the standard since it was given."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.tables import Verdict


@dataclass(frozen=True)
class Standing:
    """`years` below the standard for certain, running up to the year asked about; the verdict on the certificate."""

    years: tuple[int, ...]
    verdict: Verdict


def standing(verdicts: Mapping[int, str], certified: int, year: int, limit: int) -> Standing:
    """Return the standing in `year` of a county certified in `certified`, from its overall verdict of each year.

    not_met where `limit` years running up to `year` are below the standard; a year that is not decided ends what is
    certain, and
    leaves the verdict open (no_data) where with it the years could be `limit`. Years up to the certificate don't count.
    """

    def running(below: set[str]) -> tuple[int, ...]:
        years: list[int] = []
        for earlier in range(year, certified, -1):
            if verdicts.get(earlier, Verdict.NO_DATA.value) not in below:
                break
            years.append(earlier)
        return tuple(reversed(years))

    certain = running({Verdict.NOT_MET.value})
    possible = running({Verdict.NOT_MET.value, Verdict.NO_DATA.value, Verdict.UNDECIDABLE.value})
    if len(certain) >= limit:
        return Standing(certain, Verdict.NOT_MET)
    return Standing(certain, Verdict.NO_DATA if len(possible) >= limit else Verdict.MET)
