"""The sources of the website that `quarto render --profile site` makes: a page for each county, listings, a sidebar by
city, pages about it all. They lie in `site/` and index.qmd, are made anew before each render and kept by no one."""

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
import yaml

from analysis import __version__, project, sources
from analysis.regions import CITY, own_names

from .meta import words_of
from .quarto import without
from .site import Entry, facts, results_of

#: Where the sources lie, below the project's root; the first page alone stands outside.
FOLDER, INDEX, COUNTIES = "site", "index.qmd", "counties"
#: What a listing lists, beside its page.
ITEMS = "items.yml"
#: What a page offers to take away: files that lie beside the executed notebook.
TAKEN = ("report.html", "report.pdf", "report.docx", "annex.xlsx", "results.json")
#: Notebooks for researchers, who see schools: no page of the public's.
WALKS = ("walk_coefficient", "walk_rate", "what_if")
RESEARCH = "research"
#: The county of the sample that they walk through; no page of theirs where it was taken away.
OF_WALKS = "990101"
#: Columns of a listing after the county: verdicts of the whole and of each field, then two counts.
COLUMNS = ("year", "overall", "resources", "government", "quality", "recognition", "unmet", "over")
#: Rows of a listing on one page.
ROWS = 100


def reports(output: Path, lang: str, audience: str) -> list[Entry]:
    """Return the latest report of each county for one audience in one language: national standard, final."""
    latest: dict[str, Entry] = {}
    for path in sorted(output.glob("[0-9]*/[0-9]*/**/results.json")):
        results = results_of(path)
        usual = "" if (audience, lang) == ("internal", "zh") else f"{audience}-{lang}-{results.get('standard')}"
        place = path.parent.relative_to(output)
        if not results or results["audience"] != audience or "/".join(place.parts[2:]) != usual:
            continue
        files = tuple(name for name in TAKEN if (path.parent / name).exists())
        latest[place.parts[0]] = Entry(place.as_posix(), files, results)  # years come in their order
    return list(latest.values())


def lay(output: Path, root: Path, lang: str, audience: str) -> list[Entry]:
    """Write the sources of the website over what is built in `output` into `root`; return the counties it has."""
    folder, entries = root / FOLDER, reports(output, lang, audience)
    executed = _executed(folder / RESEARCH)
    shutil.rmtree(folder, ignore_errors=True)
    words = words_of(lang)["site"]
    rows = {row["code"]: row for row in facts(entries, lang, own_names())["rows"]}
    for entry in entries:
        _county(output, _place(folder, entry.county), entry, rows[entry.county], words)
    for code, city in sorted({(row["city_code"], row["city"]) for row in rows.values()}):
        of_city = [row for row in rows.values() if row["city_code"] == code]
        _listing(folder / COUNTIES / code / INDEX, folder, city, of_city, words)
    all_rows, lead = list(rows.values()), words["lead"].format(counties=len(rows))
    _listing(folder / COUNTIES / INDEX, folder, words["counties"], all_rows, words)
    _listing(root / INDEX, folder, words["title"], all_rows, words, lead)
    for page in sorted((project.root() / "reports" / "quarto" / "pages" / lang).glob("*.qmd")):
        shutil.copy(page, folder / page.name)
    catalogue = sources.load(project.raw())
    if audience == "internal" and catalogue.of(OF_WALKS):
        _walks(folder / RESEARCH, lang, sources.key(catalogue, OF_WALKS), executed)
    return entries


def _place(folder: Path, county: str) -> Path:
    return folder / COUNTIES / county[:CITY] / f"{county}.ipynb"


