"""What a county's notebook talks to: one county and year, and the chapters, tables and figures that tell of it."""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from analysis.kinds import kind
from analysis.tell.case.case import Case
from analysis.tell.case.setting import Setting
from analysis.tell.documents import frames, names
from analysis.tell.documents.document import Document
from analysis.tell.facts.plan_targets import planned
from analysis.tell.parts.figures.build import drawn
from analysis.tell.parts.picture import Picture
from analysis.tell.speech.filters import Voice, marked

if TYPE_CHECKING:
    import pandas as pd
    from _typeshed import DataclassInstance


@dataclass(frozen=True, eq=False, kw_only=True)
class Report(Case, Document):
    """The report of a county: its case, with the chapters, tables and figures that tell it."""

    kind: ClassVar[str] = "county"

    @property
    def setting(self) -> Setting:
        """The county's own."""
        return self

    @property
    def naming(self) -> dict[str, Any]:
        """Nothing: the titles of a county name it by its setting."""
        return {}

    def voice(self, name: str) -> Voice:
        """Return who speaks in a chapter: of the plan, whoever knows its own standard."""
        plan = planned(self) if name == "plan" else None
        return marked(plan.case if plan else self)

    def facts(self, name: str) -> "DataclassInstance":
        """Return the facts of a chapter: the record of tell.parts.chapters.<name>."""
        facts: DataclassInstance = import_module(f"{kind(self.kind).package}.chapters.{name}").facts(self)
        return facts

    def figure(self, name: str) -> Picture | None:
        """Return a figure of tell.parts.figures.<name>; None where the county's data give it nothing to show."""
        names.check(self.kind, "figure", name)
        return drawn(self, name, import_module(f"{kind(self.kind).package}.figures.{name}"))

    def offers(self) -> dict[str, tuple[str, ...]]:
        """Return what can be asked of it: the names of its chapters, tables, figures and frames."""
        return super().offers() | {"frame": tuple(frames.known(self))}

    def frame(self, name: str) -> "pd.DataFrame":
        """Return a frame of pandas of what the report rests on: a clean table (`schools`, ...), `findings` and such.

        Raises RequestError for a name that tell.documents.frames does not know, or that is not for the public.
        """
        return frames.frame(self, name)
