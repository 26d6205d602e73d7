"""One county as `junheng check` found it."""

from dataclasses import dataclass
from functools import cached_property

from analysis.clean import Records
from analysis.errors import DataError
from analysis.sources import County
from analysis.tell.documents.check import causes, notices, refuted
from analysis.tell.documents.check.causes import Cause
from analysis.tell.documents.check.notices import Notice


@dataclass(frozen=True, eq=False)
class Checked:
    """One county, read: its clean tables and accounts, the faults of files that can't be read, and its plan where one
    is named."""

    county: County
    records: Records
    faults: tuple[DataError, ...]
    plan: str = ""

    @cached_property
    def notices(self) -> list[Notice]:
        """Return its notices as readers are told them."""
        return notices.of_records(self.records)

    @cached_property
    def causes(self) -> list[Cause]:
        """Return what needs to be done, heaviest first."""
        of_notices = causes.causes(self.notices, self.records, self.faults)
        return causes.in_order([*of_notices, *refuted.causes(self.records, self.plan)])

    @property
    def failed(self) -> bool:
        """Tell whether errors stand: a row or a value is set aside, or a file can't be read."""
        aside = not self.records.quarantine.is_empty() or any(
            notice.severity in notices.ASIDE for notice in self.notices
        )
        return bool(self.faults) or aside
