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
