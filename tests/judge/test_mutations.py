# ruff: noqa: E501
"""The cases of the five rules are worth something only if they fail when a rule is broken: break each, one at a time."""

import inspect
import types
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis import ids, standards
from analysis.judge import county_items, field_verdicts, monitoring, quarantined, resources, rounding, verdicts
from analysis.judge.rules import special_rooms
from analysis.measure import indicators, stages
from analysis.standards.load import read
from tests.judge import rules
from tests.judge.given import CHANGED


@contextmanager
def broken(module: types.ModuleType, old: str, new: str) -> Iterator[None]:
    """Put the code of `module`, with `old` replaced by `new`, into the functions and constants that are already in use."""
    path = Path(str(module.__file__))
    source = path.read_text(encoding="utf-8")
    assert source.count(old) == 1, f"{path.name} has {source.count(old)} times: {old}"
    space: dict[str, Any] = {"__name__": module.__name__}
    exec(compile(source.replace(old, new), str(path), "exec"), space)
    codes: dict[types.FunctionType, types.CodeType] = {}
    constants: dict[str, Any] = {}
    for name, value in vars(module).items():
        function = inspect.unwrap(value) if callable(value) else value
        if isinstance(function, types.FunctionType) and function.__module__ == module.__name__:
            codes[function] = function.__code__
            function.__code__ = inspect.unwrap(space[name]).__code__
        elif name.isupper() and name in space:
            constants[name] = value
    for name in constants:
        setattr(module, name, space[name])
    try:
        _forget(module)
        yield
    finally:
        for function, code in codes.items():
            function.__code__ = code
        for name, value in constants.items():
            setattr(module, name, value)
        _forget(module)


def _forget(module: types.ModuleType) -> None:
    """Have functions that keep what they returned work it out anew."""
    for value in vars(module).values():
        if hasattr(value, "cache_clear"):
            value.cache_clear()


def noticed(mutation: str) -> str:
    """Return the first case that does not hold, "" where all hold; those of the mutation's rule first, and of these the
    ones that share most words with its name."""
    rule, _, about = mutation.partition(":")
    words = set(about.split())
    likely = sorted(rules.CASES, key=lambda name: (not name.startswith(rule), -len(words & set(name.split("_")))))
    for name in likely:
        try:
            rules.CASES[name]()
        except (AssertionError, KeyError):
            return name
    return ""


