"""Counties with the shortest report there is, that of published coefficients, for tests of how reports are made."""

import json
from pathlib import Path

HEAD = "county,stage,statistic,teaching_area,sports_area,equipment_value,computers,books,teacher_pupil_ratio,"
HEAD += "above_qualification_teachers,senior_title_teachers,composite\n"


def published(folder: Path, number: int) -> Path:
    """Make a folder of statistics of so many counties, 340101 and on, and return it."""
    counties = {f"3401{place:02}": f"示例{place}县" for place in range(1, number + 1)}
    told = {code: {"zh": name, "published": True} for code, name in counties.items()}
    entry = {"file": "published/cv.csv", "counties": list(counties), "standard": "national-2012", "year": 2012}
    (folder / "published").mkdir(parents=True)
    (folder / "sources.yml").write_text(json.dumps({"counties": told, "published": [entry]}), encoding="utf-8")
    rows = "".join(f"{name},primary,cv,{','.join(['0.3'] * 8)},\n" for name in counties.values())
    (folder / "published" / "cv.csv").write_text(HEAD + rows, encoding="utf-8")
    return folder
