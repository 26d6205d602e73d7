"""Files that came by hand: what they are is told from their content, asked, and entered; nothing is overwritten."""

from pathlib import Path

import openpyxl
import pytest

from analysis import sources
from analysis.clean import clean
from analysis.cli import main
from analysis.errors import DataError, RequestError
from analysis.render import decisions
from analysis.run.commands import add, new
from analysis.run.commands.add import Asked

COUNTY = "510116"
WHO = Asked(publisher="双流区教育局", date="2024-10")
COMMENTED = """# what the office keeps
province: {zh: 四川省, en: Sichuan}   # the province
counties:
  "510116": {zh: 双流区, en: Shuangliu}
  "510117": {zh: 郫都区, en: Pidu}
sources:
# the list
- file: 510117/schools_2023.csv   # by hand
  county: "510117"
  table: schools
  year: 2023
# the end
"""


def schools(path: Path, title: str = "双流区2024年义务教育学校情况统计表", code: str = "5101160001") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.append([title])
    page.append(["学校代码", "学校名称", "办学类型", "小学在校生数", "图书册数", "食堂"])
    page.append([code, "甲小学", "小学", 300, 6000, "有"])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    raw = tmp_path / "raw"
    (raw / "510117").mkdir(parents=True)
    (raw / "510117" / "schools_2023.csv").write_text(
        "学校代码,学校名称,办学类型\n5101170001,乙,小学\n", encoding="utf-8"
    )
    (raw / "sources.yml").write_text(COMMENTED, encoding="utf-8")
    return raw


def test_what_a_file_is_comes_from_its_content(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = schools(tmp_path / "收到的表.xlsx")
    lines = add.run([file], WHO, str(folder), ask=False)
    said = capsys.readouterr().out
    assert all(word in said for word in ("510116 双流区", "2024", "食堂"))
    assert "510116/schools_2024.xlsx" in lines[0]
    assert (folder / COUNTY / "schools_2024.xlsx").read_bytes() == file.read_bytes()
    (source,) = sources.load(folder).of(COUNTY)
    assert (source.table, source.year, source.publisher, source.date) == ("schools", 2024, "双流区教育局", "2024-10")
    text = (folder / "sources.yml").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line in COMMENTED.splitlines()] == COMMENTED.splitlines()


