"""YAML that people write: no size, depth or alias fells what reads it, and every fault is told at once."""

from pathlib import Path

import pytest

from analysis import cli, entries, files, sources, yamlfile
from analysis.clean import corrections, identity
from analysis.errors import DataError
from tests.workbooks import COUNTY, HEADER, school, text

LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)
HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "aliases": (LAUGHS, "yaml_expands"),
    "brackets": ("a: " + "[" * 100_000, "yaml_deep"),
    "braces": ("a: " + "{a: " * 100_000, "yaml_deep"),
    "dashes": ("- " * 100_000 + "a", "yaml_deep"),
    "questions": ("? " * 100_000 + "a", "yaml_deep"),
    "steps": ("".join(f"{' ' * depth}a:\n" for depth in range(2_000)), "yaml_deep"),
    "circle": ("a: &a [*a]", "yaml_circle"),
    "circle of mappings": ("a: &a {b: {c: *a}}", "yaml_circle"),
    "turned": ("a: \u202eb", "yaml_controls"),
    "escaped": ('a: "\\u202eb"', "yaml_controls"),
    "steering": ('a: "\\e[2J"', "yaml_controls"),
    "tag": ("a: !!python/object/apply:os.system [id]", "yaml_syntax"),
    "list as key": ("? [a, b]\n: c", "yaml_syntax"),
    "binary without digits": ("a: 0b_", "yaml_syntax"),
    "5,000 digits": ("a: " + "9" * 5_000, "yaml_syntax"),
    "hexadecimal": ("a: 0x" + "f" * 50_000, "yaml_syntax"),
    "twice": ("a: 1\na: 2", "yaml_syntax"),
    "GBK": ("a: 青溪".encode("gb18030"), "yaml_encoding"),
    "two documents": ("a: 1\n---\na: 2", "yaml_syntax"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_would_fell_a_reader_is_one_line_with_its_place(name: str) -> None:
    content, key = HOSTILE[name]
    with pytest.raises(DataError) as told:
        yamlfile.parse(content if isinstance(content, bytes) else content.encode(), "sources.yml")
    assert told.value.key == key
    assert "sources.yml" in str(told.value)
    assert len(str(told.value)) < 400


def test_what_is_within_bounds_is_read_as_ever() -> None:
    deep = "a: " + "[" * (files.bounds().yaml_depth - 1) + "x" + "]" * (files.bounds().yaml_depth - 1)
    assert yamlfile.parse(deep.encode(), "x") is not None
    assert yamlfile.parse(b"a: &a {b: 1}\nc: {<<: *a, d: *a}", "x") == {"a": {"b": 1}, "c": {"b": 1, "d": {"b": 1}}}
    assert yamlfile.parse(b"\xef\xbb\xbfa: 2024-10-15\nb: 'x & y * z \\ n'", "x") == {
        "a": "2024-10-15",
        "b": "x & y * z \\ n",
    }
    assert yamlfile.parse(b"", "x") is None


def test_one_level_more_than_the_bound_is_refused_with_the_bound() -> None:
    limit = files.bounds().yaml_depth
    with pytest.raises(DataError, match=str(limit)):
        yamlfile.parse(("[" * (limit + 1) + "]" * (limit + 1)).encode(), "x")


GOOD = {"file": f"{COUNTY}/a.csv", "county": COUNTY, "table": "schools", "year": 2024}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("year", 20240000000000000000), ("year", float("inf")), ("year", float("nan")), ("year", "二〇二四"),
        ("year", "２０２４"), ("year", "٢٠٢٤"), ("year", True), ("year", [2024]), ("year", 1948), ("year", 2200),
        ("county", "９９０１０１"), ("county", "99010"), ("county", {"a": 1}), ("file", "../a.csv"),
        ("file", "/etc/passwd"), ("file", "a" * 256), ("file", ["a"]), ("table", "pupils"), ("table", ["schools"]),
        ("date", "2024-99-99"),
        ("date", "2023-02-29"), ("date", "soon"), ("title", "x" * 2001), ("title", ["x"]), ("title", float("nan")),
        ("where", ["x"]), ("where", {"a": ["b"]}), ("columns", "books: E"), ("hidden", "yes"), ("codes", "990101"),
        ("sheets", "x"),
    ],
)  # fmt: skip
def test_a_value_that_is_none_is_told_with_its_key_and_what_is_due(key: str, value: object) -> None:
    assert entries.faults([("1", "sources", GOOD)], sources.tables()) == []
    (fault,) = entries.faults([("1", "sources", GOOD | {key: value})], sources.tables())
    assert fault.startswith("1: ")
    assert key in fault
    assert len(fault) < 400


@pytest.mark.parametrize(
    ("key", "value"),
    [("year", "2024"), ("county", 990101), ("date", "2024-10"), ("date", ""), ("title", None), ("title", 2024),
     ("hidden", False), ("codes", ["990101"]), ("where", {"县": 1}), ("columns", {"books": "E"}), ("year", 2199)],
)  # fmt: skip
def test_values_as_people_write_them_are_fine(key: str, value: object) -> None:
    assert entries.faults([("1", "sources", GOOD | {key: value})], sources.tables()) == []


