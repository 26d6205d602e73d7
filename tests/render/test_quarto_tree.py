"""Our document as Quarto hands it to the project's last filters, kept as a file: they and docx.py make of it the DOCX
of the other engine. So a fault in them shows where Quarto is not installed; test_quarto.py holds the rest.

With Quarto, `JUNHENG_GOLDEN=write pytest tests/render/test_quarto_tree.py` writes the file anew.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from analysis.project import root
from analysis.render import docx, pandoc, pick, quarto, render, zips
from tests.render import handmade, office

KEPT = Path(__file__).with_name("quarto_tree.json")
SCHOOLS = 3
PICTURE = "docx_files/figure-docx/fig-schools-output-1.png"
DUMP = """function Pandoc(doc)
  local file = io.open("tree.json", "w")
  file:write(pandoc.write(doc, "json"))
  file:close()
end
"""


def last_filters() -> list[str]:
    """Return the names of the filters that Quarto runs after its own."""
    known = yaml.safe_load((root() / "_quarto.yml").read_text(encoding="utf-8"))["filters"]
    return [Path(one["path"]).stem for one in known if one["at"] == "post-render"]


def write_anew(folder: Path) -> None:
    quarto._lay_out(folder)
    settings = yaml.safe_load((folder / "_quarto.yml").read_text(encoding="utf-8"))
    first = next(place for place, one in enumerate(settings["filters"]) if one["at"] == "post-render")
    settings["filters"].insert(first, {"path": "dump.lua", "at": "post-render"})
    (folder / "_quarto.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    (folder / "dump.lua").write_text(DUMP, encoding="utf-8")
    prepared = quarto._prepared(handmade.notebook(schools=SCHOOLS), "docx", handmade.META)
    nbformat.write(prepared, folder / "docx.ipynb")
    quarto._run(folder, handmade.META)
    tree = json.loads((folder / "tree.json").read_text(encoding="utf-8"))
    known = ("title", "subtitle", "brief", "lang")
    tree["meta"] = {key: value for key, value in tree["meta"].items() if key in known}
    KEPT.write_text(json.dumps(tree, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def finished(tree: Any, folder: Path) -> Path:
    """Return the DOCX that the project's last filters and its finishing step make of a tree."""
    picture = folder / PICTURE
    picture.parent.mkdir(parents=True)
    picture.write_bytes(handmade.pictures()[1])
    path = folder / "kept.docx"
    reference = f"--reference-doc={root() / 'reports' / 'reference.docx'}"
    arguments = [f"--output={path}", reference, *pandoc.filters(*last_filters())]
    pandoc.convert(json.dumps(tree), "json", "docx", {}, arguments, folder)
    path.write_bytes(docx.finish(path.read_bytes(), handmade.META))
    return path


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Any:
    if os.environ.get("JUNHENG_GOLDEN") == "write" and shutil.which("quarto"):
        write_anew(tmp_path_factory.mktemp("anew"))
    return json.loads(KEPT.read_text(encoding="utf-8"))


def test_what_quarto_hands_over_becomes_the_same_office_document(kept: Any, tmp_path: Path) -> None:
    notebook = handmade.notebook(schools=SCHOOLS)
    ours = office.told(render(notebook, tmp_path, ("docx",), pick("embedded"), handmade.META)["docx"])
    theirs = office.told(finished(kept, tmp_path))
    assert theirs == ours
    assert [one.described for one in theirs.drawings] == [handmade.ALT]
    assert len(theirs.tables) == 3  # the cards, the coefficients, the schools


def test_chapters_within_cells_begin_their_pages(tmp_path: Path) -> None:
    """By hand: a page after the conclusion, and one before the annexes; the second annex follows the first."""
    chapters = ("结论 {.unnumbered}", "基本情况", "存在的问题", "各校 {.annexed}", "来源 {.annexed}")
    text = "\n".join(f":::: {{.cell}}\n::: {{.cell-output}}\n# {name}\n:::\n::::\n" for name in chapters)
    body = pandoc.convert(text, "markdown", "typst", {}, pandoc.filters("restore", "contents"), tmp_path)
    parts = body.split("#pagebreak(weak: true)")
    assert [part.strip().splitlines()[-1] for part in parts] == ["<结论>", "<存在的问题>", "<来源>"]


def test_an_apostrophe_stays_one(tmp_path: Path) -> None:
    body = pandoc.convert("The county\u2019s 1. own", "markdown", "typst", {}, pandoc.filters("exact"), tmp_path)
    assert "county\u2019s 1" in body


def test_no_property_stands_twice(kept: Any, tmp_path: Path) -> None:
    path = finished(kept, tmp_path)
    assert office.doubled(path) == []


def test_a_property_that_stands_twice_is_found(kept: Any, tmp_path: Path) -> None:
    path = finished(kept, tmp_path)
    parts = zips.read(path.read_bytes())
    once = b'<w:jc w:val="center"/>'
    assert once in parts["word/document.xml"]
    parts["word/document.xml"] = parts["word/document.xml"].replace(once, once * 2, 1)
    path.write_bytes(zips.write(parts))
    assert len(office.doubled(path)) == 1


def test_quarto_leaves_no_trace_of_a_machine(kept: Any) -> None:
    text = json.dumps(kept)
    assert not any(word in text for word in ("/tmp/", "/home/", "/work", "quarto-private"))
