"""The annex on method and sources: how figures are computed, what was mended or set aside, by which software."""

from dataclasses import dataclass

import analysis
from analysis import ids
from analysis.standards.monitoring import Monitoring
from analysis.tables import Field, Kind
from analysis.tell.case.case import Case
from analysis.tell.facts.cells_otherwise_read import Aside, Mended, mended_cells, rows_aside, values_aside
from analysis.tell.facts.coverage import Coverage, corrected, coverage
from analysis.tell.facts.rates import OwnRate, rates
from analysis.tell.facts.versions import versions
from analysis.tell.findings import Finding
from analysis.tell.language import wording
from analysis.tell.parts.chapters.data import monitored


@dataclass(frozen=True)
class Missing:
    """How many schools in scope lack an indicator."""

    stage: str
    indicator: str
    id: str
    count: int


@dataclass(frozen=True)
class Weights:
    """How much a pupil of each level weighs where a school of this type shares its assets."""

    type: str
    levels: list[dict[str, str]]


def _weights(case: Case) -> list[Weights]:
    present = set(case.rows.filter("in_scope")["school_type"].to_list())
    return [
        Weights(name, [{"level": level, "weight": f"{weight:g}"} for level, weight in levels.items()])
        for name, levels in case.standard.school_types.items()
        if len(levels) > 1 and name in present
    ]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the annex on method says.

    `c` is what the statistics cover, `corrections` the cells changed by entries, `aside` and `values` rows and values
    that were set aside, `missing` amounts by stage and indicator, `split` the weights of pupils;
    `judges_rates`: the standard limits difference rates; `moved` is the least change that counts, None without a year
    before; `owns` are own tests with eta squared; `files` how many files were read.
    """

    c: Coverage
    versions: dict[str, str]
    overall: Finding | None
    corrections: list[Mended]
    aside: list[Aside]
    values: list[Aside]
    missing: list[Missing]
    split: list[Weights]
    monitoring: Monitoring | None
    judges_rates: bool
    moved: float | None
    weighting: str
    cvs: bool
    owns: list[OwnRate]
    files: int
    version: str


def facts(case: Case) -> Facts:
    """Return what the annex on method says."""
    return Facts(
        c=coverage(case),
        versions=versions(),
        overall=case.finding(ids.OVERALL),
        corrections=mended_cells(case, corrected()),
        aside=rows_aside(case),
        values=values_aside(case),
        missing=_missing(case),
        split=_weights(case),
        judges_rates=case.standard.monitoring is not None,
        monitoring=monitored(case),
        moved=wording.emphasis()["moved"] if case.before else None,
        weighting=case.standard.recognition.weighting if case.standard.recognition else "",
        cvs=bool(case.now.where(kind=Kind.CV)),
        owns=[own for _, own in rates(case) if own and own.eta2 is not None and own.anova is not None],
        files=len(case.source_files),
        version=analysis.__version__,
    )


def _missing(case: Case) -> list[Missing]:
    missing = []
    for stage in case.stage_ids:
        for indicator in case.standard.indicators:
            count = case.measured.stage(case.year, stage, indicator, "missing")
            if count:
                missing.append(
                    Missing(stage, indicator, ids.finding(Field.RESOURCES, ids.cv(indicator), stage), int(count))
                )
    return missing
