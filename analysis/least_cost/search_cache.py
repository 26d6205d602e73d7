"""What a search came to, kept beside the findings of a county so that it is searched for once."""

import hashlib
import json
from dataclasses import astuple
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from analysis import project, storage
from analysis.least_cost.model import Problem
from analysis.least_cost.search import search
from analysis.least_cost.subproblem import Effort, Found

#: Parts of the package whose change makes what is kept stale.
_MADE_BY = ("least_cost", "statistics", "judge/rounding.py")
_LIBRARIES = ("highspy", "numpy")


def searched(problem: Problem, effort: Effort, folder: Path | None) -> Found:
    """Return what a search comes to, from `folder` where it is kept there, which it is unless an emergency stopped it.

    Without a folder, or where it is none, nothing is kept.
    """
    if folder is None or not folder.is_dir():
        return search(problem, effort)
    file = folder / f"least_cost-{_key(problem, effort)[:24]}.json"
    known = _read(file, len(problem.steps))
    if known is not None:
        return known
    answer = search(problem, effort)
    if not answer.stopped:
        storage.write_whole(file, json.dumps(_row(answer)))
    return answer


def _key(problem: Problem, effort: Effort) -> str:
    content = hashlib.sha256(made_by().encode())
    for array in (problem.per, problem.base, problem.floor, problem.near, problem.counts):
        content.update(np.ascontiguousarray(array).tobytes())
    cones = [(cone.key, cone.limit, cone.rows.tolist()) for cone in problem.cones]
    rest = [problem.rows, problem.indicators, problem.must, cones, problem.steps, problem.pools, dict(problem.asked)]
    content.update(repr([*rest, astuple(effort)[:-1]]).encode())
    return content.hexdigest()


@cache
def made_by() -> str:
    """Return what makes a plan: the code that searches, and versions of libraries."""
    return " ".join([project.code(*_MADE_BY), *(f"{name} {version(name)}" for name in _LIBRARIES)])


def _row(answer: Found) -> dict[str, Any]:
    finite = np.isfinite(answer.cost)
    return {
        "units": None if answer.units is None else answer.units.tolist(),
        "cost": answer.cost if finite else None,
        "bound": answer.bound if np.isfinite(answer.bound) else None,
        "infeasible": answer.infeasible,
        "work": answer.work,
    }


def _read(file: Path, steps: int) -> Found | None:
    """Return what a file holds; None where it is not there, or is not what was written."""
    try:
        row = json.loads(file.read_text(encoding="utf-8"))
        units = None if row["units"] is None else np.array(row["units"], dtype=np.float64)
        if units is not None and len(units) != steps:
            return None
        cost, bound = (float("inf") if row[name] is None else float(row[name]) for name in ("cost", "bound"))
        return Found(units, cost, bound, bool(row["infeasible"]), int(row["work"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
