"""What changed between two drafts of a county's report (`junheng diff`): verdicts first, then figures, then sources."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from analysis import project
from analysis.errors import JunhengError, RequestError, language, message
from analysis.judge import rounding
from analysis.run.build import placing, stale
from analysis.run.build.placing import near
from analysis.run.commands import changes
from analysis.run.commands.show import Format, headed, show
from analysis.run.request import DRAFT, resolve
from analysis.standards import Standard, label, load, plan, vocabulary
from analysis.tables import WRITTEN, Field, Kind

COLUMNS = {
    "kind": pl.String,
    "id": pl.String,
    "name": pl.String,
    "before": pl.String,
    "after": pl.String,
    "change": pl.Float64,
}
#: What of a finding is compared, each a kind of row.
FINDING = ("verdict", "value", "target", "reason")
COEFFICIENT = ("schools", "mean", "cv", "limit", "verdict")
RATE = ("rate", "ci_low", "ci_high", "p_below")
REPORT = ("year", "standard", "plan", "audience", "lang", "status", "date")
COUNTS = ("read", "kept", "quarantined", "other")
#: Kinds of change that are told as a table below the others.
_BESIDE = ("report", "version")
#: Significant digits of a number in the table; a pair that looks alike shows all that is compared.
SHOWN = 6
#: What each finding has; results of earlier editions lack `computed` and what computes it.
_NEEDED = set(WRITTEN) - {"computed", "computed_by"}
Results = dict[str, Any]
Cell = str | int | float | None


def run(first: str, second: str, form: Format, data: str = "", out: str = "") -> str:
    """Return what to print about two drafts: each a results.json or a report's folder.

    `first` may be a county (code, name, prefix) whose current report is meant; without `second` a final report is
    compared with its draft, the earlier first, or where there is no draft with the one that it replaced. Raises
    RequestError where there is no such report, nothing was replaced, a file is no results.json, or the two are of
    different counties.
    """
    here = _place(first, data, out)
    pair = (here, _place(second, data, out)) if second.strip() else _beside(here)
    before, after = (_read(path) for path in pair)
    all_changes = differences(before, after)
    if form is not Format.TABLE:
        return show(all_changes, form)
    if all_changes.is_empty():
        return message("diff_none") + "\n"
    schools_behind = changes.between(before, after, changes.names_of(after["county"], data), _named)
    counts = pl.col("id").is_in([f"data_quality.{name}" for name in COUNTS])
    others = all_changes.filter(pl.col("kind").is_in(_BESIDE) | counts)
    table = [headed(_in_words(others).drop("id", "change"), form).rstrip()] if not others.is_empty() else []
    lines = changes.lines(schools_behind) or [message("diff_no_finding")]
    file = (Path(out) if out else project.output()) / "diff" / f"{after['county']}-{after['year']}.html"
    page = changes.page(schools_behind, _title(before, after), file)
    return "\n".join([_title(before, after), *lines, "", *table, message("diff_page", page=near(page))]) + "\n"


def _title(before: Results, after: Results) -> str:
    names = after.get("names") or {}
    name = names.get(language()) or names.get("zh") or after["county"]
    return message("diff_title", county=name, before=_called(before), after=_called(after))


def _called(draft: Results) -> str:
    status = message(f"diff_{draft.get('status') or 'final'}")
    return f"{draft['year']} {status} {draft.get('date') or ''}".strip()


def differences(before: Results, after: Results) -> pl.DataFrame:
    """Return one row per difference: kind, id, name, before, after, change (after less before, of numbers).

    Rows go by kind in the order of diff.yml, within a kind as the later draft has them, schools last. Numbers are
    compared and written as they are judged, at twelve significant digits. Years may differ, and are told; raises
    RequestError where the counties do.
    """
    if before["county"] != after["county"]:
        raise RequestError("diff_counties", a=before["county"], b=after["county"])
    rows = [*_findings(before, after), *_coefficients(before, after), *_rates(before, after), *_rest(before, after)]
    order = list(_words()["kinds"])
    rows.sort(key=lambda row: order.index(row["kind"]))
    return pl.DataFrame(rows, schema=COLUMNS)


def _beside(here: Path) -> tuple[Path, Path]:
    """Return what a results.json is compared with, and it, the earlier first."""
    other = here.parent / DRAFT / placing.RESULTS
    if here.parent.name == DRAFT:
        other = here.parent.parent / placing.RESULTS
    if other.is_file():
        earlier, later = sorted((here, other), key=lambda path: path.stat().st_mtime)
        return earlier, later
    previous = here.with_name(stale.PREVIOUS)
    if not previous.is_file():
        raise RequestError("diff_no_previous", folder=near(here.parent))
    return previous, here


def _place(text: str, data: str, out: str) -> Path:
    """Return the results.json that a user's word means: a file, a folder, a county."""
    path = Path(text)
    if not text.strip():
        raise RequestError("diff_missing")
    if path.is_file():
        return path
    if not path.is_dir():
        try:
            path = resolve(text, data=data, out=out).folder
            path = path if (path / placing.RESULTS).is_file() else path / DRAFT
        except JunhengError as fault:
            raise RequestError("diff_nothing", what=text) from fault
    if not (path / placing.RESULTS).is_file():
        raise RequestError("diff_no_results", folder=near(path))
    return path / placing.RESULTS