def _county(output: Path, target: Path, entry: Entry, row: dict[str, Any], words: dict[str, Any]) -> None:
    """Write a county's page: its executed notebook, which executes no more, with its files to take away."""
    source = output / entry.folder
    beside = target.with_suffix("")
    beside.mkdir(parents=True)
    for name in entry.files:
        shutil.copy(source / name, beside / name)
    head = {"title": row["name"], "execute": {"enabled": False}, "categories": [row["verdicts"][0][1]]}
    links = " · ".join(f"[{name.rpartition('.')[2].upper()}]({beside.name}/{name})" for name in entry.files)
    executed = nbformat.read(source / "report.ipynb", as_version=4)
    cells = [cell for cell in executed.cells if cell.cell_type != "raw"]
    taken = nbformat.v4.new_markdown_cell(f"::: {{.source .taken}}\n{words['files']}　{links}\n:::")
    page = nbformat.v4.new_notebook(cells=[_head(head), taken, *cells], metadata=executed.metadata)
    nbformat.write(without(page, "text/html", "text/markdown"), target)


def _executed(folder: Path) -> dict[str, Any]:
    """Return the researchers' notebooks as Quarto left them: it writes what cells gave into them, and freezes that."""
    executed = {}
    for name in WALKS:
        with suppress(OSError, ValueError, nbformat.ValidationError):
            executed[name] = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    return executed


def _walks(folder: Path, lang: str, data: str, executed: dict[str, Any]) -> None:
    """Lay the researchers' notebooks. Quarto executes them once and keeps what they gave until a cell of theirs is
    another one, or the data: one whose cells and data are the same lies there again as it left it."""
    folder.mkdir(parents=True)
    for name in WALKS:
        notebook = nbformat.read(project.notebooks() / f"{name}.ipynb", as_version=4)
        front = yaml.safe_load(notebook.cells[0].source.strip("-\n"))
        notebook.cells[0] = _head(front | {"title": front["title"].split(" · ")[lang == "en"]})
        notebook.metadata["junheng"] = {"version": __version__, "data": data}
        same = name in executed and _what_is_executed(executed[name]) == _what_is_executed(notebook)
        nbformat.write(executed[name] if same else notebook, folder / f"{name}.ipynb")
    items = [{"path": f"{name}.ipynb"} for name in WALKS]
    (folder / ITEMS).write_text(yaml.safe_dump(items), encoding="utf-8")
    listing = {"contents": ITEMS, "type": "default", "fields": ["title"], "sort-ui": False, "filter-ui": False}
    _write(folder / INDEX, {"title": words_of(lang)["site"]["research"], "listing": listing})


def _what_is_executed(notebook: Any) -> tuple[Any, ...]:
    cells = ((cell.cell_type, cell.source) for cell in notebook.cells)
    return (*cells, notebook.metadata.get("junheng"))


def _listing(
    page: Path, folder: Path, title: str, rows: list[dict[str, Any]], words: dict[str, Any], text: str = ""
) -> None:
    """Write a page that lists counties, and what it lists: a file below `folder`, with paths from there."""
    beside, items = page.parent if page.is_relative_to(folder) else folder, []
    for row in rows:
        verdicts = [word for _, word in row["verdicts"]]
        values = [str(row["year"]), *verdicts, str(row["unmet"]), str(row["over"])]
        path = "/" + _place(Path(FOLDER), row["code"]).as_posix()
        known = {"path": path, "title": row["name"], "categories": verdicts[:1]}
        items.append(known | dict(zip(COLUMNS, values, strict=True)))
    beside.mkdir(parents=True, exist_ok=True)
    (beside / ITEMS).write_text(yaml.safe_dump(items, allow_unicode=True, sort_keys=False), encoding="utf-8")
    fields = ["title", *COLUMNS]
    listing = {
        "contents": (beside / ITEMS).relative_to(page.parent).as_posix(),
        "type": "table",
        "categories": True,
        "fields": fields,
        "field-display-names": {name: words["columns"][name] for name in fields},
        "sort-ui": True,
        "filter-ui": True,
        "page-size": ROWS,
    }
    _write(page, {"title": title, "listing": listing}, text)


def _head(front: dict[str, Any]) -> Any:
    return nbformat.v4.new_raw_cell(_yaml(front))


def _yaml(front: dict[str, Any]) -> str:
    """Return the head of a page, which is a page of the web and nothing else."""
    front = front | {"format": "html"}
    return f"---\n{yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=10000)}---"


def _write(path: Path, front: dict[str, Any], *texts: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join([_yaml(front), *filter(None, texts)]) + "\n", encoding="utf-8")
