"""Tables of the early-warning sheet."""

from fractions import Fraction

from verification import numbers
from verification.checked.expected.base import Row, count, form
from verification.checked.kinds import Kind, Said
from verification.checked.shown import Shown, blank, word
from verification.worked import warned
from verification.worked.finding import Finding
from verification.worked.region import SCHOOLS


def _item(s: Shown, one: Finding) -> Row:
    scope = s.where(one) if one.subject or one.stage else word("cells", "blank", s.lang)
    said = {"field": form(s.standard.word("fields", one.field, s.lang)), "item": form(s.label(one.item))}
    return said | {"scope": form(scope), "value": s.value(one), "target": s.target(one)}


def near(s: Shown, _: dict[str, str]) -> list[Row]:
    """What is met and near its limit: its margin in parts of the limit, for how many years running."""
    return [
        _item(s, one.finding) | {"part": Said(numbers.percent(one.part), Kind.WORKED), "years": count(one.years)}
        for one in warned.near(s.case)
    ]


def near_schools(s: Shown, _: dict[str, str]) -> list[Row]:
    """Schools that are near a limit, by item and stage: how many, the nearest by name."""
    rows = []
    for (item, stage), found in warned.near_schools(s.case).items():
        names = [s.words.school(one.school) for one in found]
        said = word("cells", "between", s.lang).join(names[:SCHOOLS])
        more = word("cells", "and_more", s.lang).format(names=said, number=len(names))
        rows.append(
            {
                "item": form(s.label(item if not item.startswith("floor_") else item.removeprefix("floor_"))),
                "stage": form(s.standard.word("stages", stage, s.lang)) if stage else blank(s.lang),
                "schools": count(len(names)),
                "names": form(said if len(names) <= SCHOOLS else more),
            }
        )
    return rows


def years(s: Shown, _: dict[str, str]) -> list[Row]:
    """What is not met: since when, for how many years running."""
    rows = []
    for one in warned.unmet(s.case):
        since = s.case.year - one.years + 1
        rows.append(_item(s, one.finding) | {"since": form(since, Fraction(since)), "years": count(one.years)})
    return rows
