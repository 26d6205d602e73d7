"""What a standard asks of the national monitoring and of social recognition."""

from typing import Annotated, Literal

from pydantic import Field

from analysis.standards.basis import Frozen, Name
from analysis.standards.items import Target
from analysis.standards.known_ids import Group

#: A number of forms.
Count = Annotated[int, Field(gt=0)]


class SubjectRule(Frozen):
    """When a subject is monitored, in which grades it is tested, and whether its result is judged."""

    round_year: int = Field(ge=1)
    grades: tuple[int, ...]
    concerned: bool


class Rounds(Frozen):
    """The cycle of the national monitoring: its first year and the years of one round."""

    start: int
    years: int = Field(ge=1)


class SharesRule(Frozen):
    """A county's level is the highest that at least `share` of its pupils reach."""

    share: float = Field(gt=0, le=1)


class OwnTests(Frozen):
    """When a county's own test decides: with the confidence `level`; not where more than the part `crowded` of its
    pupils are on one end of the scores."""

    crowded: float = Field(gt=0, le=1)
    level: float = Field(gt=0.5, lt=1)


class Monitoring(Frozen):
    """What is asked of the national monitoring."""

    window_years: int = Field(ge=1)
    rounds: Rounds
    subjects: dict[Name, SubjectRule]
    assumed: bool
    level: Target
    rate: Target
    level_from_shares: SharesRule | None
    own_tests: OwnTests


class Sample(Frozen):
    """The fewest valid forms that decide: of all together (`least`), of groups, and the least part that a group is."""

    least: Count | None = None
    groups: dict[Group, Count] = Field(default_factory=dict)
    parts: dict[Group, Annotated[float, Field(gt=0, le=1)]] = Field(default_factory=dict)
    article: str = ""
    assumed: bool = False


class Recognition(Frozen):
    """Who is asked, how groups are weighted, and the share that must be satisfied (none: for reference only).

    `sample`: the fewest forms that decide; none where the text sets no number.
    """

    groups: tuple[Group, ...]
    weighting: Literal["pooled", "equal"]
    target: Target | None
    sample: Sample | None = None
