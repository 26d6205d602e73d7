"""What a reader of a document meets, format by format, as parts that can be held beside those of another engine."""

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import lxml.html
import pypdfium2

from tests.render import browser, office

#: Windows of a desk, a tablet and a telephone, in CSS pixels.
WIDTHS = (1280, 800, 390)
Seen = dict[str, Any]
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?%?")
#: What a page of Quarto's own has beside the document: its contents and its title.
_AROUND = "//nav | //header | //script | //style"
#: Figures: drawings in the page, or pictures that it holds.
_FIGURES = "//figure//svg[@role='img'] | //figure//img"
#: Runs in the page: what lies on screen of each figure, in CSS pixels.
_DRAWN = "() => [...document.querySelectorAll('figure :is(svg[role=img], img)')].map(one => one.clientWidth)"
_OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def html(path: Path) -> Seen:
    """Return headings, numbers, tables and figures of a page, how far it scrolls sideways, what it asks the net for."""
    root = lxml.html.fromstring(path.read_text(encoding="utf-8"))
    for node in root.xpath(_AROUND):
        node.drop_tree()
    told: Seen = {
        "headings": [_words(one) for one in root.xpath("//h2|//h3|//h4")],
        "numbers": [(one.get("data-f"), _words(one)) for one in root.xpath("//*[@data-f]")],
        "tables": [[[_words(cell) for cell in row] for row in one.iter("tr")] for one in root.iter("table")],
        "captions": [_words(one) for one in root.xpath("//figcaption|//caption")],
        "described": [one.get("aria-label") or one.get("alt") for one in root.xpath(_FIGURES)],
    }
    return told | _on_screen(path)


def _on_screen(path: Path) -> Seen:
    over: dict[int, int] = {}
    asked: list[str] = []
    drawn: list[int] = []
    for width in WIDTHS:
        with browser.opened(path, viewport={"width": width, "height": 900}) as (page, complaints):
            over[width] = page.evaluate(_OVER)
            drawn = drawn or [round(one / 10) * 10 for one in page.evaluate(_DRAWN)]
            asked += complaints
    return {"sideways": over, "network": asked, "drawn": drawn}


def pdf(path: Path) -> Seen:
    """Return outline, text and figures of each page."""
    with pypdfium2.PdfDocument(path) as document:
        pages = [document[number] for number in range(len(document))]
        texts = [page.get_textpage().get_text_range() for page in pages]
        shapes = [sum(1 for _ in page.get_objects(filter=[5])) for page in pages]  # forms: figures drawn as vectors
        outline = [one.get_title() for one in document.get_toc()]
    return {
        "headings": outline,
        "numbers": [_NUMBER.findall(text) for text in texts],
        "text": texts,
        "drawn": shapes,
        "pages": len(texts),
    }


def docx(path: Path) -> Seen:
    """Return paragraphs with their styles, tables with their tints, drawings with texts and sizes, and the pages."""
    told = office.told(path)
    return {
        "headings": [text for style, text in told.paragraphs if style.startswith("Heading")],
        "text": told.paragraphs,
        "tables": told.tables,
        "described": [one.described for one in told.drawings],
        "drawn": [one.size for one in told.drawings],
        "doubled": office.doubled(path),
        "pages": _printed(path),
    }


def _printed(path: Path) -> int:
    """Return how many pages LibreOffice prints of an office document."""
    with tempfile.TemporaryDirectory() as scratch:
        profile = f"-env:UserInstallation={Path(scratch, 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", scratch, str(path)]
        subprocess.run(command, check=True, capture_output=True)
        with pypdfium2.PdfDocument(Path(scratch, path.with_suffix(".pdf").name)) as document:
            return len(document)


def _words(node: Any) -> str:
    return re.sub(r"\s+", "", node.text_content())


READERS = {"html": html, "pdf": pdf, "docx": docx}
#: Faults by themselves, whatever the other document has.
NONE_OF = ("network", "doubled")


def differing(ours: Seen, theirs: Seen) -> list[str]:
    """Return what of `theirs` is not as in `ours`: parts by name, with how much; nothing where all is the same."""
    found = []
    for part, mine in ours.items():
        other = theirs[part]
        if part == "pages":
            if abs(mine - other) > 1:
                found.append(f"pages {mine}/{other}")
        elif part == "sideways":
            found += [f"scrolls at {width}: {over}" for width, over in other.items() if over > 0]
        elif part in NONE_OF:
            found += [f"{part} {len(other)}"] if other else []
        elif mine != other:
            found.append(f"{part} {_share(mine, other)}")
    return found


def _share(mine: list[Any], other: list[Any]) -> str:
    """Return how many of two lists stand in the same place in both, of how many."""
    same = sum(one == another for one, another in zip(mine, other, strict=False))
    return f"{same} of {len(mine)}/{len(other)}"
