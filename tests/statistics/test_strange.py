"""Tables as strangers bring them: each group against sums of fractions, or one of the notes that there are."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.errors import DataError
from analysis.run.commands import pupils, rates
from tests.statistics.test_digits import Exact

#: Names of groups and schools that are alike to a careless reader, and none at all.
NAMES = st.sampled_from(["a", "A", "01", "1", "校", "", None])
NUMBERS = st.floats(-1e3, 1e3).map(lambda y: round(y, 3))
SCORES = st.none() | st.just(float("nan")) | st.integers(-3, 3).map(float) | NUMBERS
WEIGHTS = st.none() | st.just(0.0) | st.floats(0.01, 50).map(lambda w: round(w, 2))
Row = tuple[str | None, str | None, float | None, float | None]
ROWS = st.lists(st.tuples(NAMES, NAMES, SCORES, WEIGHTS), min_size=1, max_size=60)
NONE = {"one_school", "single_pupils", "no_variance", "no_pupils", "group_missing", "few_digits"}


def told(rows: list[Row], weight: bool, folder: Path) -> None:
    """Ask for the rate of each group and hold it against what its rows say."""
    text, number = pl.String, pl.Float64
    frame = pl.DataFrame(rows, schema={"by": text, "school": text, "y": number, "w": number}, orient="row")
    file = folder / "strange.parquet"
    frame.write_parquet(file)
    question = pupils.Question("school", ("y",), ("by",), weight="w" if weight else None, pivot="wald")
    frame = frame.with_columns(pl.col("by", "school").replace("", None), pl.col("y").fill_nan(None))
    scored = frame.filter(pl.col("y").is_not_null())
    if all(each["school"].null_count() > each["school"].count() for each in (frame, scored)):
        with pytest.raises(DataError, match="strange") as fault:
            rates.icc(file, question)
        assert fault.value.key == "school_mostly_blank"
        return
    if any(named_in_first_rows(frame[name].to_list()) for name in ("by", "school")):
        with pytest.raises(DataError, match="strange") as fault:
            rates.icc(file, question)
        assert fault.value.key == "first_rows_alone"
        return
    found = rates.icc(file, question)
    assert found["by"].to_list() == frame["by"].unique(maintain_order=True).to_list()
    for row in found.iter_rows(named=True):
        mine = frame.filter(pl.col("by").eq_missing(row["by"]))
        notes = set(row["note"].split(";")) - {""}
        assert ("scores_missing" in notes) == mine["y"].has_nulls()
        assert ("school_missing" in notes) == mine["school"].has_nulls()
        assert ("group_missing" in notes) == (row["by"] is None)
        if weight:
            assert ("weights_zero" in notes) == bool((mine["w"] == 0).any())
        used = mine.filter(pl.col("y").is_not_null(), pl.col("school").is_not_null(), (pl.col("w") > 0) | (not weight))
        assert row["pupils"] == used.height
        assert row["schools"] == used["school"].n_unique()
        if notes & NONE:
            assert row["icc"] is None
            assert row["by"] is None or less_than_a_rate(used)
            continue
        assert not less_than_a_rate(used)
        if "constant_schools" in notes:
            assert row["icc"] == 1
            assert used.group_by("school").agg(pl.col("y").n_unique())["y"].to_list() == [1] * row["schools"]
            continue
        exact = Exact(used, ["y"], weight)
        theta = exact.theta()
        apart = float(exact.n @ exact.mean[:, 0] ** 2)
        assert row["eta2"] == pytest.approx(apart / (apart + exact.within[0, 0]), rel=1e-8, abs=1e-12)
        assert minus_twice(exact, row["icc"]) <= minus_twice(exact, theta / (1 + theta)) + 1e-7
        assert 0 <= row["ci_low"] <= row["icc"] <= row["ci_high"] <= 1


def named_in_first_rows(names: list[str | None]) -> bool:
    """Return whether most names stand once, above two or more rows in all without one, and then comes another."""
    alone = 0
    for place, name in enumerate(names[:-1]):
        rest = names[place + 1 :]
        if name is not None and rest[0] is None and (not place or names[place - 1] != name):
            alone += next((other for other in rest if other is not None), None) != name
    return names.count(None) > 1 and 2 * alone > len(names) - names.count(None)


def less_than_a_rate(used: pl.DataFrame) -> bool:
    """Return whether pupils give no rate: fewer than two schools, no school of two pupils, or scores all alike."""
    sizes = [number for (number,) in used.group_by("school").len().select("len").iter_rows()]
    return len(sizes) < 2 or max(sizes) < 2 or used["y"].n_unique() < 2


def minus_twice(exact: Exact, rate: float) -> float:
    """Return minus twice the restricted log-likelihood at a rate, less a constant."""
    theta = rate / (1 - rate)
    rest, logs = exact.left(theta)
    value = (exact.n.sum() - 1) * np.log(rest.real) + np.log1p(exact.n * theta).sum() + logs.real
    return float(value)


@pytest.mark.parametrize("weight", [False, True])
@settings(deadline=None, max_examples=60)
@given(rows=ROWS)
@example(rows=[("a", "a", 8.0, 1.0), ("a", "1", 0.0, 1.0), ("a", "1", 1.0, 1.0)])  # nearly all lies between schools
@pytest.mark.sampled(1)
def test_each_group_is_what_its_pupils_say(
    weight: bool,
    rows: list[Row],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    told(rows, weight, tmp_path_factory.mktemp("strange"))