CODE: dict[str, tuple[types.ModuleType, str, str]] = {
    "combination: no_data before not_met": (
        verdicts,
        "return (*short, Verdict.MET)",
        "return (Verdict.NO_DATA, *short, Verdict.MET)",
    ),
    "combination: met wins": (verdicts, "for kind in reversed(worst_first()):", "for kind in worst_first():"),
    "combination: nothing left is met": (verdicts, "worst_first() if verdict in present), Verdict.NOT_APPLICABLE)", "worst_first() if verdict in present), Verdict.MET)"),
    "combination: ids that begin with all are left out": (ids, "~is_kind(*BESIDE)", '~is_kind(*BESIDE) & ~pl.col("item").str.starts_with("all")'),
    "combination: a silent veto counts": (field_verdicts, "is_in([field.value for field in BESIDE]) | stops)", "is_in([]) | stops)"),
    "combination: a veto does not stop": (field_verdicts, 'stops = pl.col("verdict") == Verdict.NOT_MET.value', "stops = pl.lit(value=False)"),
    "combination: crowded scores decide": (monitoring, 'pl.col("at_end") > rule.own_tests.crowded', "pl.lit(value=False)"),
    "combination: own tests count": (ids, "BESIDE = (Kind.ALL, Kind.RATE_OWN, ", "BESIDE = (Kind.ALL, "),
    "scope: teaching points of 50 are out": (stages, 'pl.col("pupils") < rule.pupils_below', 'pl.col("pupils") <= rule.pupils_below'),
    "scope: nobody is out": (stages, 'rows = pl.concat(parts).with_columns(scope_reason(standard).alias("scope_reason"))', 'rows = pl.concat(parts).with_columns(pl.lit("").alias("scope_reason"))'),
    "scope: schools without pupils are in": (stages, 'pl.when(pl.col("pupils") == 0)', 'pl.when(pl.col("pupils") == -1)'),
    "scope: scope is not applied": (indicators, 'stage_rows(schools, standard).filter("in_scope")', "stage_rows(schools, standard)"),
    "scope: one school is met": (resources, "pl.when(alone & ~missing)\n            .then(_text(Verdict.NOT_APPLICABLE))", "pl.when(alone & ~missing)\n            .then(_text(Verdict.MET))"),
    "scope: one school is compared": (resources, '(pl.col("schools") <= 1)', '(pl.col("schools") < 1)'),
    "scope: an older result counts": (monitoring, 'pl.when(pl.col("old") < rule.window_years)', 'pl.when(pl.col("old") <= rule.window_years)'),
    "scope: the window is a year short": (monitoring, 'pl.when(pl.col("old") < rule.window_years)', 'pl.when(pl.col("old") < rule.window_years - 1)'),
    "scope: the first result counts": (monitoring, ".last()", ".first()"),
    "scope: later years count": (monitoring, 'pl.col("at") <= pl.col("year")', 'pl.col("at") <= pl.col("year") + 1'),
    "scope: results of another county": (monitoring, 'on=["county", *CELL]', "on=CELL"),
    "scope: rows set aside in another county": (quarantined, "counted = rows.group_by(frames.KEYS,", 'counted = rows.with_columns(county=pl.lit("990101")).group_by(frames.KEYS,'),
    "scope: rooms of another county": (special_rooms, 'KINDS = ("music", "art")', 'KINDS, SCHOOL = ("music", "art"), ["year", "school"]'),
    "scope: rooms of another year": (special_rooms, 'KINDS = ("music", "art")', 'KINDS, SCHOOL = ("music", "art"), ["county", "school"]'),
    "scope: answers of another county": (county_items, "of_items.get((county, year, name))", "next((row for (_, when, one), row in of_items.items() if (when, one) == (year, name)), None)"),
    "scope: answers of another year": (county_items, "of_items.get((county, year, name))", "next((row for (where, _, one), row in of_items.items() if (where, one) == (county, name)), None)"),
    "missing: counts as met": (resources, 'met.fill_null(value=False).alias("sure")', 'met.fill_null(value=True).alias("sure")'),
    "missing: counts as not met": (resources, 'met.fill_null(value=True).alias("possible")', 'met.fill_null(value=False).alias("possible")'),
    "missing: near in the worst case": (resources, 'near.fill_null(value=False).alias("near_sure")', 'near.fill_null(value=True).alias("near_sure")'),
    "missing: far in the best case": (resources, 'near.fill_null(value=True).alias("near_possible")', 'near.fill_null(value=False).alias("near_possible")'),
    "missing: amounts are zero": (stages, "rest = pl.col(amount).cast(pl.Float64)", "rest = pl.col(amount).cast(pl.Float64).fill_null(0.0)"),
    "missing: a school without data meets": (resources, "open_ = ~verdict.is_in([Verdict.MET.value, Verdict.NOT_MET.value])", "open_ = verdict == 'none'"),
    "missing: not told": (resources, 'fill_null(value=False), pl.col("missing") > 0', 'fill_null(value=False), pl.col("missing") > 99'),
    "missing: the worst case fails a stage": (resources, 'possible = rounding.reaches(pl.col("best")', 'possible = rounding.reaches(pl.col("value")'),
    "missing: the best case passes a stage": (resources, 'certain = rounding.reaches(pl.col("value")', 'certain = rounding.reaches(pl.col("best")'),
    "missing: one school with gaps has a coefficient": (indicators, 'known = pl.when(~((pl.col("schools") == 1) & (pl.col("missing") > 0))).then("cv")', 'known = pl.col("cv")'),
    "missing: part of the composite": (indicators, 'column.count() == count', 'column.count() > 0'),
    "missing: rows set aside are forgotten": (quarantined, '_rows(quarantine, "schools")', '_rows(quarantine, "none")'),
    "missing: rows said again count": (quarantined, 'SAID_ELSEWHERE = ("repeated",)', 'SAID_ELSEWHERE = ("",)'),
    "split: every pupil weighs alike": (stages, "_weight(standard, level) * pl.col(f\"pupils_{level}\")", "pl.col(f\"pupils_{level}\").cast(pl.Float64)"),
    "split: senior pupils take nothing": (stages, "else pl.col(f\"weighted_{level}\")\n        for level in LEVELS\n    }", "else pl.lit(0.0)\n        for level in LEVELS\n    }"),
    "split: stage values are split again": (stages, "rest = rest - column.fill_null(0.0)", "rest = rest - column.fill_null(0.0) * 0"),
    "split: whole value to every stage": (stages, "rest * open_terms[stage] / _sum(open_terms.values())", "rest"),
    "rounding: the composite is the sum": (indicators, "column.mean()", "column.sum()"),
    "rounding: the composite is the median": (indicators, "column.mean()", "column.median()"),
    "rounding: floors are open": (rounding, "Sense.AT_LEAST: value >= limit,\n        Sense.AT_MOST: value <= limit,\n        Sense.BELOW: value < limit,\n        Sense.ABOVE: value > limit,\n    }[sense]\n\n\ndef reaches", "Sense.AT_LEAST: value > limit,\n        Sense.AT_MOST: value <= limit,\n        Sense.BELOW: value < limit,\n        Sense.ABOVE: value > limit,\n    }[sense]\n\n\ndef reaches"),
    "rounding: limits are open": (rounding, "Sense.AT_MOST: value <= limit,\n        Sense.BELOW: value < limit,\n        Sense.ABOVE: value > limit,\n    }[sense]\n\n\ndef reaches", "Sense.AT_MOST: value < limit,\n        Sense.BELOW: value < limit,\n        Sense.ABOVE: value > limit,\n    }[sense]\n\n\ndef reaches"),
    "rounding: the rate is closed": (rounding, "Sense.BELOW: value < limit,\n        Sense.ABOVE: value > limit,\n    }[sense]\n\n\ndef reaches", "Sense.BELOW: value <= limit,\n        Sense.ABOVE: value > limit,\n    }[sense]\n\n\ndef reaches"),
    "rounding: two digits are judged": (rounding, "DIGITS = 12", "DIGITS = 2"),
    "rounding: noise is judged": (rounding, "DIGITS = 12", "DIGITS = 17"),
    "rounding: two decimals are shown": (rounding, "for n in range(decimals, most) if holds(float(at(n)), target, sense) == verdict), most)", "for n in range(decimals, most)), most)"),
    "rounding: halves to even": (rounding, "rounding=ROUND_HALF_UP", "rounding='ROUND_HALF_EVEN'"),
}  # fmt: skip

