"""What the notebook of the review talks to."""

from dataclasses import dataclass
from typing import Any, ClassVar

from analysis.tell.case.setting import Setting
from analysis.tell.documents.region.region import RegionReport
from analysis.tell.documents.template import Templated
from analysis.tell.language import wording
from analysis.tell.speech.filters import Voice, marked


@dataclass(frozen=True)
class Facts:
    """What the texts know: the form, its region, and what the standard certifies."""

    told: "ReviewForm"
    region: RegionReport
    aim: str


@dataclass(frozen=True, eq=False, kw_only=True)
class ReviewForm(Templated):
    """The form of a region: nothing but its counties' own findings, and named blanks for the review."""

    kind: ClassVar[str] = "review"

    region: RegionReport

    @property
    def setting(self) -> Setting:
        """That of its region."""
        return self.region.setting

    @property
    def naming(self) -> dict[str, Any]:
        """What its titles know of it."""
        return self.region.naming

    def voice(self, name: str) -> Voice:
        """Return who speaks: the region's setting."""
        return marked(self.region.base)

    def facts(self, name: str) -> Facts:
        """Return what the texts know."""
        return Facts(self, self.region, wording.aim(self.region.base.standard, self.region.lang))

    def blank(self, name: str) -> str:
        """Return the named blank of something that no data tell."""
        return wording.blank(name, self.region.lang)
