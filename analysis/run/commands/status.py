"""One page on a county: which school lacks which table, what stands in the way, what changed since the day before."""

from typing import Any

from analysis import project, registered, sources
from analysis.decisions import declared
from analysis.errors import language, listed, message
from analysis.read.fields import table
from analysis.run.commands import state_of_county
from analysis.run.commands.state_of_county import Change, Line, Standing
from analysis.run.commands.template import year_of
from analysis.tables import Verdict

_CAUSES, _ITEMS, _SCHOOLS, _CHANGES = 8, 12, 12, 15
MARKS = {"error": "✗", "value": "✗", "warning": "!"}
_SIGNS = {Verdict.MET: "✓", Verdict.NOT_MET: "✗"}


def run(county: str, year: str, data: str) -> list[str]:
    """Return the lines of the page, and keep how the county stands today.

    Raises RequestError for an unknown county, DataError where sources.yml can't be understood.
    """
    folder = sources.folder_of(data, county)
    catalogue = sources.load(folder)
    chosen = sources.find_county(catalogue, county)
    now = state_of_county.of_county(catalogue, chosen, year_of(year))
    processed = project.processed(folder)
    earlier = {day: was for day, was in state_of_county.kept(processed, chosen.code).items() if day < project.today()}
    state_of_county.keep(processed, now)
    day = max(earlier, default="")
    whole = [*page(now), *_changes(registered.decided_identities(folder, chosen.code), chosen.code)]
    return [*whole, *since(earlier[day], now, day)] if day else [*whole, message("status_first")]


def _changes(entries: list[dict[str, Any]], county: str) -> list[str]:
    """Return the changes of schools that a county entered, as they are reckoned with, with what was noted of them."""
    words = declared()["sheets"]["identities"]["columns"]["kind"]["choices"]
    lines = []
    for entry in entries:
        if entry.get("kind") not in words or str(entry.get("county")) != county:
            continue
        old, new = (_codes(entry.get(name)) for name in ("old", "new"))
        codes = " → ".join(filter(None, (old or _codes(entry.get("school")), new)))
        kind, note = words[entry["kind"]][language()], str(entry.get("note") or "")
        lines.append(message("status_change", year=entry["year"], kind=kind, codes=codes, note=note).strip())
    return ["", message("status_changes", number=len(lines)), *(f"  {line}" for line in lines)] if lines else []


def _codes(value: Any) -> str:
    return listed(map(str, value)) if isinstance(value, list) else str(value or "")


def page(now: Standing) -> list[str]:
    """Return what is told of a county at a moment."""
    lines = [message("status_head", county=now.name, code=now.county, year=now.year or "-", day=project.today())]
    lines += ["", message("status_tables"), *(f"  {line}" for line in _tables(now))]
    lines += ["", message("status_data", errors=now.errors, others=len(now.causes) - now.errors)]
    lines += [f"  {MARKS.get(severity, '·')} {line}" for severity, line in now.causes[:_CAUSES]]
    if len(now.causes) > _CAUSES:
        lines.append("  " + message("check_more", number=len(now.causes) - _CAUSES))
    return [*lines, "", *verdicts(now)]


def verdicts(now: Standing) -> list[str]:
    """Return how each verdict stands, and the items that are not met."""
    if now.fault:
        return [message("status_fault", reason=now.fault)]
    lines = [message("status_verdicts")]
    lines += [
        f"  {sign(line.verdict)} {message('status_line', name=line.name, said=line.said)}"
        for line in now.verdicts.values()
    ]
    unmet = [line for line in now.items.values() if line.verdict == Verdict.NOT_MET]
    open_items = [line for line in now.items.values() if line.verdict not in (Verdict.NOT_MET, Verdict.MET)]
    if unmet:
        lines.append(message("status_unmet", number=len(unmet)))
        lines += [f"  ✗ {_unmet(line)}" for line in unmet[:_ITEMS]]
    if open_items:
        lines.append(message("status_open", number=len(open_items), items=_some([line.name for line in open_items])))
    return lines


def _unmet(line: Line) -> str:
    key = "status_unmet_line" if line.target else "status_line"
    return message(key, name=line.name, said=line.value, target=line.target)


def sign(verdict: str) -> str:
    """Return the sign of a verdict: met, not met, anything else."""
    return next((mark for known, mark in _SIGNS.items() if known == verdict), "·")


def _some(names: list[str] | tuple[str, ...]) -> str:
    return listed([*names[:_SCHOOLS], *(["…"] if len(names) > _SCHOOLS else [])])


def _tables(now: Standing) -> list[str]:
    lines = []
    if now.received or now.missing:
        number = len(now.received) + len(now.missing)
        lines.append(message("status_collected", received=len(now.received), schools=number, due=now.due or "-"))
    if now.missing:
        lines.append(message("collect_missing", number=len(now.missing), schools=_some(now.missing)))
    empty = [table(name).short[language()] for name, rows in now.rows.items() if not rows]
    there = [f"{table(name).short[language()]} {rows}" for name, rows in now.rows.items() if rows]
    lines.append(message("status_rows", tables=listed(there), year=now.year))
    if empty:
        lines.append(message("status_none", tables=listed(empty)))
    for name, schools in now.lacking.items():
        if schools and now.rows[name]:
            values = {"table": table(name).short[language()], "number": str(len(schools))}
            lines.append(message("status_lacking", None, schools=_some(schools), **values))
    return lines


def since(before: Standing, now: Standing, day: str) -> list[str]:
    """Return what has changed since an earlier day."""
    lines = []
    new = [school for school in now.received if school not in before.received]
    if new:
        lines.append(message("status_new", number=len(new), schools=_some(new)))
    if (before.errors, len(before.causes)) != (now.errors, len(now.causes)):
        lines.append(message("status_causes", before=before.errors, after=now.errors))
    changes = state_of_county.changes(before, now)
    lines += [change_line(change) for change in changes[:_CHANGES]]
    if len(changes) > _CHANGES:
        lines.append(message("check_more", number=len(changes) - _CHANGES))
    head = message("status_since" if lines else "status_same", day=day)
    return ["", head, *(f"  {line}" for line in lines)]


def change_line(change: Change) -> str:
    """Return a change in one line."""
    return message("status_line", name=change.name, said=f"{change.before} → {change.after}")
