"""An installation is brought up to a new version: ours is replaced, what people wrote stays."""

import hashlib
import shutil
from pathlib import Path

import pytest

from analysis import cli
from analysis.run.install import SUMS

OURS = {"analysis/cli.py": "1", "analysis/gone.py": "1", "reports/words.yml": "1", "data/shipped/sources.yml": "1"}
THEIRS = {
    "data/raw/sources.yml": "office",
    "data/raw/corrections.yml": "nine entries",
    "data/raw/510116/schools_2024.csv": "rows",
    "data/processed/510116/key": "k",
    "reports/output/510116/2024/report.docx": "signed",
}


def lay(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def carried(folder: Path, files: dict[str, str]) -> Path:
    """Lay out a bundle with its sums."""
    lay(folder, files)
    lines = [f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, text in files.items()]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
    return folder


def holds(folder: Path) -> dict[str, str]:
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


@pytest.fixture
def new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {"analysis/cli.py": "2", "analysis/more.py": "2", "reports/words.yml": "2", "data/shipped/sources.yml": "2"}
    folder = carried(tmp_path / "new", files)
    monkeypatch.setenv("JUNHENG_ROOT", str(folder))
    return folder


def test_ours_is_replaced_and_theirs_stays(new: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = lay(carried(tmp_path / "old", OURS), THEIRS)
    assert cli.main(["update", str(old)]) == 0
    assert holds(old) == holds(new) | THEIRS
    assert (old / SUMS).read_bytes() == (new / SUMS).read_bytes()
    assert "4" in capsys.readouterr().out
    assert cli.main(["update", str(old)]) == 0
    assert holds(old) == holds(new) | THEIRS


def test_what_somebody_edited_of_ours_is_kept_beside(new: Path, tmp_path: Path) -> None:
    old = lay(carried(tmp_path / "old", OURS), {"reports/words.yml": "mine", "analysis/gone.py": "mine"})
    lay(old, {"reports/words.edited-1.yml": "mine before"})
    assert cli.main(["update", str(old)]) == 0
    assert holds(old) == holds(new) | {
        "reports/words.edited-1.yml": "mine before",
        "reports/words.edited-2.yml": "mine",
        "analysis/gone.py": "mine",
        "data/raw/sources.yml": "2",  # nothing lay there: the sample is laid out as at a first start
    }


@pytest.mark.parametrize("kind", ["flipped", "missing", "no sums", "outside", "no installation", "itself"])
def test_what_can_not_be_updated_is_one_line_and_stays_as_it_was(
    new: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    old = lay(carried(tmp_path / "old", OURS), THEIRS)
    if kind == "flipped":
        lay(new, {"analysis/more.py": "3"})
    elif kind == "missing":
        (new / "analysis" / "more.py").unlink()
    elif kind == "no sums":
        (new / SUMS).unlink()
    elif kind == "outside":
        lay(new.parent, {"passwd": "x"})
        with (new / SUMS).open("a", encoding="utf-8") as sums:
            sums.write(f"{hashlib.sha256(b'x').hexdigest()}  ../passwd\n")
    elif kind == "no installation":
        (old / "analysis" / "cli.py").unlink()
    before = holds(old)
    assert cli.main(["update", str(new if kind == "itself" else old)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert holds(old) == before


def test_broken_off_it_goes_on(new: Path, tmp_path: Path) -> None:
    old = lay(carried(tmp_path / "old", OURS), THEIRS)
    shutil.copyfile(new / "analysis" / "cli.py", old / "analysis" / "cli.py")
    assert cli.main(["update", str(old)]) == 0
    assert holds(old) == holds(new) | THEIRS
