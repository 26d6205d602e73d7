"""What is computed school by school is told as n of N, with what is counted and the rule's own value beside it."""

import re
from typing import Any

import pytest

from analysis.tell import Report
from analysis.tell.facts.tally import Tally, What, tally
from analysis.tell.parts.tables import items_government, items_quality

from .conftest import school, small

OPENED = {"county": "990999", "year": 2024}


def plain(text: str) -> str:
    return re.sub(r"\[([^\]]*)\]\{\.n [^}]*\}", r"\1", text)


def of(report: Report, item: str) -> Tally:
    (finding,) = report.now.where(item=item, school=None)
    found = tally(report, finding)
    assert found is not None
    return found


def training(*funds: float, **words: Any) -> Report:
    """Schools with a budget of 100 and these training funds."""
    rows = [
        school(str(place), public_funds=100.0, training_funds=each) for place, each in enumerate(funds, start=1)
    ]  # fmt: skip
    return small(rows, **words)


@pytest.mark.parametrize(("funds", "met"), [((5.0, 6.0), 2), ((4.9, 6.0), 1)])
def test_training_funds_count_schools_and_name_the_five_per_cent(funds: tuple[float, ...], met: int) -> None:
    report = training(*funds)
    found = of(report, "training_funds")
    assert (found.what, found.met, found.all, found.unknown) == (What.SCHOOLS, met, 2, 0)
    assert [(one.finding.target, one.whose) for one in found.limits] == [(0.05, ())]
    (row,) = [row for row in items_quality.table(report).body if "培训经费" in row[1].text]  # type: ignore[union-attr]
    share = "100%" if met == 2 else "50.0%"
    assert [cell.text for cell in row[2:4]] == [f"{met}/2所学校（{share}）", "全部学校（不低于5%）"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "2所学校中1所达到要求（占50.0%），规定不低于5%"),
        ("en", "1 of 2 schools do (50.0%); the rule: at least 5%"),
    ],
)
def test_the_chapter_says_so(lang: str, said: str) -> None:
    assert said in plain(training(4.9, 6.0, lang=lang).chapter("problems").text)


def test_a_school_without_its_funds_is_neither_met_nor_unmet() -> None:
    rows = [school("1", public_funds=100.0, training_funds=4.0), school("2", public_funds=100.0, training_funds=6.0),
            school("3")]  # fmt: skip
    found = of(small(rows), "training_funds")
    assert (found.met, found.unmet, found.unknown, found.all) == (1, 1, 1, 3)


def classes(*sizes: int, school: str = "1") -> list[dict[str, Any]]:
    return [
        OPENED | {"school": school, "grade": 1, "class": str(place), "pupils": size}
        for place, size in enumerate(sizes, start=1)
    ]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "4个班中2个班超过规定班额（占50.0%），分布在1所学校，规定不高于45人。**"
         "未达到要求的有1小学（2个班超过45人，最大50人）"),
        ("en", "2 of 4 classes (50.0%) exceed the limit, in 1 school; the rule: at most 45.** "
         "Short of it: 1 Primary School (2 classes above 45, the largest 50)"),
    ],
)  # fmt: skip
def test_of_class_sizes_the_classes_are_counted(lang: str, said: str) -> None:
    # Half the schools, half the classes; with a class more in the other school it would be two fifths.
    rows = classes(50, 46, 45) + classes(40, school="2")
    report = small([school("1"), school("2")], {"classes": rows}, lang=lang)
    found = of(report, "class_size")
    assert (found.what, found.met, found.all, found.places) == (What.CLASSES, 2, 4, 1)
    assert said in plain(report.chapter("problems").text)


def test_classes_within_are_told_as_all() -> None:
    report = small([school("1")], {"classes": classes(45, 44)})
    (row,) = [row for row in items_government.table(report).body if "班额" in row[1].text]  # type: ignore[union-attr]
    assert [cell.text for cell in row[2:4]] == ["2/2个班（100%）", "全部班级（不高于45人）"]


def test_schools_with_most_classes_over_come_first_and_a_last_one_is_named() -> None:
    rows = [one for code in range(1, 7) for one in classes(*[46] * code, school=str(code))]
    report = small([school(str(code)) for code in range(1, 7)], {"classes": rows})
    text = plain(report.chapter("problems").text)
    assert re.findall(r"(\d)小学（\d个班", text) == list("654321")
    more = rows + classes(46, school="7")
    report = small([school(str(code)) for code in range(1, 8)], {"classes": more})
    text = plain(report.chapter("problems").text)
    assert "等7所学校" in text
    assert re.findall(r"(\d)小学（\d个班", text) == list("65432")