DATA: dict[str, tuple[int, tuple[str, ...], Any]] = {
    "scope: size of teaching points": (2017, ("scope",), [{"reason": "small_teaching_point", "school_type": ["teaching_point"], "pupils_below": 50}]),
    "scope: window of four years": (2017, ("monitoring", "window_years"), 4),
    "scope: window of two years": (2017, ("monitoring", "window_years"), 2),
    "scope: special schools": (2017, ("scope",), [{"reason": "vocational_school", "school_type": ["vocational_junior"]}, {"reason": "small_teaching_point", "school_type": ["teaching_point"], "pupils_below": 100}]),
    "scope: schools of others in 2012": (2012, ("scope",), [{"reason": "private_school", "run_by": ["private"]}]),
    "scope: private schools in 2012": (2012, ("scope",), []),
    "split: junior weight": (2017, ("school_types", "nine_year", "junior"), 1.0),
    "split: junior weight of 2012": (2012, ("school_types", "nine_year", "junior"), 1.2),
    "split: junior weight of twelve years": (2017, ("school_types", "twelve_year", "junior"), 1.2),
    "split: senior weight of twelve years": (2017, ("school_types", "twelve_year", "senior"), 1.2),
    "split: senior weight of complete schools": (2017, ("school_types", "complete_secondary", "senior"), 1.1),
    "split: primary weight": (2017, ("school_types", "nine_year", "primary"), 1.1),
    "split: senior weight": (2012, ("school_types", "twelve_year", "senior"), 1.1),
    "split: senior weight beside junior": (2012, ("school_types", "complete_secondary", "senior"), 1.32),
    "rounding: five of seven": (2017, ("school_rule", "must_meet"), 5),
    "rounding: seven of seven": (2017, ("school_rule", "must_meet"), 7),
    "rounding: 80 %": (2017, ("school_rule", "rest_part"), 0.80),
    "rounding: 86 %": (2017, ("school_rule", "rest_part"), 0.86),
    "rounding: coefficient 0.51": (2017, ("indicators", "sports_area", "cv", "primary"), 0.51),
    "rounding: coefficient 0.49": (2017, ("indicators", "sports_area", "cv", "primary"), 0.49),
    "rounding: composite 0.66": (2012, ("composite", "values", "primary"), 0.66),
    "rounding: composite 0.64": (2012, ("composite", "values", "primary"), 0.64),
    "rounding: rate closed": (2017, ("monitoring", "rate", "sense"), "at_most"),
    "rounding: rate 0.151": (2017, ("monitoring", "rate", "values"), 0.151),
    "rounding: level II": (2017, ("monitoring", "level", "values"), 2),
    "rounding: level IV": (2017, ("monitoring", "level", "values"), 4),
    "rounding: teaching area": (2017, ("indicators", "teaching_area", "floor", "primary"), 4.51),
}  # fmt: skip


def test_unbroken_rules_hold() -> None:
    with broken(rounding, "DIGITS = 12", "DIGITS = 11"):
        assert rounding.DIGITS == 11
    assert rounding.DIGITS == 12
    rules.CASES["rounding_keeps_limits_closed_and_the_rate_open"]()


def sampled(names: Iterable[str]) -> list[Any]:
    """Return every second name for each run of the tests, the others for the long ones."""
    return [pytest.param(name, marks=pytest.mark.slow) if place % 2 else name for place, name in enumerate(names)]


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", sampled(CODE))
def test_cases_fail_when_code_is_broken(name: str) -> None:
    module, old, new = CODE[name]
    with broken(module, old, new):
        assert noticed(name), f"no case notices: {name}"


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", sampled(DATA))
def test_cases_fail_when_a_value_is_changed(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    year, path, value = DATA[name]
    given = read(f"national-{year}")
    place = given
    for key in path[:-1]:
        place = place[key]
    assert place[path[-1]] != value
    place[path[-1]] = value
    file = tmp_path / "changed.yml"
    file.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
    monkeypatch.setitem(CHANGED, year, standards.load(file))
    assert noticed(name), f"no case notices: {name}"
