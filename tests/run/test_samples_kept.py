"""The samples stay as they came: no command writes to their folder, what people fill in lies in the office's own."""

import hashlib
from pathlib import Path

import openpyxl
import pytest

from analysis.cli import main
from analysis.run.commands import add
from tests.run.test_watch import COUNTY, ROWS, save

#: What people fill in, by the command that writes it.
FORMS = {"ledger": f"ledger/{COUNTY}.xlsx", "evidence": f"evidence/{COUNTY}_2024.xlsx",
         "fieldcheck": f"fieldcheck/{COUNTY}_2024.xlsx"}  # fmt: skip


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of samples of a work place of its own, with one county."""
    monkeypatch.setenv("JUNHENG_HERE", str(tmp_path))
    monkeypatch.setenv("JUNHENG_PROCESSED", str(tmp_path / "processed"))
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    entry = f'counties:\n  "{COUNTY}": {{zh: 双流区, synthetic: false}}\nsources:\n'
    (raw / "sources.yml").write_text(entry, encoding="utf-8")
    save(tmp_path / "a.xlsx", ROWS)
    add.run([tmp_path / "a.xlsx"], add.Asked(publisher="局", date="2024-10"), str(raw), ask=False)
    written = (raw / "sources.yml").read_text(encoding="utf-8").replace("synthetic: false", "synthetic: true")
    (raw / "sources.yml").write_text(written, encoding="utf-8")
    return raw


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_no_command_writes_to_the_samples(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, own = digests(raw), raw.parent / "own"
    for command, form in FORMS.items():
        assert main([command, COUNTY]) == 0
        assert f"data/own/{form}" in capsys.readouterr().out
        assert (own / form).is_file()
    for words in (["status", COUNTY], ["check", COUNTY]):
        main(words)
    capsys.readouterr()
    returned = raw.parent / "back"
    returned.mkdir()
    file = str(raw.parent.parent / "a.xlsx")
    adding = ["add", file, "--publisher=局", "--date=2024-10"]
    for words in (["collect", COUNTY], ["collect", COUNTY, str(returned)], adding):
        assert main(words) == 2
        assert "示例数据不改动" in capsys.readouterr().err
    assert digests(raw) == before


def test_what_is_filled_in_there_is_read(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["ledger", COUNTY])
    path = raw.parent / "own" / FORMS["ledger"]
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["A2"] = "自己的事项"
    book.save(path)
    capsys.readouterr()
    assert main(["ledger", COUNTY]) == 0
    assert "第 2 行" in capsys.readouterr().out


def test_a_county_of_ones_own_in_that_folder_is_written_beside_its_files(raw: Path) -> None:
    written = (raw / "sources.yml").read_text(encoding="utf-8").replace("synthetic: true", "synthetic: false")
    (raw / "sources.yml").write_text(written, encoding="utf-8")
    assert main(["ledger", COUNTY]) == 0
    assert (raw / FORMS["ledger"]).is_file()
