"""Forked children: nothing leaks from one to the next, they make what a fresh kernel makes, none is left over."""

import os
import re
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis import project
from analysis.run.build import execute, site
from analysis.run.build.line import ADDRESS, Answer
from analysis.run.build.report import build
from analysis.run.commands import reports
from analysis.run.processes import forkserver
from analysis.run.processes.row import Row
from analysis.run.request import options, resolve
from analysis.sample import write

pytestmark = [pytest.mark.cold, pytest.mark.skipif(not forkserver.possible(), reason="this system can't fork")]

POLLUTES = """
import builtins, os, sys, tempfile
import matplotlib, polars, pandas, analysis.tell
from analysis.errors import _messages
builtins.sorted = builtins.polluted = print
os.environ["JUNHENG_POLLUTED"] = "yes"
os.chdir("/")
sys.path.insert(0, "polluted")
matplotlib.rcParams["figure.dpi"] = 7
polars.Config.set_tbl_rows(1)
pandas.set_option("display.max_rows", 1)
analysis.tell.open_report = None
_messages()["interrupted"]["zh"] = "polluted"
polars.DataFrame({"a": [1]}).lazy().collect()
polluted = True
"""
LOOKS = """
import builtins, os, sys
import matplotlib, polars, pandas, analysis.tell
from analysis.errors import message
print([
    hasattr(builtins, "polluted"), sorted([2, 1]), os.environ.get("JUNHENG_POLLUTED"), os.getcwd() == "/",
    "polluted" in sys.path,
    matplotlib.rcParams["figure.dpi"], polars.Config.state().get("POLARS_FMT_MAX_ROWS"),
    pandas.get_option("display.max_rows"), analysis.tell.open_report is None, message("interrupted"),
    "polluted" in globals(),
])
"""
SHOWS = """
import matplotlib.pyplot as plt, polars
frame = polars.DataFrame({"b": [1, 1, 2], "a": [1, 2, 3]})
print(frame.lazy().group_by("b").agg(polars.col("a").sum()).sort("b").collect())
figure, axes = plt.subplots()
_ = axes.plot([1, 2])
"""


SAYS = (
    "import sys, threading, warnings\nprint('out'); print('err', file=sys.stderr); print('again')",
    "print(1)\n2",
    "3;",
    "from IPython.display import HTML, clear_output, display\nshown = display(HTML('a'), display_id='one')",
    "shown.update(HTML('b'))",
    "print('gone'); clear_output(); print('left')",
    "print('gone'); clear_output(wait=True); display({'text/plain': 'left'}, raw=True)",
    "import asyncio\nawait asyncio.sleep(0); print('waited')",
    "!echo said",
    "warnings.warn('beware', stacklevel=1)",
    "thread = threading.Thread(target=print, args=('beside',)); thread.start(); thread.join()",
    "_, __, In[2], county",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1]);",
    "import polars as pl; pl.DataFrame({'a': [float('nan'), None]})",
    "class Shows(int):\n    def _repr_mimebundle_(self, **_): return {'application/x+json': {'c': (1, 2)}}\nShows()",
    "",
    "# skipped\n1",
    "import beside; beside.__name__",
)


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("warm") / "raw"
    write(folder, counties=2)
    return folder


@pytest.fixture(scope="module")
def words(raw: Path) -> dict[str, str]:
    return {"data": str(raw), "out": str(raw.parent / "out"), "formats": "html"}


@pytest.fixture(scope="module")
def pool(words: dict[str, str]) -> Iterator[forkserver.Pool]:
    with forkserver.Pool(words, threads=1) as running:
        yield running


def executed(folder: Path, *codes: str) -> nbformat.NotebookNode:
    source = folder / "source.ipynb"
    tags = {True: ["skip-execution"], False: []}
    cells = [new_code_cell(code, metadata={"tags": tags[code.startswith("# skipped")]}) for code in codes]
    nbformat.write(new_notebook(cells=cells), source)
    with execute.kernel(folder) as manager:
        execute.execute(source, {"county": "x"}, folder / "out.ipynb", manager)
    return nbformat.read(folder / "out.ipynb", as_version=4)


def outputs(folder: Path, code: str) -> list[Any]:
    return [dict(output, execution_count=None) for output in executed(folder, code).cells[-1].outputs]


def streams_joined(shown: list[Any]) -> list[Any]:
    """Return outputs with one text a stream between two others: when a kernel sends what it has is a matter of time."""
    joined: list[Any] = []
    for is_stream, group in groupby(shown, key=lambda output: output.output_type == "stream"):
        if not is_stream:
            joined += group
            continue
        texts: dict[str, str] = {}
        for output in group:
            texts[output.name] = texts.get(output.name, "") + output.text
        joined += [{"output_type": "stream", "name": name, "text": texts[name]} for name in sorted(texts)]
    return joined


