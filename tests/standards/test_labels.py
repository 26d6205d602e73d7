"""What readers call an item."""

import pytest

from analysis import standards


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_recognition_of_each_group_asked_has_a_name(lang: str) -> None:
    standard = standards.load("national-2017")
    groups = standards.vocabulary()["groups"]
    names = [standards.label(standard, f"recognition_{group}", lang) for group in groups]
    assert len(set(names)) == len(groups) > 1
    with pytest.raises(KeyError):
        standards.label(standard, "recognition_nobody", lang)


def test_an_indicator_within_a_name_has_no_capital_in_english() -> None:
    standard = standards.load("national-2017")
    assert standards.label(standard, "cv_sports_area", "en") == "Inter-school coefficient of sports area per pupil"
    assert standards.label(standard, "floor_sports_area", "en") == "Sports area per pupil"
    assert standards.within("PE and arts teachers", "en") == "PE and arts teachers"
    assert standards.within("骨干教师", "zh") == "骨干教师"
