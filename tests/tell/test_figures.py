"""Figures: the same bytes for the same data, no box for a missing glyph, synthetic data marked, nothing outside."""

import base64
import io
import re
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from fontTools.ttLib import TTFont
from lxml import etree
from matplotlib.lines import Line2D
from matplotlib.text import Text

from analysis.brand import brand, drawing
from analysis.errors import DataError
from analysis.tell import Report
from analysis.tell.facts.obstacles import obstacles
from analysis.tell.language import wording
from analysis.tell.parts.figures.schools import draw_schools, schools_data, weighing
from analysis.tell.parts.figures.trends import draw_trends, trends_data
from analysis.tell.speech.filters import spoken

from .conftest import FIGURES, PLENTY, school, small

#: How much smaller than it is drawn a figure stands on paper: 156 mm wide in place of 6.7 inches.
PAPER = 156 / 25.4 / 6.7


def sizes(vector: str) -> list[float]:
    """Return the sizes of type in a drawing, in points."""
    return [float(size) for size in re.findall(r"font-size:([\d.]+)px", vector)]


WORDS = {"title": "题", "axis": "轴", "source": "注", "limit": "限"}


def test_every_figure_of_a_county_can_be_drawn_and_says_what_it_shows(sample: Callable[..., Report]) -> None:
    report = sample("990101")
    for name in FIGURES:
        picture = report.figure(name)
        assert picture is not None, name
        vector, pixels = picture.images
        assert min(sizes(vector)) * PAPER >= 7, name
        assert vector.startswith("<?xml")
        assert pixels.startswith(b"\x89PNG")
        assert picture.caption
        assert len(picture.alt) > 20


