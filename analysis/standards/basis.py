"""What standards and the entries of rules are made of: frozen parts, names, labels, the sides of a target."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Frozen(BaseModel):
    """A part of a standard: unknown keys are faults, numbers are finite, and nothing changes after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False)


class Label(Frozen):
    """What readers see, in both languages."""

    zh: str
    en: str

    def text(self, lang: str) -> str:
        """Return the text in `lang` (zh or en)."""
        return self.zh if lang == "zh" else self.en


class Sense(StrEnum):
    """On which side of a target the good lies; at_least and at_most are closed, below and above are open."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BELOW = "below"
    ABOVE = "above"
