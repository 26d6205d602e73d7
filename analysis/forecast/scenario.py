"""A scenario: what enrolment becomes by stage and area, as a person writes it in a small file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis import files, yamlfile
from analysis.errors import RequestError
from analysis.tables import Stage

Array = npt.NDArray[np.float64]
#: A scenario is a page at most.
MEGABYTES = 1
AREAS = ("urban", "town", "rural")
AMOUNTS = ("as_now", "as_before")
_KEYS = {"name", "amounts", "enrolment"}
_CHANGE_KEYS = {"stage", "area", "township", "change", "by"}


@dataclass(frozen=True)
class Change:
    """Enrolment of a stage (all where None), an area and a township changes by this part up to a year (`by`; the last
    year asked for where None), by the same part each year."""

    change: float
    stage: str | None = None
    area: str | None = None
    township: str | None = None
    by: int | None = None


@dataclass(frozen=True)
class Scenario:
    """Changes of enrolment, in place of cohorts; the last that fits a school's stage holds.

    `amounts_grow`: whether amounts grow on as before; else they stay as they are.
    """

    name: str
    changes: tuple[Change, ...]
    amounts_grow: bool = False

    def enrolment(self, schools: pl.DataFrame, pupils: Array, stage: str, years: list[int]) -> Array:
        """Return pupils of a stage by year and school, from those of now."""
        result = np.repeat(pupils[None].astype(float), len(years), axis=0)
        areas, townships = schools["area"].to_list(), schools["township"].to_list()
        for place in range(len(pupils)):
            change = self._of(stage, areas[place], townships[place])
            if change is None:
                continue
            last = change.by or years[-1]
            start = years[0] - 1
            for row, year in enumerate(years):
                part = min((year - start) / max(last - start, 1), 1.0)
                result[row, place] *= (1 + change.change) ** part
        return result

    def _of(self, stage: str, area: str | None, township: str | None) -> Change | None:
        fits = (
            change
            for change in reversed(self.changes)
            if change.stage in (None, stage) and change.area in (None, area) and change.township in (None, township)
        )
        return next(fits, None)


def _part(file: str, text: Any) -> float:
    """Return a change as a part: -40%, -0.4 and +10 % are read alike; a number beyond 1 is no part."""
    said = str(text).replace("％", "%").replace("−", "-").replace(" ", "")
    try:
        value = float(said.removesuffix("%")) / (100 if said.endswith("%") else 1)
    except ValueError:
        value = float("nan")
    if not -1 < value <= 10 or (abs(value) >= 1 and not said.endswith("%")):
        raise RequestError("scenario_change", file=file, value=said[:20])
    return value


def _change(file: str, entry: Any) -> Change:
    if not isinstance(entry, dict) or not set(entry) <= _CHANGE_KEYS or "change" not in entry:
        raise RequestError("scenario_entry", file=file, keys=", ".join(sorted(_CHANGE_KEYS)))
    stage, area = entry.get("stage"), entry.get("area")
    if stage not in (None, *(stage.value for stage in Stage)):
        raise RequestError("scenario_word", file=file, entry="stage", value=str(stage)[:20], words="primary, junior")
    if area not in (None, *AREAS):
        raise RequestError("scenario_word", file=file, entry="area", value=str(area)[:20], words=", ".join(AREAS))
    by = entry.get("by")
    if by is not None and not (isinstance(by, int) and 2000 <= by <= 2100):
        raise RequestError("scenario_word", file=file, entry="by", value=str(by)[:20], words="2027")
    township = entry.get("township")
    return Change(_part(file, entry["change"]), stage, area, None if township is None else str(township), by)


def of_rows(name: str, rows: pl.DataFrame) -> Scenario:
    """Return the scenario that rows of the table `scenarios` tell (read/fields.yml), amounts as they are now."""
    columns = ("change", "stage", "area", "township")
    return Scenario(name, tuple(Change(*row) for row in rows.select(columns).iter_rows()))


def load(path: Path) -> Scenario:
    """Return the scenario of a file: `name`, `amounts` (as_now or as_before) and `enrolment`, a list of changes.

    Raises RequestError for a file that can't be read, and for keys and values that mean nothing.
    """
    name = path.name
    written = files.small(path, MEGABYTES)
    if written is None:
        raise RequestError("scenario_missing", file=path)
    content = yamlfile.parse(written, name)
    if not isinstance(content, dict) or not set(content) <= _KEYS or not isinstance(content.get("enrolment"), list):
        raise RequestError("scenario_file", file=name, keys=", ".join(sorted(_KEYS)))
    amounts = content.get("amounts", AMOUNTS[0])
    if amounts not in AMOUNTS:
        raise RequestError(
            "scenario_word", file=name, entry="amounts", value=str(amounts)[:20], words=", ".join(AMOUNTS)
        )
    changes = tuple(_change(name, entry) for entry in content["enrolment"])
    return Scenario(str(content.get("name", path.stem)), changes, amounts == AMOUNTS[1])
