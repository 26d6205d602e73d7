"""Ids in a standard's file: each must be one that readers have words for."""

from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from analysis.standards import terms
from analysis.standards.basis import Name


def known(group: str) -> AfterValidator:
    """Return a check that an id is one that readers have words for."""

    def check(name: str) -> str:
        if name not in terms.known(group):
            raise PydanticCustomError(
                "term_unknown", "not a known id of {group}", {"group": group, "expected": ", ".join(terms.known(group))}
            )
        return name

    return AfterValidator(check)


Unit = Annotated[Name, known("units")]
SchoolType = Annotated[Name, known("school_types")]
RunBy = Annotated[Name, known("run_by")]
Area = Annotated[Name, known("areas")]
Group = Annotated[Name, known("groups")]
