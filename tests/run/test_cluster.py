"""Counties on a Dask cluster of two worker processes: told as on one machine, whatever happens to a worker."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from distributed import Client

from analysis import project
from analysis.errors import RequestError
from analysis.run.build import manifest, stale
from analysis.run.build.execute import anywhere
from analysis.run.build.report import is_current, words_of
from analysis.run.cluster import cluster, worker
from analysis.run.commands import reports
from analysis.run.processes import forkserver
from analysis.run.processes.row import TRIES, Row
from analysis.run.request import Request, options, request_of
from analysis.sample import write
from tests.run.shortest import published

pytestmark = [
    pytest.mark.cold,
    pytest.mark.skipif(not forkserver.possible(), reason="this system can't fork"),
    pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="needs /proc"),
]


class Cluster:
    """A scheduler and workers, each a process of its own, started by the commands that docs/scale.md names."""

    def __init__(self, folder: Path, workers: int, **variables: str) -> None:
        self.folder, self.address = folder, ""
        folder.mkdir()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("JUNHENG")} | variables
        file = folder / "scheduler.json"
        self._environment = environment | {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "60"}
        self._processes: list[subprocess.Popen[bytes]] = []
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
        until = time.monotonic() + 60
        while not self.address and time.monotonic() < until:
            time.sleep(0.1)
            if file.is_file() and file.stat().st_size:
                self.address = json.loads(file.read_text(encoding="utf-8"))["address"]
        for _ in range(workers):
            self._start("worker", self.address, "--nthreads", "1", "--memory-limit", "0")

    def _start(self, *words: str) -> None:
        command = [sys.executable, "-m", "dask", *words, "--no-dashboard"]
        # Workers start in a folder of their own: of what lies in that of the tests they see nothing by its name.
        with (self.folder / f"{words[0]}.log").open("ab") as log:
            self._processes.append(
                subprocess.Popen(command, cwd=self.folder, env=self._environment, stdout=log, stderr=log)
            )

    def wait_for(self, workers: int) -> None:
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)

    def end(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    running = Cluster(tmp_path_factory.mktemp("two") / "cluster", 2)
    running.wait_for(2)
    yield running
    running.end()


def warm_processes() -> list[int]:
    """Ids of all warm processes of this user's machine that fork for a cluster's workers."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            started_by = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            above = Path("/proc", started_by, "cmdline").read_bytes()
        except OSError:
            continue
        if (
            b"analysis.run.processes.forkserver" in command
            and b"analysis.run.processes.forkserver" not in above
            and b"multiprocessing" in above
        ):
            found.append(int(folder.name))
    return found


def requests(**words: str) -> list[Request]:
    asked = options(**words)
    return [request_of(asked, county) for county in reports.chosen(asked.catalogue, "all")]


@pytest.mark.slow
def test_what_workers_do_not_see_is_sent_and_comes_back(
    two: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "raw", counties=2)
    broken = next((tmp_path / "raw" / "990102").glob("schools_2024*"))
    broken.write_bytes(b"")
    # The same path is another folder to each process: what the tests lay there, no worker finds.
    monkeypatch.chdir(tmp_path)
    words = {"data": "/proc/self/cwd/raw", "out": "/proc/self/cwd/out", "formats": "xlsx", "lang": "zh"}
    asked, rows, said = options(**words), list[Row](), list[str]()
    monkeypatch.setattr(reports, "_say", said.append)
    with cluster.connected(two.address) as client:
        reports.build_all(reports.chosen(asked.catalogue, "all"), "", asked, words, None, rows.append, client)
    built, failed = sorted(rows, key=lambda row: row.county.code)
    assert (built.state, built.reason) == ("built", "")
    assert failed.state == "failed"
    assert broken.name in failed.reason
    assert "不共用" in said[0]
    request = request_of(asked, built.county)
    assert is_current(request)
    assert sorted(path.name for path in request.folder.iterdir()) == sorted(
        [".junheng.json", manifest.NAME, manifest.STATE, *request.files]
    )
    executed = nbformat.read(request.folder / "report.ipynb", as_version=4)
    assert executed.metadata.papermill["parameters"] == anywhere(words_of(request))
    (told,) = (cell for cell in executed.cells if "injected-parameters" in cell.metadata.get("tags", []))
    assert 'data = "raw"' in told.source
    assert str(tmp_path) not in (request.folder / "report.ipynb").read_text(encoding="utf-8")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["990101"]
    assert not (two.folder / "raw").exists()
    assert not (two.folder / "out").exists()