def rooms(music: float | None, art: float | None) -> list[dict[str, Any]]:
    areas = {"music": music, "art": art}
    return [
        OPENED | {"school": "1", "room": kind, "room_type": kind, "area": area}
        for kind, area in areas.items()
        if area is not None
    ]


@pytest.mark.parametrize(
    ("music", "art", "zh", "en"),
    [
        (96.0, 89.0, "音乐教室不缺、美术教室共缺1间。**未达到要求的有1小学（缺美术教室1间）", "(1 art room missing)"),
        (95.0, 90.0, "音乐教室共缺1间、美术教室不缺。**未达到要求的有1小学（缺音乐教室1间）", "(1 music room missing)"),
        (96.0, None, "音乐教室不缺、美术教室共缺1间。**未达到要求的有1小学（缺美术教室1间）", "(1 art room missing)"),
        (95.0, 89.0, "音乐教室共缺1间、美术教室共缺1间。**"
         "未达到要求的有1小学（缺音乐教室1间、美术教室1间）", "(1 music room and 1 art room missing)"),
    ],
)  # fmt: skip
def test_the_kind_of_room_that_is_missing_is_named(music: float, art: float | None, zh: str, en: str) -> None:
    for lang, said in (("zh", zh), ("en", en)):
        report = small([school("1", classes_primary=12)], {"rooms": rooms(music, art)}, lang=lang)
        assert said in plain(report.chapter("problems").text)
        assert "0间，标准1间" not in report.chapter("problems").text


def test_a_school_that_has_both_rooms_lacks_none() -> None:
    report = small([school("1", classes_primary=12)], {"rooms": rooms(96.0, 90.0)})
    assert of(report, "special_rooms").rooms == (("music", 0), ("art", 0))
    assert "专用教室各1间" not in report.chapter("problems").text


def sizes(*rows: tuple[str, int, str | None], **words: Any) -> Report:
    """Schools of a type with pupils, built in a month."""
    held = [
        school(str(place), pupils=pupils, school_type=kind, built=built)
        for place, (kind, pupils, built) in enumerate(rows, start=1)
    ]
    return small(held, **words)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "规定不高于小学2,000人，放宽的小学和小学教学点2,400人"),
        ("en", "the rule: at most 2,000 for primary schools, "
         "2,400 for primary schools and teaching points with the concession"),
    ],
)  # fmt: skip
def test_each_of_several_limits_says_whose_it_is(lang: str, said: str) -> None:
    rows = [("primary", 2100, "2011-01"), ("primary", 2300, "2010-12"), ("teaching_point", 150, "2010-12")]
    report = sizes(*rows, lang=lang)
    found = of(report, "school_size")
    assert [(one.finding.target, one.whose, one.eased) for one in found.limits] == [
        (2000, ("primary",), False),
        (2400, ("primary", "teaching_point"), True),
    ]
    assert said in plain(report.chapter("problems").text)
    table = items_government.table(report)
    assert table is not None
    (row,) = [row for row in table.body if row[2].text.startswith("2/3" if lang == "zh" else "2 of 3")]
    assert row[3].text == (
        "全部学校（不高于小学2,000人，放宽的小学、小学教学点2,400人）"
        if lang == "zh"
        else "every school (at most 2,000 for primary schools, "
        "2,400 for primary schools, teaching points with the concession)"
    )


def test_a_limit_that_all_have_is_nobodys() -> None:
    report = sizes(("primary", 2100, "2011-01"), ("primary", 1900, "2011-01"))
    assert [(one.finding.target, one.whose) for one in of(report, "school_size").limits] == [(2000, ())]
    assert "规定不高于2,000人" in plain(report.chapter("problems").text)


def test_limits_of_classes_are_those_of_stages() -> None:
    rows = [
        *classes(46),
        OPENED | {"school": "2", "grade": 7, "class": "1", "pupils": 50},
        OPENED | {"school": "2", "grade": 1, "class": "1", "pupils": 40},
    ]
    nine = school("2", school_type="nine_year", pupils_junior=50, classes_junior=1)
    report = small([school("1"), nine], {"classes": rows})
    assert "规定不高于小学45人，初中50人" in plain(report.chapter("problems").text)
