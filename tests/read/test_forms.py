"""What the forms of the assessment count beside the statistics: teachers by degree and subject, grounds, answers."""

from pathlib import Path

from tests.read.by_hand import BASE, ONE, TWO, read, told


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
