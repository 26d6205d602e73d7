"""What the generator is told: stories.yml (counties), model.yml (habits of schools), fields.yml (headers)."""

import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
SCHOOL_TYPES = (
    "primary",
    "teaching_point",
    "junior",
    "nine_year",
    "twelve_year",
    "complete_secondary",
    "special",
    "vocational_junior",
)


def _load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@cache
def model() -> dict[str, Any]:
    """Return model.yml."""
    return _load(HERE / "model.yml")


@cache
def stories() -> dict[str, Any]:
    """Return stories.yml."""
    return _load(HERE / "stories.yml")


@cache
def fields() -> dict[str, Any]:
    """Return read/fields.yml: the headers that statistics print."""
    return _load(HERE.parent / "read" / "fields.yml")


@dataclass(frozen=True)
class Spec:
    """One county to be made: its code, names and everything its story says (keys of `defaults` in stories.yml)."""

    code: str
    zh: str
    en: str
    says: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.says[key]

    def then(self, year: int) -> tuple[str, str]:
        """Return the code and name that the county had in a year."""
        former = self.says["former"]
        return (former["code"], former["zh"]) if former and year <= former["until"] else (self.code, self.zh)


def spec_of(code: str) -> Spec:
    """Return the county of stories.yml with this code, its defaults filled in."""
    says = copy.deepcopy(stories()["defaults"]) | stories()["counties"][code]
    return Spec(code, says["zh"], says["en"], says)
