"""The only place where numbers become text. Rounding is judge's: no shown figure contradicts its verdict."""

import math

from analysis import ids
from analysis.judge.against_rows import CONTRADICTS
from analysis.judge.rounding import DIGITS, exact, shown
from analysis.measure import COMPOSITE
from analysis.standards import Sense, Standard, rules, vocabulary
from analysis.tables import Kind
from analysis.tell.findings import Finding

MINUS = "−"
DASH = "—"
#: Places of coefficients and rates, of percentages, of points of a percentage.
RATIO, PERCENT = 2, 1
#: Items whose value is a share of a whole but is told as a figure, as coefficients are.
RATES = (Kind.RATE, Kind.RATE_OWN)


def _grouped(text: str) -> str:
    """Return a plain decimal with thousands separators and a minus sign."""
    sign, digits = (MINUS, text[1:]) if text.startswith("-") else ("", text)
    whole, point, places = digits.partition(".")
    return f"{'' if not float(digits) else sign}{int(whole):,}{point}{places}"


def decimal(value: float, places: int, target: float | None = None, sense: Sense | None = None) -> str:
    """Return `value` with `places` decimals, more where fewer would contradict its verdict.

    >>> decimal(0.1496, 2, 0.15, Sense.BELOW)
    '0.1496'
    """
    return _grouped(shown(value, target, places, sense))


def whole(value: float) -> str:
    """Return a count: 14,220."""
    return decimal(value, 0)


def ratio(value: float, target: float | None = None, sense: Sense | None = None) -> str:
    """Return a coefficient or a rate: 0.46."""
    return decimal(value, RATIO, target, sense)


def signed(difference: float) -> str:
    """Return a change of a coefficient with its sign: +0.02, −0.04."""
    return signed_decimal(difference, RATIO)


def signed_end(end: float) -> str:
    """Return an end of the interval of a change with its sign and as many places as tell it from nothing: +0.003."""
    text = decimal(end, RATIO, 0.0, Sense.ABOVE if end > 0 else Sense.BELOW)
    return text if end <= 0 else f"+{text}"


def signed_decimal(difference: float, places: int) -> str:
    """Return a change with its sign and fixed places: −0.036."""
    text = decimal(difference, places)
    return text if text.startswith(MINUS) or not float(text) else f"+{text}"


def percent(value: float, target: float | None = None, sense: Sense | None = None, places: int = PERCENT) -> str:
    """Return a share as a percentage: 0.853 is 85.3%, 0.9 is 90.0%, 1 is 100%, and what is short of it never is."""
    if target is None and value < 1:
        target, sense = 1.0, Sense.BELOW
    text = decimal(value * 100, places, None if target is None else target * 100, sense)
    return f"{_trimmed(text) if value in {0, 1} else text}%"


def part(value: float) -> str:
    """Return a share that a rule names, without needless decimals: 0.85 is 85%."""
    return f"{_trimmed(decimal(value * 100, PERCENT))}%"


def points(difference: float) -> str:
    """Return a difference of two shares in percentage points, without its sign: 0.032 is 3.2, and 0.0004 is 0.04."""
    return decimal(abs(difference) * 100, PERCENT, 0.0, Sense.ABOVE)


def missing(amount: float) -> str:
    """Return a missing amount as the whole number that mends it: 1.2 teachers are 2."""
    return whole(math.ceil(exact(amount)))


def missing_money(amount: float) -> str:
    """Return missing yuan in units of ten thousand, rounded up to a tenth of them: 232,500 are 23.3."""
    return decimal(math.ceil(exact(amount / 1000)) / 10, 1)


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def level(value: float, lang: str) -> str:
    """Return a level of the national monitoring as a roman numeral."""
    return vocabulary()["levels"][str(int(value))].text(lang)


