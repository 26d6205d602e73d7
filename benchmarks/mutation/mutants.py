"""All mutants of a room's modules: where, what instead of what. The operators are Cosmic Ray's and those of calls.py.

Not among them are changes that say little of tests: what compiles to the same or not at all, annotations of types, the
exchange of `==` for `is`, and of an arithmetic operator for one that its operands do not have.
"""

import ast
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import parso

from benchmarks.mutation import calls
from benchmarks.statistics.places import ROOT

ROOMS = ("judge", "measure", "statistics", "clean", "read")
#: The version that these mutants are of; it needs parso and attrs alone, not what it requires for its own command.
INSTALL = "pip install --no-deps cosmic-ray==8.7.0"
#: Operators that take each other's operands.
FAMILIES = ("Add Sub", "Mul Div FloorDiv Mod Pow", "BitOr BitAnd BitXor", "LShift RShift", "UAdd USub")
#: Operators of Cosmic Ray that are left out: identity of values, and variables replaced by random numbers.
_OUT = re.compile(r"^Variable|_Is$|_IsNot$|ComparisonOperator_Is")
_OF_NONE = ("ReplaceComparisonOperator_Is_IsNot", "ReplaceComparisonOperator_IsNot_Is")
_PAIR = re.compile(r"^Replace(?:Binary|Unary)Operator_([A-Za-z]+)_([A-Za-z]+)$")


@dataclass(frozen=True)
class Mutant:
    """One change: the module (below the root), where it begins, by which operator and which occurrence of it.

    `before` and `after` are the lines that differ, on one line each.
    """

    path: str
    line: int
    column: int
    operator: str
    occurrence: int
    before: str
    after: str

    @property
    def room(self) -> str:
        """Return the room of the module."""
        return Path(self.path).parts[1]

    @property
    def place(self) -> str:
        """Return module and line, as people write them."""
        return f"{self.path}:{self.line}"


@cache
def operators() -> dict[str, Any]:
    """Return an operator by name; raises SystemExit with a line on what to install."""
    try:
        from cosmic_ray.operators.provider import OperatorProvider
    except ImportError as absent:
        raise SystemExit(f"Cosmic Ray is not installed: {INSTALL}") from absent
    theirs = OperatorProvider()
    found = {name: theirs[name] for name in theirs if is_wanted(name)}
    return {name: each() for name, each in (found | {each.__name__: each for each in calls.OPERATORS}).items()}


def is_wanted(name: str) -> bool:
    """Tell whether an operator of Cosmic Ray is used."""
    if pair := _PAIR.match(name):
        return pair[1] == "Delete" or any(set(pair.groups()) <= set(family.split()) for family in FAMILIES)
    return name in _OF_NONE or not _OUT.search(name)


def nodes(tree: Any) -> Iterator[Any]:
    """Yield a tree's nodes in the order of the source."""
    yield tree
    for child in getattr(tree, "children", ()):
        yield from nodes(child)


Place = tuple[str, int, int]
#: An operator and which occurrence of it.
Change = tuple[str, int]


def places(path: Path) -> dict[Place, list[Change]]:
    """Return what may be changed in a module, by place; some of it is no mutant (`mutant` says so)."""
    every = list(nodes(_tree(path.read_text(encoding="utf-8"))))
    found: dict[Place, list[Change]] = {}
    for name, operator in operators().items():
        positions = (start for node in every for start, _ in operator.mutation_positions(node))
        for occurrence, (line, column) in enumerate(positions):
            found.setdefault((path.relative_to(ROOT).as_posix(), line, column), []).append((name, occurrence))
    return found


def mutant(place: Place, change: Change) -> Mutant | None:
    """Return the mutant of a change, None where it says the same or no Python."""
    source = (ROOT / place[0]).read_text(encoding="utf-8")
    changed = mutated(source, *change)
    if _meaning(changed) in (_meaning(source), ""):
        return None
    return Mutant(*place, *change, *_differing(source, changed))


def _tree(source: str) -> Any:
    parse: Any = parso.parse
    return parse(source)


def mutated(source: str, operator: str, occurrence: int) -> str:
    """Return the source with one occurrence of an operator changed."""
    tree, change, count = _tree(source), operators()[operator], 0
    for node in nodes(tree):
        for index, _ in enumerate(list(change.mutation_positions(node))):
            if count == occurrence:
                return _replaced(tree, node, change.mutate(node, index))
            count += 1
    raise ValueError(f"{operator} has no occurrence {occurrence}")


def _replaced(tree: Any, node: Any, other: Any) -> str:
    """Return the code of a tree with another node, or none, in the place of a node."""
    if other is not node:
        siblings = node.parent.children
        at = next(at for at, one in enumerate(siblings) if one is node)
        siblings[at : at + 1] = [] if other is None else [other]
    code: str = tree.get_code()
    return code


class _Bare(ast.NodeTransformer):
    """Take away what no input reaches: annotations, which are for a checker of types, guards, and kept results."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        sparing = calls.lists()["sparing"]
        node.decorator_list = [one for one in node.decorator_list if getattr(one, "id", "") not in sparing]
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        """Arguments that no input reaches."""
        return (
            ast.keyword(node.arg, ast.Constant(None))
            if node.arg in calls.lists()["guards"]
            else self.generic_visit(node)
        )

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Arguments of a generic type (`dict[str, int | None]`) are annotations wherever they stand."""
        if isinstance(node.value, ast.Name) and node.value.id in ("dict", "list", "tuple", "Callable", "set"):
            node.slice = ast.Constant(None)
        return self.generic_visit(node)


def _meaning(source: str) -> str:
    """Return what a source says without its annotations; "" where it is no Python."""
    try:
        compile(source, "mutant", "exec")
        return ast.dump(_Bare().visit(ast.parse(source)))
    except (SyntaxError, ValueError):
        return ""


def _differing(source: str, changed: str) -> tuple[str, str]:
    """Return the lines that differ, each side on one line."""
    one, other = source.splitlines(), changed.splitlines()
    start = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    sides = (lines[start : len(lines) - end] for lines in (one, other))
    before, after = (" ".join(line.strip() for line in side) for side in sides)
    return before, after


def drawn(number: int, seed: int, rooms: Sequence[str] = ROOMS) -> list[Mutant]:
    """Return the mutants of `rooms` at `number` places of all rooms drawn from a seed, one at each: every place has the
    same chance, however many operators fit there. A place at which four of them say the same as before has none."""
    files = [path for room in ROOMS for path in sorted((ROOT / "analysis" / room).rglob("*.py"))]
    every = {place: changes for path in files for place, changes in sorted(places(path).items())}
    chance = random.Random(seed)
    chosen = [
        (place, chance.sample(every[place], len(every[place])))
        for place in chance.sample(list(every), min(number, len(every)))
    ]
    found = (
        next((one for one in map(partial(mutant, place), changes[:4]) if one is not None), None)
        for place, changes in chosen
        if Path(place[0]).parts[1] in rooms
    )
    return [one for one in found if one is not None]
