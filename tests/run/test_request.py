"""A request: what its words mean, and that every fault is one line which says what to do."""

from pathlib import Path

import pytest

from analysis.errors import RequestError
from analysis.run.request import FILES, Request, resolve


def asked(raw: Path, county: str = "990101", **words: str) -> Request:
    return resolve(county, data=str(raw), **words)


def test_empty_words_mean_the_defaults(raw: Path) -> None:
    request = asked(raw, year="", standard="", plan="", audience="", lang="", formats="", engine="", out="")
    assert (request.county.code, request.year) == ("990101", 2024)
    assert (request.standard, request.plan, request.audience, request.lang) == ("national-2017", "", "internal", "zh")
    assert request.formats == tuple(FILES)
    assert request.folder.parts[-4:] == ("reports", "output", "990101", "2024")
    assert request.data == raw


def test_language_follows_the_environment(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT_LANG", "en")
    assert asked(raw).lang == "en"
    assert asked(raw, lang="zh").lang == "zh"


def test_an_unknown_plan_is_told_with_the_plans_there_are(raw: Path) -> None:
    with pytest.raises(RequestError, match="规划") as told:
        asked(raw, plan="plan-99")
    assert "plan-1, plan-2" in str(told.value)
    assert "national-" not in str(told.value)
    with pytest.raises(RequestError, match="national-2012"):
        asked(raw, standard="plan-99")


@pytest.mark.parametrize("name", ["990101", "青溪县", "青溪", "qingxi", " 990101 "])
def test_a_county_is_meant_by_code_name_or_prefix(raw: Path, name: str) -> None:
    assert asked(raw, name).county.code == "990101"


@pytest.mark.parametrize(
    ("words", "folder"),
    [
        ({"lang": "en"}, "internal-en-national-2017"),
        ({"audience": "public"}, "public-zh-national-2017"),
        ({"standard": "national-2012"}, "internal-zh-national-2012"),
        ({"standard": "national-2017", "lang": "zh"}, "2024"),
    ],
)
def test_a_variant_lies_in_a_folder_of_its_own(raw: Path, words: dict[str, str], folder: str) -> None:
    assert asked(raw, **words).folder.name == folder


def test_a_plan_of_ones_own_names_the_folder_by_its_file(raw: Path, tmp_path: Path) -> None:
    plan = tmp_path / "our-plan.yml"
    plan.write_text("extends: national-2017\n", encoding="utf-8")
    assert asked(raw, plan=str(plan)).folder.name == "internal-zh-national-2017-our-plan"


def test_formats_come_in_their_own_order_and_once(raw: Path) -> None:
    assert asked(raw, formats="pdf, HTML,pdf").formats == ("html", "pdf")
    assert asked(raw, formats="xlsx").files == ("annex.xlsx", "report.ipynb", "results.json")


@pytest.mark.parametrize(
    ("county", "words", "told"),
    [
        ("", {}, "请指明县区"),
        ("  ", {}, "请指明县区"),
        ("青", {}, "青溪县(990101)"),
        ("清溪县", {}, "青溪县(990101)"),
        ("990109", {}, "99010"),
        ("../../x", {}, "../../x"),
        ("$(shell id)", {}, "$(shell id)"),
        ("`id`", {}, "`id`"),
        ("x; id", {}, "x; id"),
        ("a'b\"c", {}, "a'b\"c"),
        ("{county}", {}, "{county}"),
        ("x\n\x1b[31my", {}, "x"),
        ("无数县", {}, "990103"),
        ("990101", {"year": "2023"}, "2022, 2024"),
        ("990101", {"year": "last"}, "2022, 2024"),
        ("990101", {"year": "２０２４"}, "2022, 2024"),
        ("990101", {"formats": "html,ppt"}, "html, pdf, docx, xlsx"),
        ("990101", {"audience": "all"}, "internal, public"),
        ("990101", {"lang": "fr"}, "zh, en"),
        ("990101", {"engine": "word"}, "auto, quarto, embedded"),
        ("990101", {"standard": "national-1999"}, "national-2017"),
        ("990101", {"plan": "no-such.yml"}, "no-such.yml"),
    ],
)
def test_a_fault_is_one_line_that_says_what_to_do(raw: Path, county: str, words: dict[str, str], told: str) -> None:
    with pytest.raises(RequestError) as fault:
        asked(raw, county, **words)
    said = str(fault.value)
    assert told in said
    assert said.isprintable()
    assert fault.value.exit_code == 2


def test_a_missing_raw_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="nowhere"):
        resolve("990101", data=str(tmp_path / "nowhere"))
