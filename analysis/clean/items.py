"""The items of the table `government` as standards and plans know them: their names, and what values they can have."""

from functools import cache

from analysis import standards
from analysis.standards.model import Target

_SHARE = "share"
#: A share above this was hardly meant for a fraction: 96.3, not 1.02.
FRACTION = 1.5


@cache
def known() -> dict[str, str]:
    """Return the items of all standards and plans of the package, and what counties count, with names in Chinese."""
    return counts() | {name: item.label.zh for one in _loaded() for name, item in one.items.items()}


@cache
def counts() -> dict[str, str]:
    """Return what counties count, each with its name in Chinese."""
    return {name: label.zh for name, label in standards.vocabulary()["counts"].items()}


@cache
def most() -> dict[str, float]:
    """Return the greatest value of each item that has one: 1 of a share, the full score of points."""
    found = {name: {_most(target) for target in targets} for name, targets in _targets().items()}
    return {name: max(told) for name, each in found.items() if (told := [one for one in each if one is not None])}


@cache
def shares() -> frozenset[str]:
    """Return the items whose value is a share of 1 at most."""
    return frozenset(name for name, targets in _targets().items() if all(_is_share(target) for target in targets))


@cache
def others() -> frozenset[str]:
    """Return the items whose value is no share, but an amount, a number of years, points; counts among them."""
    return frozenset(counts()) | frozenset(
        name for name, targets in _targets().items() if not any(_is_share(one) for one in targets)
    )


def _is_share(target: Target) -> bool:
    return target.unit == _SHARE and target.most is None


def _most(target: Target) -> float | None:
    return 1.0 if _is_share(target) else target.most


def _targets() -> dict[str, list[Target]]:
    found: dict[str, list[Target]] = {}
    for one in _loaded():
        for name, item in one.items.items():
            if item.target is not None:
                found.setdefault(name, []).append(item.target)
    return found


@cache
def _loaded() -> list[standards.Standard]:
    return [standards.load(name) for name in standards.names()]