def without_time(made: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook without its ids, and without what its timings come to: which there are stays."""
    for cell in made.cells:
        cell.id = ""
        for output in cell.get("outputs", []):
            if "text" in output:
                output.text = re.sub(r"\S+ipykernel_\S+", "cell:", output.text)
        if "outputs" in cell:
            cell.outputs = streams_joined(cell.outputs)
    for told in (made, *made.cells):
        timings = [told.metadata.get("papermill", {}), told.metadata.get("execution", {})]
        for times in timings:
            times |= {name: "" for name in times if name not in ("parameters", "exception", "status")}
    return made


@pytest.fixture
def forked(pool: forkserver.Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESS, pool.address)


def test_nothing_leaks_from_one_kernel_to_the_next(tmp_path: Path, forked: None) -> None:
    before = outputs(tmp_path, LOOKS)
    outputs(tmp_path, POLLUTES)
    assert outputs(tmp_path, LOOKS) == before
    assert "polluted" not in before[0]["text"]


def test_a_forked_kernel_shows_what_a_fresh_one_shows(
    tmp_path: Path, pool: forkserver.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = outputs(tmp_path, SHOWS)
    monkeypatch.setenv(ADDRESS, pool.address)
    assert outputs(tmp_path, SHOWS) == fresh
    assert any("image/png" in output.get("data", {}) for output in fresh)


def test_all_that_a_cell_can_say_is_kept_as_from_a_kernel(
    tmp_path: Path, pool: forkserver.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "beside.py").touch()
    fresh = without_time(executed(tmp_path, *SAYS))
    monkeypatch.setenv(ADDRESS, pool.address)
    assert without_time(executed(tmp_path, *SAYS)) == fresh


UNSHOWN = "get_ipython().showtraceback = lambda *_, **__: None\nraise KeyError('x')"


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "code", ["1 / 0", "raise SystemExit(2)", "def", "import sys; print(1); sys.exit('no')", UNSHOWN]
)
def test_a_cell_that_fails_is_told_as_from_a_kernel(
    tmp_path: Path, pool: forkserver.Pool, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    with pytest.raises(execute.NotebookError) as fresh:
        executed(tmp_path, "1", code, "open('after', 'w')")
    monkeypatch.setenv(ADDRESS, pool.address)
    with pytest.raises(execute.NotebookError) as forked:
        executed(tmp_path, "1", code, "open('after', 'w')")
    assert str(forked.value) == str(fresh.value)
    assert code.splitlines()[0] in str(fresh.value)
    assert not (tmp_path / "out.ipynb").exists()
    assert not (tmp_path / "after").exists()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("way", ["forked", "fresh"])
def test_a_cell_that_takes_too_long_is_stopped_and_told(
    tmp_path: Path, pool: forkserver.Pool, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    if way == "forked":
        monkeypatch.setenv(ADDRESS, pool.address)
    monkeypatch.setattr(execute, "CELL_LIMIT", 1)
    with pytest.raises(execute.NotebookError, match=r"source\.ipynb .*1"):
        executed(tmp_path, "while True: pass")
    assert not (tmp_path / "out.ipynb").exists()
    assert childless(pool.process)


def test_a_child_that_dies_in_a_cell_is_no_fault_of_the_notebook(tmp_path: Path, forked: None) -> None:
    with pytest.raises(ConnectionError):
        executed(tmp_path, "import os; os._exit(0)")
    assert not (tmp_path / "out.ipynb").exists()


def test_without_the_process_that_forks_there_is_no_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESS, str(tmp_path / "s"))
    with pytest.raises(ConnectionError):
        executed(tmp_path, "1")


def test_cells_see_the_variables_of_whoever_asks_and_no_others(
    tmp_path: Path, words: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with forkserver.Pool(words, threads=1, environment={"JUNHENG_FORKS": "that one"}) as running:
        monkeypatch.setenv(ADDRESS, running.address)
        monkeypatch.setenv("JUNHENG_ASKS", "this one")
        said = outputs(tmp_path, "import os; print(*map(os.environ.get, ('JUNHENG_FORKS', 'JUNHENG_ASKS')))")
    assert said[0]["text"] == "None this one\n"


def test_a_report_is_built_then_unchanged_and_a_fault_is_told(
    pool: forkserver.Pool, words: dict[str, str], raw: Path
) -> None:
    steps: list[str] = []
    built = pool.report("990101", progress=lambda step, share=0.0: steps.append(step))
    assert built["state"] == "built"
    assert list(dict.fromkeys(steps)) == ["step_clean", "step_execute", "step_render"]
    assert pool.report("990101")["state"] == "unchanged"
    file = next((raw / "990102").glob("schools_2024*"))
    content = file.read_bytes()
    file.write_bytes(b"")
    failed = pool.report("990102")
    file.write_bytes(content)
    assert failed["state"] == "failed"
    assert file.name in failed["reason"]


def children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def lives(process: int) -> bool:
    """Tell whether a process runs; one that has ended may wait to be reaped."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_child_that_dies_is_told_and_leaves_nothing(pool: forkserver.Pool, words: dict[str, str]) -> None:
    begun = threading.Event()
    answers: list[Answer] = []

    def ask() -> None:
        answers.append(pool.report("990102", progress=lambda step, share=0.0: begun.set()))

    asking = threading.Thread(target=ask)
    asking.start()
    assert begun.wait(30)
    for child in children(pool.process):
        os.kill(child, signal.SIGKILL)
    asking.join(30)
    assert [answer["state"] for answer in answers] == ["died"]
    assert not (Path(words["out"]) / "990102").exists()
    assert childless(pool.process)


def childless(process: int, seconds: float = 20) -> bool:
    """Wait until a process has no child."""
    until = time.monotonic() + seconds
    while children(process) and time.monotonic() < until:
        time.sleep(0.05)
    return not children(process)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b'{"do": "cel', id="half a request"),
        pytest.param(b'{"do": "cells", "cwd": "/", "env": {}}\n', id="a child for cells"),
    ],
)
def test_whoever_is_killed_while_asking_takes_nothing_along(pool: forkserver.Pool, said: bytes) -> None:
    process = pool.process
    os.kill(process, signal.SIGSTOP)  # so that who asked is gone before the answer, each time
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(pool.address)
            line.sendall(said)
    finally:
        os.kill(process, signal.SIGCONT)
    assert pool.about("990101", "2024")["key"]
    assert pool.process == process
    assert childless(process)


