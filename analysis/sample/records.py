"""Clean rows of the schools table, as they are before anyone prints them: columns and units of read/fields.yml."""

import numpy as np
import polars as pl

from analysis.sample.resources import STAGES
from analysis.sample.schools import Schools
from analysis.sample.settings import fields

BY_STAGE = ("teachers", "advanced_degree_teachers", "backbone_teachers", "pe_arts_teachers", "senior_title_teachers")


def school_columns(teachers: str) -> list[str]:
    """Return the columns of a schools table, teachers by `stage` or for the whole `school`."""
    ids = list(fields()["tables"]["schools"]["columns"])
    staged = {f"{name}_{stage}" for name in BY_STAGE for stage in ("primary", "junior")}
    return [id_ for id_ in ids if not (id_ in staged if teachers == "school" else id_ in BY_STAGE)]


def school_years(schools: Schools) -> pl.DataFrame:
    """Return one row per school and year, by year; null where a column does not apply."""
    y, i = np.nonzero(schools.active.T)
    places = pl.Series(i)
    lasting: dict[str, list[str]] = {
        "school": schools.code,
        "name": schools.name,
        "school_type": schools.school_type.tolist(),
        "township": schools.township,
        "area": schools.area.tolist(),
        "run_by": schools.run_by.tolist(),
        "built": schools.built,
    }
    data: dict[str, object] = {name: pl.Series(values).gather(places) for name, values in lasting.items()}
    for stage in STAGES:
        pupils = schools.pupils(stage)[i, y].astype(np.float64)
        data[f"pupils_{stage}"] = np.where(pupils > 0, pupils, np.nan)
        if stage in schools.classes:
            data[f"classes_{stage}"] = np.where(pupils > 0, schools.classes[stage].sum(1)[i, y], np.nan)
    ids = school_columns(schools.spec["teachers"])
    data |= {key: values[i, y] for key, values in schools.amounts.items() if key in ids}
    frame = pl.DataFrame({"year": np.array(schools.years, dtype=np.int32)[y]} | data)
    for change in schools.spec["renamed"]:
        earlier = (pl.col("school") == change["school"]) & (pl.col("year") < change["year"])
        frame = frame.with_columns(pl.when(earlier).then(pl.lit(change["was"])).otherwise("name").alias("name"))
    # What no sample county prints is no column of its tables.
    return frame.select("year", *(id_ for id_ in ids if id_ in frame.columns)).with_columns(
        pl.col(pl.Float64).fill_nan(None)
    )


def schools(schools: Schools, year: int) -> pl.DataFrame:
    """Return the schools of one year, one row each."""
    return school_years(schools).filter(pl.col("year") == year).drop("year")
