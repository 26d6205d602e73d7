"""What is kept is what was written, or counts as absent; files are whole or not there."""

import errno
import os
import random
from pathlib import Path

import pytest

from analysis import clean, cli, sources, storage
from analysis.judge import cached

COUNTY = "990101"
HEADER = "学校代码,学校名称,办学类型,举办者,小学在校生数,图书册数"


def flipped(path: Path, bit: int) -> bytes:
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    return bytes(content)


@pytest.fixture
def county(tmp_path: Path) -> tuple[sources.Catalogue, Path]:
    """A county of one table, cleaned and judged."""
    raw, processed = tmp_path / "raw", tmp_path / "processed"
    rows = [
        f"99010100{number:02},第{number}小学,小学,县级教育部门,{100 + number},{2000 + number}" for number in range(20)
    ]
    (raw / COUNTY).mkdir(parents=True)
    (raw / COUNTY / "schools_2024.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    catalogue = sources.load(raw)
    cached.open_county(catalogue, COUNTY, processed, "national-2017")
    return catalogue, processed


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", ["schools.parquet", "national-2017/findings.parquet", "national-2017/key", "key"])
def test_no_flipped_bit_is_taken_for_data(
    county: tuple[sources.Catalogue, Path], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue, processed = county
    records, judged = cached.open_county(catalogue, COUNTY, processed, "national-2017")
    file = processed / COUNTY / name
    whole = file.read_bytes()
    seeded = random.Random(20241129)
    for _ in range(8):
        file.write_bytes(flipped(file, seeded.randrange(8 * len(whole))))
        capsys.readouterr()
        again, anew = cached.open_county(catalogue, COUNTY, processed, "national-2017")
        assert again.schools.equals(records.schools)
        assert judged is not None
        assert anew is not None
        assert anew.findings.equals(judged.findings)
        if name.endswith(".parquet"):
            (line,) = capsys.readouterr().err.splitlines()
            assert file.name in line
        assert file.read_bytes() == whole


@pytest.mark.parametrize("damage", ["", "truncated", "missing"])
def test_a_damaged_table_is_made_anew(county: tuple[sources.Catalogue, Path], damage: str) -> None:
    catalogue, processed = county
    file = processed / COUNTY / "schools.parquet"
    whole = file.read_bytes()
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(whole[:100] if damage else b"")
    with pytest.raises(storage.DamagedError):
        clean.load(processed, COUNTY)
    assert clean.clean_county(catalogue, COUNTY, processed).schools.height == 20
    assert file.read_bytes() == whole


def test_a_file_is_whole_or_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "index.html"
    storage.write_whole(file, "before")
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(OSError, match="No space"):
            storage.write_whole(file, "after")
    assert file.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_only_what_was_left_unfinished_long_ago_is_cleared(tmp_path: Path) -> None:
    old, new, other = tmp_path / ".report.html.1", tmp_path / ".report.html.2", tmp_path / ".previous.json"
    for path in (old, new, other):
        path.write_text("x", encoding="utf-8")
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    storage.clear_abandoned(tmp_path, ".report.html.")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".previous.json", ".report.html.2"]


def test_what_a_process_left_that_has_ended_is_cleared_at_once(tmp_path: Path) -> None:
    import subprocess
    import sys

    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    mine = storage.unfinished(tmp_path / "[a].html")
    machine, unique = mine.name.rsplit(".", 1)[-1].split("-")[::2]
    left = mine.with_name(f".[a].html.{machine}-{ended.stdout.strip()}-{unique}")
    elsewhere = mine.with_name(f".[a].html.ffffff-{ended.stdout.strip()}-{unique}")
    for path in (mine, left, elsewhere, tmp_path / "[a].html"):
        path.write_text("x", encoding="utf-8")
    storage.clear_abandoned(tmp_path, ".[a].html.")
    assert set(tmp_path.iterdir()) == {mine, elsewhere, tmp_path / "[a].html"}


@pytest.mark.parametrize("command", ["template schools", "ledger 990101", "data 990101"])
def test_a_full_disk_is_one_line_and_leaves_nothing_half_written(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / COUNTY).mkdir()
    lines = [HEADER, "9901010001,第一小学,小学,地方,300,9000", "9901010002,第二小学,小学,地方,200,9000"]
    (tmp_path / "raw" / COUNTY / "schools_2024.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "raw" / "sources.yml").write_text('counties: {"990101": {zh: 甲县, en: A}}\n', encoding="utf-8")
    asked = command.split()
    asked += [] if command.startswith("template") else ["--data", str(tmp_path / "raw")]
    asked += [] if command.startswith("data") else ["--out", str(tmp_path / "out")]

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setenv("JUNHENG_PROCESSED", str(tmp_path / "processed"))
    before = {path for path in (tmp_path / "raw").rglob("*") if path.is_file()}
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        patch.setattr(Path, "write_bytes", full)
        assert cli.main(asked) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert "磁盘已满" in said[0]
    left = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    assert left == set()
