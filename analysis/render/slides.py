"""The figures and tables of a report, one by one, for slides: each figure as PNG and SVG, each table as a sheet."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import html

from analysis.brand import brand
from analysis.render.whole_workbook import AS_TYPED, WholeWorkbook

TABLES, CAPTIONS = "tables.xlsx", "captions.txt"
_TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
_ID = re.compile(r"#(?P<id>tbl-[\w-]+)")
_NUMBER = re.compile(r"[-−]?\d{1,3}(,\d{3})+(\.\d+)?|[-−]?\d+(\.\d+)?")
_ENDINGS = {"image/png": "png", "image/svg+xml": "svg"}


def write(notebook: Path, folder: Path) -> list[str]:
    """Write the figures and tables of an executed notebook into a folder; return the names of the files."""
    outputs = [
        output
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
    ]
    names, captions = [], []
    for output in outputs:
        drawn = output.get("metadata", {}).get("junheng")
        if not drawn:
            continue
        captions.append(f"{drawn['id']}　{drawn['caption']}")
        for kind, ending in _ENDINGS.items():
            content = output.get("data", {}).get(kind)
            if content:
                names.append(f"{drawn['id']}.{ending}")
                (folder / names[-1]).write_bytes(_bytes(content, kind))
    tables = list(_tables(outputs))
    captions += [f"{name}　{caption}" for name, caption, _ in tables]
    if tables:
        _book(tables, folder / TABLES)
        names.append(TABLES)
    (folder / CAPTIONS).write_text("\n".join([*captions, ""]), encoding="utf-8")
    return [*names, CAPTIONS]


def _bytes(content: str | list[str], kind: str) -> bytes:
    text = content if isinstance(content, str) else "".join(content)
    return base64.b64decode(text) if kind == "image/png" else text.encode()


def _tables(outputs: list[dict[str, Any]]) -> Iterator[tuple[str, str, list[list[str]]]]:
    """Yield id, caption and rows of each table, the heads first."""
    for output in outputs:
        text = output.get("data", {}).get("text/markdown", "")
        text = text if isinstance(text, str) else "".join(text)
        for match in _TABLE.finditer(text):
            ids = _ID.findall(text[: match.start()])
            table = html.fromstring(match[0])
            caption = next((each.text_content().strip() for each in table.iter("caption")), "")
            rows = [[cell.text_content().strip() for cell in row.iter("th", "td")] for row in table.iter("tr")]
            yield (ids[-1] if ids else f"tbl-{match.start()}"), caption, rows


def _book(tables: list[tuple[str, str, list[list[str]]]], path: Path) -> None:
    with WholeWorkbook(path, AS_TYPED) as book:
        bold = book.add_format({"bold": True, "bg_color": brand().colours["faint"], "border": 1})
        plain = book.add_format({"border": 1})
        for number, (name, caption, rows) in enumerate(tables, start=1):
            page = book.add_worksheet(f"{number} {name.removeprefix('tbl-')}"[:31])
            page.write_string(0, 0, caption, book.add_format({"bold": True, "font_size": 12}))
            for line, row in enumerate(rows, start=1):
                for place, text in enumerate(row):
                    if line > 1 and _NUMBER.fullmatch(text):
                        page.write_number(line, place, float(text.replace(",", "").replace("−", "-")), plain)
                    else:
                        page.write_string(line, place, text, bold if line == 1 else plain)
            page.autofit()
