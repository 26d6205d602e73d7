"""Tables of a region: a row per county, its own findings side by side; words in reports/templates/<lang>/region.yml."""

import polars as pl

from analysis import ids
from analysis.measure import COMPOSITE
from analysis.tables import Field, Kind, Stage, Verdict
from analysis.tell.documents.region import many_tables, plan_tables
from analysis.tell.documents.region.counties import WHOLE, RegionCounty
from analysis.tell.documents.region.gathering import JUDGED
from analysis.tell.documents.region.region import RegionReport
from analysis.tell.findings import Finding
from analysis.tell.language import numbers, wording
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, Value, blank, count, make, number, target, text, value, verdict

COUNTY = Column("county")
#: Places of a coefficient as publications print it.
PRINTED = 3


def _table(
    region: RegionReport, name: str, columns: list[Column], rows: list[dict[str, Value]], words: str | None = None
) -> Table | None:
    return make(
        region.base, f"region_{name}", columns, rows, name=words or name, texts="region", sortable=True, region=region
    )


def named(region: RegionReport, county: RegionCounty) -> str:
    """Return a county's name, with the year of its statistics where that is not the report's."""
    if county.state != JUDGED or county.year == region.base.year:
        return county.name
    return region.base.word("labels", "with_unit").format(name=county.name, unit=county.year)


def _name(region: RegionReport, county: RegionCounty) -> Value:
    return text(named(region, county))


def _verdict(region: RegionReport, county: RegionCounty, id: str) -> Value:
    finding = county.now.get(id)
    return verdict(finding, region.base) if finding else text(blank(region.base))


def _value(region: RegionReport, finding: Finding | None) -> Value:
    if finding is None:
        return number(None, blank(region.base))
    if finding.value is None or finding.verdict == "not_applicable":
        return number(None, region.base.word("verdicts", finding.verdict), verdict=finding.verdict, finding=finding.id)
    return value(finding, region.base)


def fields(region: RegionReport) -> Table | None:
    """Return one row per county: the verdicts of the whole and of each field, items not met, planned acceptance."""
    if not region.judged:
        return None
    planned = any(county.planned_acceptance for county in region.counties)
    parts = [field.value for field in (*region.fields, *([Field.ENTRY] if region.barred else []))]
    columns = [COUNTY, Column("overall"), *(Column(part) for part in parts), Column("unmet", pl.Int64, number=True)]
    stages = region.stages if region.many and region.base.standard.school_rule else []
    columns += [Column(f"schools_{stage}", number=True) for stage in stages]
    columns += [Column("acceptance", pl.Int64, number=True)] if planned else []
    rows = []
    for county in region.counties:
        row = {"county": _name(region, county)} | {part: _verdict(region, county, ids.whole(part)) for part in parts}
        row["unmet"] = count(len(county.unmet) if county.state == JUDGED else None, region.base)
        year = county.planned_acceptance
        row["acceptance"] = number(year, str(year) if year else blank(region.base))
        judged = county.state == JUDGED
        if judged:
            row |= {f"schools_{stage}": many_tables.of_schools(region, county, stage) for stage in stages}
        row["overall"] = (
            _verdict(region, county, WHOLE)
            if judged
            else text(region.base.word("region_states", county.state), verdict=Verdict.NO_DATA)
        )
        if not judged:
            row |= {part: text(blank(region.base)) for part in (*parts, *(f"schools_{stage}" for stage in stages))}
        rows.append(row)
    return _table(region, "fields", columns, rows)


def holding(region: RegionReport) -> Table | None:
    """Return one row per item that a county doesn't meet: how many and which."""
    columns = [Column("field"), Column("item"), Column("number", pl.Int64, number=True), Column("counties")]
    most = wording.emphasis()["region"]["listed"] if region.many else len(region.judged)
    rows = [
        {
            "field": text(region.base.word("fields", item.key.partition(".")[0])),
            "item": text(item.called),
            "number": Value(
                len(item.counties),
                number(None, str(len(item.counties)), finding=region.id(f"unmet.{item.key}")).cell,
            ),
            "counties": text(_some(region, [each.name for each in item.counties], most, "counties_more")),
        }
        for item in region.holding
    ]
    return _table(region, "holding", columns, rows)


def _coefficients(region: RegionReport, stage: str) -> Table | None:
    """Return one row per county with a coefficient of the stage; the limit stands in the first row."""
    names = [*region.base.standard.indicators, COMPOSITE]
    findings = {
        (county.code, name): county.now.get(ids.finding(Field.RESOURCES, ids.cv(name), stage))
        for county in region.judged
        for name in names
    }
    shown = [name for name in names if any(findings[county.code, name] for county in region.judged)]
    if not shown or region.many:
        return None
    heads = {name: region.base.label(name if name != COMPOSITE else ids.cv(COMPOSITE), short=True) for name in shown}
    columns = [COUNTY, *(Column(name, pl.Float64, number=True, label=heads[name]) for name in shown)]
    limits: dict[str, Value] = {"county": text(region.base.word("region_cells", "limit"))}
    for name in shown:
        first = next(
            (
                finding
                for each in region.judged
                if (finding := findings[each.code, name]) and finding.target is not None
            ),
            None,
        )
        limits[name] = target(first, region.base) if first else number(None, blank(region.base))
    rows = [limits] + [
        {"county": _name(region, county)} | {name: _value(region, findings[county.code, name]) for name in shown}
        for county in region.judged
        if any(findings[county.code, name] for name in shown)
    ]
    return _table(region, f"coefficients_{stage}", columns, rows)


