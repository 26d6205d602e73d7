"""A title that names another registered county is told; the values are used all the same."""

from pathlib import Path

import pytest
import yaml

from analysis.clean import Records
from tests.read.by_hand import BASE, ONE, TWO
from tests.workbooks import COUNTY, book, cleaned

COUNTIES = {COUNTY: {"zh": "青溪县", "en": "Qingxi"}, "990102": {"zh": "南山县", "en": "Nanshan"}}
COUNTIES |= {"990103": {"zh": "城区", "en": "City"}}


def read(folder: Path, title: str, entry: str = "") -> Records:
    file = f"{COUNTY}/schools_2024.xlsx"
    book(folder / file, [[title], [*BASE, "图书册数"], [*ONE, 100], [*TWO, 200]])
    source = {"file": file, "county": COUNTY, "table": "schools", "year": 2024, "title": entry}
    told = {"counties": COUNTIES, "sources": [source]}
    (folder / "sources.yml").write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    records = cleaned(folder)
    assert records.schools["books"].to_list() == [100, 200]
    assert (records.accounts["cells"] == records.accounts["used"]).all()
    return records


@pytest.mark.parametrize(
    ("title", "doubted"),
    [
        ("南山县2024年学校基本情况统计表", True),
        ("云川市 南山县 2024年学校情况表", True),
        ("青溪县2024年学校基本情况统计表", False),
        ("青溪县（原属南山县）2024年学校情况表", False),
        ("2024年城区学校基本情况统计表", False),  # a word as much as a name
        ("远山县2024年学校基本情况统计表", False),  # no county that is known
    ],
)
def test_a_title_of_another_county_is_told(title: str, doubted: bool, tmp_path: Path) -> None:
    told = read(tmp_path, title).notices.filter(rule="title_of_other_county").select("row", "before").rows()
    assert told == ([(1, title)] if doubted else [])


def test_the_title_of_the_entry_settles_it(tmp_path: Path) -> None:
    title = "南山县2024年学校基本情况统计表"
    assert read(tmp_path, title, title).notices.filter(rule="title_of_other_county").is_empty()
