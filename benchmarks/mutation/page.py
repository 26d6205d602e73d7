"""docs/mutation.md, of what is kept of the draws: `python -m benchmarks.mutation.page`."""

from collections.abc import Sequence

from benchmarks.mutation import kept, reach, room
from benchmarks.mutation.kept import Draw, Survivor
from benchmarks.mutation.mutants import INSTALL, ROOMS
from benchmarks.statistics.places import ROOT

FILE = ROOT / "docs" / "mutation.md"
HEAD = """# What the tests let pass

A mutant is the program with one change: another operator or constant, a condition turned round, a call left out or
exchanged. `python -m benchmarks.mutation --draw N --seed S` draws places of five rooms at random, one mutant at each,
and runs the tests of the room's own folder that reach the line (`tests/judge` for `analysis/judge`), until one fails:
then it is killed. Nothing but these tests counts, neither those of other rooms nor the second reader. What is drawn
from: the operators of Cosmic Ray (`{install}`) and the calls of `benchmarks/mutation/calls.yml`; not drawn are
annotations, arguments that guard against slips of whoever writes code, and exchanges of an arithmetic operator for one
that its operands do not have. A mutant is run by tests of at most {budget:g} seconds together, those named after its
module first, then one case of each test function; where that is not enough it survives.

{tests}

"""
TESTS = (
    "Tests that count are those of the ordinary run and all cases of those that it samples "
    "(`{options}`). A test that fails without any mutant kills none."
)


def page() -> str:
    """Return the page, draw by draw, the latest first."""
    head = HEAD.format(install=INSTALL, budget=room.BUDGET, tests=TESTS.format(options=" ".join(reach.OPTIONS[1:3])))
    return head + "\n".join(_draw(each) for each in reversed(kept.load()))


def score(draw: Draw, name: str | None = None) -> tuple[int, int, int]:
    """Return how many mutants of a room, of all without one, were judged, killed, and are equivalent."""
    mine = [one for one in draw.survivors if name is None or one.place.split("/")[1] == name]
    rooms = [name] if name else list(draw.judged)
    equivalent = sum(bool(why and why.equivalent) for why in map(kept.reason_of, mine))
    return sum(draw.judged[each] for each in rooms), sum(draw.killed[each] for each in rooms), equivalent


def _draw(draw: Draw) -> str:
    lines = [f"## Seed {draw.seed}", "", "| room | day | judged | killed | equivalent | killed of the others |"]
    lines += ["|---|---|---|---|---|---|"]
    for name in (*(each for each in ROOMS if each in draw.judged), None):
        judged, killed, equivalent = score(draw, name)
        part = f"{100 * killed / (judged - equivalent):.1f} %" if judged > equivalent else ""
        day = draw.days[name] if name else ""
        lines.append(f"| {name or 'all of these'} | {day} | {judged} | {killed} | {equivalent} | {part} |")
    return "\n".join([*lines, "", *_survivors(draw.survivors)]) + "\n"


def _survivors(survivors: Sequence[Survivor]) -> list[str]:
    if not survivors:
        return []
    lines = ["| survivor | instead of | stands | why |", "|---|---|---|---|"]
    for one in survivors:
        why = kept.reason_of(one)
        told = f"{'equivalent: ' if why.equivalent else ''}{why.reason}" if why else "a hole of the tests"
        before, after = _differing(one.before, one.after)
        lines.append(f"| {one.place.removeprefix('analysis/')} | {_code(before)} | {_code(after)} | {told} |")
    return lines


def _code(text: str) -> str:
    return "`" + text.replace("|", "\\|").replace("`", "'") + "`" if text.strip() else "nothing"


def _differing(before: str, after: str, around: int = 12) -> tuple[str, str]:
    """Return two lines without what they share at both ends, but for some letters around."""
    start = next((at for at, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), 0)
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    start, end = max(start - around, 0), max(end - around, 0)
    one, other = (text[start : len(text) - end].strip() for text in (before, after))
    return one, other


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
