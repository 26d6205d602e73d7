"""How mutants are made, put in place, ordered and judged (benchmarks.mutation), on small modules."""

import os
import time
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks.mutation import kept, mutants, page, room, swap
from benchmarks.mutation.child import Outcome, judged
from benchmarks.mutation.reach import Reach
from benchmarks.statistics.places import ROOT

SOURCE = """LIMIT = 3
KINDS = [kind for kind in ("a", "b")]


def above(value: int | None, limit: int = 4) -> bool:
    return value is not None and value > limit


class Of:
    @property
    def half(self) -> int:
        return self.whole // 2
"""


def codes(old: str, new: str) -> swap.Codes | None:
    assert SOURCE.count(old) == 1
    other = SOURCE.replace(old, new)
    return swap._between(compile(SOURCE, "of.py", "exec"), compile(other, "of.py", "exec"))


@pytest.mark.parametrize(
    ("old", "new", "functions"),
    [
        ("value > limit", "value >= limit", ["above"]),
        ("// 2", "// 3", ["Of.half"]),
        ("LIMIT = 3", "LIMIT = 4", None),
        ("limit: int = 4", "limit: int = 5", None),
        ("LIMIT = 3", "LIMIT = 3 ", []),
    ],
)
def test_what_differs_is_a_function_or_the_import(old: str, new: str, functions: list[str] | None) -> None:
    found = codes(old, new)
    assert (None if found is None else list(found)) == functions


def test_functions_in_use_are_found_by_their_code() -> None:
    module = ModuleType("of")
    code = compile(SOURCE, "of.py", "exec")
    exec(code, vars(module))
    for old, new in (("value > limit", "value >= limit"), ("// 2", "// 3")):
        found = codes(old, new)
        assert found
        ((one, other),) = found.values()
        function = swap.function(module, one)
        assert function is not None
        function.__code__ = other
        # It is in use now, and the one that was there is not found again.
        assert swap.function(module, one) is None
    assert module.above(4)
    comprehension = next(each for each in code.co_consts if getattr(each, "co_name", "") == "<listcomp>")
    assert swap.function(module, comprehension) is None


def test_a_statement_is_its_lines_and_one_that_holds_others_its_head() -> None:
    source = "if (\n    a\n    and b\n):\n    c(\n        1,\n    )\n\nd = 1\n"
    assert [list(room.statement(source, line)) for line in (2, 5, 6, 8, 9)] == [
        [1, 2, 3, 4], [5, 6, 7], [5, 6, 7], [8], [9]
    ]  # fmt: skip


REACH = Reach(
    {"tests/a/test_x.py::one[1]": 0.1, "tests/a/test_x.py::one[2]": 0.1, "tests/a/test_x.py::two": 9.0,
     "tests/a/test_y.py::three": 0.5, "tests/a/test_y.py::four": 15.0},
    {"analysis/a/y.py": {3: ["tests/a/test_x.py::one[1]", "tests/a/test_x.py::one[2]", "tests/a/test_y.py::four"],
                         4: ["tests/a/test_x.py::two"]}},
    {},
)  # fmt: skip


def test_tests_are_tried_by_name_of_the_module_then_one_case_of_each_function() -> None:
    one, other, two, three, four = REACH.seconds
    assert REACH.tests("analysis/a/y.py", range(3, 4)) == [four, one, other]
    assert REACH.tests("analysis/a/y.py", range(3, 5)) == [four, one, two, other]
    assert REACH.tests("analysis/a/y.py", range(5, 6)) == REACH.tests("analysis/a/z.py", range(3, 4)) == []
    assert REACH.of_module("analysis/a/y.py") == [four, one, two, other, three]
    assert room.within([four, one, two, other], REACH) == [four, one]
    assert room.within([four], REACH) == [four]


def asleep() -> Outcome:
    time.sleep(60)
    return Outcome(False)


def test_a_child_tells_what_it_found_and_one_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.mutation.child.SPARE", 1)
    monkeypatch.setattr("benchmarks.mutation.child.ASLEEP", 0.2)
    found = judged(lambda: Outcome(True, "test", 3), 0.0)
    assert (found.killed, found.by, found.tests) == (True, "test", 3)
    assert judged(lambda: Outcome(False, "", 2), 0.0).killed is False
    assert judged(asleep, 0.0).by == "time"
    assert judged(lambda: os._exit(3), 0.0).by == "crash"
    # What fails in the program that judges is no verdict.
    fault = judged(lambda: Outcome(1 / 0 > 0), 0.0)
    assert (fault.killed, fault.by[:5]) == (False, "fault")


def test_a_child_has_folders_of_its_own() -> None:
    seen = judged(lambda: Outcome(False, os.environ["JUNHENG_PROCESSED"]), 0.0).by
    assert Path(seen).parent.name.startswith("mutant-")
    assert not Path(seen).parent.exists()


