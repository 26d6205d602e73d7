"""Series that drift together and apart: what is put in is found again, and draws spread as widely as it says."""

import numpy as np
import pytest

from analysis.statistics.drift import Prior, fit

PRIOR = Prior(common=0.02, noise=0.05, years=2, pull=0.03)


def changes(rng: np.random.Generator, years: int, number: int, **spreads: float) -> np.ndarray:
    own = spreads.get("own", 0.0) * rng.standard_normal(number)
    common = spreads.get("common", 0.0) * rng.standard_normal((years, 1))
    slips = np.diff(spreads.get("slip", 0.0) * rng.standard_normal((years + 1, number)), axis=0)
    return own + common + slips + spreads.get("noise", 0.03) * rng.standard_normal((years, number))


def test_what_lasts_is_told_from_chance() -> None:
    rng = np.random.default_rng(1)
    lasting = fit(changes(rng, 6, 200, own=0.05, noise=0.02), np.arange(200), PRIOR)
    assert np.std(lasting.own) == pytest.approx(0.05, rel=0.2)
    assert lasting.own_sd < 0.02
    chance = fit(changes(rng, 6, 200, noise=0.05), np.arange(200), PRIOR)
    assert np.std(chance.own) < 0.015
    assert lasting.slips == 0


def test_slips_do_not_add_up() -> None:
    rng = np.random.default_rng(2)
    drift = fit(changes(rng, 6, 300, slip=0.05, noise=0.01), np.arange(300), PRIOR)
    assert drift.slips > 0.8
    drawn = drift.draw(rng, 400, 5)
    one, five = drawn[1:, 0].std(), drawn[1:].sum(axis=1).std()
    assert five < 1.5 * one + 5 * drift.common


def test_schools_of_a_year_err_together() -> None:
    rng = np.random.default_rng(3)
    drift = fit(changes(rng, 6, 100, common=0.05, noise=0.01), np.arange(100), PRIOR)
    assert 0.02 < drift.common < 0.1
    assert drift.freedom == 8
    totals = drift.draw(rng, 500, 1)[1:, 0].mean(axis=1)
    assert totals.std() > 0.6 * drift.common


def test_a_short_past_rests_on_the_prior() -> None:
    none = fit(np.empty((0, 4)), np.arange(4), PRIOR, known_mean=0.0)
    assert (none.years, none.common, none.mean) == (0, 0.02, 0.0)
    assert none.draw(np.random.default_rng(4), 2000, 1)[1:].std() == pytest.approx(np.hypot(0.05, 0.035), rel=0.3)
    unknown = fit(np.full((3, 4), np.nan), np.arange(4), PRIOR)
    assert unknown.years == 0


def test_series_that_come_together_do_so_in_draws() -> None:
    rng = np.random.default_rng(5)
    apart = [rng.normal(0, 0.5, 150)]
    moves = []
    for _ in range(5):
        moves.append(-0.2 * apart[-1] + rng.normal(0, 0.02, 150))
        apart.append(apart[-1] + moves[-1])
    drift = fit(np.array(moves), np.arange(150), PRIOR, apart=np.array(apart[:-1]))
    assert drift.pull == pytest.approx(-0.2, abs=0.03)
    drawn = drift.draw(rng, 50, 3, apart[-1])
    later = apart[-1] + drawn[1:].sum(axis=1)
    assert later.std(axis=1).mean() < 0.75 * apart[-1].std()


def test_the_first_path_is_without_chance_and_missing_changes_are_passed_over() -> None:
    rng = np.random.default_rng(6)
    seen = changes(rng, 4, 40)
    seen[1, 3] = seen[2, 7] = np.nan
    drift = fit(seen, np.arange(40), PRIOR)
    assert np.allclose(drift.draw(rng, 3, 2)[0], drift.mean + drift.own)
    assert np.isfinite(drift.draw(rng, 5, 2)).all()


def test_series_that_lay_together_say_nothing_of_how_fast_they_come_together() -> None:
    """Twenty series that differ in their last digit alone move apart by a thousandth in one year."""
    rng = np.random.default_rng(7)
    lay, moved = 1e-16 * rng.standard_normal((1, 20)), 1e-3 * rng.standard_normal((1, 20))
    drift = fit(moved, np.arange(20), PRIOR, apart=lay)
    assert -1 <= drift.pull <= 0
    assert drift.pull_sd < 1
    assert np.isfinite(np.exp(drift.draw(rng, 500, 10, moved[0]).sum(axis=1))).all()
