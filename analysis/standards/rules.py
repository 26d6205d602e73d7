"""The rules that a computed item may name: what rules.yml says of each.

What a rule reckons stands in the module of its name in judge.rules; everyone who must know more of a rule asks here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from analysis.standards import terms
from analysis.standards.basis import Frozen, Label, Name, Sense
from analysis.tables import Stage, Verdict

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def _month(text: str) -> str:
    if not _MONTH.fullmatch(text):
        raise PydanticCustomError("month_malformed", "not a month as 2018-09")
    return text


def _known(count: str) -> str:
    if count not in terms.known("counts"):
        context = {"group": "counts", "expected": ", ".join(terms.known("counts"))}
        raise PydanticCustomError("term_unknown", "not a known id of {group}", context)
    return count


#: What a value of each type is read as; nothing is turned into another kind, but 1 and 0 are a yes and a no.
TYPES: dict[str, Any] = {
    "number": Annotated[float, Field(strict=True)],
    "count": Annotated[int, Field(strict=True)],
    "flag": bool,
    "month": Annotated[str, AfterValidator(_month)],
    "stage": Literal["primary", "junior"],
    "indicator": Name,
    "column": Name,
    "columns": Annotated[tuple[Name, ...], Field(min_length=1)],
    "counts": Annotated[tuple[Annotated[Name, AfterValidator(_known)], ...], Field(min_length=1)],
}
SCHOOLS = "schools"
#: The rule that counts the schools at the floor of one indicator: a school has that indicator's value.
AT_FLOOR = "schools_at_floor"


class Parameter(Frozen):
    """What an item may give a rule under one name, or under each that a placeholder in it stands for."""

    type: Literal["number", "count", "flag", "month", "stage", "indicator", "column", "columns", "counts"]
    above: float | None = None
    most: float | None = None
    required: Literal[True, "any"] | None = None
    needs: tuple[str, ...] = ()


class Looked(Frozen):
    """Rows of a rule's table that a field check looks at: their column, and which: near the target, or of a kind."""

    column: Name
    near: bool = False
    where: dict[Name, tuple[Name, ...]] = Field(default_factory=dict)


class Rule(Frozen):
    """The entry of one rule; rules.yml says what each key means."""

    of: Literal["schools", "county"]
    table: Name = SCHOOLS
    rests: dict[Name, tuple[Name, ...]] = Field(default_factory=dict)
    turned: Verdict | None = None
    unit: Name | None = None
    sense: Sense | None = None
    lacking: Name | None = None
    looked_at: Looked | None = None
    detail: Label | None = None
    asks: Label | None = None
    reasons: dict[Name, Label] = Field(default_factory=dict)
    parameters: dict[str, Parameter] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _told(self) -> Self:
        if (self.unit is None) != (self.sense is None):
            raise ValueError("a unit and a sense of schools go together")
        return self

    @property
    def lacking_unit(self) -> str | None:
        """The unit of what a school is short of; None where it is that of the item."""
        return self.lacking or self.unit

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the schools table that it rests on, beside enrolment."""
        return self.rests.get(SCHOOLS, ())


@cache
def every() -> dict[str, Rule]:
    """Return the rules by their ids, in the order of rules.yml."""
    return {name: Rule.model_validate(entry) for name, entry in terms.rules().items()}


def names() -> list[str]:
    """Return the ids of the rules."""
    return list(every())


def of(name: str | None) -> Rule | None:
    """Return the entry of a rule; None for None, what is not computed."""
    return every()[name] if name is not None else None


def counting(items: Mapping[str, Any], table: str) -> set[str]:
    """Return those of `items` (id -> standards.items.Item) whose rule counts rows of a table, school by school."""
    ruled = {name: of(item.rule) for name, item in items.items()}
    return {name for name, rule in ruled.items() if rule and rule.of == SCHOOLS and rule.table == table}


def _fillings(name: str) -> list[dict[str, str]]:
    """Return what the placeholder of a name stands for, one by one; of a plain name nothing, once."""
    groups: dict[str, Iterable[str]] = {"stage": list(Stage), "school_type": terms.known("school_types")}
    for group, known in groups.items():
        if f"{{{group}}}" in name:
            return [{group: str(filling)} for filling in known]
    return [{}]


@cache
def parameters(rule: str) -> dict[str, Parameter]:
    """Return every parameter that an item may give a rule, placeholders filled in."""
    return {
        name.format(**filling): parameter.model_copy(
            update={"needs": tuple(need.format(**filling) for need in parameter.needs)}
        )
        for name, parameter in every()[rule].parameters.items()
        for filling in _fillings(name)
    }


def counts_in(rule: str, given: Mapping[str, Any]) -> list[str]:
    """Return the counts of the county's sheet that parameters given to a rule name."""
    return [count for name in given if parameters(rule)[name].type == "counts" for count in given[name] or ()]


@cache
def _model(rule: str) -> type[BaseModel]:
    """Return the model of a rule's parameters, every one of which may be left out."""
    fields: dict[str, Any] = {}
    for name, parameter in parameters(rule).items():
        bounds = Field(gt=parameter.above, le=parameter.most) if parameter.type in ("number", "count") else Field()
        fields[name] = (Annotated[TYPES[parameter.type], bounds], Field(default=None))
    return create_model(rule, __config__=ConfigDict(extra="forbid", allow_inf_nan=False), **fields)


def checked(rule: str | None, content: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters that an item gives its rule, each as its type has it; without a rule there are none.

    Raises ValidationError that names every one that is unknown, lacking, of another type or out of bounds.
    """
    if rule is None:
        _refuse("item", [_error("extra_forbidden", name, value) for name, value in content.items()])
        return content
    read, faults = content, []
    try:
        read = _model(rule).model_validate(content).model_dump(include=set(content))
    except ValidationError as error:
        faults = [
            InitErrorDetails(
                type=_told(fault["type"], fault["msg"], fault.get("ctx")), loc=fault["loc"], input=fault["input"]
            )
            for fault in error.errors()
        ]
    _refuse(rule, [*faults, *_lacking(rule, content)])
    return read


def _lacking(rule: str, content: dict[str, Any]) -> Iterator[InitErrorDetails]:
    """Yield what a rule can't do without."""
    known = parameters(rule)
    for name, parameter in every()[rule].parameters.items():
        choice = [name.format(**filling) for filling in _fillings(name)]
        if parameter.required and not set(choice) & set(content):
            yield _error(_missing(f"{rule} needs {'one of' if len(choice) > 1 else ''}", choice))
    for name, value in content.items():
        lacking = [need for need in known[name].needs if need not in content] if name in known else []
        if lacking:
            yield _error(_missing(f"{name} needs", lacking), name, value)


def _missing(text: str, names: list[str]) -> PydanticCustomError:
    expected = ", ".join(names)
    return _told("parameters_missing", f"{' '.join(text.split())} {expected}", {"expected": expected})


def _told(kind: Any, text: str, context: dict[str, Any] | None = None) -> PydanticCustomError:
    return PydanticCustomError(kind, "{text}", {**(context or {}), "text": text})


def _error(kind: str | PydanticCustomError, name: str = "", value: Any = None) -> InitErrorDetails:
    return InitErrorDetails(type=kind, loc=(name,) if name else (), input={} if value is None else value)


def _refuse(title: str, errors: list[InitErrorDetails]) -> None:
    if errors:
        raise ValidationError.from_exception_data(title, errors)
