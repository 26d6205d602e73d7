"""Installing pinned packages: what counts as progress, and that the pins are whole."""

import sys
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from analysis.project import root
from analysis.run import install


def test_progress_counts_each_wanted_package_once() -> None:
    lines = [
        "Looking in indexes: somewhere",
        "Collecting polars==2.1.0 (from -r requirements.txt (line 3))",
        "  Downloading polars.whl",
        "Collecting polars==2.1.0",
        "Requirement already satisfied: PyYAML==6.0.3 in .venv",
        "Collecting pip",
        "Installing collected packages: polars",
    ]
    steps = list(install.progress(lines, {"polars", "pyyaml"}))
    assert steps == ["1/2 polars", "2/2 pyyaml", "pip: 2/2 ..."]


def test_pins_follow_included_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text('# words\nA_b==1\nc==2; python_version == "3.12"\n', encoding="utf-8")
    (tmp_path / "b.txt").write_text("-r a.txt\nd==3\n", encoding="utf-8")
    assert install.pins(tmp_path / "b.txt") == {"a-b", "c", "d"}


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_whatever_a_pinned_package_needs_is_pinned_too(file: str) -> None:
    pinned = install.pins(root() / file)
    missing = set()
    for name in sorted(pinned):
        try:
            needs = requires(name) or []
        except PackageNotFoundError:  # pinned for another Python than this one
            continue
        for need in map(Requirement, needs):
            wanted = need.marker is None or any(
                need.marker.evaluate({"python_version": version, "python_full_version": f"{version}.9", "extra": ""})
                for version in ("3.11", "3.12", "3.13")
            )
            if wanted and need.name.lower().replace("_", "-").replace(".", "-") not in pinned:
                missing.add(f"{name} needs {need}")
    assert not missing


def test_a_failed_installation_shows_what_pip_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "r.txt").write_text("./no-such-folder\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert install.main(["r.txt"]) != 0
    assert "no-such-folder" in capfd.readouterr().err


def test_quarto_is_told_of_the_environment(tmp_path: Path) -> None:
    install.tell_quarto(tmp_path)
    assert not list(tmp_path.iterdir())
    (tmp_path / "_quarto.yml").touch()
    install.tell_quarto(tmp_path)
    told = (tmp_path / "_environment.local").read_text(encoding="utf-8")
    assert told == f"QUARTO_PYTHON='{Path(sys.executable).as_posix()}'\n"