def test_the_same_data_give_the_same_bytes(sample: Callable[..., Report]) -> None:
    first, second = (sample("990101").figure("rates") for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.images == second.images
    assert not re.search(r"<dc:date>|\d{4}-\d\d-\d\dT", first.images[0])


def test_text_stays_text_and_brings_its_letters() -> None:
    picture = small([school("1", name="甲<乙&丙小学", sports_area=300.0), school("2"), school("3")]).figure("schools")
    assert picture is not None
    drawn = picture.images[0]
    texts = ["".join(text.itertext()) for text in etree.fromstring(drawn.encode()).iter("{*}text")]
    assert "甲<乙&丙小学" in texts
    face = re.search(r"@font-face\{font-family:\"([^\"]+)\";src:url\(data:font/woff;base64,([^)]+)\)", drawn)
    assert face is not None
    assert f"font-family:'{face[1]}'" in drawn
    letters = TTFont(io.BytesIO(base64.b64decode(face[2]))).getBestCmap()
    used = {ord(letter) for letter in "".join(texts)}
    assert used <= letters.keys() <= used | {ord(">")}  # which mirrors <


def test_a_name_without_glyph_is_an_error() -> None:
    report = small([school("1", name="\u0e01小学", sports_area=300.0), school("2"), school("3")])
    picture = report.figure("schools")
    assert picture is not None
    with pytest.raises(DataError, match="字形"):
        _ = picture.images


def test_a_dollar_in_a_name_is_a_dollar() -> None:
    report = small([school("1", name="$x^2$小学", sports_area=300.0), school("2"), school("3")])
    picture = report.figure("schools")
    assert picture is not None
    assert picture.images


@pytest.mark.parametrize("name", ["schools", "trends", "overview"])
def test_synthetic_data_are_marked_and_real_ones_are_not(name: str) -> None:

    source = wording.texts("figures", "zh")[name]["source"]
    for synthetic in (True, False):
        report = small([school("1"), school("2")], synthetic=synthetic)
        _, facts = __import__(f"analysis.tell.parts.figures.{name}", fromlist=["x"]).__dict__[f"{name}_data"](report)
        said = spoken(report).render(source, synthetic=synthetic, **vars(facts))
        assert ("合成数据" in said) is synthetic


@pytest.mark.parametrize(("failing", "named"), [(5, 5), (6, 0)])
def test_failing_schools_are_named_up_to_five(failing: int, named: int) -> None:
    rows = [school(str(i), sports_area=300.0 + i) for i in range(failing)] + [school(f"9{i}") for i in range(4)]
    frame, _ = schools_data(small(rows))
    assert frame.filter(verdict="not_met")["named"].sum() == named
    # Beside them the one that drives the difference most.
    assert frame.filter(verdict="met")["named"].sum() == 1


def test_the_indicator_that_weighs_most_is_drawn() -> None:
    assert weighing(small([school("1", books=1, teaching_area=200.0), school("2"), school("3")])) == "teaching_area"
    near = small([school("1"), school("2", equipment_value=600_000.0), school("3", sports_area=1400.0)])
    assert obstacles(near) == []
    assert weighing(near) == "equipment_value"


def test_nothing_lies_outside_the_picture() -> None:
    rows = [school(str(i), name=f"很长很长的学校名称第{i}初级中学分校", sports_area=300.0 + i) for i in range(5)]
    report = small([*rows, school("8"), school("9")])
    frame, _ = schools_data(report)
    with drawing() as style:
        figure = draw_schools(frame, WORDS, style)
        figure.canvas.draw()
        page = figure.bbox
        texts = [one for one in figure.findobj(Text) if isinstance(one, Text) and one.get_text()]
        boxes = [one.get_window_extent() for one in texts]
        assert all(page.x0 - 1 <= box.x0 and box.x1 <= page.x1 + 1 for box in boxes)
        extents = [box for one, box in zip(texts, boxes, strict=True) if "很长" in one.get_text()]
        assert len(extents) == 5
        assert not any(a.overlaps(b) for i, a in enumerate(extents) for b in extents[:i])


def test_no_points_no_figure() -> None:
    rows = [school("1", sports_area=None, school_type="special")]
    report = small(rows)
    assert report.figure("schools") is None
    assert report.figure("trends") is None
    assert report.figure("levels") is None


def test_colours_come_from_one_file() -> None:
    assert brand().colour("not_met") != brand().colour("met")


def test_what_fails_is_darker_than_what_is_met_in_grey() -> None:
    def grey(verdict: str, alpha: float) -> float:
        red, green, blue, _ = brand().rgba(verdict, alpha)
        return alpha * (0.299 * red + 0.587 * green + 0.114 * blue) + (1 - alpha)

    assert grey("not_met", 0.95) + 0.08 < grey("met", 0.72)


def test_frames_hold_what_is_drawn() -> None:
    frame, facts = schools_data(small([school("1", sports_area=300.0), school("2"), school("3")]))
    assert facts.indicator == "sports_area"
    row = frame.filter(pl.col("school") == "1").row(0, named=True)
    assert (row["value"], row["floor"], row["verdict"], row["pupils"]) == (3.0, 7.5, "not_met", 100.0)


@pytest.mark.parametrize(("judged", "said"), [(0, "各项校际差异系数逐年变化"), (14, "14项校际差异系数全部在上限以内")])
def test_all_is_said_of_coefficients_only_where_some_are_judged(judged: int, said: str) -> None:
    title = wording.texts("figures", "zh")["trends"]["title"]
    assert spoken(small([school("1")])).render(title, over=[], judged=judged) == said


def over(value: float, year: int = 2024) -> list[dict[str, Any]]:
    """Return three schools alike but for the sports area of the first, on which the coefficient hangs."""
    return [school("0", year, sports_area=value), school("1", year), school("2", year)]


def drawn(report: Report) -> tuple[list[str], int]:
    """Return the texts of the figure of coefficients, and how many lines are dotted: paths to a year of arrival."""
    frame, facts = trends_data(report)
    texts = wording.texts("figures", "zh")["trends"]
    words = {key: spoken(report).render(texts[key], synthetic=False, **vars(facts)) for key in ("title", "source")}
    with drawing() as style:
        figure = draw_trends(frame, words, style)
        dotted = [line for line in figure.findobj(Line2D) if line.get_linestyle() == ":"]
        return [one.get_text() for one in figure.findobj(Text) if one.get_text()], len(dotted)


def test_a_coefficient_over_its_limit_is_drawn_large_and_carried_on_to_its_limit() -> None:
    # Of values a, 15 and 15 it is 1.414 (15 - a) / (30 + a): 0.71 at 0, 0.61 at 1.5, 0.51 at 3, a fall of 0.1 a year.
    texts, dotted = drawn(small([*over(0.0, 2022), *over(150.0, 2023), *over(300.0)]))
    assert (texts.count("小学体育运动场馆"), dotted) == (1, 1)
    assert "2025" in texts
    assert texts.count("体育运动场馆") == 0  # no row of its own beside
    assert "教学及辅助用房" in texts


def test_without_a_pace_nothing_is_carried_on() -> None:
    texts, dotted = drawn(small([*over(150.0, 2023), *over(300.0)]))
    assert (texts.count("小学体育运动场馆"), dotted) == (1, 0)


def test_within_their_limits_all_have_a_row() -> None:
    # At 3.5 it is 0.49, within 0.50.
    texts, dotted = drawn(small(over(350.0)))
    assert (texts.count("小学体育运动场馆"), texts.count("体育运动场馆"), dotted) == (0, 1, 0)


def test_at_most_three_are_drawn_large_those_furthest_beyond_first() -> None:
    names = ["sports_area", "teaching_area", "equipment_value", "multimedia_rooms"]
    parts = dict(zip(names, (0.0, 0.1, 0.15, 0.2), strict=True))
    amounts: dict[str, Any] = {name: PLENTY[name] * part for name, part in parts.items()}
    lacking = school("0", **amounts)
    texts, _ = drawn(small([lacking, school("1"), school("2")]))
    assert [text for text in texts if text.startswith("小学") and len(text) > 2] == [
        "小学体育运动场馆", "小学教学及辅助用房", "小学教学仪器设备",
    ]  # fmt: skip
    assert "网络多媒体教室" in texts
