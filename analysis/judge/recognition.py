"""Social recognition: the share satisfied, overall and by group, with Wilson's interval."""

import json
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from analysis.clean import values
from analysis.judge import frames, rounding
from analysis.judge.resources import AGREED, ASIDE
from analysis.standards import Standard, State
from analysis.standards.monitoring import Recognition, Sample
from analysis.statistics.intervals import combine_groups, wilson
from analysis.tables import DECIDED, FINDINGS, Field, Kind, Verdict

ITEM = Kind.RECOGNITION.value


def _evidence(rule: Recognition, known: pl.DataFrame, low: float, high: float) -> str:
    numbers: dict[str, Any] = {"asked": int(known["asked"].sum()), "satisfied": int(known["satisfied"].sum())}
    numbers |= {"ci_low": low, "ci_high": high, "weighting": rule.weighting}
    numbers |= {"sample": rule.sample.least} if rule.sample and rule.sample.least else {}
    absent = [group for group in rule.groups if group not in set(known["group"])]
    return json.dumps(numbers | ({"missing": absent} if absent else {}))


def findings(survey: pl.DataFrame, standard: Standard, cells: pl.DataFrame, days: dict[int, date]) -> pl.DataFrame:
    """Return `recognition` of each county and year of `cells`, and one `recognition_<group>` per group asked then.

    value is the share satisfied; evidence a JSON object with asked, satisfied, ci_low, ci_high (Wilson, 95 %),
    weighting, the fewest forms that decide where the standard has them, and the groups missing. Groups that the
    framework doesn't ask are left out; where one that it asks has no questionnaires, those of the others don't
    decide. Without a target the item is for reference only. `days` maps each year to the day whose rules hold.
    `survey` is marked with the values that are set aside (clean.values).
    """
    rule = standard.recognition
    if rule is None:
        return frames.shaped(pl.DataFrame())
    mine = pl.col("group").is_in(list(rule.groups))
    known = survey.filter(mine & (pl.col("asked") > 0) & pl.col("satisfied").is_not_null())
    of_cell = known.partition_by(frames.KEYS, as_dict=True, maintain_order=True)
    unread = survey.filter(mine & values.has("asked", "satisfied")).partition_by(frames.KEYS, as_dict=True)
    rows: list[dict[str, Any]] = []
    for county, year in cells.select(frames.KEYS).iter_rows():
        asked = of_cell.get((county, year), known.clear())
        groups = _of_year(asked, rule, standard, year, days[year])
        if (county, year) in unread:
            groups[0] |= _with_unread(asked, unread[county, year], rule, standard, days[year])
        rows += [{"county": county, "year": year} | row for row in groups]
    schema = {name: dtype for name, dtype in FINDINGS.items() if name != "id"}
    return frames.shaped(pl.DataFrame(rows, schema=schema, orient="row"))


def _of_year(known: pl.DataFrame, rule: Recognition, standard: Standard, year: int, day: date) -> list[dict[str, Any]]:
    """Return the findings of one county and year, from those of its survey rows that say something."""
    state, target = (State.SET.value, None) if rule.target is None else frames.target_at(standard, rule.target, day)
    base: dict[str, Any] = {"field": Field.RECOGNITION.value, "item": ITEM, "target": target}
    if known.is_empty():
        if rule.target is None:
            return [base | {"verdict": Verdict.NOT_APPLICABLE.value, "reason": "for_reference"}]
        if state == State.NOT_IN_FORCE.value:
            return [base | {"verdict": state, "reason": state}]
        return [base | {"verdict": Verdict.NO_DATA.value, "reason": "no_records"}]
    whole = combine_groups(known["satisfied"].to_numpy(), known["asked"].to_numpy(), rule.weighting)
    low, high = wilson(known["satisfied"].to_numpy(), known["asked"].to_numpy())
    rows = [base | {"value": whole.share, "evidence": _evidence(rule, known, whole.low, whole.high)}]
    for place, group in enumerate(known.iter_rows(named=True)):
        ends = float(low[place]), float(high[place])
        evidence = _evidence(rule.model_copy(update={"groups": (), "sample": None}), known[place], *ends)
        share = group["satisfied"] / group["asked"]
        rows.append(base | {"item": f"{ITEM}_{group['group']}", "value": share, "evidence": evidence})
    rows = [row | {"data_year": year} | _verdict(row["value"], rule, state, target) for row in rows]
    if rows[0]["verdict"] in DECIDED and _too_few(known, rule.sample):
        rows[0] |= {"verdict": Verdict.UNDECIDABLE.value, "reason": "sample_small", "margin": None}
    if set(known["group"]) != set(rule.groups) and rows[0]["verdict"] in (*DECIDED, Verdict.UNDECIDABLE):
        rows[0] |= {"verdict": Verdict.NO_DATA.value, "reason": "missing_groups", "margin": None}
    return rows


def _too_few(known: pl.DataFrame, sample: Sample | None) -> bool:
    """Return whether fewer have answered than the standard asks for: of all, of a group, or as a part of all."""
    if sample is None:
        return False
    asked = dict(known.group_by("group").agg(pl.col("asked").sum()).iter_rows())
    total = sum(asked.values())
    few = [asked.get(group, 0) < least for group, least in sample.groups.items()]
    few += [rounding.exact(asked.get(group, 0) / total) < part for group, part in sample.parts.items()]
    return any(few) or (sample.least is not None and total < sample.least)


def _with_unread(
    known: pl.DataFrame, unread: pl.DataFrame, rule: Recognition, standard: Standard, day: date
) -> dict[str, Any]:
    """Return the verdict where what groups said is set aside: decided only where all of them satisfied, and none, say
    the same."""
    state, target = (State.SET.value, None) if rule.target is None else frames.target_at(standard, rule.target, day)
    if rule.target is None or target is None:
        return {}
    groups, asked = [*known["group"], *unread["group"]], [*known["asked"], *unread["asked"]]
    verdicts = set()
    if set(groups) == set(rule.groups) and None not in asked:
        for at_worst in (True, False):
            satisfied = [*known["satisfied"], *(0 if at_worst else number for number in unread["asked"])]
            share = combine_groups(np.array(satisfied), np.array(asked), rule.weighting).share
            verdicts.add(_verdict(share, rule, state, target)["verdict"])
    if len(verdicts) == 1 and not _too_few(pl.concat([known, unread], how="diagonal_relaxed"), rule.sample):
        return {"verdict": verdicts.pop(), "reason": AGREED}
    return {"verdict": Verdict.UNDECIDABLE.value, "reason": ASIDE, "margin": None}


def _verdict(value: float, rule: Recognition, state: str, target: float | None) -> dict[str, Any]:
    if rule.target is None:
        return {"verdict": Verdict.NOT_APPLICABLE.value, "reason": "for_reference"}
    if target is None:
        return {"verdict": state, "reason": state}
    met = rounding.holds(value, target, rule.target.sense)
    return {
        "verdict": (Verdict.MET if met else Verdict.NOT_MET).value,
        "reason": "",
        "margin": rounding.apart(value, target, rule.target.sense),
    }
