"""A region's report: counts as on paper, the counties' own findings and no others, nothing hidden, nothing invented."""

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest
import yaml

from analysis import project, regions, sources
from analysis.render import region as beside
from analysis.sources import County
from analysis.tell import Report
from analysis.tell.documents.region import Gathered, RegionReport, gather, of_gathered
from analysis.tell.documents.region import gathering as parts
from analysis.tell.documents.region.counties import Holding
from analysis.tell.documents.region.figures import columns_of, heads
from analysis.tell.facts.obstacles import obstacles
from analysis.tell.language import numbers, wording
from tests.tell.conftest import school, small

CHAPTERS = ("conclusion", "fields", "coefficients", "changes", "quality", "schools", "recognition", "published", "data")
FIGURES = ("grid", "coefficients")
PLENTY = [school(f"{number}") for number in range(3)]


def gathered(*counties: tuple[County, Report | None, str]) -> Gathered:
    """Return what is gathered of counties given with their reports (None: no statistics) and states."""
    found = []
    for county, report, state in counties:
        if report is None:
            found.append(
                {"counties": parts._county_row(county, state, fault="坏了" if state == parts.FAILED else None)}
            )
            continue
        made = parts.of_report(report, county, state)
        found.append({name: frame.with_columns(county=pl.lit(county.code)) for name, frame in made.items()})
    names = ("counties", "findings", "schools", "matters", "composites", "sources")
    return Gathered(*(pl.concat(one[name] for one in found if name in one) for name in names))


def county(code: str, **words: Any) -> County:
    return County(code, f"{code[-1]}县", f"County {code[-1]}", synthetic=True, **words)


def region_of(*counties: tuple[County, Report | None, str], year: int = 2024, **words: Any) -> RegionReport:
    region = regions.Region("9907", "试验市", "Trial City", tuple(one for one, _, _ in counties))
    return of_gathered(region, gathered(*counties), year, **words)


def poor(year: int = 2024) -> list[dict[str, Any]]:
    """Return three schools of which one has a quarter of its floor in sports area: 187.5 of 750 square metres."""
    return [school("0", year, sports_area=187.5), school("1", year), school("2", year)]


@pytest.fixture(scope="module")
def paper() -> RegionReport:
    """Five counties: two fail, one of them since this year alone; one has older data; one none; one can't be read."""
    better = small([*poor(2023), *PLENTY])
    return region_of(
        (county("990701", acceptance=2024), small(poor()), parts.JUDGED),
        (county("990702"), small([*[school(f"{n}", 2023) for n in range(3)], *poor()]), parts.JUDGED),
        (county("990703"), small([school(f"{n}", 2023) for n in range(3)]), parts.JUDGED),
        (county("990704"), None, parts.ABSENT),
        (county("990705"), None, parts.FAILED),
        (county("990706"), better, parts.JUDGED),
    )


def test_counties_are_counted_as_on_paper(paper: RegionReport) -> None:
    counts = paper.counts
    assert (counts["counties"], counts["state.judged"], counts["state.absent"], counts["state.failed"]) == (6, 4, 1, 1)
    assert [one.code for one in paper.older] == ["990703"]
    # No county has government figures or monitoring: none can meet the standard, two fail.
    assert (counts["overall.not_met"], counts["overall.no_data"], counts["overall.met"]) == (2, 2, 0)
    assert (counts["resources.not_met"], counts["resources.met"]) == (2, 2)
    assert counts["unmet.resources.schools.primary"] == 2
    # 12 schools, of which two miss the rule: at 25 % of one floor the remaining indicator is below 85 %.
    assert (counts["schools.primary"], counts["schools.primary.met"], counts["schools.primary.not_met"]) == (12, 10, 2)
    assert counts["due"] == 1