def _read(path: Path) -> Results:
    try:
        results: Results = json.loads(path.read_text(encoding="utf-8"))
        whole = isinstance(results["county"], str) and all(set(finding) >= _NEEDED for finding in results["findings"])
    except (ValueError, KeyError, TypeError) as fault:
        raise RequestError("diff_unreadable", file=near(path)) from fault
    if not whole:
        raise RequestError("diff_unreadable", file=near(path))
    return results


def _findings(before: Results, after: Results) -> Iterator[dict[str, Any]]:
    old = {finding["id"]: finding for finding in before["findings"]}
    new = {finding["id"]: finding for finding in after["findings"]}
    for id in sorted({**new, **old}, key=lambda id: (new.get(id) or old[id]).get("school") is not None):
        was, now = old.get(id), new.get(id)
        if was is None and now is not None:
            yield _row("appeared", id, _named(after, now), None, now["verdict"])
        elif was is not None and now is None:
            yield _row("vanished", id, _named(before, was), was["verdict"], None)
        elif was is not None and now is not None:
            for key in FINDING:
                if _differ(was.get(key), now.get(key)):
                    yield _row(key, id, _named(after, now), was.get(key), now.get(key))


def _coefficients(before: Results, after: Results) -> Iterator[dict[str, Any]]:
    words = _words()

    def said(coefficient: Results) -> tuple[str, str]:
        name = _label(after, coefficient["indicator"])
        parts = [_word("stages", coefficient["stage"]), words["year"].format(year=coefficient["year"])]
        return f"coefficients.{coefficient['indicator']}.{coefficient['stage']}.{coefficient['year']}", _within(
            name, parts
        )

    yield from _pairs("coefficient", before, after, "coefficients", said, COEFFICIENT)


def _rates(before: Results, after: Results) -> Iterator[dict[str, Any]]:
    words = _words()

    def said(rate: Results) -> tuple[str, str]:
        parts = [_word("subjects", rate["subject"]), _word("grades", str(rate["grade"]))]
        return f"rates.{rate['kind']}.{rate['subject']}.{rate['grade']}", _within(
            words["rate_kinds"][rate["kind"]], parts
        )

    yield from _pairs("rate", before, after, "rates", said, RATE)


def _pairs(
    kind: str,
    before: Results,
    after: Results,
    group: str,
    said: Callable[[Results], tuple[str, str]],
    keys: tuple[str, ...],
) -> Iterator[dict[str, Any]]:
    """Compare the rows of a list by their id; what one draft lacks has nothing there."""
    old, new = ({said(row)[0]: row for row in draft.get(group, [])} for draft in (before, after))
    for id in {**new, **old}:
        _, name = said(new.get(id) or old[id])
        for key in keys:
            was, now = old.get(id, {}).get(key), new.get(id, {}).get(key)
            if _differ(was, now):
                yield _row(kind, f"{id}.{key}", f"{name} {_words()[kind][key]}", was, now)


def _rest(before: Results, after: Results) -> Iterator[dict[str, Any]]:
    """Compare what the reports are, their data quality, sources (by SHA-256) and versions."""
    words = _words()
    groups: list[tuple[str, dict[str, str], Results, Results]] = [
        ("report", words["report"], before, after),
        ("data_quality", *_counts(before, after)),
        ("source", *_sources(before, after)),
        ("version", {}, before.get("versions", {}), after.get("versions", {})),
    ]
    for kind, names, old, new in groups:
        for key in REPORT if kind == "report" else {**new, **old}:
            if _differ(old.get(key), new.get(key)):
                yield _row(kind, f"{kind}.{key}", names.get(key, key), old.get(key), new.get(key))