def lay(folder: Path, **written: str) -> Path:
    text(folder / COUNTY / "schools_2024.csv", [HEADER, school(1)])
    for name, content in written.items():
        (folder / f"{name}.yml").write_text(content, encoding="utf-8")
    return folder


def test_all_faults_of_a_file_are_told_in_one_line_each_with_its_entry(tmp_path: Path) -> None:
    said = f"""
counties: {{'99010': {{zh: 甲}}, '990102': {{en: B}}, '990103': [x]}}
sources:
  - {{file: {COUNTY}/schools_2024.csv, county: '{COUNTY}', table: schools, year: 20}}
  - {{file: ../a.csv, county: '{COUNTY}', table: pupils, year: 2024}}
  - just text
"""
    with pytest.raises(DataError) as told:
        sources.load(lay(tmp_path, sources=said))
    line = str(told.value)
    assert told.value.values["number"] == 7
    for part in ("99010", "counties: 990102", "counties: 990103", "sources 1", "sources 2", "sources 3", "../a.csv"):
        assert part in line
    assert "\n" not in line


@pytest.mark.parametrize("name", ["sources", "corrections", "identity", "aliases"])
@pytest.mark.parametrize("content", ["5", "x", "[[a]]", "{a: b}", "- a", "- 5", "- [x]", ".inf", "- {kind: .nan}"])
def test_any_shape_of_any_file_is_a_line_on_the_terminal(
    tmp_path: Path, name: str, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = lay(tmp_path, **{name: content})
    assert cli.main(["data", COUNTY, f"--data={folder}"]) in (1, 2)
    said = [line for line in capsys.readouterr().err.splitlines() if line.strip()]
    assert len(said) <= 2
    assert f"{name}.yml" in said[0]


def test_codes_that_follow_one_another_in_a_circle_lose_no_county_without_a_word(tmp_path: Path) -> None:
    said = "".join(f"- {{kind: county, old: '{old}', new: '{new}', year: 2021}}\n"
                   for old, new in ((COUNTY, "990102"), ("990102", COUNTY)))  # fmt: skip
    with pytest.raises(DataError) as told:
        sources.load(lay(tmp_path, identity=said))
    assert told.value.key == "identity_circle"
    assert COUNTY in str(told.value)


@pytest.mark.parametrize("name", ["sources.yml", "corrections.yml", "identity.yml", "aliases.yml"])
def test_a_link_to_nowhere_is_no_absent_file(tmp_path: Path, name: str) -> None:
    folder = lay(tmp_path)
    (folder / name).symlink_to("gone.yml")
    with pytest.raises(DataError) as told:
        sources.key(sources.load(folder), COUNTY)
    assert (told.value.key, told.value.values["file"]) == ("link_dangling", name)


def test_a_code_of_300_letters_is_told(tmp_path: Path) -> None:
    long = "9" * 300
    folder = lay(tmp_path, identity=f"- {{kind: closed, county: '{COUNTY}', school: '{long}', year: 2022}}")
    with pytest.raises(DataError) as told:
        identity.load(folder, COUNTY)
    assert long not in str(told.value)


def test_a_correction_needs_a_row_or_a_key_that_names_one(tmp_path: Path) -> None:
    entry = "- {file: a.csv, column: books, before: '1', after: '2', why: x, who: y, row: ROW, key: KEY}"
    for row, key in (("", "{}"), ("0", ""), ("-1", ""), ("1.5", ""), (".nan", "")):
        with pytest.raises(DataError):
            corrections.load(lay(tmp_path, corrections=entry.replace("ROW", row).replace("KEY", key)))
    for row, key in (("2", "{}"), ("", "{school: '1'}")):
        assert corrections.load(lay(tmp_path, corrections=entry.replace("ROW", row).replace("KEY", key))).of("a.csv")


@pytest.mark.parametrize("name", [*HOSTILE, "no such day"])
def test_a_standard_of_ones_own_is_read_within_the_same_bounds(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    content, _ = HOSTILE.get(name, ("issued: 2024-99-99", ""))
    path = tmp_path / "own.yml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert cli.main(["standards", "check", str(path)]) in (1, 2)
    said = capsys.readouterr()
    assert "Traceback" not in said.err + said.out
    assert "own.yml" in said.err or "key" in said.out  # a line, or the table of all faults


def test_a_county_that_changed_its_code_for_none_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "sources.yml").write_text('counties: {"990101": {zh: 甲县, en: A}}\n', encoding="utf-8")
    (tmp_path / "identity.yml").write_text('- {kind: county, old: "990190", year: 2021}\n', encoding="utf-8")
    with pytest.raises(DataError, match="new"):
        sources.load(tmp_path)
