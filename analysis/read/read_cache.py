"""What a process that reads the same county again and again keeps of what has not changed; others keep nothing."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

Made = TypeVar("Made")


@dataclass
class Memory:
    """What was made, by what it was made from; what a whole reading did not ask for is forgotten at the next."""

    before: dict[Hashable, Any] = field(default_factory=dict)
    now: dict[Hashable, Any] = field(default_factory=dict)

    @contextmanager
    def used(self) -> Iterator[None]:
        """Have what is read in this block remembered, and taken from what the last one made."""
        self.before, self.now = self.now, {}
        token = _memory.set(self)
        try:
            yield
        finally:
            _memory.reset(token)


_memory: ContextVar[Memory | None] = ContextVar("memory", default=None)


def active() -> bool:
    """Tell whether anything is remembered here."""
    return _memory.get() is not None


def once(key: Hashable, make: Callable[[], Made]) -> Made:
    """Return what was made from this `key`, made now where it is not remembered."""
    memory = _memory.get()
    if memory is None:
        return make()
    if key not in memory.now:
        memory.now[key] = memory.before[key] if key in memory.before else make()
    result: Made = memory.now[key]
    return result