def changed(operator: str, source: str) -> list[str]:
    """Every change of a source by an operator."""
    pytest.importorskip("cosmic_ray", reason=mutants.INSTALL)
    found: list[str] = []
    while True:
        try:
            found.append(mutants.mutated(source, operator, len(found)))
        except ValueError:
            return found


def test_calls_are_dropped_or_exchanged() -> None:
    assert changed("DropCall", "a.filter(b).sort(c.fill_null(0)).alias('x')") == [
        "a.sort(c.fill_null(0)).alias('x')", "a.filter(b).alias('x')", "a.filter(b).sort(c).alias('x')"
    ]  # fmt: skip
    assert changed("ExchangeCall", "min(a.max(), b.min_)") == ["max(a.max(), b.min_)", "min(a.min(), b.min_)"]


def test_changes_that_say_the_same_are_no_mutants() -> None:
    one = mutants._meaning("@cache\ndef f(a: int | None) -> int:\n    return zip(a, strict=True)\n")
    assert one == mutants._meaning("def f(a: int - None) -> int + 1:\n    return zip(a, strict=False)\n")
    assert one != mutants._meaning("@cache\ndef f(a: int | None) -> int:\n    return zip(b, strict=True)\n")
    assert mutants._meaning("def f(:") == ""


def test_the_operators_that_take_each_others_operands_are_drawn_from() -> None:
    wanted = ("ReplaceBinaryOperator_Add_Sub", "ReplaceUnaryOperator_Delete_Not", "ReplaceComparisonOperator_Is_IsNot",
              "ReplaceComparisonOperator_Lt_LtE", "NumberReplacer")  # fmt: skip
    not_wanted = ("ReplaceBinaryOperator_Add_LShift", "ReplaceUnaryOperator_USub_Not", "VariableReplacer",
                  "ReplaceComparisonOperator_Eq_Is", "ReplaceComparisonOperator_Is_Lt")  # fmt: skip
    assert all(map(mutants.is_wanted, wanted))
    assert not any(map(mutants.is_wanted, not_wanted))
    assert any(one for one in changed("ReplaceComparisonOperator_Lt_LtE", "a < b") if one == "a <= b")


def test_the_page_says_what_was_found() -> None:
    assert page.FILE.read_text(encoding="utf-8") == page.page(), "run python -m benchmarks.mutation.page"


def test_what_is_equivalent_is_no_hole(monkeypatch: pytest.MonkeyPatch) -> None:
    same, hole = (kept.Survivor(f"analysis/read/x.py:{line}", "o", "a > 1 | b", "a >= 1 | b", 3) for line in (3, 4))
    other = kept.Survivor("analysis/clean/x.py:3", "o", "a > 1 | b", "a >= 1 | b", 0)
    days = dict.fromkeys(("read", "clean"), "2024-01-02")
    draw = kept.Draw(5, days, {"read": 6, "clean": 1}, {"read": 4, "clean": 0}, (same, hole, other))
    known = {("analysis/read/x.py", "a > 1 | b", "a >= 1 | b"): kept.Reason("whole numbers from 2 on", True)}
    monkeypatch.setattr(kept, "reasons", lambda: known)
    assert page.score(draw, "read") == (6, 4, 2)
    assert page.score(draw) == (7, 4, 2)
    told = page._draw(draw)
    assert "| read | 2024-01-02 | 6 | 4 | 2 | 100.0 % |" in told
    assert "| all of these |  | 7 | 4 | 2 | 80.0 % |" in told
    assert "| judge |" not in told
    assert "| read/x.py:3 | `a > 1 \\| b` | `a >= 1 \\| b` | equivalent: whole numbers from 2 on |" in told
    assert "| clean/x.py:3 | `a > 1 \\| b` | `a >= 1 \\| b` | a hole of the tests |" in told


def test_what_is_judged_again_takes_the_place_of_its_room_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(kept, "FILE", tmp_path / "mutation.json")
    monkeypatch.setattr("benchmarks.outcome.FOLDER", tmp_path)
    one, two = (mutants.Mutant(f"analysis/{name}/x.py", 3, 0, "o", 0, "a", "b") for name in ("read", "clean"))
    kept.keep(5, "2024-01-02", "read", {one: Outcome(False, "", 2)})
    kept.keep(5, "2024-01-02", "clean", {two: Outcome(False, "", 0)})
    draw = kept.keep(5, "2024-01-03", "read", {one: Outcome(True, "test", 1)})
    assert kept.load() == [draw]
    assert (draw.judged, draw.killed) == ({"read": 1, "clean": 1}, {"read": 1, "clean": 0})
    assert draw.days == {"read": "2024-01-03", "clean": "2024-01-02"}
    assert [one.place for one in draw.survivors] == ["analysis/clean/x.py:3"]


def test_every_reason_is_one_of_a_module_that_is_there() -> None:
    for (path, before, after), reason in kept.reasons().items():
        assert (ROOT / path).is_file()
        assert before != after
        assert reason.reason
