"""What changed between two drafts in words and rounded figures, with the schools behind each change; a page of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis import ids, project, sources, standards
from analysis.errors import JunhengError, language, listed, message
from analysis.standards import Standard
from analysis.tables import Kind
from analysis.tell.findings import Finding
from analysis.tell.language import numbers

Results = dict[str, Any]
#: So many schools are named behind one change.
_SCHOOLS = 6


@dataclass(frozen=True)
class Change:
    """A verdict or figure that differs: `before` and `after` as they are shown, `schools` those behind it."""

    name: str
    before: str
    after: str
    verdict: bool
    schools: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Changes:
    """All changes of findings, verdicts first; `came` and `left` are schools, `files` sources that differ."""

    changes: tuple[Change, ...]
    came: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def between(before: Results, after: Results, names: dict[str, str], named: Any) -> Changes:
    """Return the changes between two results; `names` of schools by code, `named` gives a finding's name in words."""
    old, new = ({finding["id"]: finding for finding in draft["findings"]} for draft in (before, after))
    standard = _standard(after)
    both = [(old[id_], new[id_]) for id_ in new if id_ in old and new[id_]["school"] is None]
    changed = [(was, now) for was, now in both if _said(was, standard) != _said(now, standard)]
    behind = _behind(old, new, standard)
    changes = []
    for was, now in changed:
        schools = behind.get((_base(now["item"]), now["stage"]), [])
        texts = tuple(f"{names.get(code) or code} {text}" for code, text in schools[:_SCHOOLS])
        differs = was["verdict"] != now["verdict"]
        figures = _said(was, standard), _said(now, standard)
        changes.append(Change(named(after, now), figures[0], figures[1], differs, texts, len(schools)))
    codes = [{row["school"] for row in draft.values() if row["school"]} for draft in (old, new)]
    here, gone = sorted(codes[1] - codes[0]), sorted(codes[0] - codes[1])
    return Changes(
        tuple(sorted(changes, key=lambda change: not change.verdict)),
        tuple(names.get(code) or code for code in here),
        tuple(names.get(code) or code for code in gone),
        tuple(_files(before, after)),
    )


def _standard(draft: Results) -> Standard | None:
    try:
        return standards.load(str(draft["standard"]))
    except JunhengError:
        return None


def _said(row: Results, standard: Standard | None) -> str:
    """Return the verdict and the figure of a finding as a reader is shown them."""
    verdict = standards.vocabulary()["verdicts"].get(row["verdict"])
    words = verdict.text(language()) if verdict else row["verdict"]
    return f"{words} {_figure(row, standard)}".strip()


def _figure(row: Results, standard: Standard | None) -> str:
    if row["value"] is None or standard is None:
        return "" if row["value"] is None else f"{row['value']:.4g}"
    known: dict[str, Any] = {name: row.get(name) for name in Finding.__dataclass_fields__ if name != "kind"}
    finding = Finding(**known, kind=ids.parse(row["item"]).kind)
    try:
        return numbers.of(finding, row["value"], standard, language())
    except KeyError:  # an item of a plan, which this standard doesn't know
        return f"{row['value']:.4g}"


def _base(item: str) -> str:
    """Return what the schools' own findings of an item are called: the floor of a coefficient's indicator, ..."""
    parsed = ids.parse(item)
    if parsed.kind == Kind.CV:
        return ids.floor(parsed.name)
    return "school_rule" if parsed.kind == Kind.SCHOOLS else item


def _behind(
    old: dict[str, Results], new: dict[str, Results], standard: Standard | None
) -> dict[tuple[str, str | None], list[tuple[str, str]]]:
    """Return, by item and stage, the schools whose own finding differs, and how: those that moved most first."""
    moved: dict[tuple[str, str | None], list[tuple[float, str, str]]] = {}
    for id_ in {**old, **new}:
        was, now = old.get(id_), new.get(id_)
        finding = now or was
        assert finding is not None
        if finding["school"] is None or (was and now and _said(was, standard) == _said(now, standard)):
            continue
        texts = [_said(each, standard) if each else "—" for each in (was, now)]
        values = [each["value"] if each else None for each in (was, now)]
        size = abs(values[1] / values[0] - 1) if all(values) else float("inf")  # type: ignore[operator]
        moved.setdefault((finding["item"], finding["stage"]), []).append((size, finding["school"], " → ".join(texts)))
    order = {key: sorted(rows, key=lambda row: (-row[0], row[1])) for key, rows in moved.items()}
    return {key: [(code, text) for _, code, text in rows] for key, rows in order.items()}


def _files(before: Results, after: Results) -> list[str]:
    old, new = ({source["file"]: source["sha256"] for source in draft.get("sources", [])} for draft in (before, after))
    return [file for file in {**new, **old} if old.get(file) != new.get(file)]


def names_of(county: str, data: str) -> dict[str, str]:
    """Return the names of a county's schools by code, as its data have them; none where they are not at hand."""
    from analysis.clean import clean_county

    try:
        catalogue = sources.load(sources.folder_of(data, county))
        if county not in catalogue.counties:
            return {}
        records = clean_county(catalogue, county, project.processed(catalogue.folder))
    except (JunhengError, OSError):
        return {}
    return {code: name for code, name in records.schools.sort("year").select("school", "name").iter_rows() if name}


def lines(changes: Changes) -> list[str]:
    """Return the changes for a terminal."""
    said = []
    for change in changes.changes:
        mark = "●" if change.verdict else "·"
        said.append(f"{mark} {change.name}：{change.before} → {change.after}")
        if change.schools:
            rest = change.more - len(change.schools)
            more = message("diff_more", number=rest) if rest > 0 else ""
            said.append("    " + message("diff_schools", schools="；".join(change.schools) + more))
    if changes.came:
        said.append(message("diff_came", schools=listed(changes.came)))
    if changes.left:
        said.append(message("diff_left", schools=listed(changes.left)))
    if changes.files:
        said.append(message("diff_files", files=listed(changes.files)))
    return said


def page(changes: Changes, title: str, path: Path) -> Path:
    """Write the page of the changes, for the file; return its path."""
    from analysis.render.changes import write

    write(path, title, changes)
    return path