def test_without_a_terminal_what_is_lacking_is_named_and_nothing_written(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    file = schools(tmp_path / "a.xlsx", "学校情况统计表", "99A")
    assert main(["add", str(file), "--data", str(folder)]) == 2
    fault = capsys.readouterr().err
    assert all(option in fault for option in ("--county", "--year", "--publisher", "--date"))
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_all_is_said_in_the_command(folder: Path, tmp_path: Path) -> None:
    file = schools(tmp_path / "a.xlsx", "学校情况统计表", "99A")
    words = ["--county", "双流", "--table", "schools", "--year", "2022", "--publisher", "局", "--date", "2022-09-01"]
    assert main(["add", str(file), *words, "--data", str(folder)]) == 0
    assert [(each.year, each.date) for each in sources.load(folder).of(COUNTY)] == [(2022, "2022-09-01")]


def test_someone_at_the_terminal_is_asked(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["无此县", "", "someone", "1850", "2023", "局", "yesterday", "2023-10"])
    monkeypatch.setattr("typer.prompt", lambda text, default=None: next(answers) or default)
    add.run([schools(tmp_path / "a.xlsx")], Asked(), str(folder), ask=True)
    assert [(each.year, each.publisher, each.date) for each in sources.load(folder).of(COUNTY)] == [
        (2023, "局", "2023-10")
    ]


def test_years_that_differ_are_asked_for(folder: Path, tmp_path: Path) -> None:
    for title in ("双流区2025年1月学校情况统计表", "双流区学校情况统计表"):
        file = schools(tmp_path / "甲.xlsx", title)
        with pytest.raises(RequestError) as fault:
            add.run([file], WHO, str(folder), ask=False)
        assert fault.value.key == "add_lacks"


def test_a_second_file_of_a_table_and_year_says_what_it_is(folder: Path, tmp_path: Path) -> None:
    add.run([schools(tmp_path / "a.xlsx")], WHO, str(folder), ask=False)
    first = (folder / COUNTY / "schools_2024.xlsx").read_bytes()
    other = schools(tmp_path / "b.xlsx", code="5101160002")
    with pytest.raises(RequestError) as fault:
        add.run([other], WHO, str(folder), ask=False)
    assert fault.value.key == "add_lacks"
    assert (folder / COUNTY / "schools_2024.xlsx").read_bytes() == first
    add.run([other], Asked(publisher="局", date="2024-11", way="also"), str(folder), ask=False)
    assert len(sources.load(folder).of(COUNTY)) == 2
    third = schools(tmp_path / "c.xlsx", code="5101160003")
    add.run([third], Asked(publisher="局", date="2024-12", way="replace"), str(folder), ask=False)
    assert {path.read_bytes() for path in (folder / "superseded" / COUNTY).iterdir()} == {first, other.read_bytes()}
    assert (folder / COUNTY / "schools_2024.xlsx").read_bytes() == third.read_bytes()


def test_a_blank_workbook_gives_way_and_one_that_was_filled_in_does_not(tmp_path: Path) -> None:
    new.start(COUNTY, "双流区", "", 2024, str(tmp_path / "raw"))
    file = schools(tmp_path / "a.xlsx")
    add.run([file], WHO, str(tmp_path / "raw"), ask=False)
    assert (tmp_path / "raw" / COUNTY / "schools_2024.xlsx").read_bytes() == file.read_bytes()
    assert len([each for each in sources.load(tmp_path / "raw").of(COUNTY) if each.table == "schools"]) == 1
    blank = tmp_path / "raw" / COUNTY / "survey_2024.xlsx"
    book = openpyxl.load_workbook(blank)
    book.active["B4"] = 80
    book.save(blank)
    survey = tmp_path / "认可度2024年.csv"
    survey.write_text("调查对象,有效问卷数,认可人数\n家长,100,90\n", encoding="utf-8")
    with pytest.raises(RequestError):
        add.run([survey], WHO, str(tmp_path / "raw"), ask=False)


def test_a_file_in_the_folder_stays_where_it_is(folder: Path) -> None:
    file = schools(folder / "inbox" / "甲.xlsx")
    add.run([file], WHO, str(folder), ask=False)
    assert [each.file for each in sources.load(folder).of(COUNTY)] == ["inbox/甲.xlsx"]


@pytest.mark.parametrize("asked", ["", "510199"])
def test_a_county_that_is_not_there_is_to_be_set_up_first(folder: Path, tmp_path: Path, asked: str) -> None:
    file = schools(tmp_path / "b.xlsx", title="2024年学校情况统计表", code="5101990001")
    with pytest.raises(RequestError, match="junheng new 510199"):
        add.run([file], Asked(asked, publisher="局", date="2024-10"), str(folder), ask=False)
    assert not (folder / "510199").exists()


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "学校代码,食堂\n5101160001,有\n"])
def test_a_file_of_no_table_is_refused(folder: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    with pytest.raises(RequestError) as fault:
        add.run([tmp_path / "x.csv"], WHO, str(folder), ask=False)
    assert fault.value.key in ("add_no_table", "add_columns")


def decide(folder: Path, sheet: str, *rows: list[object]) -> None:
    path = decisions.lay(folder, COUNTY)
    book = openpyxl.load_workbook(path)
    for row in rows:
        book[sheet].append(row)
    book.save(path)


def test_what_a_county_decides_in_its_workbook_is_read(folder: Path, tmp_path: Path) -> None:
    add.run([schools(tmp_path / "a.xlsx")], WHO, str(folder), ask=False)
    decide(folder, "更正", ["schools_2024.xlsx", "", "E3", 6000, 16000, "少录一个1", "张老师", "2024-11-02"])
    decide(folder, "列名", ["schools 学校", "食堂", "township 乡镇（街道）"])
    records = clean(sources.load(folder), COUNTY)
    (row,) = records.schools.select("books", "township").rows()
    assert row == (16000, "有")
    assert "corrected" in records.notices["rule"].to_list()


def test_a_change_of_a_school_is_read(folder: Path, tmp_path: Path) -> None:
    add.run([schools(tmp_path / "a.xlsx")], WHO, str(folder), ask=False)
    decide(folder, "学校变动", ["换代码", 2025, "5101160001", "5101160099", "合并办学"])
    assert clean(sources.load(folder), COUNTY).schools["school"].to_list() == ["5101160099"]


def test_how_a_file_is_read_is_decided_without_yaml(folder: Path, tmp_path: Path) -> None:
    add.run([schools(tmp_path / "a.xlsx")], WHO, str(folder), ask=False)
    decide(folder, "文件读法", ["schools_2024.xlsx", "学校代码开头", "", "99、51"])
    (source,) = sources.load(folder).of(COUNTY)
    assert source.codes == ("99", "51")


@pytest.mark.parametrize(
    ("sheet", "row", "word"),
    [
        ("更正", ["schools_2024.xlsx", "", "第三行", 6000, 1, "录错", "张", "2024-11-02"], "C17"),
        ("更正", ["schools_2024.xlsx", "", "E3", 6000, 1, "录错", "", "2024-11-02"], "谁说的"),
        ("学校变动", ["搬迁", 2024, "5101160001", "", ""], "换代码"),
    ],
)
def test_a_row_that_means_nothing_is_refused_by_its_place(
    folder: Path, tmp_path: Path, sheet: str, row: list[object], word: str
) -> None:
    add.run([schools(tmp_path / "a.xlsx")], WHO, str(folder), ask=False)
    decide(folder, sheet, row)
    with pytest.raises(DataError) as fault:
        clean(sources.load(folder), COUNTY)
    assert all(part in str(fault.value) for part in (word, "第 4 行"))


@pytest.mark.parametrize(
    ("sheet", "one", "place", "other"),
    [
        ("更正", ["schools_2024.xlsx", "", "E3", 6000, 16000, "少录一个1", "张", "2024-11-02"], 4, 17000),
        ("学校变动", ["换代码", 2025, "5101160001", "5101160099", ""], 3, "5101160098"),
        ("列名", ["schools 学校", "食堂", "township 乡镇（街道）"], 2, "books 图书册数"),
        ("文件读法", ["schools_2024.xlsx", "单位", "books", "万册"], 3, "册"),
    ],
)
def test_two_rows_that_say_different_things_of_one_are_refused(
    folder: Path, tmp_path: Path, sheet: str, one: list[object], place: int, other: object
) -> None:
    add.run([schools(tmp_path / "a.xlsx")], WHO, str(folder), ask=False)
    decide(folder, sheet, one, one)  # said twice, it is one
    sources.load(folder)
    clean(sources.load(folder), COUNTY)
    decide(folder, sheet, [*one[:place], other, *one[place + 1 :]])
    with pytest.raises(DataError, match="第 4, 6 行") as fault:
        clean(sources.load(folder), COUNTY)
    assert sheet in str(fault.value)


def test_decisions_make_the_tables_stale(folder: Path, tmp_path: Path) -> None:
    add.run([schools(tmp_path / "a.xlsx")], WHO, str(folder), ask=False)
    before = sources.key(sources.load(folder), COUNTY)
    decide(folder, "列名", ["schools 学校", "食堂", "township 乡镇（街道）"])
    assert sources.key(sources.load(folder), COUNTY) != before


def test_the_own_folder_is_read_first_and_samples_where_it_knows_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUNHENG_ROOT", str(tmp_path))
    raw, own = tmp_path / "data" / "raw", tmp_path / "data" / "own"
    raw.mkdir(parents=True)
    (raw / "sources.yml").write_text('counties:\n  "990101": {zh: 青溪县}\nsources:\n', encoding="utf-8")
    assert sources.folder_of("", "990101") == raw
    own.mkdir()
    (own / "sources.yml").write_text('counties:\n  "510116": {zh: 双流区}\nsources:\n', encoding="utf-8")
    asked = {"": own, "双流": own, "510116": own, "9901": raw, "990101": raw, "青溪县": raw, "无": own}
    assert {word: sources.folder_of("", word) for word in asked} == asked
    assert sources.folder_of(str(raw), "双流") == raw
