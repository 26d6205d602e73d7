"""Parameters that a notebook was given from outside: one that it does not know is refused, for nothing heeds it."""

import ast
import sys

from analysis.errors import RequestError, listed

#: The line that heads a cell of parameters which Papermill or Quarto has put into a notebook.
HEADS = ("# Parameters", "# Injected Parameters")


def check() -> None:
    """Raise RequestError where the running notebook was given a parameter that its own cell of them does not name.

    Nothing is checked outside IPython, nor where no parameters were given.
    """
    cells = _executed()
    last = next((place for place in range(len(cells) - 1, 0, -1) if _is_injected(cells[place])), None)
    if last is None:
        return
    known, assigned = _assigned(cells[last - 1]), _assigned(cells[last])
    unknown = [name for name in assigned if name not in known]
    if unknown and known:
        raise RequestError("parameter_unknown", names=listed(unknown), known=listed(known))


def _executed() -> list[str]:
    """Return the sources of the cells that IPython has executed, in their order."""
    core = sys.modules.get("IPython.core.getipython")
    shell = core.get_ipython() if core else None
    return [str(source) for source in shell.user_ns.get("In", [])] if shell else []


def _is_injected(source: str) -> bool:
    return any(line.strip() in HEADS for line in source.splitlines())


def _assigned(source: str) -> list[str]:
    """Return the names that a cell assigns at its top level."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return []
    targets = [target for statement in body if isinstance(statement, ast.Assign) for target in statement.targets]
    return [target.id for target in targets if isinstance(target, ast.Name)]
