"""Tables of the report on a subject: national results, scores, areas, years, schools."""

import polars as pl

from analysis import ids
from analysis.tables import Field
from analysis.tell.case.case import Case
from analysis.tell.documents.subject.subject import SubjectReport
from analysis.tell.findings import Finding
from analysis.tell.language import numbers
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, text, value, verdict

GRADE, YEAR, PUPILS = Column("grade"), Column("year", pl.Int32, number=True), Column("pupils", pl.Float64, number=True)
#: Rows that make a table.
_FEWEST = 2
SCHOOLS = Column("schools", pl.Float64, number=True)


def _points(amount: float | None, case: Case) -> Value:
    return number(amount, blank(case) if amount is None else numbers.decimal(amount, 1))


def _grade(report: SubjectReport, grade: int) -> Value:
    return text(report.case.word("grades", str(grade)))


def _table(report: SubjectReport, name: str, columns: list[Column], rows: list[dict[str, Value]]) -> Table | None:
    """Return a table, None of one row: the text tells what it would."""
    return (
        None
        if len(rows) < _FEWEST
        else make(report.case, f"subject_{name}", columns, rows, name=name, texts="subject", tested=report)
    )


def national(report: SubjectReport) -> Table | None:
    """Return one row per grade and year of the national monitoring, up to the report's year."""
    case, rows = report.case, []
    columns = [GRADE, YEAR, Column("level", pl.Float64, number=True), Column("rate", pl.Float64, number=True)]
    results = case.records.monitoring.filter(
        (pl.col("subject") == report.subject) & (pl.col("year") <= case.year) & (pl.col("tested").fill_null("") != "no")
    )
    for row in results.sort("grade", "year").iter_rows(named=True):
        cells = {"grade": _grade(report, row["grade"]), "year": number(row["year"], str(row["year"]))}
        for item in ("level", "rate"):
            finding = case.at(row["year"]).get(ids.finding(Field.QUALITY, item, report.subject, row["grade"]))
            own = finding if finding and finding.data_year == row["year"] else None
            cells[item] = _result(item, row[item], own, case)
        rows.append(cells)
    return _table(report, "national", columns, rows)


def _result(item: str, result: float | None, finding: Finding | None, case: Case) -> Value:
    if finding and finding.value is not None:
        return value(finding, case)
    if result is None:
        return number(None, blank(case))
    return number(float(result), numbers.level(result, case.lang) if item == "level" else numbers.ratio(result))


def distribution(report: SubjectReport) -> Table | None:
    """Return one row per grade: schools, pupils, mean, sd and quartiles of the scores."""
    names = ("mean", "sd", "low", "median", "high")
    columns = [GRADE, SCHOOLS, PUPILS, *(Column(name, pl.Float64, number=True) for name in names)]
    rows = []
    for grade in report.told_grades:
        distribution = grade.distribution
        assert distribution
        cells = {"grade": _grade(report, grade.number), "schools": count(distribution.schools, report.case)}
        cells["pupils"] = count(distribution.pupils, report.case)
        rows.append(cells | {name: _points(getattr(distribution, name), report.case) for name in names})
    return _table(report, "distribution", columns, rows)


def areas(report: SubjectReport) -> Table | None:
    """Return one row per grade and kind of area: schools, pupils, mean, sd."""
    columns = [
        GRADE,
        Column("area"),
        SCHOOLS,
        PUPILS,
        Column("mean", pl.Float64, number=True),
        Column("sd", pl.Float64, number=True),
    ]
    rows = [
        {
            "grade": _grade(report, grade.number),
            "area": text(report.case.word("areas", area.id)),
            "schools": count(area.schools, report.case),
            "pupils": count(area.pupils, report.case),
            "mean": _points(area.mean, report.case),
            "sd": _points(area.sd, report.case),
        }
        for grade in report.grades
        if report.may_part(grade)
        for area in grade.areas
    ]
    return _table(report, "areas", columns, rows)


def years(report: SubjectReport) -> Table | None:
    """Return one row per grade and year with an own test: schools, pupils, rate, interval, verdict."""
    case, rows = report.case, []
    columns = [GRADE, YEAR, SCHOOLS, PUPILS, Column("rate", pl.Float64, number=True), Column("interval", number=True)]
    columns.append(Column("verdict"))
    for grade in report.told_grades:
        for year in case.years:
            own = report.own(grade.number, year)
            if own is None:
                continue
            ends = [
                numbers.of(own.finding, end, case.standard, case.lang) for end in (own.low, own.high) if end is not None
            ]
            shown = numbers.interval(*ends) if len(ends) == 2 else blank(case)
            now = year == case.year
            rows.append(
                {
                    "grade": _grade(report, grade.number),
                    "year": number(year, str(year)),
                    "schools": count(own.schools, case),
                    "pupils": count(own.pupils, case),
                    "rate": value(own.finding, case) if now else number(own.value, numbers.ratio(own.value)),
                    "interval": Value(shown, number(None, shown).cell),
                    "verdict": verdict(own.finding, case) if now else text(case.word("verdicts", own.finding.verdict)),
                }
            )
    return _table(report, "years", columns, rows)


def effects(report: SubjectReport) -> Table | None:
    """Return one row per grade and school, by code: pupils, effect, interval; None to the public."""
    case, rows = report.case, []
    if case.public:
        return None
    columns = [GRADE, Column("school"), PUPILS, Column("effect", pl.Float64, number=True)]
    columns += [Column("low", pl.Float64, shown=False), Column("high", pl.Float64, shown=False)]
    columns += [Column("interval", number=True), Column("said")]
    for grade in report.told_grades:
        for row in grade.effects.iter_rows(named=True):
            ends = [_signed(row[end]) for end in ("low", "high")]
            side = "above" if row["low"] > 0 else "below" if row["high"] < 0 else "alike"
            shown = case.word("lists", "interval").format(low=ends[0], high=ends[1])
            rows.append(
                {
                    "grade": _grade(report, grade.number),
                    "school": text(case.school(row["school"])),
                    "pupils": count(row["pupils"], case),
                    "effect": number(row["effect"], _signed(row["effect"])),
                    "low": number(row["low"], ""),
                    "high": number(row["high"], ""),
                    "interval": Value(shown, number(None, shown).cell),
                    "said": text(case.word("sides", side)),
                }
            )
    return make(case, "subject_effects", columns, rows, name="effects", texts="subject", sortable=True, tested=report)


def _signed(amount: float) -> str:
    shown = numbers.decimal(amount, 1)
    return shown if shown.startswith(numbers.MINUS) or not float(shown.replace(",", "")) else f"+{shown}"
