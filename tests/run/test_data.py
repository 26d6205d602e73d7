"""`junheng data`: counties in batches, one process or several, with the same tables."""

from pathlib import Path

import pytest

from analysis import project, sources
from analysis.run.commands import data
from analysis.sample import write

YEARS = (2023, 2024)


def raw(folder: Path, counties: int) -> Path:
    return write(folder, counties=counties, years=YEARS).folder


def tables(folder: Path) -> dict[str, bytes]:
    made = project.processed(folder)
    return {str(path.relative_to(made)): path.read_bytes() for path in sorted(made.rglob("*.parquet"))}


def test_batches_and_processes_change_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, several = raw(tmp_path / "one", 5), raw(tmp_path / "several", 5)
    for code in sources.load(one).counties:
        assert data.run(code, str(one), "1") == 0
    alone = capsys.readouterr().out.splitlines()
    assert data.run("", str(several), "2") == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told] == [line.split()[0] for line in alone]
    assert tables(several) == tables(one)
    assert any(name.endswith("findings.parquet") for name in tables(one))


def test_a_county_that_fails_is_told_and_the_others_are_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = raw(tmp_path / "raw", 3)
    first, second, third = sources.load(folder).counties
    next((folder / second).glob("schools_*")).write_bytes(b"")
    assert data.run("", str(folder), "1") == 1
    shown = capsys.readouterr()
    assert [line[:6] for line in shown.out.splitlines()] == [first, third]
    (fault,) = shown.err.splitlines()
    assert fault.startswith(second)
    made = project.processed(folder)
    assert {path.name for path in made.iterdir() if path.is_dir()} == {first, third}