def test_what_holds_them_back_is_summed_in_countable_things(paper: RegionReport) -> None:
    thing = next(one for one in paper.things if one.kind == "indicator")
    assert [one.code for one in thing.counties] == ["990701", "990702"]
    # 100 pupils times 7.5 less 187.5 is 562.5, in each of two schools rounded up.
    assert (thing.schools, thing.missing) == (2, 2 * 563)
    assert paper.holding[0].counties


def test_no_data_is_not_failure(paper: RegionReport) -> None:
    named = {one.code for held in paper.holding for one in held.counties}
    assert named == {"990701", "990702"}
    text = paper.chapter("conclusion").text
    assert "没有统计数据的" in text
    assert "没有数据不等于未达到" in text
    assert "坏了" in paper.chapter("data").text


def test_turns_and_changes_are_those_of_the_paper(paper: RegionReport) -> None:
    assert [(one.county.code, one.then.verdict, one.now.verdict) for one in paper.turned] == [
        ("990706", "not_met", "no_data"),
        ("990702", "no_data", "not_met"),
    ]
    changed = {(one.county.code, one.now.indicator) for one in paper.moves if one.changed}
    assert changed == {("990702", "sports_area"), ("990706", "sports_area")}
    # Values 1.875, 15 and 15 of equal schools: mean 10.625, deviation 6.187, coefficient 0.582 above 0.50.
    move = next(one for one in paper.crossed if one.county.code == "990702")
    assert move.now.value == pytest.approx(0.5823, abs=1e-4)
    assert move.difference == pytest.approx(0.5823, abs=1e-4)


@pytest.mark.parametrize(("value", "changed"), [(0.0101, True), (0.01, True), (0.0099, False)])
def test_a_coefficient_changed_from_a_hundredth_on(paper: RegionReport, value: float, changed: bool) -> None:
    from dataclasses import replace

    move = paper.moves[0]
    moved = replace(move, now=replace(move.now, value=0.3 + value), then=replace(move.then, value=0.3))
    assert moved.changed is changed


def test_the_region_has_no_verdict_and_no_coefficient(paper: RegionReport) -> None:
    told = beside.results(paper)
    assert all(one["id"].startswith("9907") and one["id"][4] in ":0" for one in told["findings"] + told["counts"])
    assert all(":" in one["id"] and one["id"].partition(":")[0] == one["county"] for one in told["findings"])
    assert all(isinstance(one["value"], int) for one in told["counts"])


