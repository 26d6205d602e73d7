"""What a report is called, and where that and the captions of its figures stand in the executed notebook."""

import importlib
import json
import os
import pkgutil
from datetime import UTC, date, datetime
from typing import Any

import nbformat
import yaml

from analysis import brand, project, standards
from analysis.clean import checks
from analysis.judge import fieldcheck, kept
from analysis.kinds import kind, kinds
from analysis.plaintext import is_digits
from analysis.read import fields, ledger
from analysis.render import Meta, html, pandoc, pdf
from analysis.render.meta import words_of
from analysis.tell.case.setting import Setting
from analysis.tell.facts.versions import versions
from analysis.tell.language import wording
from analysis.tell.parts import chapters, figures, tables
from analysis.tell.speech import templates

#: The kind whose titles hold for whatever another does not say.
USUAL = "county"


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
    kept.made_by()
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


def today() -> date:
    """Return the date that documents bear: SOURCE_DATE_EPOCH where it is set, else today's."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC).date() if is_digits(epoch) else date.today()


def meta(setting: Setting) -> Meta:
    """Return what the documents of a report say about themselves."""
    titles = kind(USUAL).titles[setting.lang]
    facts = {
        "county": setting.name,
        "year": setting.year,
        "aim": wording.aim(setting.standard, setting.lang),
        "document": setting.standard.document,
        "date": _dates(setting),
    }
    return Meta(
        title=titles["title"].format(**facts),
        subtitle=titles["draft" if setting.draft else "subtitle"].format(**facts),
        county=setting.name,
        year=setting.year,
        lang=setting.lang,
        audience=setting.audience,
        synthetic=setting.synthetic,
        date=setting.date or today().isoformat(),
        office=titles["office"].format(**facts),
        keywords=tuple(word.format(**facts) for word in titles["keywords"]),
        province=setting.province.get(setting.lang, ""),
        draft=setting.draft,
        series=titles["series"].format(**facts),
        brief=setting.brief,
    )


def _dates(setting: Setting) -> str:
    """Return the months of the report's year's statistics, first to last; the year where no source of it has a date."""
    dates = sorted({source.date[:7] for source in setting.source_files if source.date and source.year == setting.year})
    if not dates:
        return setting.word("dates", "year").format(year=setting.year)
    (year, first), (final, last) = (map(int, day.split("-")) for day in (dates[0], dates[-1]))
    begin, end = (setting.word("dates", "month").format(year=y, month=m) for y, m in ((year, first), (final, last)))
    if begin == end:
        return end
    if year == final:
        return setting.word("dates", "months").format(year=year, first=first, last=last)
    return setting.word("dates", "span").format(first=begin, last=end)


def finish(executed: Any, about: Meta) -> None:
    """Put this county's title, captions and alternative texts into the executed notebook, where Quarto looks."""
    for cell in executed.cells:
        if cell.cell_type == "raw" and cell.source.lstrip().startswith("---"):
            cell.source = _front_matter(cell.source, about)
            break
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            drawn = output.get("metadata", {}).get("junheng")
            if drawn:
                cell.source = _captioned(cell.source, {"fig-cap": drawn["caption"], "fig-alt": drawn["alt"]})


def _front_matter(source: str, about: Meta) -> str:
    metadata = yaml.safe_load(source.strip().strip("-")) or {}
    lang = {"zh": "zh-CN", "en": "en"}[about.lang]
    metadata |= {"title": about.title, "subtitle": about.subtitle, "date": about.date, "lang": lang}
    return f"---\n{yaml.safe_dump(metadata, allow_unicode=True, sort_keys=False, width=1000)}---"


def _captioned(source: str, options: dict[str, str]) -> str:
    """Replace the cell options of these names, each on one line, after the other options."""
    lines = [line for line in source.splitlines() if not line.startswith(tuple(f"#| {name}:" for name in options))]
    head = next((number for number, line in enumerate(lines) if not line.startswith("#|")), len(lines))
    # A JSON string is a YAML string, on one line whatever it holds.
    written = [f"#| {name}: {json.dumps(text, ensure_ascii=False)}" for name, text in options.items()]
    return "\n".join([*lines[:head], *written, *lines[head:]])
