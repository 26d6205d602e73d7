"""Where points and labels go."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.tell.parts.figures.layout import flags, runs, swarm, text_width, wrapped


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(1, 5)), max_size=40))
def test_circles_do_not_overlap_where_there_is_room(points: list[tuple[float, float]]) -> None:
    x, radius = [p[0] for p in points], [p[1] for p in points]
    y = swarm(x, radius, room=1e6)
    for i in range(len(x)):
        for j in range(i):
            assert math.hypot(x[i] - x[j], y[i] - y[j]) >= radius[i] + radius[j] - 1e-3


@given(st.lists(st.floats(0, 50), max_size=60))
def test_a_crowd_stays_within_its_room_and_in_its_place(x: list[float]) -> None:
    radius = [3.0] * len(x)
    y = swarm(x, radius, room=18)
    assert all(abs(one) <= 15 + 1e-9 for one in y)
    assert swarm(x, radius, room=18) == y


def test_a_point_alone_lies_on_the_line() -> None:
    assert swarm([1.0, 100.0], [3.0, 3.0], room=18) == [0.0, 0.0]


@given(st.lists(st.floats(0, 300), min_size=1, max_size=5), st.floats(10, 120))
def test_flags_do_not_overlap_and_no_pole_crosses_a_text(x: list[float], width: float) -> None:
    x = sorted(x)
    placed = flags(x, [width] * len(x), high=400, gap=6)
    boxes = [
        (left - width if flip else left, left if flip else left + width, row)
        for left, (row, flip) in zip(x, placed, strict=True)
    ]
    for i, (low, high, row) in enumerate(boxes):
        for j, (low2, high2, row2) in enumerate(boxes):
            if i != j and row == row2:
                assert high <= low2 or high2 <= low
            if i != j and row2 < row and not placed[j][1]:
                assert not low2 < x[i] < high2


def test_years_with_a_gap_are_two_lines() -> None:
    assert runs([2019, 2020, 2022, 2023, 2024]) == [[2019, 2020], [2022, 2023, 2024]]
    assert runs([]) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("骨干教师", "骨干教师"),
        ("高于规定学历教师", "高于规定\n学历教师"),
        ("higher-degree teachers", "higher-degree\nteachers"),
    ],
)
def test_long_labels_break_in_two(text: str, shown: str) -> None:
    assert wrapped(text, 7.5, 58) == shown


def test_a_chinese_character_is_square() -> None:
    assert text_width("学校", 10) == 20
    assert text_width("ab", 10) == pytest.approx(11.2)
