"""Files of a folder of raw statistics are opened with care: no link out of it, nothing without an end."""

import gzip
import os
from pathlib import Path

import pytest
import xlsxwriter

from analysis import cli, files, sources
from analysis.clean import clean, clean_county
from analysis.errors import DataError
from analysis.read import anycsv, fieldcheck, ledger
from tests.workbooks import COUNTY, HEADER, school, text

OUT = "link_outside"


def raw(folder: Path) -> Path:
    text(folder / "raw" / COUNTY / "schools_2024.csv", [HEADER, school(1)])
    return folder / "raw"


def fault(folder: Path) -> str:
    """Return the key of the fault of a county's sources, the same whether its tables are kept or not."""
    faults: list[DataError] = []
    clean(sources.load(folder), COUNTY, faults)
    with pytest.raises(DataError) as told:
        clean_county(sources.load(folder), COUNTY, folder.parent / "processed")
    assert [one.key for one in faults] == [told.value.key]
    return told.value.key


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = raw(tmp_path)
    text(tmp_path / "secret.csv", [["root", "x", "0"]])
    (folder / COUNTY / "rooms_2024.csv").symlink_to(tmp_path / "secret.csv")
    assert fault(folder) == OUT


def test_a_folder_that_is_a_link_out_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / COUNTY).symlink_to(raw(tmp_path / "other") / COUNTY)
    assert fault(folder) == OUT


def test_a_link_within_the_folder_and_a_folder_that_is_one_are_followed(tmp_path: Path) -> None:
    folder = raw(tmp_path)
    (folder / COUNTY / "schools_2024.csv").rename(folder / "all.csv")
    (folder / COUNTY / "schools_2024.csv").symlink_to("../all.csv")
    (tmp_path / "data").symlink_to(folder)
    records = clean_county(sources.load(tmp_path / "data"), COUNTY, tmp_path / "processed")
    assert records.schools["school"].to_list() == ["9901010001"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    folder = raw(tmp_path)
    os.mkfifo(folder / COUNTY / "pipe.csv")
    (folder / "sources.yml").write_text(
        f"sources: [{{file: {COUNTY}/pipe.csv, county: '{COUNTY}', table: rooms, year: 2024}}]", encoding="utf-8"
    )
    assert fault(folder) == "file_irregular"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no such device")
def test_a_device_is_refused_at_once(tmp_path: Path) -> None:
    files.check_regular(raw(tmp_path) / COUNTY / "schools_2024.csv", "x")
    with pytest.raises(DataError) as told:
        files.check_regular(Path("/dev/zero"), "x")
    assert told.value.key == "file_irregular"


def test_a_file_over_the_bound_is_refused_with_the_bound(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with path.open("wb") as written:
        written.truncate(2 * files.MEGABYTE)
    files.check_regular(path, "a", 2)
    with pytest.raises(DataError, match="1 MB"):
        files.check_regular(path, "a", 1)


def test_a_small_file_that_unpacks_without_end_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    with gzip.open(path, "wb", compresslevel=9) as packed:
        packed.write(b"school,score\n")
        for _ in range(1200):
            packed.write(b"1,1\n" * (files.MEGABYTE // 4))
    assert path.stat().st_size < 6 * files.MEGABYTE
    with pytest.raises(DataError) as told:
        anycsv.scan(path)
    assert told.value.key == "file_unpacks"


def test_a_refusal_is_one_line_on_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = raw(tmp_path)
    (folder / COUNTY / "rooms_2024.csv").symlink_to("/etc/passwd")
    assert cli.main(["report", COUNTY, f"--data={folder}", f"--out={tmp_path}/out"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{COUNTY}/rooms_2024.csv" in line
    assert "root" not in line


@pytest.mark.skipif(os.name == "nt", reason="names are no bytes there")
def test_a_name_in_gbk_bytes_is_told_as_people_gave_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = raw(tmp_path)
    Path(os.fsdecode(os.fsencode(folder / COUNTY) + b"/" + "说明.csv".encode("gb18030"))).touch()
    records = clean_county(sources.load(folder), COUNTY, tmp_path / "processed")
    assert records.notices.filter(rule="stray")["file"].to_list() == [f"{COUNTY}/说明.csv"]
    odd = os.fsdecode(b"\xc7\xe0")
    assert cli.main(["check", COUNTY, f"--data={tmp_path}/{odd}"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def far(path: Path) -> Path:
    """Write a table of one's own with one more cell in the last corner that a sheet has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("a")
        for number, row in enumerate([["school", "books", "pupils"], ["1", 5, 6], ["2", 7, 8], ["3", 9, 8]]):
            sheet.write_row(number, 0, row)
        sheet.write(1_048_575, 16_383, "x")
    return path


def test_a_stray_cell_far_away_is_a_line_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = far(tmp_path / "a.xlsx")
    assert cli.main(["cv", str(table), "--amount", "books", "--pupils", "pupils"]) == 2
    assert "XFD1048576" in capsys.readouterr().err
    for reader in (ledger.entries, fieldcheck.read):
        with pytest.raises(DataError, match="XFD1048576"):
            reader(table)
