"""docs/plans.md and the frameworks' pages, made of their cases; `python -m tests.standards.pages` writes them."""

import json
from pathlib import Path
from typing import Any

from analysis import ids, project
from analysis.standards import Plan, vocabulary
from analysis.standards.model import Deadline
from analysis.tables import Kind
from tests.standards.inputs import FILES, cases, plan_of
from tests.standards.texts import texts

HEADER = "| the text asks | year | place | key | met | not met | else | finding |\n|---|---|---|---|---|---|---|---|"
PLANS = """# The eight plans

Every number that a plan's text gives is data: a row says what the text asks, where it stands in the text, which
key of `analysis/standards/<plan>.yml` holds it, which inputs of `tests/standards/cases/<plan>.yml` prove it on
both sides, and the finding that judges it. What a plan does not say is the framework's value (`junheng
standards show plan-3` tells which is whose; `junheng standards diff national-2017 plan-3` what differs). A
plan's targets are findings of the field `plan`, beside the national verdict and never instead of it. Notes
(contradictions, open targets) stand in each file under `notes`, who answers for a measure under `duty_holders`.
A region fills in an annex that its text lacks (篇七) by a file of its own that `extends: plan-7`.

The words of each plan, number by number, are kept in `tests/standards/texts/plans.yml`; a test fails where a
number of them has neither a case nor a word that says what it is. This page is made of the cases: `python -m
tests.standards.pages`.
"""
NATIONAL = """# {name}

{title} ({document}, from {since}). Every number of the text, and of how it is carried out, on both sides: a row
says what is asked, where it stands, which key of `analysis/standards/{id}.yml` holds it, which inputs of
`tests/standards/cases/{id}.yml` prove it, and the finding that judges it. This page is made of the cases:
`python -m tests.standards.pages`.
"""


def shown(value: Any) -> str:
    """Return an input as the page has it: numbers and words between commas."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {shown(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(shown(each) for each in value)
    return value if isinstance(value, str) else json.dumps(value)


def key(plan: Plan, item: str) -> tuple[str, str]:
    """Return the key of a standard's file that holds what an item asks, and its place in the text."""
    standard = plan.standard
    made = ids.parse(item)
    if item in standard.items:
        one = standard.items[item]
        return f"items.{item}", one.article or (one.target.article if one.target else "")
    if item == ids.cv("composite"):
        return "composite", standard.composite.article if standard.composite else ""
    if made.kind in (Kind.FLOOR, Kind.CV):
        return f"indicators.{made.name}.{made.kind.value}", standard.indicators[made.name].article
    rule, monitoring = standard.school_rule, standard.monitoring
    found = {
        "schools": ("school_rule.schools", rule and (rule.schools.article or rule.article)),
        "school_rule": ("school_rule", rule and rule.article),
        "level": ("monitoring.level", monitoring and monitoring.level.article),
        "rate": ("monitoring.rate", monitoring and monitoring.rate.article),
        "recognition": ("recognition.target", standard.recognition and standard.recognition.target
                        and standard.recognition.target.article),
        "three_years": ("certificate", standard.certificate and standard.certificate.article),
    }  # fmt: skip
    name, place = found[item]
    return name, str(place or "")


def finding(name: str, plan: Plan, case: dict[str, Any]) -> str:
    """Return the id of the finding that judges a case, `*` for each school, subject or grade."""
    item, stage = case["item"], case.get("stage", "primary")
    made = ids.parse(item)
    known = plan.standard.items.get(item)
    field = "plan" if name.startswith("plan-") else known.field if known else "resources"
    if item in ("level", "rate"):
        field = field if field == "plan" else "quality"
        return f"{field}.{item}.*.*"
    if item == "recognition":
        return f"{'plan' if field == 'plan' else 'recognition'}.recognition"
    if known or item == "three_years":
        return f"{field}.{item}" if known else f"{'plan' if field == 'plan' else 'overall'}.{item}"
    of_school = made.kind in (Kind.FLOOR, Kind.SCHOOL_RULE)
    return f"{field}.{item}.{stage}" + (".*" if of_school else "")


def row(name: str, plan: Plan, case: dict[str, Any]) -> str:
    """Return the row of one case."""
    where, place = key(plan, case["item"])
    says = case["says"] + ("（初中）" if case.get("stage") == "junior" else "")
    beside = f" ({shown(case['with'])})" if "with" in case else ""
    other = [f"{case['before']} not in force"] if "before" in case else []
    other += [f"{shown(case['no_data'])}: no data"] if "no_data" in case else []
    other += ["target not set"] if "target_not_set" in case else []
    sides = [shown(case[side]) + beside if side in case else "" for side in ("met", "not_met")]
    cells = [says, str(case["year"]), place, f"`{where}`", *sides, "; ".join(other), f"`{finding(name, plan, case)}`"]
    return f"| {' | '.join(cells)} |"


