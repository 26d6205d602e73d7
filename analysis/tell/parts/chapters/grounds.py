"""The annex on grounds: which tables say item by item what the verdicts rest on."""

from dataclasses import dataclass

from analysis.standards.basis import Label
from analysis.tell.case.case import Case
from analysis.tell.parts.chapters.conclusion import judged
from analysis.tell.parts.chapters.recognition import groups


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Which tables there are by name, and the steps of recognition."""

    has: dict[str, bool]
    steps: tuple[Label, ...]


def facts(case: Case) -> Facts:
    """Return which tables of grounds there are."""
    reported = {finding.field for finding in case.now if finding.school is None and finding.item in case.standard.items}
    items = {f"items_{field}": field in reported for field in ("government", "entry", "quality")}
    return Facts(
        has={"fields": bool(judged(case)), **items, "recognition": bool(groups(case)[0])},
        steps=case.standard.steps if "entry" in reported else (),
    )