def shown(region: RegionReport) -> str:
    tables = [region.table(name) for name in beside.TABLES]
    figures = [region.figure(name) for name in FIGURES]
    said = [f"{one.caption} {one.alt}" for one in figures if one]
    return "\n".join(
        [*(region.chapter(name).text for name in CHAPTERS), *(one.markdown() for one in tables if one), *said]
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("audience", ["internal", "public"])
def test_no_text_has_a_hole_and_the_public_sees_no_school(paper: RegionReport, lang: str, audience: str) -> None:
    told = of_gathered(paper.region, paper.gathered, 2024, lang=lang, audience=audience)
    text = shown(told)
    assert not re.search(r"\b(nan|None|null|inf)\b|\{\{|\}\}", text)
    assert not re.search("。。|，，|，。|；。|：。|、。", text)
    assert ("0小学" in text) is (audience == "internal")
    results = beside.results(told)
    jsonschema.validate(results, beside.schema())
    if audience == "public":
        assert not [one["id"] for one in results["findings"] if one["evidence"]]


def spans(text: str) -> list[tuple[str, str, str]]:
    """Return shown text, finding id and kind of each number in a text."""
    found = re.findall(r"\[([^\[\]]*)\]\{\.n f=\"([^\"]+)\"(?: k=(\w+))?\}", text)
    return [(said, id, kind) for said, id, kind in found]


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("processed")


@pytest.fixture(scope="module")
def city(processed: Path) -> RegionReport:
    catalogue = sources.load(project.raw())
    region = regions.find_region(catalogue, "9901")
    some = regions.Region(region.code, region.zh, region.en, region.counties[:1] + region.counties[5:7])
    kept = gather(catalogue, some, 2024, "national-2017", processed=processed)
    return of_gathered(some, kept, 2024)


@pytest.mark.parametrize("code", ["990101", "990106", "990107"])
def test_every_county_says_what_its_own_report_says(
    city: RegionReport, sample: Callable[..., Report], code: str
) -> None:
    own = sample(code)
    mine = city.gathered.findings.filter(county=code)
    whole = own.history.filter(pl.col("school").is_null() & pl.col("year").is_in([own.year, own.before]))
    assert mine.sort("year", "id").equals(whole.sort("year", "id"))
    told = next(one for one in city.counties if one.code == code)
    for stage in own.stage_ids:
        unmet = own.now.where(item="school_rule", stage=stage, verdict="not_met")
        assert sorted(told.rule(stage, "not_met")) == sorted(own.school(one.school or "") for one in unmet)
    weights = city.gathered.matters.filter(county=code)
    assert weights["weight"].to_list() == [one.weight for one in obstacles(own)]
    assert weights["missing"].to_list() == [one.missing for one in obstacles(own)]


def test_every_number_in_the_text_is_one_of_the_results(city: RegionReport) -> None:
    results = beside.results(city)
    counts = {one["id"]: one["value"] for one in results["counts"]}
    findings = {one["id"]: one for one in results["findings"]}
    seen = 0
    for name in CHAPTERS:
        for said, id, kind in spans(city.chapter(name).text):
            if kind == "count":
                assert said == numbers.whole(counts[id]), id
                seen += 1
            elif kind == "missing":
                assert id in counts
            elif kind in {"", "before"}:
                assert id in findings
    assert seen > 30


def test_cells_bear_the_findings_of_their_county(city: RegionReport) -> None:
    findings = {one["id"]: one for one in beside.results(city)["findings"]}
    table = city.table("coefficients_junior")
    assert table is not None
    for row, values in zip(table.body[1:], table.frame.rows()[1:], strict=True):
        for cell, value in zip(row[1:], values[1:], strict=True):
            assert value is None or findings[cell.finding]["value"] == value
    assert [cell.text for cell in table.body[0][1:]] == ["0.45"] * 7


def test_a_single_school_has_no_coefficient_to_show(city: RegionReport, sample: Callable[..., Report]) -> None:
    single = next(
        code for code in ("990106", "990107") if sample(code).now.where(item="cv_sports_area", verdict="not_applicable")
    )
    table = city.table("coefficients_junior")
    assert table is not None
    row = next(cells for cells in table.body if cells[0].text == sample(single).name)
    assert {cell.text for cell in row[1:]} == {"不适用"}
    figure = city.figure("coefficients")
    assert figure is not None
    assert figure.data.filter(county=sample(single).name, stage="junior").is_empty()


def test_a_composite_is_told_without_a_figure_and_a_planned_year_is_of_its_own_certificate() -> None:
    """By the standard of 2012 there is one coefficient a stage, and 2024 was planned for another certificate."""
    told = {
        standard: region_of(
            (county("990701", acceptance=2024), small(poor(), standard=standard), parts.JUDGED), standard=standard
        )
        for standard in ("national-2012", "national-2017")
    }
    for standard, region in told.items():
        chapter = region.chapter("coefficients").text
        assert ("fig-region-coefficients" in chapter) == (region.figure("coefficients") is not None)
        assert (region.figure("coefficients") is None) == (standard == "national-2012")
        assert len(region.due) == (standard == "national-2017")
        table = region.table("fields")
        assert table is not None
        assert ("acceptance" in table.columns) == (standard == "national-2017")
        # The standard of 2012 judges neither quality nor recognition: neither is counted, nor has a column.
        cards = region.chapter("conclusion").text
        for field, said in (("quality", "教育质量"), ("recognition", "社会认可度")):
            assert (field in table.columns) == (said in cards) == (standard == "national-2017")


@pytest.mark.parametrize(("stage", "said"), [("primary", "小学校际综合"), ("junior", "初中校际综合")])
def test_a_composite_over_its_limit_is_told_with_its_stage(paper: RegionReport, stage: str, said: str) -> None:
    row: dict[str, Any] = {
        "county": "990701",
        "kind": "composite",
        "item": "cv_composite",
        "stage": stage,
        "weight": 1.0,
        "over": True,
    }
    row |= {"schools": 0, "missing": 0, "id": f"resources.cv_composite.{stage}"}
    matters = pl.DataFrame([row], schema=paper.gathered.matters.schema)
    told = of_gathered(paper.region, dataclasses.replace(paper.gathered, matters=matters), 2024)
    assert f"{said}差异系数高于上限" in told.chapter("conclusion").text


def test_published_counties_stand_apart() -> None:
    catalogue = sources.load(project.raw())
    region = regions.find_region(catalogue, "34")
    told = of_gathered(region, gather(catalogue, region, 2012, "national-2017"), 2012)
    assert told.counts["state.judged"] == 0
    assert (told.counts["composites"], told.counts["composites.met"]) == (4, 4)
    assert told.base.standard.id == "national-2012"
    table = told.table("published")
    assert table is not None
    assert table.frame["published"].to_list() == [0.592, 0.314, 0.417, 0.493]
    assert told.table("fields") is None
    assert not re.search(r"未达到", told.chapter("conclusion").text)
    jsonschema.validate(beside.results(told), beside.schema())


def test_what_was_gathered_is_read_as_it_was_written(paper: RegionReport, tmp_path: Path) -> None:
    paper.gathered.write(tmp_path / "gathered")
    again = parts.read(tmp_path / "gathered")
    for name in ("counties", "findings", "schools", "matters", "composites", "sources"):
        assert getattr(again, name).equals(getattr(paper.gathered, name))


def test_a_county_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    for code in ("990701", "990702"):
        (tmp_path / code).mkdir()
        (tmp_path / code / "schools_2024.xlsx").write_bytes(b"no workbook")
    listed = {"counties": {"990701": {"zh": "甲县"}, "990702": {"zh": "乙县"}}}
    (tmp_path / "sources.yml").write_text(yaml.safe_dump(listed, allow_unicode=True), encoding="utf-8")
    catalogue = sources.load(tmp_path)
    found = gather(catalogue, regions.find_region(catalogue, "99"), 2024, "national-2017", processed=tmp_path / "p")
    assert [county for county, _ in found.failed] == ["990701", "990702"]
    assert all("schools_2024.xlsx" in fault for _, fault in found.failed)


def test_schools_are_called_as_in_the_language_asked_for(processed: Path) -> None:
    catalogue = sources.load(project.raw())
    region = regions.find_region(catalogue, "9901")
    some = dataclasses.replace(region, counties=region.counties[:1])
    names = {
        lang: gather(catalogue, some, 2024, "national-2017", lang, processed).schools["name"].to_list()
        for lang in ("zh", "en")
    }
    assert "青溪县中山路小学" in names["zh"]
    assert not [name for name in names["en"] if re.search("[\u4e00-\u9fff]", name)]


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_the_public_is_not_told_how_an_office_names_its_files(paper: RegionReport, audience: str) -> None:
    row: dict[str, Any] = {
        "county": "990701",
        "file": "990701/双桥小学上报.xlsx",
        "title": "双桥小学上报表",
        "publisher": "",
        "date": "",
    }
    row |= {"table": "schools", "year": 2024, "registered": True, "sha256": "0" * 64}
    files = pl.DataFrame([row], schema=paper.gathered.sources.schema)
    told = of_gathered(paper.region, dataclasses.replace(paper.gathered, sources=files), 2024, audience=audience)
    (said,) = beside.results(told)["sources"]
    (shown_file,) = told.base.source_files
    assert (said["file"], said["title"]) == (shown_file.file, shown_file.title)
    assert ("双桥" in said["file"] + said["title"]) is (audience == "internal")
    assert said["sha256"] == row["sha256"]


def test_the_grid_draws_no_more_than_a_page(paper: RegionReport) -> None:
    figure = paper.figure("grid")
    assert figure is not None
    assert set(figure.data["county"]) == {"1县", "2县", "3县", "6县"}
    assert figure.data.filter(county="1县", item="resources.cv_sports_area.primary")["verdict"].to_list() == ["not_met"]
    assert figure.images[1].startswith(b"\x89PNG")


def holding(paper: RegionReport, *numbers: int) -> RegionReport:
    """Return a region whose items are not met by so many counties each."""
    told = dataclasses.replace(paper)
    held = [Holding(f"item{place}", f"第{place}项", tuple(paper.counties[:many])) for place, many in enumerate(numbers)]
    told.__dict__["holding"] = held
    return told


@pytest.mark.parametrize(
    ("numbers", "named"),
    [((5, 4, 3, 2), 3), ((5, 4, 3, 3), 2), ((5, 3, 3, 3, 3), 1), ((2, 2, 2, 2), 0), ((2, 2, 2), 3), ((4,), 1), ((), 0)],
)
def test_no_item_is_named_where_as_many_counties_miss_one_that_is_not(
    paper: RegionReport, numbers: tuple[int, ...], named: int
) -> None:
    told = holding(paper, *numbers)
    assert len(told.leading) == named
    assert told.counts["next"] == (numbers[named] if named < len(numbers) else 0)


def test_items_that_tie_are_counted_and_not_named(paper: RegionReport) -> None:
    text = paper.chapter("conclusion").text
    said = re.sub(r"\[([^\[\]]*)\]\{[^}]*\}", r"\1", text)
    assert len({len(held.counties) for held in paper.holding}) == 1
    assert "项有县区未达到，最多的是" in said  # two items, both named
    assert "其余各项" not in said


def test_over_many_counties_the_report_sums_up_and_the_workbook_lists(
    paper: RegionReport, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rules = wording.emphasis()
    in_workbook = ("coefficients_primary", "schools", "lacking", "counties")
    for most, many in ((4, False), (3, True)):
        monkeypatch.setitem(rules, "region", rules["region"] | {"many": most})
        told = of_gathered(paper.region, paper.gathered, 2024)
        assert told.many is many
        assert [told.table(name) is None for name in in_workbook] == [many] * len(in_workbook)
        assert (told.table("lacking_sums") is not None) is many
        assert ("schools_primary" in told.table("fields").columns) is many  # type: ignore[union-attr]
        text = shown(told)
        assert set(re.findall(r"\[@tbl-region-([a-z-]+)", text)) <= {
            one.replace("_", "-") for one in (*beside.TABLES, "subjects", "lacking_sums") if told.table(one)
        }
        whole = dataclasses.replace(told, full=True)
        assert all(whole.table(name) is not None for name in in_workbook)
    row = told.table("lacking_sums").frame.row(0, named=True)  # type: ignore[union-attr]
    # 562.5 square metres in each of two schools of two counties, rounded up.
    assert (row["number"], row["schools"], row["missing"]) == (2, 2, 2 * 563)


@pytest.mark.parametrize(
    ("names", "staggered"),
    [(["青溪县"] * 8, False), (["青溪县"] * 9, False), (["Qingxi County"] * 8, False), (["Qingxi County"] * 9, True)],
)
def test_heads_of_columns_stand_upright_lie_abreast_or_by_turns(names: list[str], staggered: bool) -> None:
    told = heads(names)
    assert told.staggered is staggered
    assert ("\n" in told.names[0]) is (len(names) > 8 or "County" in names[0])
    assert columns_of(names) == len(names)
    assert columns_of(names * 10) < len(names) * 10
