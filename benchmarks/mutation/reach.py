"""Which tests of a room run which lines: `python -m benchmarks.mutation.reach ROOM FILE`, kept as JSON.

A line that is run by a fixture of a module or session is reached by each test that asks for this fixture. What the
room and its tests keep of earlier results is forgotten before each test: none rests on lines that another ran.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import coverage
import pytest

from benchmarks.mutation.mutants import ROOMS
from benchmarks.statistics.places import ROOT

#: The context of what runs while modules are imported and tests are collected.
IMPORT = "import"
_FIXTURE = "fixture "
#: What counts: tests of the ordinary run and every case of those it samples; not those that mutate rules themselves.
OPTIONS = ("-q", "-m", "not slow or sampled", "--ignore=tests/judge/test_mutations.py", "-p", "no:cacheprovider")
_OWN = ("tests.", *(f"analysis.{room}." for room in ROOMS))


@dataclass(frozen=True)
class Reach:
    """Seconds of the processor by test, tests by module and line; `imported` holds the lines that imports run."""

    seconds: dict[str, float]
    lines: dict[str, dict[int, list[str]]]
    imported: dict[str, set[int]]

    def tests(self, path: str, lines: range) -> list[str]:
        """Return the tests that run one of these lines, in the order in which they are tried."""
        of = self.lines.get(path, {})
        return self.ordered({test for line in lines for test in of.get(line, ())}, path)

    def of_module(self, path: str) -> list[str]:
        """Return the tests that run any line of a module, and then all others."""
        near = {test for tests in self.lines.get(path, {}).values() for test in tests}
        return self.ordered(near, path) + self.ordered(set(self.seconds) - near, path)

    def ordered(self, tests: set[str], path: str) -> list[str]:
        """Return tests in the order in which they are tried: those named after the module, then one case of each test
        function before the second of any, and the quickest first."""
        cases: dict[str, int] = defaultdict(int)
        ranked = list[tuple[bool, int, float, str]]()
        for test in sorted(tests, key=lambda test: (self.seconds[test], test)):
            file, _, function = test.partition("[")[0].partition("::")
            far = Path(file).stem.removeprefix("test_") != Path(path).stem
            ranked.append((far, cases[file + function], self.seconds[test], test))
            cases[file + function] += 1
        return [test for *_, test in sorted(ranked)]


class _Watch:
    """A plugin of pytest that names the test whose lines are being run."""

    def __init__(self, watched: coverage.Coverage) -> None:
        self.watched, self.current = watched, IMPORT
        self.seconds, self.fixtures = dict[str, float](), defaultdict[str, list[str]](list)

    def _turn(self, context: str) -> None:
        self.current = context
        self.watched.switch_context(context)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        forget()
        for fixture in getattr(item, "fixturenames", ()):
            self.fixtures[fixture].append(item.nodeid)
        self._turn(item.nodeid)
        begun = time.process_time()
        result = yield
        self.seconds[item.nodeid] = round(time.process_time() - begun, 3)
        self._turn(IMPORT)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        if fixturedef.scope == "function":
            return (yield)
        before = self.current
        self._turn(_FIXTURE + fixturedef.argname)
        result = yield
        self._turn(before)
        return result


def forget() -> None:
    """Have the rooms and their tests work out anew what they keep."""
    own = [module for name, module in list(sys.modules.items()) if name.startswith(_OWN)]
    for kept in [value for module in own for value in vars(module).values() if hasattr(value, "cache_clear")]:
        kept.cache_clear()


def collect(room: str, file: Path) -> int:
    """Run a room's tests, write which lines each reaches; return pytest's exit code."""
    watched = coverage.Coverage(data_file=None, source=[str(ROOT / "analysis" / room)], config_file=False)
    watch = _Watch(watched)
    watched.start()
    watched.switch_context(IMPORT)
    code = pytest.main([*OPTIONS, f"tests/{room}"], plugins=[watch])
    watched.stop()
    data, lines, imported = watched.get_data(), dict[str, dict[int, list[str]]](), dict[str, list[int]]()
    for name in data.measured_files():
        inside = Path(name).relative_to(ROOT).as_posix()
        for line, contexts in data.contexts_by_lineno(name).items():
            asked = [watch.fixtures[one.removeprefix(_FIXTURE)] for one in contexts if one.startswith(_FIXTURE)]
            own = [one for one in contexts if one in watch.seconds]
            lines.setdefault(inside, {})[line] = sorted(set(own).union(*asked))
            if set(contexts) & {IMPORT, ""}:
                imported.setdefault(inside, []).append(line)
    told = {"seconds": watch.seconds, "lines": lines, "imported": imported}
    file.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return int(code)


def load(file: Path) -> Reach:
    """Return what `collect` wrote."""
    told = json.loads(file.read_text(encoding="utf-8"))
    lines = {path: {int(line): tests for line, tests in of.items()} for path, of in told["lines"].items()}
    return Reach(told["seconds"], lines, {path: set(of) for path, of in told["imported"].items()})


if __name__ == "__main__":
    sys.exit(collect(sys.argv[1], Path(sys.argv[2])))
