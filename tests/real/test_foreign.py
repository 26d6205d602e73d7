"""Public tables of schools of other countries: what is read agrees with sums by pandas, and the rest is named.

Their columns are mapped by aliases in the raw folder alone.
"""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
import yaml

from analysis import sources
from analysis.clean import Records, clean
from analysis.errors import DataError

DATA = Path(__file__).parent / "data" / "foreign"
COUNTY = "990401"
CODES = {"cds": "str", "district": "str", "School": "str", "bcode": "str", "dcode": "str"}
TYPES = {"KK-06": "小学", "KK-08": "九年一贯制学校", "E": "小学", "M": "初级中学", "H": "完全中学"}


@dataclass(frozen=True)
class Foreign:
    """A table: its aliases (column: header), whose text is the type of school, and what comes of it."""

    name: str
    aliases: dict[str, str]
    rows: int
    typed_by: str = ""
    added: dict[str, str] = field(default_factory=dict)  # column that is added: text with {} for the row's number
    ending: str = "csv"

    def table(self) -> pd.DataFrame:
        """Return the table with what an analyst adds to it."""
        read = pd.read_csv(DATA / f"{self.name}.csv.gz", dtype=CODES)
        for header, text in self.added.items():
            read[header] = [text.format(number) for number in range(1, len(read) + 1)]
        read["办学类型"] = read[self.typed_by].map(TYPES) if self.typed_by else "小学"
        return read


TABLES = (
    Foreign(
        "california_districts_1999",
        {
            "school": "district",
            "name": "school",
            "township": "county",
            "pupils_primary": "students",
            "computers": "computer",
        },
        420,
        "grades",
    ),
    Foreign(
        "california_schools_2000",
        {"school": "cds", "name": "sname", "township": "dname", "pupils_primary": "enroll"},
        459,
        "stype",
        ending="xlsx",
    ),
    Foreign(
        "massachusetts_districts_1998", {"school": "district", "name": "municipality", "public_funds": "exptot"}, 220
    ),
    Foreign(
        "michigan_schools_2001",
        {"school": "bcode", "name": "dcode", "pupils_primary": "enroll", "public_funds": "expend"},
        1823,
        ending="xlsx",
    ),
    Foreign(
        "us_high_schools_1982", {"school": "School", "pupils_senior": "Size"}, 160, added={"学校名称": "High School {}"}
    ),
    Foreign(
        "us_colleges_1995",
        {"name": "college", "pupils_senior": "F.Undergrad", "land_area": "Apps"},
        777,
        added={"学校代码": "{:06}"},
        ending="xlsx",
    ),
)
NUMBERS = ("pupils_primary", "pupils_senior", "computers", "public_funds", "land_area")


def raw(folder: Path, one: Foreign, counties: dict[str, dict[str, str]]) -> sources.Catalogue:
    """Lay a raw folder of one file; `counties` are their codes and what picks their rows."""
    (folder / COUNTY).mkdir(parents=True)
    path = folder / COUNTY / f"schools_2024.{one.ending}"
    if one.ending == "csv":
        one.table().to_csv(path, index=False)
    else:
        one.table().to_excel(path, index=False)
    entry = {"file": f"{COUNTY}/{path.name}", "table": "schools", "year": 2024}
    told = [entry | {"county": county} | ({"where": where} if where else {}) for county, where in counties.items()]
    (folder / "sources.yml").write_text(yaml.safe_dump({"sources": told}, allow_unicode=True), encoding="utf-8")
    aliases = {"schools": {column: [header] for column, header in one.aliases.items()}}
    (folder / "aliases.yml").write_text(yaml.safe_dump(aliases, allow_unicode=True), encoding="utf-8")
    return sources.load(folder)


def agree(one: Foreign, table: pd.DataFrame, records: Records) -> None:
    """Hold what was read to sums by pandas."""
    assert records.schools.height == len(table)
    assert records.quarantine.is_empty()
    for column in NUMBERS:
        read = records.schools[column]
        if column in one.aliases:
            printed = table[one.aliases[column]]
            assert read.sum() == pytest.approx(float(printed.sum()), rel=1e-12)
            assert read.count() == printed.count()
        else:
            assert read.null_count() == len(read)


@pytest.mark.parametrize("one", TABLES, ids=lambda one: one.name)
def test_what_is_read_agrees_with_pandas(one: Foreign, tmp_path: Path) -> None:
    table = one.table()
    assert len(table) == one.rows
    agree(one, table, clean(raw(tmp_path, one, {COUNTY: {}}), COUNTY))


@pytest.mark.parametrize("one", TABLES, ids=lambda one: one.name)
def test_what_is_not_read_is_named_column_by_column(one: Foreign, tmp_path: Path) -> None:
    records = clean(raw(tmp_path, one, {COUNTY: {}}), COUNTY)
    table = one.table()
    account = records.accounts.row(0, named=True)
    whole = int(table.count().sum()) + table.shape[1]
    known = [header for header in table.columns if header in one.aliases.values() or header in ("办学类型", *one.added)]
    others = [header for header in table.columns if header not in known]
    assert account["cells"] == whole
    assert account["unused"] == int(table[others].count().sum())  # the heads themselves are read
    named = records.notices.filter(pl.col("rule") == "column_unknown").sort("before")
    assert named["before"].to_list() == sorted(others)
    assert named["unused"].to_list() == table[sorted(others)].count().to_list()


def test_counties_of_one_file_share_its_cells(tmp_path: Path) -> None:
    one = next(one for one in TABLES if one.name.startswith("california_schools"))
    table = one.table()
    catalogue = raw(tmp_path, one, {"990401": {"cname": "Alameda"}, "990402": {"cname": "Kern"}})
    for county, name in (("990401", "Alameda"), ("990402", "Kern")):
        agree(one, table[table["cname"] == name], clean(catalogue, county))


def test_teachers_in_parts_are_told_and_not_rounded(tmp_path: Path) -> None:
    known = next(one for one in TABLES if one.name.startswith("california_districts"))
    one = Foreign(known.name, known.aliases | {"teachers": "teachers"}, known.rows, known.typed_by)
    table = one.table()
    records = clean(raw(tmp_path, one, {COUNTY: {}}), COUNTY)
    whole = table["teachers"] == table["teachers"].round()
    assert records.schools.height == len(table)
    assert records.schools["teachers"].sum() == table.loc[whole, "teachers"].sum()
    told = records.notices.filter((pl.col("rule") == "not_whole_value") & (pl.col("column") == "teachers"))
    assert told.height == int((~whole).sum())


def test_a_table_without_codes_is_refused_by_name(tmp_path: Path) -> None:
    known = next(one for one in TABLES if one.name.startswith("us_colleges"))
    one = Foreign(known.name, known.aliases, known.rows)
    with pytest.raises(DataError, match="学校代码"):
        clean(raw(tmp_path, one, {COUNTY: {}}), COUNTY)
