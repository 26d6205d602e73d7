"""A small folder of raw statistics: two counties that begin alike, one without a school file."""

from pathlib import Path

import pytest

SOURCES = """
province: {zh: 示例省, en: Example Province}
counties:
  "990101": {zh: 青溪县, en: Qingxi County, synthetic: true}
  "990102": {zh: 青山区, en: Qingshan District, synthetic: true}
  "990103": {zh: 无数县, en: Wushu County, synthetic: true}
"""


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    for county in ("990101", "990102"):
        (folder / county).mkdir(parents=True)
        for year in (2022, 2024):
            (folder / county / f"schools_{year}.csv").write_text(f"{county},{year}\n", encoding="utf-8")
    (folder / "sources.yml").write_text(SOURCES, encoding="utf-8")
    return folder
