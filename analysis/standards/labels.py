"""Names and short sentences that readers see."""

from functools import cache

from analysis import ids
from analysis.standards.basis import Label
from analysis.standards.model import Standard
from analysis.standards.terms import words as told
from analysis.tables import Kind, Verdict

Vocabulary = dict[str, dict[str, Label]]


@cache
def vocabulary() -> Vocabulary:
    """Return group -> id -> label (stages, fields, verdicts, subjects, reasons, scope_reasons, notes, units, ...)."""
    return {group: {key: Label(**label) for key, label in entries.items()} for group, entries in told().items()}


@cache
def verdicts() -> tuple[Verdict, ...]:
    """Return the verdicts in the order of the vocabulary, in which they are told."""
    return tuple(Verdict(verdict) for verdict in vocabulary()["verdicts"])


def within(name: str, lang: str) -> str:
    """Return a name as it stands in mid-sentence: in English without its capital, unless an abbreviation begins it."""
    return name[:1].lower() + name[1:] if lang == "en" and not name[1:2].isupper() else name


def label(standard: Standard, item: str, lang: str, short: bool = False) -> str:
    """Return what readers call an item or an indicator of `standard`; `short` takes the indicator's short name.

    Raises KeyError for an id that the standard doesn't know: a fault of ours.
    """
    if item in standard.indicators:
        indicator = standard.indicators[item]
        return (indicator.short if short else indicator.label).text(lang)
    if item in standard.items:
        return standard.items[item].label.text(lang)
    words = vocabulary()["items"]
    if item in words:
        return words[item].text(lang)
    item_id = ids.parse(item)
    if item_id.kind in (Kind.FLOOR, Kind.CV):
        said, name = words[item_id.kind].text(lang), label(standard, item_id.name, lang, short)
        return said.format(indicator=name if said.startswith("{") else within(name, lang))
    if item_id.kind is Kind.RECOGNITION_GROUP:
        return words[item_id.kind].text(lang).format(group=vocabulary()["groups"][item_id.name].text(lang))
    raise KeyError(item)
