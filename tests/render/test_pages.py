"""The page in a browser: offline, without complaint, sorted, filtered, printed, in dark, without script."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.render.browser import needs_browser, opened

pytestmark = needs_browser
SCHOOLS = "#tbl-schools-primary"


@pytest.fixture(scope="module")
def path(built: Path) -> Path:
    return built / "report.html"


def column(page: Any, number: int) -> list[str]:
    cells: list[str] = page.locator(f"{SCHOOLS} tbody tr:not([hidden]) td:nth-child({number})").all_inner_texts()
    return cells


def test_one_visit(path: Path) -> None:
    """Everything that needs script, in one visit: starting the browser is what takes the time."""
    with opened(path, viewport={"width": 1280, "height": 900}) as (page, complaints):
        assert page.title()
        assert page.locator("nav.contents a").count() > 8

        page.locator(f"{SCHOOLS} th:nth-child(2) button").click()
        pupils = [int(text.replace(",", "")) for text in column(page, 2)]
        assert pupils == sorted(pupils)
        page.locator(f"{SCHOOLS} th:nth-child(2) button").click()
        assert column(page, 2)[0] == f"{max(pupils):,}"
        assert page.locator(f"{SCHOOLS} th:nth-child(2)").get_attribute("aria-sort") == "descending"

        tools = page.locator(f".tools:has(+ .table-box {SCHOOLS})")
        tools.locator("input[type=search]").fill("九年一贯")
        assert 0 < len(column(page, 1)) < len(pupils)
        assert all("九年一贯" in name for name in column(page, 1))
        tools.locator("input[type=search]").fill("")
        tools.locator("input[type=checkbox]").check()
        assert 0 < len(column(page, 1)) < len(pupils)
        assert page.locator(f"{SCHOOLS} tbody tr:not([hidden]):not(:has(td.not-met))").count() == 0
        tools.locator("input[type=checkbox]").uncheck()

        page.locator("nav.contents a").nth(3).click()
        page.wait_for_function("document.querySelector('nav.contents a[aria-current]')")
        assert page.locator("nav.contents a[aria-current]").count() == 1
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0
        assert page.evaluate("[...document.images].every((image) => image.complete && image.naturalWidth > 0)")
        assert complaints == []


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390), ("light", 800)])
def test_axe_finds_no_fault(path: Path, scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    with opened(path, color_scheme=scheme, viewport={"width": width, "height": 900}) as (page, _):
        found = axe.Axe().run(page).response
    assert len(found["passes"]) > 20
    assert [(one["id"], one["impact"]) for one in found["violations"]] == []


def test_it_prints(path: Path, tmp_path: Path) -> None:
    import pypdfium2

    with opened(path) as (page, complaints):
        page.pdf(path=tmp_path / "print.pdf", prefer_css_page_size=True)
        assert complaints == []
    pages = [one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(tmp_path / "print.pdf")]
    text = "".join(pages)
    # On each page that the table of schools takes, its head is there, the last column too.
    schools = [page for page in pages if len(re.findall(r"(?:小学|教学点|中学)\s[\d,]+\s[\d.]+\s", page)) > 5]
    assert len(schools) > 1
    assert all("在校生" in page and "达标项数" in page and "结论" in page for page in schools)
    assert "校际差异" in text
    assert "筛选" not in text


def test_it_reads_without_script_on_a_phone_in_the_dark(path: Path) -> None:
    options: dict[str, Any] = {
        "java_script_enabled": False,
        "color_scheme": "dark",
        "viewport": {"width": 390, "height": 800},
    }
    with opened(path, **options) as (page, complaints):
        assert page.locator(f"{SCHOOLS} tbody tr").count() > 20
        assert page.locator(".verdict").is_visible()
        assert complaints == []
