"""What stands beside the files: sources.yml, corrections.yml, identity.yml, and the truth of what is wrong in them."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis.sample.bulk import Wrong
from analysis.sample.settings import Spec, stories


class Register:
    """Collects what goes beside the files while they are written: their sources, corrections, the truth."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sources: list[dict[str, Any]] = []
        self.corrections: list[dict[str, Any]] = []
        self.dirt: list[tuple[Any, ...]] = []

    def add(self, file: str, spec: Spec, table: str, year: int, title: str) -> None:
        """Note a file for sources.yml."""
        about = {"file": file, "county": spec.then(year)[0], "table": table, "year": year, "title": title}
        about |= {
            "publisher": stories()["publisher"],
            "date": f"{year}-{stories()['filled'][table]}",
            "synthetic": True,
        }
        self.sources.append(about)

    def note(self, file: str, spec: Spec, table: str, year: int, wrong: Iterable[Wrong]) -> None:
        """Note what is wrong in a file."""
        self.dirt += [(spec.code, year, table, file, *mark) for mark in wrong]

    def correct(self, file: str, mistake: Wrong, mark: dict[str, Any]) -> None:
        """Note a wrong value for corrections.yml."""
        sheet, row, column, _, before, after, _ = mistake
        about = {"file": file, "sheet": sheet, "row": row, "column": column, "before": after, "after": before}
        self.corrections.append(about | {"why": mark["why"], "who": mark["who"]})

    def write(self, specs: list[Spec]) -> None:
        """Write sources.yml (who the counties are, what each file is), corrections.yml and identity.yml."""
        counties = {spec.code: {"zh": spec.zh, "en": spec.en, "synthetic": True, **_acceptance(spec)} for spec in specs}
        published = [entry for entry in stories()["published"]["sources"] if (self.folder / entry["file"]).is_file()]
        for entry in published:
            counties |= {code: stories()["published"]["counties"][code] for code in entry["counties"]}
        cities = {
            code: city
            for code, city in stories()["cities"].items()
            if any(county.startswith(code) for county in counties)
        }
        lines = [
            f"province: {_flow(stories()['province'])}",
            *(["cities:"] if cities else []),
            *(f'  "{code}": {_flow(city)}' for code, city in cities.items()),
            "counties:",
            *(f'  "{code}": {_flow(county)}' for code, county in counties.items()),
            "sources:",
            *(f"  - {_flow(entry)}" for entry in self.sources),
        ]
        if published:
            lines += ["published:", *(f"  - {_flow(entry)}" for entry in published)]
        (self.folder / "sources.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        identity = [entry for spec in specs for entry in _identity(spec)]
        for name, told_of in (("corrections.yml", self.corrections), ("identity.yml", identity)):
            if told_of:
                text = "".join(f"- {_flow(entry)}\n" for entry in told_of)
                (self.folder / name).write_text(text, encoding="utf-8")


def _flow(entry: dict[str, Any]) -> str:
    """Return an entry as YAML on one line; values stand as in JSON."""
    return "{" + ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items()) + "}"


def _acceptance(spec: Spec) -> dict[str, int]:
    """Return the year in which a county with a story is to be accepted."""
    year = spec.says.get("acceptance")
    return {"acceptance": year} if year else {}


def _identity(spec: Spec) -> list[dict[str, Any]]:
    """Return what identity.yml tells of a county's schools."""
    about: dict[str, Any] = {"county": spec.code}
    former = spec["former"]
    county = (
        [{"kind": "county", "old": former["code"], "new": spec.code, "year": former["until"] + 1}] if former else []
    )
    renamed = [change for change in spec["renamed"] if not change.get("silent")]
    return [
        *county,
        *({"kind": "renamed", **about, "school": code["school"], "year": code["year"]} for code in renamed),
        *(
            {"kind": "code", **about, "old": recoding["was"], "new": recoding["school"], "year": recoding["year"]}
            for recoding in spec["recoded"]
        ),
    ]