@pytest.mark.slow
def test_killed_workers_and_processes_cost_a_try_and_not_a_report(two: Cluster, tmp_path: Path) -> None:
    words = {"data": str(published(tmp_path / "raw", 5)), "out": str(tmp_path / "out"), "formats": "xlsx"}
    asked, rows = options(**words), list[Row]()

    def tick(row: Row) -> None:
        rows.append(row)
        if len(rows) == 1:
            os.kill(min(client.run(os.getpid).values()), signal.SIGKILL)
        if len(rows) == 3:
            for process in warm_processes():
                os.kill(process, signal.SIGKILL)

    with cluster.connected(two.address) as client:
        reports.build_all(reports.chosen(asked.catalogue, "all"), "", asked, words, None, tick, client)
    assert sorted(row.county.code for row in rows) == [f"3401{place:02}" for place in range(1, 6)]
    assert not [row for row in rows if row.state == "failed"]
    assert all(is_current(request) for request in requests(**words))
    # Nothing half done lies about, and the client's mark is gone.
    assert not [path for path in (tmp_path / "out").rglob(".*") if path.name not in (stale.STATE, manifest.STATE)]
    until = time.monotonic() + 20
    while warm_processes() and time.monotonic() < until:
        time.sleep(0.1)
    assert not warm_processes()


def test_a_worker_is_no_scheduler(two: Cluster) -> None:
    with cluster.connected(two.address) as client:
        address = next(iter(client.scheduler_info()["workers"]))
    with pytest.raises(RequestError, match="Worker"), cluster.connected(address):
        pass


@pytest.mark.parametrize(
    "text", ["nonsense", "tcp://", "host", "http://h:80", "h:0", "h:65536", "h:80/x", "h:8 0", "²:1", "h:²"]
)
def test_an_address_that_is_none_is_told(text: str) -> None:
    with pytest.raises(RequestError) as fault, cluster.connected(text):
        pass
    assert fault.value.key == "scheduler_malformed"


def test_a_port_where_nobody_listens_is_told_at_once() -> None:
    begun = time.monotonic()
    with pytest.raises(RequestError) as fault, cluster.connected("tcp://127.0.0.1:1"):
        pass
    assert fault.value.key == "scheduler_unreachable"
    assert time.monotonic() - begun < cluster.REACH