def _counts(before: Results, after: Results) -> tuple[dict[str, str], Results, Results]:
    names: dict[str, str] = dict(_words()["data_quality"])

    def flat(draft: Results) -> Results:
        quality = draft.get("data_quality", {})
        counts = {key: quality.get(key) for key in COUNTS}
        for group in ("quarantine_rules", "notices"):
            for rule, number in quality.get(group, {}).items():
                counts[f"{group}.{rule}"] = number
                names[f"{group}.{rule}"] = f"{names[group]} {rule}"
        return counts

    return names, flat(before), flat(after)


def _sources(before: Results, after: Results) -> tuple[dict[str, str], Results, Results]:
    every = [*before.get("sources", []), *after.get("sources", [])]
    names = {source["file"]: source.get("title") or source["file"] for source in every}
    old, new = ({source["file"]: source["sha256"] for source in draft.get("sources", [])} for draft in (before, after))
    return names, old, new


def _row(kind: str, id: str, name: str, was: Cell, now: Cell) -> dict[str, Any]:
    change = rounding.exact(now - was) if isinstance(was, int | float) and isinstance(now, int | float) else None
    return {"kind": kind, "id": id, "name": name, "before": _text(was), "after": _text(now), "change": change}


def _text(value: Cell) -> str | None:
    if isinstance(value, float):
        return repr(rounding.exact(value))
    return str(value) if value is not None and value != "" else None


def _differ(was: Cell, now: Cell) -> bool:
    if isinstance(was, int | float) and isinstance(now, int | float):
        return rounding.exact(was) != rounding.exact(now)
    return (was or None) != (now or None)


# Words.


@cache
def _read_words() -> dict[str, Any]:
    texts: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "diff.yml").read_text(encoding="utf-8"))
    return texts


def _words() -> dict[str, Any]:
    words: dict[str, Any] = _read_words()[language()]
    return words


def _word(group: str, key: str) -> str:
    label = vocabulary().get(group, {}).get(key)
    return label.text(language()) if label else key


def _named(draft: Results, finding: Results) -> str:
    """Return a finding in words: what is judged, then stage, subject, grade and school."""
    item = finding["item"]
    name = (
        _word("fields", finding["field"]) if item == Kind.ALL else _label(draft, item, finding["field"] == Field.PLAN)
    )
    parts = [
        _word(group, finding[key]) for group, key in (("stages", "stage"), ("subjects", "subject")) if finding[key]
    ]
    parts += [_word("grades", str(finding["grade"]))] if finding["grade"] is not None else []
    parts += [_words()["school"].format(code=finding["school"])] if finding["school"] else []
    return _within(name, parts)


def _within(name: str, parts: list[str]) -> str:
    words = _words()
    return str(words["within"].format(name=name, parts=words["between"].join(parts))) if parts else name


def _label(draft: Results, item: str, planned: bool = False) -> str:
    standard = _standard(str(draft["plan"] if planned else draft["standard"]), planned)
    try:
        return label(standard, item, language()) if standard else item
    except KeyError:
        return item


@cache
def _standard(name: str, planned: bool) -> Standard | None:
    """Return a standard by the name a draft gives; None where its file is no longer at hand."""
    try:
        return plan(name).standard if planned else load(name)
    except JunhengError:
        return None


def _in_words(changes: pl.DataFrame) -> pl.DataFrame:
    """Return the rows for people: kinds, verdicts and reasons in words, numbers short where that tells them apart."""
    words = _words()
    rows = []
    for row in changes.iter_rows(named=True):
        verdicts = row["kind"] in ("verdict", "appeared", "vanished") or row["id"].endswith(".verdict")
        group = "verdicts" if verdicts else "reasons" if row["kind"] == "reason" else ""
        both = [row["before"] or "", row["after"] or ""]
        if group:
            both = [_word(group, change) for change in both]
        elif row["id"] == "report.status":
            both = [message(f"diff_{status}") if status else "" for status in both]
        elif row["kind"] == "source":
            both = [change[:12] for change in both]
        elif row["change"] is not None:
            short = [f"{float(change):.{SHOWN}g}" for change in both]
            both = short if short[0] != short[1] else both
        rows.append(row | {"kind": words["kinds"][row["kind"]], "before": both[0], "after": both[1]})
    return pl.DataFrame(rows, schema=COLUMNS)
