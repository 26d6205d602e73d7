"""Mutations of calls (calls.yml), in the form of Cosmic Ray's operators: positions of a node, and the change."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from parso.python.tree import Name

Position = tuple[tuple[int, int], tuple[int, int]]


@cache
def lists() -> dict[str, Any]:
    """Return calls.yml."""
    read: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("calls.yml").read_text(encoding="utf-8"))
    return read


def _is_call(node: Any) -> bool:
    return bool(node.type == "trailer" and node.children[0] == "(")


def _is_attribute(node: Any) -> bool:
    return bool(node.type == "trailer" and node.children[0] == ".")


class DropCall:
    """Leave a method of a chain out, with its arguments."""

    def mutation_positions(self, node: Any) -> Iterator[Position]:
        """Yield where each call that can be left out has its name."""
        yield from (
            (node.children[at].children[1].start_pos, node.children[at + 1].end_pos) for at in self._calls(node)
        )

    def mutate(self, node: Any, index: int) -> Any:
        """Return the node without the call of this index."""
        at = list(self._calls(node))[index]
        del node.children[at : at + 2]
        return node

    def _calls(self, node: Any) -> Iterator[int]:
        if node.type not in ("atom_expr", "power"):
            return
        for at in range(1, len(node.children) - 1):
            one, after = node.children[at : at + 2]
            if _is_attribute(one) and _is_call(after) and one.children[1].value in lists()["dropped"]:
                yield at


class ExchangeCall:
    """Call another function, or another method of the same object."""

    def mutation_positions(self, node: Any) -> Iterator[Position]:
        """Yield the place of a name that is called and has another to be exchanged for."""
        if isinstance(node, Name) and node.value in lists()["exchanged"] and self._is_called(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Return the node with the other name."""
        node.value = lists()["exchanged"][node.value]
        return node

    def _is_called(self, name: Any) -> bool:
        before = name.parent if name.parent.type == "trailer" else name
        after = before.get_next_sibling()
        return after is not None and _is_call(after)


OPERATORS = (DropCall, ExchangeCall)
