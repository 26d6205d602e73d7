"""The command `junheng region`: documents, skipping by content, a county that can't be read, wrong requests."""

import json
import re
from pathlib import Path

import pypdfium2
import pytest

from analysis import cli
from analysis.run.build import manifest
from analysis.sample import write

FORMATS = "html,pdf,xlsx"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return raw statistics of three small counties, the last of which is an unreadable file."""
    folder = tmp_path_factory.mktemp("raw")
    write(folder, counties=2, years=(2023, 2024))
    sources = (folder / "sources.yml").read_text(encoding="utf-8")
    code = re.findall(r'^  "(\d{6})": ', sources, re.MULTILINE)[-1]
    third = f"{code[:4]}99"
    (folder / third).mkdir()
    (folder / third / "schools_2024.xlsx").write_bytes(b"no workbook")
    text = sources.replace("counties:\n", f'counties:\n  "{third}": {{zh: 坏县, en: Broken County}}\n', 1)
    (folder / "sources.yml").write_text(text, encoding="utf-8")
    return folder


def code_of(data: Path) -> str:
    return min(one.name for one in data.iterdir() if one.is_dir())[:2]


def run(data: Path, out: Path, *words: str) -> int:
    return cli.main(["region", code_of(data), "--data", str(data), "--out", str(out), "--formats", FORMATS, *words])


@pytest.fixture(scope="module")
def built(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    out = tmp_path_factory.mktemp("out")
    return out, run(data, out)


def folder_of(out: Path) -> Path:
    return next(out.glob("regions/*/2024"))


def test_a_county_that_cannot_be_read_is_named_and_the_others_stand(built: tuple[Path, int]) -> None:
    out, code = built
    assert code == 1
    told = json.loads((folder_of(out) / "results.json").read_text(encoding="utf-8"))
    states = {one["county"][4:]: one["state"] for one in told["counties"]}
    assert states.pop("99") == "failed"
    assert set(states.values()) == {"judged"}
    broken = next(one for one in told["counties"] if one["state"] == "failed")
    assert "schools_2024.xlsx" in broken["fault"]
    text = (folder_of(out) / "region.html").read_text(encoding="utf-8")
    assert "坏县" in text
    assert "数据未能读取" in text


def test_its_documents_are_whole(built: tuple[Path, int]) -> None:
    out, _ = built
    names = {"region.html", "region.pdf", "region.xlsx", "results.json", ".junheng.json", manifest.NAME, manifest.STATE}
    assert {one.name for one in folder_of(out).iterdir()} == names
    pdf = pypdfium2.PdfDocument(folder_of(out) / "region.pdf")
    first = pdf[0].get_textpage().get_text_range()
    assert "结论" in first
    assert "目录" not in first
    assert any("数据与方法" in mark.get_title() for mark in pdf.get_toc())
    html = (folder_of(out) / "region.html").read_text(encoding="utf-8")
    assert "gathered" not in html
    assert 'role="img"' in html


def test_it_is_built_again_until_every_county_can_be_read_and_then_left(
    built: tuple[Path, int], data: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out, _ = built
    broken = next(data.glob("*99/schools_2024.xlsx"))
    kept = broken.read_bytes()
    broken.unlink()
    try:
        assert run(data, out, "--formats", "html") == 0  # now a county without statistics, named as such
        assert "已生成" in capsys.readouterr().out
        before = {one.name: one.read_bytes() for one in folder_of(out).iterdir()}
        assert run(data, out, "--formats", "html") == 0
        assert "已是最新" in capsys.readouterr().out
        assert {one.name: one.read_bytes() for one in folder_of(out).iterdir()} == before
        told = json.loads(before["results.json"])
        assert [one["state"] for one in told["counties"]].count("absent") == 1
    finally:
        broken.write_bytes(kept)


@pytest.mark.parametrize(
    "words", [["98"], ["990101"], [""], ["99", "--year", "1999"], ["99", "--formats", "odt"], ["99", "--year", "x"]]
)
def test_a_wrong_request_is_one_line(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["region", *words, "--out", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_draft_is_marked_in_its_documents_and_results(data: Path, tmp_path: Path) -> None:
    assert run(data, tmp_path, "--formats", "html", "--status", "draft") == 1  # the broken county is listed
    assert "征求意见稿" in (folder_of(tmp_path) / "draft" / "region.html").read_text(encoding="utf-8")
    assert json.loads((folder_of(tmp_path) / "draft" / "results.json").read_text(encoding="utf-8"))["status"] == "draft"


def test_the_site_lists_it(built: tuple[Path, int], tmp_path: Path) -> None:
    from analysis.render import site
    from analysis.run.build.site import update

    out, _ = built
    found = site.regions(out, "internal", "zh")
    assert [(one.year, one.counties) for one in found] == [(2024, 3)]
    assert found[0].links[0][0].endswith("/2024/region.html")
    assert site.regions(out, "public", "zh") == []
    page = site.write(out).read_text(encoding="utf-8")
    assert f'href="{found[0].links[0][0]}"' in page
    (out / "index.html").unlink()
    with pytest.raises(Exception, match="报告"):
        update(out, "zh", "internal")  # a region alone makes no page


@pytest.mark.slow
def test_a_plan_is_a_variant_with_its_chapter(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--plan", "plan-8", "--formats", "html"]
    assert run(data, tmp_path, *words) == 1
    folder = next(tmp_path.glob("regions/*/2024/*plan-8"))
    told = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert told["plan"] == "plan-8"
    assert [one["year"] for one in told["plan_years"]] == [2023, 2024]
    assert "规划进度" in (folder / "region.html").read_text(encoding="utf-8")
    capsys.readouterr()
    assert run(data, tmp_path, "--plan", "plan-9") == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.slow
def test_the_form_of_a_review_is_built_and_never_written_over(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["review", code_of(data), "--data", str(data), "--out", str(tmp_path), "--engine", "embedded"]
    assert cli.main(words) == 1
    assert "schools_2024.xlsx" in capsys.readouterr().err
    form = next(tmp_path.glob("regions/*/2024/review.docx"))
    form.write_bytes(b"what the office wrote")
    assert cli.main(words) == 1  # it lacks a county: it is built again, and what the office wrote lies beside it
    assert form.with_name("review.edited-1.docx").read_bytes() == b"what the office wrote"
    capsys.readouterr()
    assert cli.main(["review", "--out", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
