"""The mutants of a room, judged by the room's tests.

Two ways lead to a verdict. A process that has collected all tests of the room forks a child for each mutant within a
function (swap.put). What differs when a module is imported needs a child that imports all anew, forked from a process
that has imported no module of this project, but what takes time to import.
"""

import ast
import importlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from benchmarks.mutation import swap
from benchmarks.mutation.child import Outcome, judged
from benchmarks.mutation.mutants import Mutant
from benchmarks.mutation.reach import OPTIONS, Reach

#: Seconds of tests for one mutant.
BUDGET = 20.0
#: Nobody reads how a test failed: that it did suffices.
QUICK = ("--assert=plain", "--tb=native", "--no-header", "--no-summary")
#: What takes time to import; none of it belongs to this project.
LIBRARIES = (
    *("polars", "numpy", "scipy.stats", "scipy.optimize", "scipy.special", "pydantic", "yaml", "fastexcel", "openpyxl"),
    *(
        "xlsxwriter",
        "lxml.etree",
        "pypinyin",
        "jinja2",
        "xlrd",
        "python_calamine",
        "hypothesis",
        "docx",
        "odf.opendocument",
    ),
    *("_pytest.assertion.rewrite", "pyreadstat", "pandas", "rich.console", "typer", "odf.opendocument"),
)
Told = Callable[[Mutant, Outcome], None]


def statement(source: str, line: int) -> range:
    """Return the lines of the innermost statement at a line; of one that holds others, its head alone."""
    spans = [_span(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]
    around = [span for span in spans if line in span]
    return min(around, key=len, default=range(line, line + 1))


def _span(node: ast.stmt) -> range:
    inner = [each.lineno for each in getattr(node, "body", ())]
    return range(node.lineno, max(min(inner), node.lineno + 1) if inner else (node.end_lineno or node.lineno) + 1)


def within(tests: Iterable[str], reach: Reach) -> list[str]:
    """Return the first tests that fit into the budget; always one, where there is any."""
    chosen, sum_ = list[str](), 0.0
    for test in tests:
        sum_ += reach.seconds[test]
        if chosen and sum_ > BUDGET:
            break
        chosen.append(test)
    return chosen


class _Run:
    """A plugin of pytest that runs chosen tests in their order until one fails, and keeps which.

    `work`, where it is given, is called in place of the run, and runs tests by `now` in children.
    """

    def __init__(self, work: Callable[[pytest.Session], None] | None = None, tests: Sequence[str] = ()) -> None:
        self.work, self.tests, self.failed, self.ran = work, tests, list[str](), 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if self.work is None:
            _choose(session, self.tests)
            return None
        work, self.work = self.work, None
        work(session)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.ran += report.when == "call"
        if report.failed:
            self.failed.append(report.nodeid)

    def now(self, session: pytest.Session, tests: Sequence[str], most: int) -> Outcome:
        """Run tests of a session that has collected them, in a child, until `most` have failed."""
        self.tests, session.config.option.maxfail = tests, most
        with suppress(session.Failed):
            session.config.hook.pytest_runtestloop(session=session)
        return self.outcome()

    def outcome(self) -> Outcome:
        """Return what the tests that ran say."""
        return Outcome(bool(self.failed), "\n".join(self.failed), self.ran)


def _choose(session: pytest.Session, tests: Sequence[str]) -> None:
    items = {item.nodeid: item for item in session.items}
    session.items[:] = [items[test] for test in tests if test in items]


@contextmanager
def _silent() -> Iterator[None]:
    kept, silence = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(silence)


@dataclass
class _Known:
    """Tests that are known to hold, and to fail, without any mutant."""

    sound: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)

    def sure(
        self, tests: Sequence[str], mutated: Callable[[Sequence[str]], Outcome], plain: Callable[[str], Outcome]
    ) -> Outcome:
        """Return what tests say of a mutant; a test that kills it must hold without it, or does not count."""
        while True:
            outcome = mutated([test for test in tests if test not in self.broken])
            if not outcome.killed or outcome.by not in tests or outcome.by in self.sound:
                return outcome
            (self.broken if plain(outcome.by).killed else self.sound).add(outcome.by)


