"""Clean rows of the tables, as they are before anyone prints them: columns and units of read/fields.yml."""

import numpy as np
import polars as pl

from analysis.sample.schools import STAGES, Schools
from analysis.sample.settings import fields

BY_STAGE = ("teachers", "advanced_degree_teachers", "backbone_teachers", "pe_arts_teachers", "senior_title_teachers")


def school_columns(teachers: str) -> list[str]:
    """Return the columns of a schools table, teachers by `stage` or for the whole `school`."""
    ids = list(fields()["tables"]["schools"]["columns"])
    staged = {f"{name}_{stage}" for name in BY_STAGE for stage in ("primary", "junior")}
    return [id_ for id_ in ids if not (id_ in staged if teachers == "school" else id_ in BY_STAGE)]


def schools(made: Schools, year: int) -> pl.DataFrame:
    """Return the schools of one year, one row each, null where a column does not apply."""
    y = made.years.index(year)
    here = np.flatnonzero(made.active[:, y])

    def pick(values: list[str]) -> list[str]:
        return [values[i] for i in here]

    data: dict[str, object] = {
        "school": pick(made.code),
        "name": pick(made.name),
        "school_type": made.school_type[here].tolist(),
        "township": pick(made.township),
        "area": made.area[here].tolist(),
        "run_by": made.run_by[here].tolist(),
        "built": pick(made.built),
    }
    for stage in STAGES:
        pupils = made.pupils(stage)[here, y].astype(np.float64)
        data[f"pupils_{stage}"] = np.where(pupils > 0, pupils, np.nan)
        if stage in made.classes:
            data[f"classes_{stage}"] = np.where(pupils > 0, made.classes[stage].sum(1)[here, y], np.nan)
    frame = pl.DataFrame(data | {key: values[here, y] for key, values in made.amounts.items()})
    ids = school_columns(made.spec["teachers"])
    return frame.select(ids).with_columns(pl.col(pl.Float64).fill_nan(None))