def gone(processes: list[int], seconds: float = 20) -> bool:
    """Wait until none of the processes lives."""
    until = time.monotonic() + seconds
    while any(map(lives, processes)) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(map(lives, processes))


def test_a_kernel_ends_with_the_child_that_asked_for_it(pool: forkserver.Pool) -> None:
    begun = threading.Event()
    answers: list[Answer] = []
    asking = threading.Thread(
        target=lambda: answers.append(pool.report("990102", progress=lambda step, share=0.0: begun.set()))
    )
    asking.start()
    assert begun.wait(30)
    until = time.monotonic() + 20
    while len(children(pool.process)) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    child, kernel = sorted(children(pool.process))
    os.kill(child, signal.SIGKILL)
    asking.join(30)
    assert [answer["state"] for answer in answers] == ["died"]
    assert gone([kernel])


@pytest.mark.slow
def test_a_process_that_was_killed_is_started_again(pool: forkserver.Pool, words: dict[str, str]) -> None:
    first, folder, begun = pool.process, pool.folder, threading.Event()
    answers: list[Answer] = []
    asking = threading.Thread(
        target=lambda: answers.append(pool.report("990102", progress=lambda step, share=0.0: begun.set()))
    )
    asking.start()
    assert begun.wait(30)
    left = children(first)
    os.kill(first, signal.SIGKILL)
    asking.join(120)
    # A report whose kernel was forked already goes on to its end.
    assert [answer["state"] for answer in answers] in (["died"], ["built"])
    assert pool.report("990102")["state"] in ("built", "unchanged")
    assert gone([first, *left])
    assert pool.process != first
    assert not folder.exists()


def test_what_does_not_start_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with (
        pytest.raises(forkserver.WarmError, match="JOBS"),
        forkserver.Pool({"data": str(tmp_path / "nowhere")}, threads=1),
    ):
        pass
    assert not list(tmp_path.iterdir())


def test_a_report_of_another_key_is_not_built(pool: forkserver.Pool, words: dict[str, str]) -> None:
    elsewhere = Path(words["out"]).parent / "elsewhere"
    answer = pool.report("990101", "2024", key="another", words=words | {"out": str(elsewhere)})
    assert answer["state"] == "unlike"
    assert not elsewhere.exists()