def coefficients_primary(region: RegionReport) -> Table | None:
    """Return the coefficients of primary schools."""
    return _coefficients(region, Stage.PRIMARY.value)


def coefficients_junior(region: RegionReport) -> Table | None:
    """Return the coefficients of junior secondary schools."""
    return _coefficients(region, Stage.JUNIOR.value)


def changes(region: RegionReport) -> Table | None:
    """Return one row per judged coefficient: counties over its limit then and now, those that changed."""
    columns = [Column("stage"), Column("indicator")]
    columns += [Column(name, pl.Int64, number=True) for name in ("before", "now", "worse", "better", "same")]
    rows = []
    keys = dict.fromkeys(
        region.key(move.now) for move in sorted(region.moves, key=lambda move: move.now.stage != "primary")
    )
    for key in keys:
        moves = [move for move in region.moves if region.key(move.now) == key]
        first = moves[0].now
        own = {
            "before": sum(move.then.verdict == Verdict.NOT_MET for move in moves),
            "now": sum(move.now.verdict == Verdict.NOT_MET for move in moves),
            "worse": sum(move.changed and move.difference > 0 for move in moves),
            "better": sum(move.changed and move.difference < 0 for move in moves),
            "same": sum(not move.changed for move in moves),
        }
        rows.append(
            {
                "stage": text(region.base.word("stages", first.stage or "")),
                "indicator": text(region.base.label(first.indicator or first.item, short=True)),
                **{name: count(amount, region.base) for name, amount in own.items()},
            }
        )
    return _table(region, "changes", columns, rows)


def _monitoring(region: RegionReport, item: str) -> Table | None:
    """Return one row per county, one column per subject and grade."""
    pairs, word = region.pairs(item), region.base.word
    if not pairs or region.many:
        return None
    columns = [COUNTY]
    for subject, grade in pairs:
        parts = [word("grades", str(grade)), word("subjects", subject)]
        columns.append(
            Column(
                f"{subject}_{grade}", pl.Float64, number=True, label=("" if region.lang == "zh" else " ").join(parts)
            )
        )
    rows = [
        {"county": _name(region, county)}
        | {
            f"{subject}_{grade}": _value(region, county.now.get(ids.finding(Field.QUALITY, item, subject, grade)))
            for subject, grade in pairs
        }
        for county in region.judged
    ]
    return _table(region, f"{item}s", columns, rows)


def levels(region: RegionReport) -> Table | None:
    """Return the levels of the national monitoring."""
    return _monitoring(region, "level")


def rates(region: RegionReport) -> Table | None:
    """Return the rates of the national monitoring."""
    return _monitoring(region, "rate")


def schools(region: RegionReport) -> Table | None:
    """Return one row per county and stage: schools judged, those that meet the rule, don't, lack data; names inside."""
    if region.many:
        return None
    named_ones = not region.base.public
    columns = [
        COUNTY,
        Column("stage"),
        *(Column(name, pl.Int64, number=True) for name in ("schools", "met", "not_met", "no_data")),
    ]
    columns += [Column("names")] if named_ones else []
    rows = []
    for county in region.judged:
        for stage in region.stages:
            every, unmet = county.rule(stage), county.rule(stage, Verdict.NOT_MET)
            if not every:
                continue
            rows.append(
                {
                    "county": _name(region, county),
                    "stage": text(region.base.word("stages", stage)),
                    "schools": count(len(every), region.base),
                    "met": count(len(county.rule(stage, Verdict.MET)), region.base),
                    "not_met": number(len(unmet), numbers.whole(len(unmet)), verdict=Verdict.NOT_MET if unmet else ""),
                    "no_data": count(
                        len(county.rule(stage, Verdict.NO_DATA, Verdict.UNDECIDABLE, Verdict.TARGET_NOT_SET)),
                        region.base,
                    ),
                    "names": text(_names(region, unmet)),
                }
            )
    return _table(region, "schools", columns, rows)


def _names(region: RegionReport, schools: list[str]) -> str:
    return _some(region, schools, wording.emphasis()["named"], "and_more")


def _some(region: RegionReport, names: list[str], most: int, counted: str) -> str:
    """Return a list of names; of more than `most` the first, and how many there are."""
    said = region.base.word("lists", "between").join(names[:most]) or blank(region.base)
    more = region.base.word("region_cells", counted).format(names=said, number=len(names))
    return said if len(names) <= most else more


