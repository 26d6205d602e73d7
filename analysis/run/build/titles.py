"""What a report is called, and where that and the captions of its figures stand in the executed notebook."""

import importlib
import json
import pkgutil
from collections.abc import Iterable
from typing import Any

import nbformat
import yaml

from analysis import brand, project, standards
from analysis.clean import checks
from analysis.judge import cached, fieldcheck
from analysis.kinds import kinds
from analysis.read import fields, ledger
from analysis.render import Meta, html, pandoc, pdf
from analysis.render.meta import words_of
from analysis.tell.case.setting import Setting, SourceFile
from analysis.tell.facts.titles import titles
from analysis.tell.facts.versions import versions
from analysis.tell.language import wording
from analysis.tell.parts import chapters, figures, tables
from analysis.tell.speech import templates
from analysis.tell.speech.display import as_html

#: What Quarto calls its files of a notebook that is delivered: those beside it stay as they were built.
RENDERED = "by-quarto"


def prepare(lang: str, standard: str) -> None:
    """Read what documents of a language and standard share, so that processes forked from this one have it."""
    for package in (chapters, figures, tables):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    standards.load(standard)
    standards.vocabulary()
    fields.tables()
    fields.units()
    checks.checks()
    ledger.columns()
    fieldcheck.rules()
    cached.made_by()
    versions()
    wording.emphasis()
    wording.ordinals(lang)
    templates.prepare(lang)
    brand.register()
    words_of(lang)
    kinds()
    for notebook in project.notebooks().glob("*.ipynb"):  # compiles the schemas that notebooks are held to
        nbformat.read(notebook, as_version=4)
    pandoc.version()
    pdf.fonts_of()
    html.prepare()


def day_of(setting: Setting) -> str:
    """Return the day (ISO) that documents bear: that of signing, else SOURCE_DATE_EPOCH's, else that of their data.

    Never that of building: the same data make the same files on any day.
    """
    return setting.date or project.set_day() or latest(setting.source_files, setting.year)


def latest(files: Iterable[SourceFile], year: int) -> str:
    """Return the day (ISO) of the latest statistics of a year, its last day where none of them has a date."""
    dates = [f"{file.date}-01-01"[:10] for file in files if file.date and file.year == year]
    return max(dates, default=f"{year}-12-31")


def meta(setting: Setting) -> Meta:
    """Return what the documents of a report say about themselves."""
    own_titles = titles(setting)
    return Meta(
        title=own_titles.title,
        subtitle=own_titles.subtitle,
        county=setting.name,
        year=setting.year,
        lang=setting.lang,
        audience=setting.audience,
        synthetic=setting.synthetic,
        date=day_of(setting),
        office=own_titles.office,
        keywords=own_titles.keywords,
        province=setting.province.get(setting.lang, ""),
        draft=setting.draft,
        series=own_titles.series,
        brief=setting.brief,
        signed=setting.date,
    )


def finish(executed: Any, about: Meta) -> None:
    """Put this county's title, captions and alternative texts into the executed notebook, where Quarto looks, and HTML
    beside what only renderers read."""
    for cell in executed.cells:
        if cell.cell_type == "raw" and cell.source.lstrip().startswith("---"):
            cell.source = _front_matter(cell.source, about)
            break
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            drawn = output.get("metadata", {}).get("junheng")
            if drawn:
                cell.source = _captioned(cell.source, {"fig-cap": drawn["caption"], "fig-alt": drawn["alt"]})
    outputs = [output.get("data", {}) for cell in executed.cells for output in cell.get("outputs", [])]
    markdown = [data for data in outputs if "text/markdown" in data]
    for data, page in zip(markdown, as_html([data["text/markdown"] for data in markdown]), strict=True):
        data["text/html"] = page


def _front_matter(source: str, about: Meta) -> str:
    metadata = yaml.safe_load(source.strip().strip("-")) or {}
    lang = {"zh": "zh-CN", "en": "en"}[about.lang]
    metadata |= {
        "output-file": RENDERED,
        "title": about.title,
        "subtitle": about.subtitle,
        "date": about.date,
        "lang": lang,
    }
    return f"---\n{yaml.safe_dump(metadata, allow_unicode=True, sort_keys=False, width=1000)}---"


def _captioned(source: str, options: dict[str, str]) -> str:
    """Replace the cell options of these names, each on one line, after the other options."""
    lines = [line for line in source.splitlines() if not line.startswith(tuple(f"#| {name}:" for name in options))]
    head = next((number for number, line in enumerate(lines) if not line.startswith("#|")), len(lines))
    # A JSON string is a YAML string, on one line whatever it holds.
    written = [f"#| {name}: {json.dumps(text, ensure_ascii=False)}" for name, text in options.items()]
    return "\n".join([*lines[:head], *written, *lines[head:]])
