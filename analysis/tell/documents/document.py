"""What is alike in all kinds of documents: how chapters, tables and figures are found by their names."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar

from analysis import kinds
from analysis.tell.case.setting import Setting
from analysis.tell.documents import names as parts
from analysis.tell.facts.titles import titles
from analysis.tell.parts.front import Front
from analysis.tell.parts.narrative import Narrative
from analysis.tell.parts.picture import Picture
from analysis.tell.parts.table import Table
from analysis.tell.speech.filters import Voice
from analysis.tell.speech.worded import worded

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class Document(ABC):
    """What the notebook of a kind talks to.

    The entry of its `kind` (analysis.kinds) says where tables and figures are: a table is the function of its name in
    the module `tables`, or the function `table` of the module `tables.<name>`; figures likewise. A chapter is the
    template `<texts><name>.md.j2` of the language's folder.
    """

    kind: ClassVar[str]
    case: Setting

    @property
    def setting(self) -> Setting:
        """Of what, to whom and in which language it speaks: as the report that it rests on, unless a kind says so."""
        return self.case

    @property
    def naming(self) -> dict[str, Any]:
        """What its titles know beside the setting: its `name`, by default the county's, and more by its kind."""
        return {"name": self.setting.name}

    def offers(self) -> dict[str, tuple[str, ...]]:
        """Return what can be asked of it: the names of its chapters, tables and figures."""
        return parts.names(self.kind)

    def front(self) -> Front:
        """Return its head: whose it is, and what each page says."""
        brief = self.setting.brief or kinds.kind(self.kind).brief
        return Front(titles(self.setting, self.kind, **self.naming), self.setting, brief)

    @abstractmethod
    def voice(self, name: str) -> Voice:
        """Return who speaks in a chapter."""

    @abstractmethod
    def facts(self, name: str) -> "DataclassInstance":
        """Return a frozen record of what a chapter's template knows; ModuleNotFoundError for an unknown chapter."""

    def chapter(self, name: str) -> Narrative:
        """Return a chapter from reports/templates/<lang>/<texts><name>.md.j2."""
        parts.check(self.kind, "chapter", name)
        template = f"{kinds.kind(self.kind).texts}{name}.md.j2"
        return Narrative(name, worded(self.voice(name), template, self.facts(name)) + "\n")

    def table(self, name: str) -> Table | None:
        """Return a table of the kind; None where the data give it no row."""
        parts.check(self.kind, "table", name)
        table: Table | None = maker(f"{kinds.kind(self.kind).package}.tables", name, "table")(self)
        return table

    def figure(self, name: str) -> Picture | None:
        """Return a figure of the kind; None where the data give it nothing to show."""
        parts.check(self.kind, "figure", name)
        picture: Picture | None = maker(f"{kinds.kind(self.kind).package}.figures", name, "figure")(self)
        return picture


def maker(place: str, name: str, function: str) -> Callable[..., Any]:
    """Return `function` of the module <place>.<name>, or where `place` is no package, its own function `name`.

    Raises ModuleNotFoundError or AttributeError where there is none.
    """
    spec = find_spec(place)
    if spec is not None and spec.submodule_search_locations:
        function_found: Callable[..., Any] = getattr(import_module(f"{place}.{name}"), function)
    else:
        function_found = getattr(import_module(place), name)
    return function_found
