"""The same steps through make: what is typed there reaches the same commands, with the same words."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from analysis.project import root
from tests.journey.office import CASES, COUNTY, YEAR, Office

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@dataclass
class Maker(Office):
    """An office that types make and words of make."""

    def makes(self, target: str, **words: object) -> tuple[int, str]:
        """Type a target with words and return the exit code and what was said."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        inherited["JUNHENG_PROCESSED"] = str(self.folder / "processed")
        places = {"DATA": self.data, "OUT": self.out}
        done = subprocess.run(
            # What is installed is here already.
            ["make", "-o", ".venv/.runtime", f"JUNHENG={sys.executable} -m analysis", target]
            + [f"{name}={value}" for name, value in (places | words).items()],
            cwd=root(),
            env=inherited,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Maker:
    return Maker(tmp_path, capsys)


def begun(office: Maker) -> None:
    code, said = office.makes("new", COUNTY=COUNTY, NAME="双流区", YEAR=YEAR, EN="Shuangliu")
    assert code == 0, said
    assert "四川省 成都市" in said
    last = CASES / "first" / "schools_2023.xlsx"
    code, said = office.makes("add", FILE=last, PUBLISHER="双流区教育局", DATE="2023-10")
    assert code == 0, said


@pytest.mark.slow
def test_a_county_is_set_up_and_collects_through_make(office: Maker) -> None:
    begun(office)
    office.lists_schools()
    code, said = office.makes("collect", COUNTY=COUNTY, YEAR=YEAR, DUE="2099-10-15")
    assert code == 0, said
    assert "35 所学校" in said
    book = openpyxl.load_workbook(next((office.out / "collect" / COUNTY / str(YEAR)).glob("*实验小学.xlsx")))
    assert book["填表说明"]["B3"].value == "2099-10-15"


@pytest.mark.slow
def test_a_year_through_make(office: Maker) -> None:
    begun(office)
    office.lists_schools()
    office.makes("collect", COUNTY=COUNTY, YEAR=YEAR)
    back = office.folder / "back"
    office.receives(back, CASES / "mended")
    assert office.makes("collect", COUNTY=COUNTY, FOLDER=back)[0] == 0
    for file in office.own_tables(CASES / "mended"):
        code, said = office.makes("add", FILE=file, PUBLISHER="双流区教育局", DATE="2024-10")
        assert code == 0, said
    assert office.makes("check", COUNTY=COUNTY)[0] in (0, 1)
    assert "总体结论" in office.makes("status", COUNTY=COUNTY)[1]
    assert office.makes("report", COUNTY=COUNTY, STATUS="draft")[0] == 0
    assert office.makes("report", COUNTY=COUNTY, DATE="2024-12-01")[0] == 0
    folder = office.out / COUNTY / str(YEAR)
    assert {"report.html", "report.pdf", "report.docx", "annex.xlsx"} <= {path.name for path in folder.iterdir()}
    assert office.makes("ledger", COUNTY=COUNTY)[0] == 0
    assert office.makes("fieldcheck", COUNTY=COUNTY, SCHOOLS=3)[0] == 0
    assert office.makes("diff", A=folder / "draft", B=folder)[0] == 0
