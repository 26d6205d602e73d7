"""Tables of the report on a subject: national results, scores, areas, years, schools."""

from fractions import Fraction

from verification import numbers
from verification.checked.expected.base import Row, count, form, traced
from verification.checked.kinds import Kind, Said
from verification.checked.shown import Shown, blank, word
from verification.worked import subject as of


def _grade(s: Shown, grade: int) -> Said:
    return form(s.standard.word("grades", str(grade), s.lang))


def _points(value: Fraction | None, lang: str) -> Said:
    return blank(lang) if value is None else Said(numbers.places(value, 1), Kind.WORKED, value)


def national(s: Shown, said: dict[str, str]) -> list[Row]:
    """Results of all rounds up to the report's year, by grade."""
    rows = []
    for year in s.case.county.years("monitoring"):
        for row in s.case.county.rows("monitoring", year):
            if row["subject"] != said["tested"] or year > s.case.year or row.get("taken") == "no":
                continue
            level, rate = row.get("level"), row.get("rate")
            limit = s.standard.data.get("monitoring", {}).get("rate")
            target = s.standard.at(limit["values"], s.case.at(year).day) if limit else None
            told = numbers.judged(rate, 2, target, "below") if rate is not None else ""
            rows.append(
                {
                    "grade": _grade(s, int(row["grade"])),
                    "year": traced(year, Fraction(year)),
                    "level": blank(s.lang) if level is None else traced(numbers.ROMAN[s.lang][int(level)], level),
                    "rate": blank(s.lang) if rate is None else traced(told, rate),
                }
            )
    return rows


def distribution(s: Shown, said: dict[str, str]) -> list[Row]:
    """How scores of each grade lie."""
    rows = []
    for grade in of.grades(s.case, said["tested"]):
        found = of.scores(of.rows(s.case, said["tested"], grade))
        assert found is not None
        ends = {"low": Fraction(1, 4), "median": Fraction(1, 2), "high": Fraction(3, 4)}
        row = {"grade": _grade(s, grade), "schools": count(found.schools), "pupils": count(len(found.values))}
        row |= {"mean": _points(found.mean, s.lang), "sd": _points(found.sd or Fraction(0), s.lang)}
        rows.append(row | {name: _points(found.part(share), s.lang) for name, share in ends.items()})
    return rows


def areas(s: Shown, said: dict[str, str]) -> list[Row]:
    """How scores of each grade and kind of area lie."""
    return [
        {
            "grade": _grade(s, grade),
            "area": form(s.standard.word("areas", area, s.lang)),
            "schools": count(one.schools),
            "pupils": count(len(one.values)),
            "mean": _points(one.mean, s.lang),
            "sd": _points(one.sd, s.lang),
        }
        for grade in of.parted(s.case, said["tested"])
        for area, one in of.by_area(s.case, said["tested"], grade).items()
    ]


def years(s: Shown, said: dict[str, str]) -> list[Row]:
    """Rates of the own tests of each grade, year by year."""
    rows = []
    for grade in of.grades(s.case, said["tested"]):
        for year in s.case.years:
            one = of.own(s.case, said["tested"], grade, year)
            if one is None:
                continue
            rate = one.told["rate"]
            now = year == s.case.year
            rows.append(
                {
                    "grade": _grade(s, grade),
                    "year": form(year, Fraction(year)),
                    "schools": count(rate.schools),
                    "pupils": count(rate.pupils),
                    "rate": s.value(one) if now else Said(numbers.places(one.value or Fraction(0), 2)),
                    "interval": Said("—".join(s.number(one, one.told[key]) for key in ("low", "high"))),
                    "verdict": s.verdict(one),
                }
            )
    return rows


def effects(s: Shown, said: dict[str, str]) -> list[Row]:
    """How far each school of a test lies from the county's mean."""
    rows = []
    for grade in of.grades(s.case, said["tested"]):
        own = of.own(s.case, said["tested"], grade)
        pupils = dict(zip(own.told["rate"].sums.school, own.told["rate"].sums.n, strict=True)) if own else {}
        for one in of.of_schools(s.case, said["tested"], grade):
            ends = [numbers.signed(Fraction(end), 1) for end in (one.low, one.high)]
            rows.append(
                {
                    "grade": _grade(s, grade),
                    "school": form(s.words.school(one.school)),
                    "pupils": count(int(pupils[one.school])),
                    "effect": Said(numbers.signed(Fraction(one.effect), 1), Kind.WORKED),
                    "interval": Said(word("cells", "from_to", s.lang).format(low=ends[0], high=ends[1])),
                    "said": form(s.case.here(word("sides", one.side or "alike", s.lang))),
                }
            )
    return rows