def judge(room: str, mutants: Sequence[Mutant], reach: Reach, tell: Told) -> None:
    """Judge mutants of a room, those within functions first; `tell` is told of each.

    Raises SystemExit where the room's tests can't be collected.
    """
    for library in LIBRARIES:
        importlib.import_module(library)
    left, right = os.pipe()
    child = os.fork()
    if not child:
        _warm(room, mutants, reach, tell, right)
        os._exit(0)
    os.close(right)
    with os.fdopen(left, encoding="utf-8") as line:
        told = json.loads(line.read() or "null")
    if os.waitpid(child, 0)[1] or told is None:
        raise SystemExit(f"the tests of {room} can't be collected")
    known = _Known(set(told["sound"]), set(told["broken"]))
    for mutant in [mutants[number] for number in told["left"]]:
        tests = within(_asked(mutant, reach, whole=True), reach)
        expected = sum(reach.seconds[test] for test in tests) + SPARE_OF_IMPORT
        outcome = known.sure(
            tests,
            lambda chosen: judged(lambda: _anew(mutant, chosen), expected),  # noqa: B023 - called at once
            lambda test: judged(lambda: _anew(None, [test]), expected),  # noqa: B023
        )
        tell(mutant, outcome)


#: Seconds that the imports and the collection of a room's tests may take.
SPARE_OF_IMPORT = 20.0


def _asked(mutant: Mutant, reach: Reach, *, whole: bool) -> list[str]:
    """Return the tests that reach a mutant's lines; with `whole` those of its module and the room after them."""
    near = reach.tests(mutant.path, statement(swap.source_of(mutant.path), mutant.line))
    return near + [test for test in reach.of_module(mutant.path) if test not in set(near)] if whole else near


def _warm(room: str, mutants: Sequence[Mutant], reach: Reach, tell: Told, line: int) -> None:
    """Collect the room's tests and judge what can be judged so; write to the line which mutants are left, and which
    tests are known by now."""
    known, left = _Known(), list[int]()

    def work(session: pytest.Session) -> None:
        for number, mutant in enumerate(mutants):
            found = swap.codes(mutant)
            outcome = Outcome(False, NOT_PUT)
            if found and not _at_import(mutant, found, reach):
                tests = within(_asked(mutant, reach, whole=False), reach)
                expected = sum(reach.seconds[test] for test in tests)
                outcome = known.sure(
                    tests,
                    lambda chosen: judged(lambda: _swapped(run, session, mutant, found, chosen), expected),  # noqa: B023
                    lambda test: judged(lambda: run.now(session, [test], 1), expected),  # noqa: B023
                )
            if outcome.by == NOT_PUT:
                left.append(number)
            else:
                tell(mutant, outcome)

    run = _Run(work)
    with _silent():
        pytest.main([*OPTIONS, *QUICK, f"tests/{room}"], plugins=[run, _Derandomized()])
    told = {"left": left, "sound": sorted(known.sound), "broken": sorted(known.broken)}
    os.write(line, json.dumps(told).encode())


NOT_PUT = "not put"


def _swapped(run: _Run, session: pytest.Session, mutant: Mutant, found: swap.Codes, tests: Sequence[str]) -> Outcome:
    if not swap.put(mutant, found):
        return Outcome(False, NOT_PUT)
    return run.now(session, tests, 1) if tests else Outcome(False, "")


def _at_import(mutant: Mutant, found: swap.Codes, reach: Reach) -> bool:
    imported = reach.imported.get(mutant.path, set())
    return any(not swap.lines_of(one) or swap.lines_of(one) & imported for one, _ in found.values())


def _anew(mutant: Mutant | None, tests: Sequence[str]) -> Outcome:
    """Import all anew with the mutant, collect the files of these tests and run them."""
    if mutant is not None:
        swap.import_as(mutant)
    run = _Run(tests=tests)
    files = sorted({test.partition("::")[0] for test in tests})
    code = pytest.main([*OPTIONS, *QUICK, "-x", *files], plugins=[run, _Derandomized()])
    if run.failed or code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return run.outcome()
    return Outcome(True, "import", run.ran)


class _Derandomized:
    """Have Hypothesis draw the same each time, and remember nothing of other mutants."""

    def pytest_configure(self) -> None:
        from hypothesis import settings

        settings.register_profile("mutation", database=None, derandomize=True)
        settings.load_profile("mutation")
