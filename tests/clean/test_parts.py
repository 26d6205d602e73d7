"""Parts above their wholes: told, and the doubtful value is not used until somebody decides."""

from pathlib import Path
from typing import Any

import pytest

from analysis.clean import Records
from tests.workbooks import schools

HEADER: list[Any] = ["学校代码", "学校名称", "办学类型", "在校学生数/小学", "在校学生数/初中"]
RULES = {
    "in_catchment_primary": ("家庭住址在划片范围内学生数/小学", "catchment_above_pupils_primary"),
    "in_catchment_junior": ("家庭住址在划片范围内学生数/初中", "catchment_above_pupils_junior"),
    "migrants": ("随迁子女数", "migrants_above_pupils"),
    "disabled": ("残疾学生数", "disabled_above_pupils"),
}


def of_one(folder: Path, kind: str, pupils: tuple[Any, Any], more: dict[str, Any]) -> Records:
    row = ["9901010001", "第一学校", kind, *pupils, *more.values()]
    return schools(folder, [[*HEADER, *more], row])


@pytest.mark.parametrize(
    ("kind", "pupils", "column", "part", "above"),
    [
        ("小学", (500, None), "in_catchment_primary", 500, False),
        ("小学", (500, None), "in_catchment_primary", 501, True),
        ("初级中学", (None, 500), "in_catchment_junior", 500, False),
        ("初级中学", (None, 500), "in_catchment_junior", 501, True),
        ("小学", (500, None), "migrants", 500, False),
        ("小学", (500, None), "migrants", 501, True),
        ("九年一贯制学校", (500, 300), "migrants", 800, False),
        ("九年一贯制学校", (500, 300), "migrants", 801, True),
        ("九年一贯制学校", (500, None), "migrants", 801, False),  # how many pupils there are is not known
        ("小学", (500, None), "disabled", 500, False),
        ("小学", (500, None), "disabled", 501, True),
        ("特殊教育学校", (50, None), "disabled", 51, False),  # some are taught at home
    ],
)
def test_pupils_of_a_kind_above_all(
    kind: str, pupils: tuple[Any, Any], column: str, part: int, above: bool, tmp_path: Path
) -> None:
    header, rule = RULES[column]
    records = of_one(tmp_path, kind, pupils, {header: part})
    assert records.notices.filter(rule=rule)["before"].to_list() == ([str(part)] if above else [])
    assert records.schools[column].to_list() == [None if above else part]
    assert records.schools["pupils_primary"].to_list() == [pupils[0]]  # enrolment is used as before


@pytest.mark.parametrize(
    ("part", "whole", "headers", "rule"),
    [
        ("training_funds", "public_funds", ("教师培训经费", "公用经费预算"), "training_above_funds"),
        ("indoor_pe_area", "teaching_area", ("室内体育用房面积", "教学及辅助用房面积"), "indoor_pe_above_teaching"),
    ],
)
def test_of_a_part_above_its_whole_neither_is_used(
    part: str, whole: str, headers: tuple[str, str], rule: str, tmp_path: Path
) -> None:
    for amount, above in ((3000, False), (3001, True)):
        records = of_one(tmp_path, "小学", (500, None), {headers[0]: amount, headers[1]: 3000})
        assert records.notices.filter(rule=rule).height == above
        assert records.schools.select(part, whole).row(0) == ((None, None) if above else (amount, 3000))
