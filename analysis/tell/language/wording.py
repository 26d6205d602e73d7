"""Words and rules of emphasis that templates, tables and figures share; all of it is read from reports/templates."""

import calendar
from datetime import date
from functools import cache
from typing import Any

from analysis.project import templates
from analysis.read.fields import tables
from analysis.sources import parse_yaml
from analysis.standards import Standard, vocabulary


@cache
def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = parse_yaml((templates() / name).read_text(encoding="utf-8"))
    return loaded


def word(group: str, key: str, lang: str) -> str:
    """Return a word of a group of words.yml, the source tables, or the standards' vocabulary; KeyError for none."""
    own = _read("words.yml").get(group, {})
    if key in own:
        text: str = own[key][lang]
        return text
    if group == "tables":
        return tables()[key].short[lang]
    return vocabulary()[group][key].text(lang)


def of_unit(group: str, unit: str, lang: str) -> str:
    """Return the word of a unit in `things`, `amounts` or `bases`; where it has none there, by its measure."""
    if unit in _read("words.yml")[group]:
        return word(group, unit, lang)
    return "" if group == "bases" else word("measures", unit, lang) + ("{name}" if group == "things" else "")


def blank(name: str, lang: str) -> str:
    """Return the named blank of something that the county (or who words.yml says) fills in itself."""
    who = name if name in _read("words.yml")["filled_by"] else "county"
    return word("labels", "fill_in", lang).format(who=word("filled_by", who, lang), name=word("blanks", name, lang))


def day(day: date, lang: str) -> str:
    """Return a day in words (GB/T 9704: year, month and day in full, no leading zeros)."""
    month = calendar.month_name[day.month] if lang == "en" else day.month
    return word("cells", "day", lang).format(year=day.year, month=month, day=day.day)


def ordinals(lang: str) -> list[str]:
    """Return the words that count points in a sentence, first to tenth."""
    ordinal_words: list[str] = _read("words.yml")["ordinals"][lang]
    return ordinal_words


def emphasis() -> dict[str, Any]:
    """Return the rules of emphasis.yml."""
    return _read("emphasis.yml")


def is_planned_for(standard: str) -> bool:
    """Return whether the year of acceptance that a county plans is that of this standard's certificate."""
    return standard in emphasis()["acceptance"]


def aim(standard: Standard, lang: str) -> str:
    """Return what the standard certifies (优质均衡), else its name, to which "标准" is to be added."""
    aims = _read("words.yml")["aims"]
    for name in (standard.id, standard.extends):
        if name in aims:
            text: str = aims[name][lang]
            return text
    return standard.name.text(lang).removesuffix("标准")


def texts(kind: str, lang: str) -> dict[str, Any]:
    """Return the texts of figures or tables (`kind`) in one language."""
    return _read(f"{lang}/{kind}.yml")