def test_a_county_whose_child_died_is_tried_once_more(raw: Path, words: dict[str, str]) -> None:
    class Dies:
        def __init__(self, times: int) -> None:
            self.times = times

        def report(self, county: str, year: str) -> Answer:
            self.times -= 1
            return {"state": "died" if self.times >= 0 else "built", "seconds": 0.0, "reason": ""}

    asked = resolve("990101", **words)
    rows = [reports._forked(Dies(times), asked, "") for times in (0, 1, 2)]  # type: ignore[arg-type]
    assert [row.state for row in rows] == ["built", "built", "failed"]
    assert [bool(row.reason) for row in rows] == [False, True, True]


@pytest.mark.slow
def test_the_end_of_a_pool_is_the_end_of_its_children(
    words: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with forkserver.Pool(words | {"out": str(tmp_path / "out")}, threads=1) as running:
        begun = threading.Event()
        asking = threading.Thread(
            target=running.report, args=("990101",), kwargs={"progress": lambda step, share=0.0: begun.set()}
        )
        asking.start()
        assert begun.wait(60)
        born = children(running.process)
    asking.join(30)
    assert born
    assert gone(born)
    assert not list(tmp_path.iterdir())


def test_counties_opened_together_are_found_done_and_a_fault_is_left_to_the_report(
    pool: forkserver.Pool, raw: Path
) -> None:
    done = project.processed(raw)
    shutil.rmtree(done, ignore_errors=True)
    file = next((raw / "990102").glob("schools_2024*"))
    content = file.read_bytes()
    file.write_bytes(b"")
    pool.open(["990101", "990102"])
    file.write_bytes(content)
    assert (done / "990101" / "national-2017" / "findings.parquet").is_file()
    assert not (done / "990102").exists()


@pytest.mark.slow
def test_the_page_over_all_reports_is_what_this_process_would_write(
    pool: forkserver.Pool, words: dict[str, str], tmp_path: Path
) -> None:
    assert pool.report("990101")["state"] in ("built", "unchanged")
    page = Path(words["out"]) / "index.html"
    assert pool.site() == page
    made = page.read_bytes()
    page.unlink()
    assert site.update(Path(words["out"]), "zh", "internal") == page
    assert page.read_bytes() == made
    with forkserver.Pool({**words, "out": str(tmp_path)}, threads=1) as empty:
        assert empty.site() is None
    assert not list(tmp_path.iterdir())


def cells_of(folder: Path) -> list[tuple[str, str]]:
    """Source and outputs of each cell, without counts and addresses in memory."""
    cells = nbformat.read(folder / "report.ipynb", as_version=4).cells
    told = [(cell.source, repr([output.get("data") for output in cell.get("outputs", [])])) for cell in cells]
    return [(source, re.sub(r"0x[0-9a-f]+", "0x", outputs)) for source, outputs in told]


@pytest.mark.slow
def test_the_whole_report_is_the_same_from_a_forked_kernel(words: dict[str, str], raw: Path) -> None:
    forked, fresh = ({**words, "out": str(raw.parent / way)} for way in ("forked", "fresh"))
    with forkserver.Pool(forked, threads=1) as running:
        assert running.report("990101")["state"] == "built"
    built = build(resolve("990101", **fresh))
    assert cells_of(Path(forked["out"]) / "990101" / "2024") == cells_of(built.folder)


@pytest.mark.slow
def test_without_fork_reports_built_side_by_side_are_the_same(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ways = {way: {"data": str(raw), "out": str(raw.parent / way), "formats": "html"} for way in ("pool", "threads")}
    for way, words in ways.items():
        monkeypatch.setattr(forkserver, "possible", lambda way=way: way == "pool")
        asked = options(**words)
        rows: list[Row] = []
        page = reports.build_all(reports.chosen(asked.catalogue, "all"), "", asked, words, 2, rows.append)
        assert {row.state for row in rows} == {"built"}
        assert page == (asked.out / "index.html" if way == "pool" else None)
    for county in ("990101", "990102"):
        pool, threads = (Path(words["out"]) / county / "2024" for words in ways.values())
        assert cells_of(pool) == cells_of(threads)
        assert (pool / "results.json").read_bytes() == (threads / "results.json").read_bytes()
        assert (pool / "report.html").read_bytes() == (threads / "report.html").read_bytes()


@pytest.mark.parametrize(("limit", "key"), [(0, "warm_slow"), (120, "warm_not_started")])
def test_a_process_that_is_slow_is_told_from_one_that_ends(
    limit: int, key: str, words: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forkserver, "START_LIMIT", limit)
    with (
        pytest.raises(forkserver.WarmError) as fault,
        forkserver.Pool(words, threads=1, environment={"PYTHONPATH": "", "PYTHONHOME": "/none"} if limit else None),
    ):
        pass
    assert fault.value.key == key
