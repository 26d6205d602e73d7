"""What the forms of the assessment count beside the statistics: teachers by degree and subject, grounds, answers."""

from pathlib import Path

from tests.read.by_hand import BASE, ONE, TWO, read, told
from tests.workbooks import Rows


def test_degrees_and_subjects_are_added_up(tmp_path: Path) -> None:
    """36 primary teachers are above secondary normal schools, 33 junior ones above 专科; 3 + 2 + 1 + 1
    teach PE, music, art and the arts."""
    degrees = ["小学专科教师数", "小学本科教师数", "小学硕士教师数", "小学博士教师数"]
    junior = ["初中本科教师数", "初中硕士教师数", "初中博士教师数"]
    subjects = ["小学体育教师数", "小学音乐教师数", "小学美术教师数", "小学艺术教师数"]
    header = [*BASE, "小学在校生数", *degrees, *junior, *subjects]
    found = read(tmp_path, [header, [*ONE, 500, 4, 30, 2, 0, 30, 3, 0, 3, 2, 1, 1], [*TWO, 400, *[1] * 7, *[1] * 4]])
    names = ["advanced_degree_teachers_primary", "advanced_degree_teachers_junior", "pe_arts_teachers_primary"]
    assert found.schools.select(names).rows() == [(36, 33, 7), (4, 3, 4)]
    assert told(found) == []


def test_a_form_without_arts_teachers_has_three_subjects(tmp_path: Path) -> None:
    header = [*BASE, "小学在校生数", "体育教师数", "音乐教师数", "美术教师数", "校内运动场地面积", "体育馆面积"]
    found = read(tmp_path, [header, [*ONE, 500, 3, 2, 1, 3000, 600], [*TWO, 400, 2, 1, 1, 2500, 0]])
    assert found.schools.select("pe_arts_teachers", "sports_area").rows() == [(6, 3600.0), (4, 2500.0)]
    assert told(found) == []


def test_answers_and_counts_of_the_forms(tmp_path: Path) -> None:
    header = [
        *BASE,
        "小学在校生数",
        "是否寄宿制学校",
        "随迁子女数",
        "家庭住址在划片范围内学生数/小学",
        "租用运动场地面积",
    ]
    found = read(tmp_path, [header, [*ONE, 500, "是", 20, 480, 300], [*TWO, 400, "否", 0, 400, None]])
    names = ["boarding", "migrants", "in_catchment_primary", "rented_grounds_area"]
    assert found.schools.select(names).rows() == [("yes", 20, 480, 300.0), ("no", 0, 400, None)]
    assert told(found) == []


def test_parts_are_in_the_unit_of_their_headers(tmp_path: Path) -> None:
    """9 亩 of 2,000/3 m² and 3 亩 are 8,000 m²; parts in two units, or in one that is not known, are no sum."""

    def read_as(unit: str, other: str, title: str = "", ground: float = 9) -> tuple[list[float | None], set[str]]:
        header = [*BASE, "小学在校生数", f"校内运动场地面积{unit}", f"体育馆面积{other}"]
        rows: Rows = [header, [*ONE, 500, ground, ground / 3], [*TWO, 400, ground, 0]]
        found = read(tmp_path / str(len(list(tmp_path.iterdir()))), [[title], *rows] if title else rows)
        return found.schools["sports_area"].to_list(), {rule for rule, _, _ in told(found)}

    assert read_as("（平方米）", "（平方米）", ground=3000) == ([4000, 3000], set())
    assert read_as("（亩）", "（亩）") == ([8000, 6000], set())
    assert read_as("", "", title="单位：亩") == ([8000, 6000], {"unit_of_title"})
    assert read_as("（亩）", "（平方米）")[0] == [None, None]
    assert read_as("（丈）", "（丈）")[0] == [None, None]