def sense_of(finding: Finding, standard: Standard) -> Sense | None:
    """Return on which side of its target the good lies for a finding's item; None where it has no target."""
    if finding.kind == Kind.FLOOR:
        return Sense.AT_LEAST
    if finding.kind == Kind.CV:
        return standard.composite.sense if finding.item == ids.cv(COMPOSITE) and standard.composite else Sense.AT_MOST
    if finding.kind == Kind.THREE_YEARS:
        return Sense.BELOW
    if finding.kind == Kind.SCHOOLS:
        return standard.school_rule.schools.sense if standard.school_rule else None
    if finding.kind in {Kind.RECOGNITION, Kind.RECOGNITION_GROUP}:
        return standard.recognition.target.sense if standard.recognition and standard.recognition.target else None
    if finding.kind in {Kind.LEVEL, *RATES}:
        monitoring = standard.monitoring
        return (monitoring.level if finding.kind == Kind.LEVEL else monitoring.rate).sense if monitoring else None
    item = standard.items.get(finding.item)
    rule = rules.of(item.rule) if item and finding.school else None
    if rule and rule.sense:
        return rule.sense
    return item.target.sense if item and item.target else None


def unit_of(finding: Finding, standard: Standard) -> str:
    """Return the unit id of a finding's value and target."""
    if indicator := _at_floor(finding, standard):
        return standard.indicators[indicator].unit
    if finding.kind == Kind.CV:
        return "coefficient"
    if finding.kind == Kind.SCHOOL_RULE:
        return "indicators"
    if finding.kind == Kind.LEVEL:
        return "level"
    if finding.kind == Kind.THREE_YEARS:
        return "years"
    item = standard.items.get(finding.item)
    rule = rules.of(item.rule) if item and finding.school else None
    if rule and rule.unit:
        return rule.unit
    if item:
        return item.target.unit if item.target else "answer"
    return "share"


def _at_floor(finding: Finding, standard: Standard) -> str:
    """Return the indicator whose value and floor a finding has: a floor's, or that of a school in an item that counts
    the schools at it; "" of any other."""
    if finding.kind == Kind.FLOOR:
        return finding.indicator
    item = standard.items.get(finding.item) if finding.school else None
    return str(item.parameters["indicator"]) if item and item.rule == rules.AT_FLOOR else ""


def of(finding: Finding, number: float, standard: Standard, lang: str, *, judged: bool = True) -> str:
    """Return `number` (a value or target of `finding`) as its item is told; `judged` guards the verdict.

    A floor has its indicator's decimals, a coefficient or rate two, a share is a percentage, a level a numeral.
    """
    target, sense = (finding.target, sense_of(finding, standard)) if judged else (None, None)
    unit = unit_of(finding, standard)
    if unit == "coefficient" or finding.kind in RATES:
        return ratio(number, target, sense)
    if unit == "level":
        return level(number, lang)
    if unit == "share":
        return percent(number, target, sense)
    if indicator := _at_floor(finding, standard):
        return decimal(number, standard.indicators[indicator].decimals, target, sense)
    return _trimmed(decimal(number, PERCENT, target, sense))


def computed(finding: Finding, standard: Standard, lang: str) -> str:
    """Return what rows, or counts, come to of an item that is reported, with as many places as tell it from what is
    reported; of an answer, the share of schools."""
    assert finding.computed is not None
    if unit_of(finding, standard) == "answer":
        # What is short of a whole is never shown as one.
        shown = [percent(finding.computed, places=places) for places in range(PERCENT, DIGITS)]
        return next((text for text in shown if finding.computed == 1 or not text.startswith("100.")), shown[0])
    said = of(finding, finding.computed, standard, lang)
    if finding.reason not in CONTRADICTS.values() or unit_of(finding, standard) != "share" or finding.value is None:
        return said
    reported = of(finding, finding.value, standard, lang)
    more = (percent(finding.computed, places=places) for places in range(PERCENT + 1, DIGITS))
    return next((value for value in (said, *more) if value != reported), said)


def target(finding: Finding, standard: Standard, lang: str) -> str:
    """Return a finding's target as the standard writes it: no more decimals than it has, two for coefficients."""
    assert finding.target is not None
    text = of(finding, finding.target, standard, lang, judged=False)
    if text.endswith("%"):
        return f"{_trimmed(text[:-1])}%"
    return _trimmed(text) if _at_floor(finding, standard) else text


def interval(low: str, high: str) -> str:
    """Return two shown ends as an interval."""
    return f"{low}{DASH}{high}"
