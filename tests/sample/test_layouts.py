"""The law of cells over layouts that offices send: each value is right or told, and cells add up.

A layout that fails is named with its seed; `python -m tests.sample.law 1 --seed N` makes it small. JUNHENG_LAYOUTS_FROM
is the first seed of the long run.
"""

import multiprocessing
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor

import pytest

from analysis.sample import layouts
from analysis.sample.layouts import office
from tests.sample import law

BLOCK = 100
#: Layouts of the long run, and how many of them go through LibreOffice, format by format, in runs of a few hundred.
MANY, BY_OFFICE, AT_ONCE = 100_000, 1_000, 167
FROM = int(os.environ.get("JUNHENG_LAYOUTS_FROM", "1000000"))


def broken(seeds: Iterable[int], writer: str = "") -> list[str]:
    """Return a line for each layout that breaks the law."""
    told = []
    for layout, faults in law.check(layouts.draw(seed, writer) for seed in seeds):
        if faults:
            told.append(f"{layout}\n" + "\n".join(f"    {one.kind}: {one.seen}" for one in faults[:5]))
    return told


@pytest.mark.parametrize("first", range(0, 500, BLOCK))
def test_each_value_is_right_or_told(first: int) -> None:
    told = broken(range(first, first + BLOCK))
    assert not told, f"{len(told)} of {BLOCK} layouts from seed {first}\n" + "\n".join(told[:10])


def test_every_writer_and_feature_is_drawn() -> None:
    drawn = [layouts.draw(seed) for seed in range(500)]
    assert {one.writer for one in drawn} == set(layouts.words()["writers"])
    assert set().union(*(one.features for one in drawn)) == set(layouts.words()["features"])


def test_the_same_seed_makes_the_same_layout_and_a_feature_less_leaves_the_rest() -> None:
    layout = next(one for one in map(layouts.draw, range(100)) if {"remarks", "title"} <= one.features)
    first, again = (layouts.lay(layout).pages for _ in range(2))
    assert first == again
    less = layouts.lay(layout.without("remarks")).pages
    assert [one.value for one in less[0].values] == [one.value for one in first[0].values]


@pytest.mark.slow
def test_each_value_of_very_many_layouts_is_right_or_told() -> None:
    blocks = [range(first, first + BLOCK) for first in range(FROM, FROM + MANY - BY_OFFICE, BLOCK)]
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        told = [line for lines in pool.map(broken, blocks) for line in lines]
    assert not told, f"{len(told)} of {MANY - BY_OFFICE} layouts from seed {FROM}\n" + "\n".join(told[:20])


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.skipif(not office.is_installed(), reason="LibreOffice is not installed")
@pytest.mark.parametrize("writer", layouts.OFFICE)
def test_each_value_of_what_libreoffice_saves_is_right_or_told(writer: str) -> None:
    first = FROM + MANY + layouts.OFFICE.index(writer) * BY_OFFICE
    told = []
    for start in range(first, first + BY_OFFICE // len(layouts.OFFICE) + 1, AT_ONCE):
        told += broken(range(start, start + AT_ONCE), writer)
    assert not told, f"{len(told)} layouts by {writer} from seed {first}\n" + "\n".join(told[:20])
