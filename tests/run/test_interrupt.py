"""Stopped in its middle, `junheng reports` leaves whole reports and nothing else, and goes on where it was."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import project
from analysis.run.build import manifest, stale
from analysis.run.processes import forkserver
from tests.run.shortest import published

pytestmark = [pytest.mark.cold, pytest.mark.skipif(not forkserver.possible(), reason="this system can't fork")]
#: A shell's background jobs, and so tests that run in one, hear no Ctrl-C, and their children inherit that.
HEARS = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
HEARS += "from analysis.cli import main; sys.exit(main())"


def reports(folder: Path, *words: str) -> "subprocess.Popen[str]":
    """Begin to build the reports of a folder in a process that keeps what is temporary in `folder`/tmp."""
    (folder / "tmp").mkdir(exist_ok=True)
    places = ["--data", str(folder / "raw"), "--out", str(folder / "out"), "--formats", "xlsx", "--jobs", "1"]
    return subprocess.Popen(
        [sys.executable, "-c", HEARS, "reports", *words, *places],
        cwd=project.root(),
        env={**os.environ, "TMPDIR": str(folder / "tmp")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 143, marks=pytest.mark.slow)]
)
def test_stopped_it_goes_on_where_it_was(number: signal.Signals, code: int, tmp_path: Path) -> None:
    published(tmp_path / "raw", 2)
    running = reports(tmp_path)
    assert running.stderr is not None
    first = running.stderr.readline()
    assert first.startswith("1/2")
    running.send_signal(number)
    running.communicate(timeout=60)
    assert running.returncode == code
    assert not list((tmp_path / "tmp").iterdir())
    there = {path.parent.parent.name for path in (tmp_path / "out").rglob("results.json")}
    assert first.split()[1] in there
    assert len(there) < 2
    for county in (path for path in (tmp_path / "out").iterdir() if path.is_dir()):
        found = stale.state(county / "2012")
        assert found.holds(county / "2012", found.key, ("annex.xlsx", "report.ipynb", "results.json"))
        assert {path.name for path in (county / "2012").iterdir()} == {
            stale.STATE,
            manifest.NAME,
            manifest.STATE,
            *found.files,
        }
    told = reports(tmp_path).communicate(timeout=120)[0]
    assert f"已生成 {2 - len(there)} 份，未变化 {len(there)} 份，失败 0 份" in told
    # With one county asked for, the page still shows all that there are.
    assert "未变化 1 份" in reports(tmp_path, "340102").communicate(timeout=120)[0]
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert all(f"示例{place}县" in page for place in (1, 2))