def lacking(region: RegionReport) -> Table | None:
    """Return one row per county and indicator: what the schools that miss their rule lack, in countable things."""
    columns = [COUNTY, Column("stage"), Column("indicator"), Column("schools", pl.Int64, number=True)]
    columns.append(Column("missing", pl.Int64, number=True))
    if region.many:
        return None
    by_code = {county.code: county for county in region.judged}
    short = region.lacking.sort("county", "stage", "item", descending=[False, True, False])
    rows = [
        {"county": _name(region, by_code[row["county"]])} | many_tables.lacks(region, row)
        for row in short.iter_rows(named=True)
    ]
    return _table(region, "lacking", columns, rows)


def recognition(region: RegionReport) -> Table | None:
    """Return one row per county: questionnaires, recognition with its interval, verdict; to the public not of few.

    Over many counties those alone that don't meet the standard.
    """
    columns = [COUNTY, Column("asked", pl.Int64, number=True), Column("share", pl.Float64, number=True)]
    columns += [Column("interval", number=True), Column("verdict")]
    limit, rows = wording.emphasis()["suppress_below"], []
    for county in region.judged:
        finding = county.now.get(ids.finding(Field.RECOGNITION, Kind.RECOGNITION))
        if finding is None or (region.many and county not in region.unrecognised):
            continue
        survey = finding.details
        row = {"county": _name(region, county), "verdict": verdict(finding, region.base)}
        few = region.base.public and finding.value is not None and survey["asked"] < limit
        if finding.value is None or few:
            mark = region.base.word("blank", "suppressed") if few else blank(region.base)
            row |= {name: number(None, mark) for name in ("asked", "share", "interval")}
        else:
            ends = [
                numbers.of(finding, survey[end], region.base.standard, region.lang) for end in ("ci_low", "ci_high")
            ]
            row |= {
                "asked": count(survey["asked"], region.base),
                "share": value(finding, region.base),
                "interval": number(None, numbers.interval(*ends)),
            }
        rows.append(row)
    return _table(region, "recognition", columns, rows)


def published(region: RegionReport) -> Table | None:
    """Return one row per stage of a county with nothing but published coefficients: composite, the published, limit."""
    columns = [COUNTY, Column("year", pl.Int64, number=True), Column("document"), Column("stage")]
    columns += [Column(name, pl.Float64, number=True) for name in ("composite", "published", "limit")]
    columns.append(Column("verdict"))
    rows = []
    for county in region.published:
        for stage in Stage:
            finding = county.now.get(ids.finding(Field.RESOURCES, ids.cv(COMPOSITE), stage.value))
            if finding is None:
                continue
            composite = region.published_composite(county, stage.value)
            rows.append(
                {
                    "county": text(county.name),
                    "year": number(county.year, str(county.year)),
                    "document": text(county.standard.document),
                    "stage": text(region.base.word("stages", stage.value)),
                    "composite": number(
                        finding.value,
                        blank(region.base)
                        if finding.value is None
                        else numbers.ratio(finding.value, finding.target, numbers.sense_of(finding, county.standard)),
                        verdict=finding.verdict,
                        finding=finding.id,
                    ),
                    "published": number(
                        composite, blank(region.base) if composite is None else numbers.decimal(composite, PRINTED)
                    ),
                    "limit": number(
                        finding.target, blank(region.base) if finding.target is None else numbers.ratio(finding.target)
                    ),
                    "verdict": verdict(finding, region.base),
                }
            )
    return _table(region, "published", columns, rows)


def counties(region: RegionReport) -> Table | None:
    """Return one row per county: its code, what is known of it, the year and the year compared with, its files."""
    if region.many:
        return None
    columns = [
        Column("code"),
        COUNTY,
        Column("state"),
        *(Column(column, pl.Int64, number=True) for column in ("year", "before", "files")),
    ]
    rows = [
        {
            "code": text(county.code),
            "county": text(county.name),
            "state": text(region.base.word("region_states", county.state)),
            "year": number(county.year, str(county.year) if county.year else blank(region.base)),
            "before": number(county.before, str(county.before) if county.before else blank(region.base)),
            "files": count(county.files, region.base),
        }
        for county in region.counties
    ]
    return _table(region, "counties", columns, rows)


def plan_years(region: RegionReport) -> Table | None:
    """Return the counties that meet the standard by year, beside the plan's numbers."""
    return plan_tables.plan_years(region)


def plan_items(region: RegionReport) -> Table | None:
    """Return the counties by each target of the plan."""
    return plan_tables.plan_items(region)


def subjects(region: RegionReport) -> Table | None:
    """Return, over many counties, the subjects with counties by verdict."""
    return many_tables.subjects(region)


def lacking_sums(region: RegionReport) -> Table | None:
    """Return, over many counties, what they lack by indicator."""
    return many_tables.lacking_sums(region)
