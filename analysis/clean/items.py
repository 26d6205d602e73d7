"""The items of the table `government` as standards and plans know them: their names, and what values they can have."""

from functools import cache

from analysis import standards
from analysis.clean.plausibility import declared
from analysis.read.header_units import split
from analysis.standards.items import Target

_SHARE = "share"
_MONEY = "元"


def fraction() -> float:
    """Return above what a share was hardly meant for a fraction: 96.3, not 1.02."""
    return float(declared()["fraction"])


@cache
def known() -> dict[str, str]:
    """Return the items of all standards and plans of the package, and what counties count, with names in Chinese."""
    return counts() | {name: item.label.zh for standard in _loaded() for name, item in standard.items.items()}


@cache
def counts() -> dict[str, str]:
    """Return what counties count, each with its name in Chinese."""
    return {name: label.zh for name, label in standards.vocabulary()["counts"].items()}


@cache
def most() -> dict[str, float]:
    """Return the greatest value of each item that has one: 1 of a share, the full score of points."""
    highest = {name: {_most(target) for target in targets} for name, targets in _targets().items()}
    return {
        name: max(known_targets)
        for name, each in highest.items()
        if (known_targets := [target for target in each if target is not None])
    }


@cache
def shares() -> frozenset[str]:
    """Return the items whose value is a share of 1 at most."""
    return frozenset(name for name, targets in _targets().items() if all(_is_share(target) for target in targets))


@cache
def others() -> frozenset[str]:
    """Return the items whose value is no share, but an amount, a number of years, points; counts among them."""
    return frozenset(counts()) | frozenset(
        name for name, targets in _targets().items() if not any(_is_share(target) for target in targets)
    )


@cache
def of_money() -> frozenset[str]:
    """Return the items that are amounts of yuan; counts among them, whose names say so."""
    counted = (name for name, label in counts().items() if (unit := split(label).unit) and unit.base == _MONEY)
    by_target = (
        name for name, targets in _targets().items() if any(target.unit.startswith("yuan") for target in targets)
    )
    return frozenset(counted) | frozenset(by_target)


def _is_share(target: Target) -> bool:
    return target.unit == _SHARE and target.most is None


def _most(target: Target) -> float | None:
    return 1.0 if _is_share(target) else target.most


def _targets() -> dict[str, list[Target]]:
    targets: dict[str, list[Target]] = {}
    for standard in _loaded():
        for name, item in standard.items.items():
            if item.target is not None:
                targets.setdefault(name, []).append(item.target)
    return targets


@cache
def _loaded() -> list[standards.Standard]:
    return [standards.load(name) for name in standards.names()]
