"""What the notebook of the early-warning sheet talks to."""

from datetime import date
from functools import cached_property
from typing import ClassVar

from analysis.tell.documents.beside import Beside
from analysis.tell.facts.calendar import Day, What, calendar_of
from analysis.tell.facts.deadlines import Due, deadlines_of
from analysis.tell.facts.outlook import Losing, losing
from analysis.tell.facts.warnings import Near, NearSchools, Running, near, near_schools, unmet_for_years
from analysis.tell.language import wording


class WarningSheet(Beside):
    """What a county is warned of in time."""

    kind: ClassVar[str] = "warning"

    @cached_property
    def near(self) -> list[Near]:
        """What of the county is near its limit."""
        return near(self.case)

    @cached_property
    def lost(self) -> list[Losing]:
        """What is met and likely to be lost as enrolment and amounts go on."""
        return losing(self.case)

    @cached_property
    def near_schools(self) -> list[NearSchools]:
        """Items in which schools are near their limit."""
        return near_schools(self.case)

    @cached_property
    def running(self) -> list[Running]:
        """What of the county is not met, and for how long."""
        return unmet_for_years(self.case)

    @property
    def long(self) -> list[Running]:
        """Those that are not met for so many years running as emphasis.yml tells of."""
        return [running for running in self.running if running.years >= self.years]

    @property
    def years(self) -> int:
        """How many years running are told of."""
        return int(wording.emphasis()["failing"])

    @cached_property
    def targets(self) -> list[Day]:
        """Targets that come into force in the twelve months to come."""
        return [day for day in calendar_of(self.case).days if day.what is What.TARGET]

    @cached_property
    def lines(self) -> list[Due]:
        """Open lines of the ledger that are due in the twelve months to come, those overdue not among them."""
        calendar = calendar_of(self.case)
        return [due for due in deadlines_of(self.case).open if due.day and calendar.since <= due.day <= calendar.until]

    @property
    def since(self) -> date:
        """The day from which is told."""
        return calendar_of(self.case).since

    @property
    def until(self) -> date:
        """The last of the twelve months."""
        return calendar_of(self.case).until

    @property
    def part(self) -> float:
        """Within which part of its limit something is near."""
        return float(wording.emphasis()["near"])
