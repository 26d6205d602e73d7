"""Groups do not touch each other, and numbers far from 0 keep their digits: by property, for every way of reading."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import DataError
from analysis.run.commands import coefficients, pupils, rates
from analysis.statistics import conditional, dispersion, plausible, variance
from analysis.statistics.arrays import Floats

WAYS: dict[str, dict[str, object]] = {
    "plain": {"scores": ("y",)},
    "weight": {"scores": ("y",), "weight": "w"},
    "covariate": {"scores": ("y",), "covariates": ("x",)},
    "both": {"scores": ("y",), "weight": "w", "covariates": ("x",)},
    "values": {"pv": ("y", "x")},
}


def county(name: str, seed: int, offset: float = 0.0, schools: int = 7) -> pl.DataFrame:
    """Return pupils of a county with a rate of about 0.2, `offset` added to every score, which up to 1e9 is exact."""
    draw = np.random.default_rng(seed)
    school = np.repeat(np.arange(schools), draw.integers(3, 40, schools))
    y = np.round(2.0**20 * (draw.normal(0, 0.5, schools)[school] + draw.normal(0, 1, len(school)))) / 2.0**20
    return pl.DataFrame(
        {
            "county": [name] * len(school),
            "school": [f"{name}{number}" for number in school],
            "y": y + offset,
            "x": np.round(2.0**20 * (y + draw.normal(0, 1, len(school)))) / 2.0**20 + offset,
            "w": draw.choice([1.0, 2.0, 5.0], len(school)),
        }
    )


def asked(folder: Path, frame: pl.DataFrame, way: str, effects: bool = False) -> dict[str, tuple[object, ...]]:
    """Return the answer of each county to `junheng icc`, and, where asked, the effects of its schools."""
    file = folder / f"{way}.parquet"
    frame.write_parquet(file)
    question = pupils.Question("school", by=("county",), **WAYS[way])  # type: ignore[arg-type]
    found = {str(row[0]): row for row in rates.icc(file, question).rows()}
    added = rates.effects(file, question).rows() if effects else []
    return found | {f"{row[0]}{row[1:3]}": row for row in added}


@pytest.mark.parametrize("way", WAYS)
@settings(deadline=None, max_examples=8)
@pytest.mark.sampled(2)
@given(
    absurd=st.floats(-1e99, 1e99, allow_subnormal=False).filter(lambda x: x == 0 or abs(x) > 1e-99),
    schools=st.integers(1, 9),
    spoilt=st.integers(1, 60),
    first=st.booleans(),
)
def test_no_group_depends_on_another_to_the_last_bit(
    way: str, absurd: float, schools: int, spoilt: int, first: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp(way)
    good = county("good", 3)
    bad = county("bad", schools, schools=schools).with_columns(
        y=pl.when(pl.int_range(pl.len()) < spoilt).then(absurd).otherwise("y")
    )
    alone = asked(folder, good, way)
    beside = asked(folder, pl.concat([bad, good] if first else [good, bad]), way)
    assert beside["good"] == alone["good"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("far", [1e9, -1e12])
def test_a_group_far_from_0_is_read_again_and_no_other_changes(way: str, far: float, tmp_path: Path) -> None:
    good, bad = county("good", 3), county("bad", 5, far)
    alone, bad_alone = asked(tmp_path, good, way), asked(tmp_path, bad, way)
    beside = asked(tmp_path, pl.concat([bad, good]), way)
    assert beside == alone | bad_alone


@pytest.mark.parametrize("way", WAYS)
def test_a_large_file_is_read_in_pieces_to_the_same_digits(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = pl.concat([county("good", 3), county("bad", 5, 1e9)])
    at_once = asked(tmp_path, frame, way)
    monkeypatch.setattr(pupils, "AT_ONCE", 0)
    for name, row in asked(tmp_path, frame, way).items():
        for one, other in zip(row, at_once[name], strict=True):
            assert one == (pytest.approx(other, rel=1e-9) if isinstance(other, float) else other)


@pytest.mark.parametrize("way", ["plain", "covariate"])
def test_no_effect_of_a_school_depends_on_another_group(way: str, tmp_path: Path) -> None:
    good, bad = county("good", 3), county("bad", 4, schools=3).with_columns(y=pl.col("y") * 1e30)
    alone = asked(tmp_path, good, way, effects=True)
    beside = asked(tmp_path, pl.concat([bad, good]), way, effects=True)
    assert len(alone) == 8
    assert {name: row for name, row in beside.items() if name in alone} == alone


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.integers(1, 12))
def test_no_group_of_statistics_depends_on_another_to_the_last_bit(seed: int, groups: int) -> None:
    draw = np.random.default_rng(seed)
    labels = np.concatenate([np.zeros(9, dtype=np.int64), draw.integers(1, groups + 1, 40)])
    n, mean = draw.integers(1, 200, 49).astype(float), draw.normal(0, 0.4, (49, 2))
    cross = draw.chisquare(n)[:, None, None] * np.array([[1.0, 0.4], [0.4, 1.0]])
    mean[9:] *= 10.0 ** draw.integers(-9, 9)
    first = labels == 0
    ss = cross[:, 0, 0]
    for together, alone in (
        (
            variance.estimate(n, mean[:, 0], ss, labels, limit=0.15),
            variance.estimate(n[first], mean[first, 0], ss[first], limit=0.15),
        ),
        (
            conditional.estimate(n, mean, cross, labels, limit=0.15),
            conditional.estimate(n[first], mean[first], cross[first], limit=0.15),
        ),
        (
            plausible.estimate(n, mean.T, np.stack([ss, ss]), labels, limit=0.15),
            plausible.estimate(n[first], mean[first].T, np.stack([ss, ss])[:, first], limit=0.15),
        ),
    ):
        for name, value in vars(alone).items():
            if name != "groups":
                assert np.array_equal(value[:1], getattr(together, name)[:1], equal_nan=value.dtype.kind == "f"), name


@pytest.mark.parametrize("way", WAYS)
def test_scores_of_1e9_keep_their_digits(way: str, tmp_path: Path) -> None:
    near = asked(tmp_path, county("far", 5), way)["far"]
    far = asked(tmp_path, county("far", 5, 1e9), way)["far"]
    for one, other in zip(near, far, strict=True):
        assert other == (pytest.approx(one, rel=1e-9) if isinstance(one, float) else one)


def test_scores_that_differ_in_their_last_digits_alone_have_no_rate(tmp_path: Path) -> None:
    # Of 1e13 + 0.3 double precision keeps 0.3 to two digits: that is no equality, and no figure either.
    for way in ("plain", "weight", "covariate"):
        assert str(asked(tmp_path, county("far", 5, 1e13), way)["far"][-1]).startswith("few_digits")
        assert str(asked(tmp_path, county("far", 5, 1e11), way)["far"][-1]) == ""
    equal = county("far", 5).with_columns(y=pl.lit(1e13 + 0.3))
    assert asked(tmp_path, equal, "plain")["far"][-1] == "no_variance"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("factor", [1e160, 1e-170])
def test_scores_that_cannot_be_squared_are_refused_with_their_row(way: str, factor: float, tmp_path: Path) -> None:
    frame = county("far", 5).with_columns(y=pl.when(pl.int_range(pl.len()) == 4).then(factor).otherwise("y"))
    if factor < 1:
        frame = frame.with_columns(y=pl.lit(factor))
    with pytest.raises(DataError) as refused:
        asked(tmp_path, frame, way)
    assert refused.value.key == "number_extreme"
    assert refused.value.values["row"] == (5 if factor > 1 else 1)


@pytest.mark.parametrize(
    ("amount", "pupils_", "column"),
    [
        ([1e300, 2.0], [1.0, 2.0], "books"),
        ([1e-300, 2e-300], [1.0, 2.0], "books"),
        ([1.0, 2.0], [1e308, 1e308], "pupils"),
    ],
)
def test_amounts_that_cannot_be_squared_are_refused(
    amount: list[float], pupils_: list[float], column: str, tmp_path: Path
) -> None:
    file = tmp_path / "schools.csv"
    pl.DataFrame({"books": amount, "pupils": pupils_}).write_csv(file)
    with pytest.raises(DataError) as refused:
        coefficients.cv(file, "books", "pupils")
    assert (refused.value.key, refused.value.values["column"]) == ("number_extreme", column)
    with pytest.raises(ValueError, match="1e-100"):
        dispersion.coefficient(amount, pupils_)


def test_leaving_out_what_outweighs_all_others() -> None:
    for x, p in (
        ([1e8, 1.0, 2, 3], [1.0, 10, 10, 10]),
        ([1e20, 1.0, 2, 3], [1.0, 10, 10, 10]),
        ([5.0, 1, 2, 3], [1e15, 10, 10, 10]),
        ([-6.0, 1, 2, 3.000001], [1.0, 10, 10, 10]),
    ):
        assert dispersion.without(x, p)[0] == pytest.approx(dispersion.coefficient(x[1:], p[1:]).cv, rel=1e-12)
    # 1, 2 and 3 for ten pupils each: mean 0.2, S = sqrt(2/3) / 10.
    assert dispersion.without([1e8, 1, 2, 3], [1, 10, 10, 10])[0] == pytest.approx(np.sqrt(2 / 3) / 2)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.floats(1e-9, 1e12), st.floats(1e-3, 1e9)), min_size=2, max_size=12))
def test_leaving_out_is_the_coefficient_of_the_others_whatever_they_are(rows: list[tuple[float, float]]) -> None:
    x, p = np.array(rows).T
    found: Floats = dispersion.without(x, p)
    for place in range(len(x)):
        others = dispersion.coefficient(np.delete(x, place), np.delete(p, place)).cv
        assert found[place] == pytest.approx(others, rel=1e-9, abs=1e-9)
