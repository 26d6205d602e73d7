"""Documents of an office that tell a county's case in another form: deadlines, warnings, a notice, forms."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from analysis.tell.case.case import Case
from analysis.tell.documents.document import Document
from analysis.tell.documents.opening import open_report
from analysis.tell.findings import Finding
from analysis.tell.language import wording
from analysis.tell.parts.tables.plan import scope
from analysis.tell.speech.filters import Voice, marked


@dataclass(frozen=True)
class Facts:
    """What the texts know: the document itself."""

    told: "Beside"


@dataclass(frozen=True, eq=False)
class Beside(Document):
    """A document beside a county's report, which its texts know as `told`."""

    case: Case

    @classmethod
    def open(cls, county: str, year: int | None = None, **options: Any) -> Self:
        """Return the document of a county and year; `options` are those of tell.open_report, and it raises the same."""
        folders = {name: Path(options[name]) if options.get(name) else None for name in ("data", "processed")}
        return cls(open_report(county, year, **(options | folders)))

    def voice(self, name: str) -> Voice:
        """Return who speaks: the county's case."""
        return marked(self.case)

    def facts(self, name: str) -> Facts:
        """Return what the texts know."""
        return Facts(self)

    def blank(self, name: str) -> str:
        """Return the named blank of something that no data tell."""
        return self.case.here(wording.blank(name, self.case.lang))

    def called(self, finding: Finding) -> str:
        """Return what an item is called with its stage, or its grade and subject: 初中校际差异系数."""
        case, said = self.case, self.case.label(finding.item, short=True)
        if not (finding.stage or finding.subject):
            return said
        where = scope(case, finding)
        return f"{where}{said}" if case.lang == "zh" else f"{said}, {where}"
