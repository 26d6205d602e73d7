"""The site: every county with its verdicts, from what lies in the folder of reports."""

import json
import shutil
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from analysis.render import results, site
from analysis.tell import Report
from analysis.tell.parts.chapters.conclusion import judged
from tests.render.browser import needs_browser, opened


def county(code: str, name: str, year: int, report: Report, verdict: str, audience: str = "internal") -> dict[str, Any]:
    """Return the results of a made-up county: those of the sample with another name and verdict."""
    made = results.results(report) | {"county": code, "names": {"zh": name, "en": name}, "year": year}
    made["audience"] = audience
    made["findings"] = [
        one | {"verdict": verdict} if one["item"] == "all" else one
        for one in made["findings"]
        if one["item"] == "all" or verdict == "not_met" or one["verdict"] != "not_met"
    ]
    return made


@pytest.fixture(scope="module")
def output(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("output")
    made = [
        county("990101", "青溪县", 2024, report, "not_met"),
        county("990101", "青溪县", 2023, report, "not_met"),
        county("990102", "<b>甲</b>县", 2024, report, "met"),
        county("990103", "公开县", 2024, report, "met", audience="public"),
    ]
    for one in made:
        place = folder / one["county"] / str(one["year"])
        place.mkdir(parents=True)
        (place / "results.json").write_text(json.dumps(one, allow_nan=False), encoding="utf-8")
        (place / "report.pdf").write_bytes(b"%PDF")
    site.write(folder, date="2026-11-23", cities={"9901": {"zh": "云川市", "en": "Yunchuan City"}})
    return folder


def test_every_report_of_the_audience_has_a_row(output: Path) -> None:
    page = lxml.html.fromstring((output / "index.html").read_text(encoding="utf-8"))
    rows = page.xpath("//table[@id='tbl-counties']/tbody/tr")
    # The latest year of each county, what meets least first; then earlier years.
    assert [tuple(row[place].text_content() for place in (0, 2, 3, 4)) for row in rows] == [
        ("990101", "云川市", "2024", "未达到"),
        ("990102", "云川市", "2024", "达到"),
        ("990101", "云川市", "2023", "未达到"),
    ]
    assert rows[0].get("data-fails").split()
    assert rows[1].get("data-fails") == ""
    assert [link.get("href") for link in rows[0][-1]] == ["990101/2024/report.pdf", "990101/2024/results.json"]
    assert "公开县" not in page.text_content()


def test_the_site_counts_the_items_that_the_report_counts(report: Report) -> None:
    """A survey group, a plan's target and a veto that are not met are no items of the first page, nor of the site."""
    made = results.results(report)
    first = next(one for one in made["findings"] if one["school"] is None and one["item"] == "recognition")
    beside = [
        first | {"item": "recognition_parents", "verdict": "not_met"},
        first | {"field": "plan", "item": "retention", "verdict": "not_met"},
        first | {"field": "entry", "item": "no_key_schools", "verdict": "not_met"},
        first | {"item": "all_day_care", "field": "quality", "verdict": "not_met"},
    ]
    entry = site.Entry("990101/2024", (), made)
    assert len(entry.unmet) == sum(one.verdict == "not_met" for one in judged(report))
    more = site.Entry("990101/2024", (), made | {"findings": [*made["findings"], *beside]})
    assert len(more.unmet) == len(entry.unmet) + 1


def test_names_are_text(output: Path) -> None:
    source = (output / "index.html").read_text(encoding="utf-8")
    assert "<b>甲</b>" not in source
    assert "&lt;b&gt;甲" in source


def test_what_holds_counties_back_is_counted_by_county(output: Path, report: Report) -> None:
    made = site.facts(site.entries(output, "internal"), "zh")
    assert made["counties"] == 2
    assert {word: count for _, word, count in made["verdicts"]} == {"达到": 1, "未达到": 1}
    assert made["holding"]
    assert all(one["count"] == 1 for one in made["holding"])
    named = {one["item"] for one in made["holding"]}
    assert "初中生均体育运动场馆面积校际差异系数" in named


def test_movement_counts_counties_of_both_years(output: Path, report: Report) -> None:
    made = site.facts(site.entries(output, "internal"), "zh")["movement"]
    row = next(one for one in made if one["stage"] == "初中" and one["indicator"] == "生均体育运动场馆面积")
    history = report.history.filter(item="cv_sports_area", stage="junior", year=report.year - 1)
    assert row["now"] == 2  # both counties carry the sample's coefficients
    assert row["before"] == 2 * (history["verdict"][0] == "not_met")


def test_a_city_without_a_name_is_called_by_its_digits(output: Path) -> None:
    made = site.facts(site.entries(output, "internal"), "zh")
    assert made["cities"] == [("9901", "9901")]
    named = site.facts(site.entries(output, "internal"), "en", {"9901": {"zh": "云川市", "en": "Yunchuan City"}})
    assert named["cities"] == [("9901", "Yunchuan City")]


def test_it_speaks_english(output: Path, tmp_path: Path) -> None:
    made = site.facts(site.entries(output, "internal"), "en")
    assert {word for _, word, _ in made["verdicts"]} == {"met", "not met"}


def test_damaged_results_leave_out_their_county_alone(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(output, tmp_path / "out")
    before = site.entries(tmp_path / "out", "internal")
    first = tmp_path / "out" / before[0].folder / "results.json"
    first.write_bytes(first.read_bytes()[:1000])
    assert [entry.folder for entry in site.entries(tmp_path / "out", "internal")] == [one.folder for one in before[1:]]
    (line,) = capsys.readouterr().err.splitlines()
    assert str(first) in line


def test_an_empty_folder_gives_an_empty_page(tmp_path: Path) -> None:
    page = site.write(tmp_path)
    assert "tbl-counties" in page.read_text(encoding="utf-8")


class TestInTheBrowser:
    pytestmark = needs_browser

    def test_search_sort_and_choices(self, output: Path) -> None:
        def shown(page: Any) -> list[str]:
            cells: list[str] = page.locator("#tbl-counties tbody tr:not([hidden]) td:nth-child(2)").all_inner_texts()
            return cells

        with opened(output / "index.html") as (page, complaints):
            assert len(shown(page)) == 3
            page.locator("select[data-key=year]").select_option("2023")
            assert shown(page) == ["青溪县"]
            page.locator("select[data-key=year]").select_option("")
            page.locator("select[data-key=fails]").select_option("resources")
            assert shown(page) == ["青溪县", "青溪县"]
            page.locator("select[data-key=fails]").select_option("")
            assert page.locator("select[data-key=city] option").all_inner_texts() == ["全部", "云川市"]
            for typed in ("qingxi", "QXX", "yunchuan"):
                page.locator("#counties input[type=search]").fill(typed)
                assert "青溪县" in shown(page), typed
            page.locator("#counties input[type=search]").fill("qingxi")
            assert set(shown(page)) == {"青溪县"}
            page.locator("#counties input[type=search]").fill("甲")
            assert shown(page) == ["<b>甲</b>县"]
            page.locator("#counties input[type=search]").fill("")
            page.locator("#tbl-counties th:nth-child(1) button").click()
            page.locator("#tbl-counties th:nth-child(1) button").click()
            assert shown(page)[0] == "<b>甲</b>县"
            assert complaints == []


def test_an_office_is_not_shown_beside_the_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from analysis import project
    from analysis.render.site import Entry
    from analysis.run.build import site as building

    entries = [Entry(f"{code}/2024", (), {"county": code, "year": 2024}) for code in ("510116", "990101")]
    monkeypatch.setattr(project, "own", lambda: tmp_path)
    assert building._together(entries) == entries
    (tmp_path / "sources.yml").write_text('counties:\n  "510116": {zh: 双流区}\nsources:\n', encoding="utf-8")
    assert [entry.county for entry in building._together(entries)] == ["510116"]
    assert building._together(entries[1:]) == entries[1:]


def test_the_page_has_a_manifest_and_an_edited_one_is_set_aside(output: Path, tmp_path: Path) -> None:
    from analysis.run.build import manifest
    from analysis.run.build import site as of_run
    from analysis.run.commands import unaltered

    out = tmp_path / "out"
    shutil.copytree(output, out)
    (out / "index.html").unlink()
    page = of_run.update(out, "zh", "internal")
    written = page.read_bytes()
    parts = manifest.outputs((out / manifest.NAME).read_text(encoding="utf-8"))
    assert list(parts) == ["index.html"]
    wrong = {place.file for place in unaltered.places(out)}
    assert not wrong & {"index.html", manifest.NAME, of_run.STATE}
    page.write_bytes(written + b" ")
    assert "index.html" in {place.file for place in unaltered.places(out)}
    assert of_run.update(out, "zh", "internal") == page
    assert page.read_bytes() == written
    assert (out / "index.edited-1.html").read_bytes() == written + b" "
