from pathlib import Path

import pytest

from analysis import sources
from analysis.errors import DataError, RequestError

YAML = """
province: {zh: 示例省, en: Example Province}
counties:
  "990101": {zh: 青溪县, en: Qingxi County, synthetic: true}
  "990102": {zh: 青田区, en: Qingtian District, synthetic: true}
  "340102": {zh: 瑶海区, en: Yaohai District, published: true}
sources:
  - {file: 990101/schools_2024.xlsx, county: "990101", table: schools, year: 2024, publisher: 青溪县教育局}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources.yml").write_text(YAML, encoding="utf-8")
    for file in (
        "990101/schools_2024.xlsx",
        "990101/schools_2023.csv.gz",
        "990101/survey_2022.csv",
        "990101/letter.docx",
        "990101/~$schools_2024.xlsx",
        "990103/schools_2024.csv",
        "published/coefficients.csv",
        "ledger/990101.xlsx",
    ):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_bytes(b"")
    return tmp_path


def test_a_registered_file_and_one_by_convention_both_count(folder: Path) -> None:
    found = sources.load(folder).of("990101")
    assert [(one.file, one.table, one.year, one.registered) for one in found] == [
        ("990101/schools_2023.csv.gz", "schools", 2023, False),
        ("990101/schools_2024.xlsx", "schools", 2024, True),
        ("990101/survey_2022.csv", "survey", 2022, False),
    ]
    assert found[1].publisher == "青溪县教育局"


def test_only_schools_make_a_year(folder: Path) -> None:
    catalogue = sources.load(folder)
    assert catalogue.years("990101") == [2023, 2024]
    assert catalogue.years("340102") == []


def test_a_file_that_is_no_source_is_told_and_a_lock_file_is_not(folder: Path) -> None:
    assert sources.load(folder).strays == ("990101/letter.docx",)


def test_a_registered_file_that_was_deleted_is_no_source_and_is_told(folder: Path) -> None:
    before = sources.key(sources.load(folder), "990101")
    (folder / "990101/schools_2024.xlsx").unlink()
    catalogue = sources.load(folder)
    assert catalogue.absent == ("990101/schools_2024.xlsx",)
    assert catalogue.years("990101") == [2023]
    assert sources.key(catalogue, "990101") != before


def test_a_registered_file_may_lie_outside_the_folders_of_counties(folder: Path) -> None:
    text = (folder / "sources.yml").read_text(encoding="utf-8")
    entry = "  - {file: national/all.csv, county: '990101', table: rooms, year: 2024}\n"
    (folder / "sources.yml").write_text(text + entry, encoding="utf-8")
    assert sources.load(folder).absent == ("national/all.csv",)
    (folder / "national").mkdir()
    (folder / "national" / "all.csv").touch()
    found = sources.load(folder)
    assert found.absent == ()
    assert "national/all.csv" in [source.file for source in found.of("990101")]


def test_a_folder_without_an_entry_is_a_county_named_by_its_code(folder: Path) -> None:
    assert sources.load(folder).counties["990103"].zh == "990103"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("990101", "990101"),
        ("青溪县", "990101"),
        ("青溪", "990101"),
        (" 青田 ", "990102"),
        ("qingxi", "990101"),
        ("34", "340102"),
        ("瑶", "340102"),
    ],
)
def test_a_county_is_found_by_code_name_or_unique_prefix(folder: Path, asked: str, code: str) -> None:
    assert sources.find_county(sources.load(folder), asked).code == code


@pytest.mark.parametrize("asked", ["青", "9901", "Qing"])
def test_a_prefix_of_two_counties_is_refused_with_both_names(folder: Path, asked: str) -> None:
    with pytest.raises(RequestError, match=r"青溪县\(990101\)、青田区\(990102\)") as fault:
        sources.find_county(sources.load(folder), asked)
    assert fault.value.key == "county_ambiguous"


@pytest.mark.parametrize(
    "asked", ["../../x", "$(id)", "溪", "990199", "*", "a\nb", "青溪县; rm", "{county}", "x" * 5000]
)
def test_anything_else_is_an_unknown_county_in_one_line(folder: Path, asked: str) -> None:
    with pytest.raises(RequestError) as fault:
        sources.find_county(sources.load(folder), asked)
    assert fault.value.key == "county_unknown"
    assert "\n" not in str(fault.value)
    assert len(str(fault.value)) < 200


@pytest.mark.parametrize(("level", "command"), [("1", "make reports COUNTIES="), ("", "junheng reports ")])
@pytest.mark.parametrize("asked", ["990101,990102", "青溪县，青田区", "all,990101"])
def test_several_counties_are_told_where_to_go(
    folder: Path, asked: str, level: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAKELEVEL", level)
    with pytest.raises(RequestError, match=f"{command}{asked}。") as fault:
        sources.find_county(sources.load(folder), asked)
    assert fault.value.key == "county_several"


def test_the_nearest_names_are_offered(folder: Path) -> None:
    with pytest.raises(RequestError, match=r"青溪县\(990101\)"):
        sources.find_county(sources.load(folder), "清溪县")


@pytest.mark.parametrize("asked", ["", "  "])
def test_no_county_is_a_fault_of_its_own(folder: Path, asked: str) -> None:
    with pytest.raises(RequestError) as fault:
        sources.find_county(sources.load(folder), asked)
    assert fault.value.key == "county_missing"


@pytest.mark.parametrize("file", ["../x.xlsx", "/etc/passwd", "990101/../../x.csv", "C:\\x.xlsx", "..\\x.xlsx"])
def test_an_entry_may_not_leave_the_folder(folder: Path, file: str) -> None:
    entry = f"sources:\n  - {{file: '{file}', county: '990101', table: schools, year: 2024}}"
    (folder / "sources.yml").write_text(entry, encoding="utf-8")
    with pytest.raises(DataError) as fault:
        sources.load(folder)
    assert fault.value.key == "entries_faulty"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("sources: [", "yaml_syntax"),
        ("- a", "entries_faulty"),
        ("counties: {'12': {zh: x}}", "entries_faulty"),
        ("counties: {'990101': {en: x}}", "entries_faulty"),
        ("sources: [{file: a.csv, county: '990101', table: schools}]", "entries_faulty"),
        ("sources: [{file: a.csv, county: '990101', table: pupils, year: 2024}]", "entries_faulty"),
        ("sources: [{file: a.csv, county: 99, table: schools, year: 2024}]", "entries_faulty"),
    ],
)
def test_a_faulty_sources_file_is_told_in_one_line(folder: Path, text: str, key: str) -> None:
    (folder / "sources.yml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as fault:
        sources.load(folder)
    assert fault.value.key == key
    assert "\n" not in str(fault.value)


def test_a_sources_file_in_another_encoding_is_told(folder: Path) -> None:
    (folder / "sources.yml").write_bytes(YAML.encode("gb18030"))
    with pytest.raises(DataError) as fault:
        sources.load(folder)
    assert fault.value.key == "yaml_encoding"


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(RequestError) as fault:
        sources.load(tmp_path / "none")
    assert fault.value.key == "folder_missing"


def test_the_key_follows_this_countys_files_alone(folder: Path) -> None:
    def keys() -> tuple[str, str]:
        catalogue = sources.load(folder)
        return sources.key(catalogue, "990101"), sources.key(catalogue, "990103")

    first = keys()
    assert keys() == first
    (folder / "990103/schools_2024.csv").write_text("a", encoding="utf-8")
    second = keys()
    assert second[0] == first[0]
    assert second[1] != first[1]
    (folder / "corrections.yml").write_text("[]", encoding="utf-8")
    assert keys()[0] != first[0]


def test_an_english_message_names_counties_in_english(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT_LANG", "en")
    with pytest.raises(RequestError, match=r"Qingxi County\(990101\), Qingtian District\(990102\)") as fault:
        sources.find_county(sources.load(folder), "Qing")
    assert not any("\u3000" <= letter <= "\u9fff" for letter in str(fault.value))
