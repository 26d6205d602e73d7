"""A mutant put into modules that are imported already: the code of the functions that differ, in the functions in use.

That is exact for what stands within a function, whoever has imported it by whatever name. What a module works out while
it is imported can't be had this way: then the module is imported anew (`import_as`), before anything else is.
"""

import importlib
import importlib.machinery
import importlib.util
import inspect
import sys
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from benchmarks.mutation.mutants import Mutant, mutated
from benchmarks.statistics.places import ROOT

Codes = dict[str, tuple[CodeType, CodeType]]


def source_of(path: str) -> str:
    """Return the source of a module below the root."""
    return (ROOT / path).read_text(encoding="utf-8")


def name_of(path: str) -> str:
    """Return the name by which a module below the root is imported."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def codes(mutant: Mutant) -> Codes | None:
    """Return the code of each outermost function that differs, as it is and as the mutant has it, by qualified name.

    None where anything differs that runs when the module is imported.
    """
    source, file = source_of(mutant.path), str(ROOT / mutant.path)
    other = mutated(source, mutant.operator, mutant.occurrence)
    return _between(compile(source, file, "exec"), compile(other, file, "exec"))


def _between(one: CodeType, other: CodeType) -> Codes | None:
    if one.co_flags & inspect.CO_OPTIMIZED:  # a function; the body of a module or class is not optimised
        return {} if one == other else {one.co_qualname: (one, other)}
    if (one.co_code, one.co_names, len(one.co_consts)) != (other.co_code, other.co_names, len(other.co_consts)):
        return None
    found: Codes = {}
    for first, second in zip(one.co_consts, other.co_consts, strict=True):
        if isinstance(first, CodeType) and isinstance(second, CodeType):
            inner = _between(first, second)
            if inner is None:
                return None
            found |= inner
        elif (type(first), first) != (type(second), second):
            return None
    return found


def lines_of(code: CodeType) -> set[int]:
    """Return the lines of a function's body, with those of functions within it."""
    own = {line for _, _, line in code.co_lines() if line is not None} - {code.co_firstlineno}
    return own.union(*(lines_of(each) for each in code.co_consts if isinstance(each, CodeType)))


def function(module: ModuleType, code: CodeType) -> FunctionType | None:
    """Return the function in use that runs this code, None where it can't be reached by its qualified name."""
    found: Any = module
    for part in code.co_qualname.split("."):
        found = vars(found).get(part) if hasattr(found, "__dict__") else None
    found = getattr(found, "fget", None) or getattr(found, "__func__", None) or getattr(found, "func", None) or found
    found = inspect.unwrap(found) if callable(found) else None
    return found if isinstance(found, FunctionType) and found.__code__ == code else None


def put(mutant: Mutant, found: Codes) -> bool:
    """Put the mutant's code into the functions in use; tell whether each was found."""
    module = importlib.import_module(name_of(mutant.path))
    functions = [(function(module, one), other) for one, other in found.values()]
    if not functions or any(one is None or one.__code__.co_freevars != other.co_freevars for one, other in functions):
        return False
    for one, other in functions:
        if one is not None:
            one.__code__ = other
    return True


class _Loader(importlib.machinery.SourceFileLoader):
    """Load a module from other source than its file has; nothing of it is kept."""

    def __init__(self, fullname: str, path: str, source: str) -> None:
        super().__init__(fullname, path)
        self.source = source

    def get_code(self, fullname: str) -> CodeType:
        code: CodeType = compile(self.source, self.path, "exec")
        return code


class _Finder:
    """Find one module, by its mutant."""

    def __init__(self, mutant: Mutant) -> None:
        self.name, self.file = name_of(mutant.path), str(ROOT / mutant.path)
        self.source = mutated(source_of(mutant.path), mutant.operator, mutant.occurrence)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        loader = _Loader(name, self.file, self.source)
        inside = [str(Path(self.file).parent)] if self.file.endswith("__init__.py") else None
        from_file = importlib.util.spec_from_file_location
        return from_file(name, self.file, loader=loader, submodule_search_locations=inside)


def import_as(mutant: Mutant) -> None:
    """Have the module imported as the mutant has it, from now on."""
    assert name_of(mutant.path) not in sys.modules, mutant.path
    sys.meta_path.insert(0, _Finder(mutant))
