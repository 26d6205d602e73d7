"""Office documents of a plain `quarto render`: finished as ours are, by what the notebook's head says (front.lua)."""

from datetime import date
from typing import Any

from lxml import etree

from analysis import project

from . import docx, zips
from .meta import Meta, words_of

#: Where pandoc keeps the metadata that an office program has no place for.
CUSTOM = "docProps/custom.xml"
LANGUAGE = "report-lang"
PROPERTY = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}property"
TITLE = "{http://purl.org/dc/elements/1.1/}title"


def finish(data: bytes) -> bytes:
    """Return the DOCX with everything set that pandoc can't set; one that is no document of ours as it is."""
    parts = zips.read(data)
    properties = _properties(parts.get(CUSTOM))
    return docx.finish(data, _meta(parts, properties)) if LANGUAGE in properties else data


def _properties(part: bytes | None) -> dict[str, str]:
    if part is None:
        return {}
    return {str(element.get("name")): "".join(element.itertext()) for element in etree.fromstring(part).iter(PROPERTY)}


def _meta(parts: dict[str, bytes], properties: dict[str, str]) -> Meta:
    lang, mark = properties[LANGUAGE], properties.get("page-mark", "")
    words: dict[str, Any] = words_of(lang)
    title = etree.fromstring(parts["docProps/core.xml"]).find(TITLE)
    return Meta(
        title="" if title is None else title.text or "",
        subtitle=properties.get("subtitle", ""),
        county="",
        year=0,
        lang=lang,
        audience="",
        synthetic=str(words["synthetic"]) in mark,
        date=project.set_day() or date.today().isoformat(),
        office=properties.get("office", ""),
        draft=str(words["draft"]) in mark,
        series=properties.get("page-header", ""),
    )
