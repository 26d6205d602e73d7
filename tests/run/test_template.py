import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from analysis import project, regions, sources, standards
from analysis.clean import clean
from analysis.cli import main
from analysis.errors import RequestError
from analysis.judge.all_items import below_resources
from analysis.read import collecting
from analysis.read.fields import tables
from analysis.render import template
from analysis.render.workbook import LINE
from analysis.run.commands import filing, new
from analysis.run.commands.template import year_now, year_of
from tests.workbooks import COUNTY

#: One thing to type into each kind of column.
TYPED = {"code": "0990101001", "text": "甲", "date": "2018-09", "count": 4, "amount": 2.5, "number": 1.5}
TYPED |= {"share": 0.1496, "year": 2024, "grade": 4, "level": "Ⅲ"}
READ = TYPED | {"level": 3}
#: What a column must hold to be no matter of its own.
NAMED: dict[str, object] = {
    "change": -0.085,
    "number": 1,
    "area": 80.5,
    "teachers": 8,
    "item": "retention",
    "value": 0.9,
}


def filled(path: Path, table: str) -> dict[str, object]:
    """Fill one row of a blank workbook; return what it must be read as."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    if tables()[table].form or table == "government":
        page.delete_rows(5, page.max_row)  # what is known is filled in already
    expected: dict[str, object] = {}
    for position, column in enumerate(tables()[table].columns.values(), start=1):
        # The one type of school that has pupils of every stage.
        first = next((item for item in column.choices.items() if item[0] == "twelve_year"), None)
        first = first or next(iter(column.choices.items()), None)
        typed = NAMED.get(column.name, TYPED.get(column.kind))
        page.cell(4, position).value = first[1][0] if first else typed
        page.cell(4, position).number_format = "0.0%" if column.kind == "share" else "General"
        read = NAMED.get(column.name, READ.get(column.kind))
        expected[column.name] = first[0] if first else read
    book.save(path)
    return expected


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new.start(COUNTY, "新县", "New County", 2024, str(tmp_path))
    return tmp_path


def test_a_new_county_has_a_workbook_for_each_table_and_entries(folder: Path) -> None:
    catalogue = sources.load(folder)
    assert catalogue.counties[COUNTY].en == "New County"
    assert {(one.table, one.year, one.registered) for one in catalogue.of(COUNTY)} == {
        (table, 2024, True) for table in tables()
    }


def test_blank_workbooks_are_told_to_be_blank_and_nothing_else(folder: Path) -> None:
    records = clean(sources.load(folder), COUNTY)
    assert records.accounts.height == len(tables())
    known = {"government", "monitoring", "survey"}
    assert records.accounts.filter(~pl.col("table").is_in(known))["read"].sum() == 0
    assert records.accounts.filter(pl.col("table") != "government")["kept"].sum() == 0
    bare = records.notices.filter(pl.col("rule") == "table_bare")["table"].to_list()
    assert bare == [table for table in tables() if table not in known]
    assert set(records.notices["rule"]) == {"table_bare", "column_of_notes", "rows_unfilled"}


def test_subjects_and_groups_are_filled_in_and_only_rows_that_someone_filled_in_count(folder: Path) -> None:
    monitoring, survey = (folder / COUNTY / f"{name}_2024.xlsx" for name in ("monitoring", "survey"))
    book = openpyxl.load_workbook(monitoring)
    page = book.worksheets[0]
    # Rounds of three years from 2021: mathematics in 2024, Chinese in 2022, science in 2023; English in grade 8 alone.
    rows = [tuple(cell.value for cell in row[:3]) for row in page.iter_rows(min_row=4) if row[0].value]
    assert {(2024, 4, "数学"), (2024, 8, "数学"), (2022, 8, "英语"), (2023, 4, "科学")} <= set(rows)
    assert (2022, 4, "英语") not in rows
    assert page["K4"].value == "教育质量第9项"
    page["D4"] = "Ⅲ"
    book.save(monitoring)
    book = openpyxl.load_workbook(survey)
    book.worksheets[0]["B5"], book.worksheets[0]["C5"] = 100, 90
    book.save(survey)
    records = clean(sources.load(folder), COUNTY)
    assert records.monitoring.select("year", "grade", "subject", "level").rows() == [(2024, 4, "mathematics", 3)]
    assert records.survey.select("group", "asked", "satisfied").rows() == [("parents", 100, 90)]
    unfilled = records.notices.filter(rule="rows_unfilled")
    assert set(unfilled["table"]) == {"monitoring", "survey"}


def test_a_row_of_another_form_that_says_nothing_stays(folder: Path) -> None:
    path = folder / COUNTY / "monitoring_2024.xlsx"
    book = openpyxl.Workbook()
    for row in (["监测年度", "年级", "学科", "学业水平等级"], [2024, 4, "数学", 3], [2024, 8, "数学", None]):
        book.active.append(row)
    book.save(path)
    assert clean(sources.load(folder), COUNTY).monitoring.height == 2


@pytest.mark.parametrize("table", list(tables()))
def test_a_filled_workbook_reads_back_as_typed_without_a_warning(folder: Path, table: str) -> None:
    for other in tables():
        if other != table:
            (folder / COUNTY / f"{other}_2024.xlsx").unlink()
    path = folder / "sources.yml"
    lines = [
        line for line in path.read_text(encoding="utf-8").splitlines() if "file:" not in line or f"/{table}_" in line
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    expected = filled(folder / COUNTY / f"{table}_2024.xlsx", table)
    if table == "scores":
        expected.pop("pupil")  # leaves the folder only as a running number
    if table == "monitoring":
        for number in range(1, 5):
            expected[f"share_{number}"] = 0.1496
    records = clean(sources.load(folder), COUNTY)
    rows = records.frames()[table].rows(named=True)
    (row,) = rows
    assert {name: row[name] for name in expected} == expected
    notices = records.notices.filter(pl.col("rule") != "column_of_notes")
    assert notices.is_empty(), notices.select("rule", "column", "before", "after").rows()


def test_choices_drop_down_and_numbers_are_checked(tmp_path: Path) -> None:
    path = template.write("schools", tmp_path / "a.xlsx", 2024)
    page = openpyxl.load_workbook(path).worksheets[0]
    rules = page.data_validations.dataValidation
    kinds = {rule.type for rule in rules}
    assert kinds == {"list", "whole", "decimal"}
    lists = {rule.formula1 for rule in rules if rule.type == "list"}
    assert '"城区,镇区,乡村"' in lists
    assert all(page.cell(2, column).comment or page.cell(3, column).comment for column in range(1, page.max_column + 1))


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    template.write("rooms", tmp_path / "a.xlsx", 2024)
    with pytest.raises(RequestError) as fault:
        template.write("rooms", tmp_path / "a.xlsx", 2024)
    assert fault.value.key == "template_exists"


def test_a_known_county_is_left_alone(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(RequestError) as fault:
        new.start(COUNTY, "新县", "", None, str(folder))
    assert fault.value.key == "new_known"
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


SOURCES = """# kept
province: {zh: 示例省, en: Example}
counties:
  # also kept
  "990102": {zh: 旧县, en: Old}
