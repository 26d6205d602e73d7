"""The first steps of the year through make: what is typed there reaches the same commands, with the same words."""

from pathlib import Path

import openpyxl
import pytest

from tests.journey.maker import Maker
from tests.journey.office import CASES, COUNTY, YEAR
from tests.journey.papers import NEEDS_MAKE

pytestmark = NEEDS_MAKE


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Maker:
    return Maker(tmp_path, capsys)


@pytest.mark.slow
def test_a_county_is_set_up_and_collects_through_make(office: Maker) -> None:
    code, said = office.does("new", COUNTY, name="双流区", year=YEAR, en="Shuangliu", office="双流区教育局")
    assert code == 0, said
    assert "四川省 成都市" in said
    last = CASES / "first" / "schools_2023.xlsx"
    code, said = office.does("add", file=last, publisher="双流区教育局", date="2023-10")
    assert code == 0, said
    office.lists_schools()
    code, said = office.does("collect", COUNTY, year=YEAR, due="2099-10-15")
    assert code == 0, said
    assert "35 所学校" in said
    book = openpyxl.load_workbook(next((office.out / "collect" / COUNTY / str(YEAR)).glob("*实验小学.xlsx")))
    assert book["填表说明"]["B3"].value == "2099-10-15"