def section(name: str) -> list[str]:
    """Return the table of a standard's cases, and what of its texts is text only."""
    plan = plan_of(name)
    lines = [HEADER, *(row(name, plan, case) for case in cases(name))]
    words = [entry for entry in texts("plans").get(name, ()) if "word" in entry or "plain" in entry]
    if words:
        lines += ["", "Text only:", ""]
    for entry in words:
        told = dict(entry.get("plain", {}))
        what = entry["word"] if "word" in entry else "; ".join(f"{number}: {word}" for number, word in told.items())
        lines.append(f"- {entry['text']}: {what}")
    return lines


def about(plan: Plan) -> list[str]:
    """Return what a plan's file tells beside its targets: notes, times, calendar, steps."""
    standard = plan.standard
    below = None if standard.id == plan.framework else plan_of(plan.framework).standard
    notes = [note for note in standard.notes if below is None or note not in below.notes]
    lines = ["", "Notes:", "", *(f"- {note.text.zh} {note.text.en}" for note in notes)] if notes else []
    if standard.phases:
        times = (f"{phase.label.en} {phase.since} to {phase.until}" for phase in standard.phases)
        lines += ["", f"Time: {'; '.join(times)}."]
    calendar = [day for day in standard.calendar if below is None or day not in below.calendar]
    if calendar:
        days = (f"{day.label.en} {day.day} {MONTHS[day.month - 1]}{_source(day)}" for day in calendar)
        lines += ["", f"Calendar: {'; '.join(days)}."]
    if standard.regional:
        asked = (f"{entry.value:g} by {entry.since}" for entry in standard.regional.schedule if entry.value is not None)
        lines += [
            "",
            f"Counties of the region: {standard.regional.counties}; to meet the standard: {', '.join(asked)}.",
        ]
    return lines


def _source(day: Deadline) -> str:
    """Return where a day stands that the text itself does not name, and how sure it is."""
    return f" ({day.document}, {day.sure})" if day.document else ""


MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


def practice(plan: Plan) -> list[str]:
    """Return how a framework is carried out: what, from which source, how sure, and what is judged otherwise too."""
    rows = []
    for one in plan.standard.practice:
        about, other = ", ".join(f"`{each}`" for each in one.about), "judged" if one.otherwise else ""
        rows.append(f"| {one.text.zh} {one.text.en} | {about} | {one.since} | {one.source.en} | {one.sure} | {other} |")
    if not rows:
        return []
    local = [f"- {entry['subject']}: {entry['done']}" for entry in texts("practice") if entry["sure"] == "local"]
    return [
        "",
        "## How it is carried out",
        "",
        "What the text leaves open, as it is done; where the other reading of what is not sure would change a county's "
        "verdict, its report says so. A school that does not report a column claims no concession. `from` is the day "
        "of the text where the source names none; of a year that ends before it, the other reading holds.",
        "",
        "| what is done | key | from | source | how sure | other reading |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
        "Of one place alone, and in no national file:",
        "",
        *local,
    ]  # fmt: skip


def counted() -> list[str]:
    """Return what counties may count in their sheet in place of a share, and which items follow from it."""
    plan = plan_of("national-2017")
    lines = ["", "## What is worked out from counts", "", "| item | above | below |", "|---|---|---|"]
    for name, item in plan.standard.items.items():
        told = item.counts
        if told is None:
            continue
        above = " + ".join(f"`{each}`" for each in told["of"])
        above += "".join(f" − `{each}`" for each in told.get("of_less", ()))
        below = " + ".join(f"`{each}`" for each in told.get("over", ()))
        below += "".join(f" − `{each}`" for each in told.get("over_less", ()))
        lines.append(f"| `{name}` {item.label.zh} | {above} | {below} |")
    lines += ["", "A count is a row of the table of county items: its id as 指标代码, its number as 数值.", ""]
    lines += ["| id | what is counted |", "|---|---|"]
    return lines + [f"| `{each}` | {label.zh} {label.en} |" for each, label in vocabulary()["counts"].items()]


def pages() -> dict[Path, str]:
    """Return each page's text by its file."""
    docs = project.root() / "docs"
    written = {}
    parts = [PLANS]
    for path in FILES:
        name, plan = path.stem, plan_of(path.stem)
        standard = plan.standard
        if name.startswith("plan-"):
            head = f"## {name}: {standard.name.zh}, {standard.name.en}"
            said = f"{standard.title.zh}. On top of `{plan.framework}`, from {standard.since}."
            parts.append("\n".join(["", head, "", said, "", *section(name), *about(plan)]) + "\n")
        else:
            told = NATIONAL.format(
                name=standard.name.en,
                title=standard.title.zh,
                document=standard.document,
                since=standard.since,
                id=name,
            )
            beside = [*practice(plan), *counted()] if standard.practice else []
            written[docs / f"{name}.md"] = "\n".join([told, *section(name), *about(plan), *beside]) + "\n"
    return {docs / "plans.md": "".join(parts)} | written


if __name__ == "__main__":
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")