sources:
  - {file: 990102/schools_2023.csv, county: "990102", table: schools, year: 2023}
# the end
"""


def test_entries_join_a_file_that_people_wrote(tmp_path: Path) -> None:
    (tmp_path / "sources.yml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "990102").mkdir()
    (tmp_path / "990102/schools_2023.csv").touch()
    new.start(COUNTY, "新县", "", None, str(tmp_path))
    text = (tmp_path / "sources.yml").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line in SOURCES.splitlines()] == SOURCES.splitlines()
    catalogue = sources.load(tmp_path)
    assert set(catalogue.counties) == {COUNTY, "990102"}
    assert {one.year for one in catalogue.of(COUNTY)} == {year_now()}


@pytest.mark.parametrize("told", ["counties: {'990102': {zh: 旧县}}\nsources: []\n", "sources: &a []\ncounties: [\n"])
def test_a_file_that_cannot_be_added_to_is_left_alone(tmp_path: Path, told: str) -> None:
    (tmp_path / "sources.yml").write_text(told, encoding="utf-8")
    assert main(["new", COUNTY, "新县", "--data", str(tmp_path)]) == 2
    assert (tmp_path / "sources.yml").read_text(encoding="utf-8") == told
    assert [path.name for path in tmp_path.iterdir()] == ["sources.yml"]


def test_a_run_that_was_killed_half_way_can_be_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written, write = [], template.write

    def killed_at_the_third(table: str, path: Path, year: int, *given: Any) -> None:
        written.append(path)
        if len(written) == 3:
            path.write_bytes(b"half")
            raise KeyboardInterrupt
        write(table, path, year, *given)

    monkeypatch.setattr(template, "write", killed_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        new.start(COUNTY, "新县", "", 2024, str(tmp_path))
    assert not (tmp_path / "sources.yml").exists()
    monkeypatch.undo()
    one = next((tmp_path / COUNTY).iterdir())
    before = one.read_bytes()
    assert main(["new", COUNTY, "新县", "--year", "2024", "--data", str(tmp_path)]) == 0
    assert one.read_bytes() == before
    catalogue = sources.load(tmp_path)
    assert {path.name for path in (tmp_path / COUNTY).iterdir()} == {
        Path(source.file).name for source in catalogue.sources
    }
    assert all(zipfile.is_zipfile(path) for path in (tmp_path / COUNTY).iterdir())
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    "arguments", [["new", "99", "x"], ["new", "../..", "x"], ["new", "990101"], ["template", "pupils"]]
)
def test_wrong_requests_exit_2(tmp_path: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUNHENG_ROOT", str(tmp_path))
    assert main(arguments) == 2
    assert list(tmp_path.rglob("*.xlsx")) == []


def test_the_command_writes_where_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["template", "schools", "--out", str(tmp_path), "--year", "2025"]) == 0
    assert (tmp_path / "schools_2025.xlsx").is_file()
    assert "schools_2025.xlsx" in capsys.readouterr().out
    assert pl.read_excel(tmp_path / "schools_2025.xlsx", has_header=False).height == 3


@pytest.mark.parametrize("year", ["abc", "1", "1899", "2101", "２０２４"])
def test_a_year_of_no_statistics_is_one_line_and_leaves_nothing(
    year: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", COUNTY, "新县", "--year", year, "--data", str(tmp_path / "raw")]) == 2
    assert main(["template", "schools", "--year", year, "--out", str(tmp_path / "a.xlsx")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(year in line and "1900–2100" in line for line in lines)
    assert not list(tmp_path.iterdir())


def test_years_at_both_ends_are_years() -> None:
    assert [year_of(text) for text in ("1900", " 2100 ", "")] == [1900, 2100, None]


def test_a_code_is_of_plain_digits(tmp_path: Path) -> None:
    assert main(["new", "５１０１１６", "新县", "--data", str(tmp_path / "raw")]) == 2
    assert not list(tmp_path.iterdir())


def test_the_sheet_of_county_items_comes_filled_in(tmp_path: Path) -> None:
    page = openpyxl.load_workbook(template.write("government", tmp_path / "a.xlsx", 2024)).worksheets[0]
    rows = {row[0].value: [cell.value for cell in row] for row in page.iter_rows(min_row=4)}
    wanted = [name for name, item in standards.load("national-2017").items.items() if item.kind != "computed"]
    assert list(rows)[: len(wanted)] == wanted
    assert set(list(rows)[len(wanted) :]) == set(standards.vocabulary()["counts"])
    assert rows["migrants_eligible"][1] == "符合条件的随迁子女数"
    assert "单位：人。用于计算和核对符合条件的随迁子女在公办学校" in str(rows["migrants_eligible"][6])
    assert rows["nearest_junior"][5:7] == ["政府保障程度第13项", "填比率，写成 96.3% 或 0.963，不要写 96.3"]
    assert all(row[7] for row in rows.values())
    line = next(row[0].row for row in page.iter_rows(min_row=4) if row[0].value == "nearest_junior")
    (rule,) = [rule for rule in page.data_validations.dataValidation if str(rule.sqref) == f"C{line}"]
    assert (rule.type, rule.formula1, rule.formula2) == ("decimal", "0", "1")


def test_a_table_that_was_deleted_is_no_matter(folder: Path) -> None:
    (folder / COUNTY / "survey_2024.xlsx").unlink()
    assert "absent" not in clean(sources.load(folder), COUNTY).notices["rule"].to_list()
    text = (folder / "sources.yml").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if "survey_2024" in line)
    (folder / "sources.yml").write_text(text.replace(line, line.replace("publisher: ''", "publisher: 局")), "utf-8")
    assert "absent" in clean(sources.load(folder), COUNTY).notices["rule"].to_list()


def test_a_county_bears_the_names_of_its_province_and_city(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    lines = new.run("510116", "双流区", new.Office("Shuangliu", office="双流区教育局"), "", str(raw), ask=False)
    assert f"年份取 {year_now()}" in lines[0]
    assert "四川省 成都市" in "\n".join(lines)
    catalogue = sources.load(raw)
    assert catalogue.cities["5101"]["zh"] == "成都市"
    assert regions.province_of(catalogue, "510116")["zh"] == "四川省"
    assert catalogue.counties["510116"].office == "双流区教育局"
    assert {each.publisher for each in catalogue.of("510116")} == {""}


def test_a_real_county_beside_the_samples_is_of_its_own_province(tmp_path: Path) -> None:
    (tmp_path / "sources.yml").write_text(SOURCES, encoding="utf-8")
    new.start("510116", "双流区", "", 2024, str(tmp_path))
    catalogue = sources.load(tmp_path)
    assert regions.province_of(catalogue, "510116")["zh"] == "四川省"
    assert regions.province_of(catalogue, "990102")["zh"] == "示例省"


def test_the_own_folder_is_laid_where_the_samples_are_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "raw", lambda: tmp_path / "raw")
    monkeypatch.setattr(project, "own", lambda: tmp_path / "own")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "sources.yml").write_text('counties:\n  "990102": {zh: 旧县, synthetic: true}\n', "utf-8")
    assert new.start(COUNTY, "新县", "", 2024, "")[0] == tmp_path / "own" / COUNTY
    (tmp_path / "own" / "sources.yml").unlink()
    (tmp_path / "raw" / "sources.yml").write_text('counties:\n  "510117": {zh: 旧县}\n', "utf-8")
    assert new.start("510118", "新县", "", 2024, "")[0] == tmp_path / "raw" / "510118"


def test_all_cities_have_names_in_both_languages() -> None:
    divisions = regions.divisions()
    assert len(divisions) > 300
    assert all((name["zh"] and name["en"].isascii()) or "ü" in name["en"] for name in divisions.values())
    assert all(code[:2] in divisions for code in divisions)


def heads(page: Any) -> dict[str, tuple[str, str]]:
    """Header -> unit and note of each column of a blank sheet."""
    found, group = {}, ""
    for column in range(1, page.max_column + 1):
        upper, lower = page.cell(2, column), page.cell(3, column)
        group = upper.value or group
        text, unit = re.fullmatch(r"(.+?)(?:（([^（）]+)）)?", str(lower.value or upper.value)).groups()  # type: ignore[union-attr]
        comment = lower.comment or upper.comment
        found[f"{group}/{text}" if lower.value else text] = (unit or "", comment.text if comment else "")
    return found


#: Columns of numbers that have no unit of their own: a weight, and what is counted in the unit of its row's indicator.
BARE = {("scores", "weight"), ("limits", "most")}


@pytest.mark.parametrize("table", list(tables()))
def test_every_column_that_can_be_read_is_in_the_blank_workbook(table: str, tmp_path: Path) -> None:
    """Its header is in Chinese, its unit stands in the header, a note says what goes into it."""
    found = heads(openpyxl.load_workbook(template.write(table, tmp_path / "a.xlsx", 2024)).worksheets[0])
    for column in tables()[table].columns.values():
        # Brackets in a header are a remark of its own where they are no unit.
        header = column.zh if column.zh in found else column.zh.partition("（")[0]
        unit, comment = found[header]
        assert re.search("[一-鿿]", header), column.name
        if column.kind in ("count", "amount") and (table, column.name) not in BARE:
            assert unit == column.unit != "", column.name
        assert re.search("[一-鿿]", comment), column.name
        assert column.about.get("zh", "") in comment


def test_every_part_that_can_be_typed_is_in_the_blank_workbook_of_parts(tmp_path: Path) -> None:
    of = tables()["schools"]
    found = heads(
        openpyxl.load_workbook(template.write("schools", tmp_path / "a.xlsx", 2024, parts=True)).worksheets[0]
    )
    for column in of.columns.values():
        if column.name in of.parts:
            assert column.zh not in found
            assert {(header, column.unit) for header in column.sums[0]} <= {
                (header, unit) for header, (unit, _) in found.items()
            }
    # The other sums are those of a foreign layout: a form has the column itself.
    others = [column for column in of.columns.values() if column.sums and column.name not in of.parts]
    assert [column.name for column in others] == ["pupils_primary", "classes_primary", "teachers"]


def test_parts_that_are_typed_add_up(folder: Path) -> None:
    path = folder / COUNTY / "schools_2024.xlsx"
    path.unlink()
    page = openpyxl.load_workbook(template.write("schools", path, 2024, parts=True)).worksheets[0]
    places = {str(page.cell(2, column).value).partition("（")[0]: column for column in range(1, page.max_column + 1)}
    parts = dict.fromkeys(tables()["schools"].columns["advanced_degree_teachers_primary"].sums[0], 5)
    parts |= dict.fromkeys(tables()["schools"].columns["pe_arts_teachers_primary"].sums[0], 2)
    typed = {
        "学校代码": f"{COUNTY}0001",
        "学校名称": "甲",
        "办学类型": "小学",
        "校内运动场地面积": 900.5,
        "体育馆面积": 99.5,
    }
    for name, value in (typed | parts).items():
        page.cell(4, places[name]).value = value
    page.cell(4, places["在校学生数"]).value = 300
    page.parent.save(path)
    records = clean(sources.load(folder), COUNTY)
    names = [
        "pupils_primary",
        "advanced_degree_teachers_primary",
        "pe_arts_teachers_primary",
        "pe_arts_teachers_junior",
    ]
    assert records.schools.select(*names, "sports_area").rows() == [(300, 20, 8, None, 1000.0)]
    assert records.notices.filter(pl.col("table") == "schools").is_empty()


@pytest.mark.parametrize("table", [name for name, each in tables().items() if not each.parts])
def test_a_table_without_parts_is_one_line(table: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["template", table, "--parts", "--out", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", standards.names())
def test_every_item_and_count_can_be_typed_into_the_sheet_of_its_standard(name: str, tmp_path: Path) -> None:
    """Each has its name in Chinese, where it stands, and how to fill it in, with its unit."""
    standard = standards.plan(name).standard if name.startswith("plan-") else standards.load(name)
    path = template.write("government", tmp_path / "a.xlsx", 2024, standard)
    page = openpyxl.load_workbook(path).worksheets[0]
    rows = {row[0].value: [cell.value for cell in row] for row in page.iter_rows(min_row=4)}
    reported = {id: item for id, item in standard.items.items() if item.kind != "computed"}
    assert set(rows) == set(reported) | set(standards.vocabulary()["counts"])
    units = standards.vocabulary()["units"]
    labels = {item.label.zh for each in standards.names() for item in standards.load(each).items.values()}
    for number, (id, row) in enumerate(rows.items(), start=4):
        # 44 characters hold 22 of Chinese: a longer note has its lines.
        assert (page.row_dimensions[number].height or 0) >= LINE * (len(str(row[6])) // 44 + 1), id
        label, source, how, shown = row[1], *row[5:8]
        assert re.search("[一-鿿]", label), id
        assert source, id
        assert shown, id
        if id not in reported:
            assert "单位：" in how, id
            assert any(label in how for label in labels), id
        elif (target := reported[id].target) is None:
            assert "选 是 或 否" in how, id
        else:
            assert units[target.unit].zh in how, id


def test_counts_typed_into_the_blank_workbook_give_the_verdict(folder: Path) -> None:
    """950 of 1,000 stayed: 960 graduates, of whom 30 came and beside whom 20 went; 1,010 entered, 10 died."""
    path = folder / COUNTY / "government_2024.xlsx"
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    typed = {"junior_graduates": 960, "junior_transferred_in": 30, "junior_transferred_out": 20, "junior_entered": 1010}
    for row in page.iter_rows(min_row=4):
        row[2].value = {**typed, "junior_died": 10}.get(str(row[0].value))
    book.save(path)
    standard = standards.load("national-2017")
    for died, verdict in ((10, "met"), (9, "not_met")):
        for row in page.iter_rows(min_row=4):
            row[2].value = died if row[0].value == "junior_died" else row[2].value
        book.save(path)
        records = clean(sources.load(folder), COUNTY)
        only = standard.model_copy(update={"items": {"retention": standard.items["retention"]}})
        (found,) = below_resources(records, only, [2024]).filter(item="retention").rows(named=True)
        assert (found["verdict"], found["reason"]) == (verdict, "from_counts")
        rules = records.notices.filter(pl.col("table") == "government")["rule"]
        assert set(rules) == {"column_of_notes"}


def test_a_county_of_a_plan_gets_the_items_of_its_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", COUNTY, "新县", "--year", "2024", "--plan", "plan-8", "--data", str(tmp_path / "a")]) == 0
    path = tmp_path / "a" / COUNTY / "government_2024.xlsx"
    page = openpyxl.load_workbook(path).worksheets[0]
    known = [row[0].value for row in page.iter_rows(min_row=4)]
    assert {"yearly_training", "spending_grows", "retention"} <= set(known)
    assert filing.is_blank(path, "government", 2024)
    page["C4"] = 1
    page.parent.save(path)
    assert not filing.is_blank(path, "government", 2024)
    assert main(["new", COUNTY, "新县", "--plan", "plan-99", "--data", str(tmp_path / "b")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (tmp_path / "b").exists()


def test_a_name_without_an_ending_is_a_folder(tmp_path: Path) -> None:
    assert main(["template", "costs", "--year", "2024", "--out", str(tmp_path / "空白表")]) == 0
    assert (tmp_path / "空白表" / "costs_2024.xlsx").is_file()


def test_a_known_county_gets_another_year_and_its_names(folder: Path) -> None:
    before = {path: path.read_bytes() for path in (folder / COUNTY).iterdir()}
    lines = new.run(COUNTY, "", new.Office("Shuangliu", office="新县教育局"), "2025", str(folder), ask=False)
    assert any("2025" in line for line in lines)
    assert {path: path.read_bytes() for path in before} == before
    catalogue = sources.load(folder)
    county = catalogue.counties[COUNTY]
    assert (county.en, county.office) == ("Shuangliu", "新县教育局")
    laid = {source.table for source in catalogue.of(COUNTY) if source.year == 2025}
    assert laid == set(tables()) - set(collecting.declared()["parts"])
    assert max(catalogue.years(COUNTY)) == 2024
    assert all((folder / source.file).is_file() for source in catalogue.of(COUNTY))
    with pytest.raises(RequestError) as fault:
        new.run(COUNTY, "", new.Office("Shuangliu"), "2025", str(folder), ask=False)
    assert fault.value.key == "new_known"
    assert "--en" in str(fault.value)