def test_the_command_hands_the_address_on_as_mere_text() -> None:
    command = [sys.executable, "-m", "analysis", "reports", "--scheduler", "$(touch x)", "--data", str(project.raw())]
    done = subprocess.run(command, capture_output=True, text=True, cwd=project.root(), check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "$(touch x)" in done.stderr


def test_one_machine_needs_no_dask() -> None:
    code = "import sys, analysis.run.commands.reports; sys.exit('distributed' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# From here on, a scheduler that answers as a test wants it.


class Done:
    """A future that is done at once."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def result(self, timeout: float) -> Any:
        if isinstance(self._answer, BaseException):
            raise self._answer
        return self._answer

    def add_done_callback(self, call: Callable[[Any], None]) -> None:
        call(self)

    def release(self) -> None:
        pass


class Answers:
    """A client whose workers `a` and `b` answer what `answer(task, number of the try, allowed workers)` gives."""

    status = "running"

    def __init__(self, answer: Callable[[worker.Task, int, list[str] | None], Any]) -> None:
        self._answer, self.tasks, self.most, self.cancelled = answer, list[worker.Task](), 0, list[Any]()

    def scheduler_info(self) -> dict[str, Any]:
        return {"workers": {"a": {"nthreads": 1}, "b": {"nthreads": 1}}}

    def submit(self, call: Any, offer: worker.Offer, task: worker.Task, **words: Any) -> Done:
        self.tasks.append(task)
        tried = sum(each.county == task.county for each in self.tasks)
        return Done(self._answer(task, tried, words["workers"]))

    def cancel(self, futures: list[Any], force: bool) -> None:
        self.cancelled += futures


def through(
    raw: Path, answer: Callable[[worker.Task, int, list[str] | None], Any], shared: bool = True
) -> tuple[list[Row], Answers]:
    client, rows = Answers(answer), list[Row]()
    offer = worker.Offer("run", {}, {}, "")
    cluster._Run(client, offer, shared, None, rows.append).through(  # type: ignore[arg-type]
        requests(data=str(raw), out=str(raw.parent / "out"), formats="html")
    )
    return sorted(rows, key=lambda row: row.county.code), client


def answer(state: str, **more: Any) -> dict[str, Any]:
    return {"state": state, "seconds": 1.5, "reason": "", "worker": "a", **more}


def test_each_county_is_told_once_with_the_seconds_it_took_there(raw: Path) -> None:
    rows, client = through(raw, lambda task, tried, where: answer("built"))
    assert [(row.county.code, row.state, row.seconds) for row in rows] == [
        ("990101", "built", 1.5),
        ("990102", "built", 1.5),
    ]
    assert [task.sent for task in client.tasks] == [None, None]


def test_a_child_that_dies_is_tried_again_and_then_told_with_its_worker(raw: Path) -> None:
    rows, _ = through(raw, lambda task, tried, where: answer("built" if tried > 1 else "died"))
    assert {(row.state, bool(row.reason)) for row in rows} == {("built", True)}
    rows, client = through(raw, lambda task, tried, where: answer("died", worker="tcp://far:1"))
    assert {row.state for row in rows} == {"failed"}
    assert all("tcp://far:1" in row.reason for row in rows)
    assert len(client.tasks) == 2 * TRIES


def test_a_county_that_is_not_seen_there_is_sent(raw: Path) -> None:
    rows, client = through(raw, lambda task, tried, where: answer("unlike" if task.sent is None else "failed"))
    assert {row.state for row in rows} == {"failed"}
    assert [task.sent is None for task in client.tasks if task.county == "990101"] == [True, False]


def test_a_worker_that_came_with_another_version_is_not_asked_again(raw: Path) -> None:
    def said(task: worker.Task, tried: int, where: list[str] | None) -> dict[str, Any]:
        return answer("unlike", worker="b") if where is None else answer("failed", reason=",".join(where))

    rows, _ = through(raw, said, shared=False)
    assert [row.reason for row in rows] == ["a", "a"]


def test_what_a_worker_raises_fails_its_county_alone(raw: Path) -> None:
    rows, _ = through(
        raw, lambda task, tried, where: MemoryError("short") if task.county == "990101" else answer("built")
    )
    assert [(row.state, row.reason) for row in rows] == [("failed", "MemoryError: short"), ("built", "")]


def test_a_county_that_kills_its_workers_fails_with_the_last_of_them(raw: Path) -> None:
    from distributed import KilledWorker
    from distributed.core import Status
    from distributed.scheduler import WorkerState

    last = WorkerState(
        address="tcp://far:2", status=Status.closed, pid=1, name="", nthreads=1, memory_limit=0, local_directory="",
        nanny="", server_id="",
    )  # fmt: skip
    rows, _ = through(raw, lambda task, tried, where: KilledWorker("x", last, 3))
    assert all(row.state == "failed" and "tcp://far:2" in row.reason and "4" in row.reason for row in rows)


def test_a_scheduler_that_is_gone_fails_what_is_left(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(self: Answers) -> dict[str, Any]:
        raise OSError

    monkeypatch.setattr(Answers, "scheduler_info", lost)
    rows, _ = through(raw, lambda task, tried, where: answer("built"))
    assert [(row.county.code, row.state) for row in rows] == [("990101", "failed"), ("990102", "failed")]


def test_interrupted_it_takes_back_what_is_under_way(raw: Path) -> None:
    class Never(Done):
        def add_done_callback(self, call: Callable[[Any], None]) -> None:
            pass

    class Interrupted(Answers):
        def submit(self, *words: Any, **more: Any) -> Done:
            if self.tasks:
                raise KeyboardInterrupt
            self.tasks.append(words[2])
            return Never(None)

    client, rows = Interrupted(lambda *words: None), list[Row]()
    run = cluster._Run(client, worker.Offer("run", {}, {}, ""), True, None, rows.append)  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        run.through(requests(data=str(raw), out=str(raw.parent / "out")))
    assert len(client.cancelled) == 1
    assert not rows


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_no_more_are_under_way_than_asked_for(jobs: int, tmp_path: Path) -> None:
    client, rows = Answers(lambda *words: None), list[Row]()

    class Later(Done):
        def add_done_callback(self, call: Callable[[Any], None]) -> None:
            waiting.append(lambda: call(self))

    waiting: list[Callable[[], None]] = []
    most = []

    def submit(*words: Any, **more: Any) -> Done:
        return Later(answer("built"))

    client.submit = submit  # type: ignore[method-assign]
    run = cluster._Run(client, worker.Offer("run", {}, {}, ""), True, jobs, rows.append)  # type: ignore[arg-type]
    settle = run._done.get

    def get(timeout: float) -> Any:
        most.append(len(waiting))
        waiting.pop(0)()
        return settle(timeout=timeout)

    run._done = type("Queue", (), {"get": staticmethod(get), "put": run._done.put})()
    run.through(requests(data=str(published(tmp_path / "raw", 5)), out=str(tmp_path / "out")))
    assert max(most) == jobs
    assert len(rows) == 5


MINE = {"Python": "3.12.1", "polars": "2.1.0", "analysis": "aa", "engine": "embedded"}


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        ({}, []),
        ({"polars": "2.0.0"}, ["polars 2.0.0 ≠ 2.1.0"]),
        ({"analysis": "bb"}, ["analysis"]),
        ({"more": "1"}, ["more 1 ≠ -"]),
        (dict.fromkeys(MINE, "3"), ["Python 3 ≠ 3.12.1", "polars 3 ≠ 2.1.0", "analysis", "…"]),
    ],
)
def test_what_differs_is_named(theirs: dict[str, str], told: list[str]) -> None:
    assert cluster.differences(MINE, MINE | theirs) == told


def greeted(raw: Path, **answers: Any) -> tuple[bool, int]:
    first = requests(data=str(raw))[0]
    given = {"parts": stale.parts(), "engine": "embedded", "key": stale.key(first, "embedded"), "sees": True}

    class Greeted:
        def run(self, *words: Any, **more: Any) -> dict[str, Any]:
            return {
                "a": given,
                **{name: one if isinstance(one, Exception) else given | one for name, one in answers.items()},
            }

    return cluster._greet(Greeted(), worker.Offer("run", {}, {}, ""), first)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "shared"), [({}, True), ({"sees": False}, False), ({"key": ""}, False), ({"key": "other"}, False)]
)
def test_folders_are_shared_where_all_workers_see_the_same(raw: Path, other: dict[str, Any], shared: bool) -> None:
    assert greeted(raw, b=other) == (shared, 2)


@pytest.mark.parametrize(
    ("other", "word"),
    [
        ({"parts": stale.parts() | {"polars": "0.0.1"}}, "polars 0.0.1"),
        ({"engine": "quarto 1.9"}, "quarto 1.9"),
        ({"fault": "no memory"}, "no memory"),
        (ModuleNotFoundError("No module named 'analysis'"), "No module named 'analysis'"),
    ],
    ids=["version", "engine", "fault", "no junheng"],
)
def test_one_worker_that_is_not_fit_is_named_before_anything_is_built(raw: Path, other: Any, word: str) -> None:
    with pytest.raises(RequestError, match=word) as fault:
        greeted(raw, b=other)
    assert fault.value.values["worker"] == "b"
    assert fault.value.exit_code == 2


@pytest.mark.slow
def test_a_worker_with_other_files_is_told_by_the_command_itself(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for name in (*stale.SHARED, "data"):
        (other / name).symlink_to(project.root() / name)
    (other / "_brand.yml").unlink()
    (other / "_brand.yml").write_text((project.root() / "_brand.yml").read_text(encoding="utf-8") + "\n", "utf-8")
    running = Cluster(tmp_path / "cluster", 1, JUNHENG_ROOT=str(other))
    try:
        running.wait_for(1)
        words = ["--data", str(published(tmp_path / "raw", 1)), "--out", str(tmp_path / "out")]
        command = [sys.executable, "-m", "analysis", "reports", "--scheduler", running.address, *words]
        done = subprocess.run(command, capture_output=True, text=True, cwd=project.root(), check=False)
    finally:
        running.end()
    assert done.returncode == 2
    assert "_brand.yml" in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_reports_of_a_cluster_are_those_of_one_machine(
    two: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "raw", counties=1)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = {}
    for way in ("here", "shared", "sent"):
        start = "/proc/self/cwd" if way == "sent" else str(tmp_path)
        words = {"data": f"{start}/raw", "out": f"{start}/{way}", "lang": "zh"}
        asked, rows = options(**words), list[Row]()
        counties = reports.chosen(asked.catalogue, "all")
        if way == "here":
            reports.build_all(counties, "", asked, words, 1, rows.append)
        else:
            with cluster.connected(two.address) as client:
                reports.build_all(counties, "", asked, words, None, rows.append, client)
        assert [row.state for row in rows] == ["built"]
        request = request_of(asked, counties[0])
        made[way] = {name: (request.folder / name).read_bytes() for name in request.files if name != "report.ipynb"}
    assert made["shared"] == made["here"]
    assert made["sent"] == made["here"]
