"""What an open document hides and says beside its values: small parts written by hand, each with what is right."""

import io
import zipfile
from pathlib import Path

import pytest
import python_calamine

from analysis.read import grid

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)
_KIND = "application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_KIND}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
_CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
_STYLES = """
<style:style style:name="flat" style:family="table-row"><style:table-row-properties style:row-height="0cm"/>
</style:style><style:style style:name="narrow" style:family="table-column">
<style:table-column-properties style:column-width="0in"/></style:style>
<style:style style:name="unseen" style:family="table"><style:table-properties table:display="false"/></style:style>
<style:style style:name="usual" style:family="table-row"><style:table-row-properties style:row-height="0.5cm"/>
</style:style>"""


def text(value: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'


def number(value: float, shown: str = "", kind: str = "float") -> str:
    return (
        f'<table:table-cell office:value-type="{kind}" office:value="{value}">'
        f"<text:p>{shown or value}</text:p></table:table-cell>"
    )


def row(*cells: str, told: str = "") -> str:
    return f"<table:table-row {told}>{''.join(cells)}</table:table-row>"


def columns(*told: str) -> str:
    return "".join(f"<table:table-column {one}/>" for one in told)


def document(path: Path, body: str, beside: str = "", styles: str = "") -> Path:
    sheets = f'<table:table table:name="学校">{body}</table:table>{beside}'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} {_CALC} office:version="1.3">'
        f"<office:automatic-styles>{_STYLES}{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", _KIND)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
    return path


def read(tmp_path: Path, body: str, beside: str = "") -> list[grid.Sheet]:
    return grid.read(document(tmp_path / "a.ods", body, beside), "a.ods")


def time(shown: str) -> str:
    value = '<table:table-cell office:value-type="time" office:time-value="PT30H00M00S">'
    return f"{value}{f'<text:p>{shown}</text:p>' if shown else ''}</table:table-cell>"


@pytest.mark.parametrize(("cell", "seen"), [(time("30:00:00"), "30:00:00"), (time(""), "PT30H00M00S")])
def test_times_are_cells_as_others_are(cell: str, seen: str, tmp_path: Path) -> None:
    (sheet,) = read(tmp_path, row(text("x"), cell))
    assert sheet.cells.row(0) == ("x", seen)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO((tmp_path / "a.ods").read_bytes()))
    assert sheet.filled == sum(value != "" for line in book.get_sheet_by_index(0).to_python() for value in line)


HEAD = row(text("代码"), text("人数"), text("册数"))
FIRST = row(text("0001"), number(1), number(10))
SECOND = row(text("0002"), number(2), number(20))
LAST = row(text("0003"), number(3), number(30))


@pytest.mark.parametrize(
    ("body", "hidden"),
    [
        (HEAD + FIRST + SECOND, set()),
        (HEAD + FIRST.replace("-row ", '-row table:visibility="collapse" ', 1) + SECOND, {2}),
        (HEAD + FIRST.replace("-row ", '-row table:visibility="filter" ', 1) + SECOND, {2}),
        (HEAD + FIRST.replace("-row ", '-row table:visibility="visible" ', 1) + SECOND, set()),
        (HEAD + FIRST + SECOND.replace("-row ", '-row table:style-name="flat" ', 1) + LAST, {3}),
        (HEAD + FIRST.replace("-row ", '-row table:style-name="usual" ', 1) + SECOND, set()),
        (f'{HEAD}<table:table-row-group table:display="false">{FIRST}{SECOND}</table:table-row-group>{LAST}', {2, 3}),
        (f"{HEAD}<table:table-row-group>{FIRST}{SECOND}</table:table-row-group>{LAST}", set()),
        (
            f'{HEAD}<table:table-row-group table:display="false"><table:table-row-group>{FIRST}'
            f"</table:table-row-group></table:table-row-group>{LAST}",
            {2},
        ),
        (f"<table:table-header-rows>{HEAD}</table:table-header-rows>{FIRST}{SECOND}", set()),
        (
            f"<table:table-header-rows>{HEAD}</table:table-header-rows>{FIRST}"
            + SECOND.replace("-row ", '-row table:visibility="filter" ', 1),
            {3},
        ),
        (
            HEAD
            + row(told='table:number-rows-repeated="3"')
            + FIRST.replace("-row ", '-row table:visibility="filter" '),
            {5},
        ),
        (
            HEAD + FIRST.replace("-row ", '-row table:number-rows-repeated="2" table:visibility="collapse" ', 1) + LAST,
            {2, 3},
        ),
    ],
)
def test_hidden_rows(body: str, hidden: set[int], tmp_path: Path) -> None:
    (sheet,) = read(tmp_path, body)
    assert sheet.hidden_rows == hidden
    assert sheet.cells.row(0) == ("代码", "人数", "册数")
    assert "0001" in sheet.cells["c0"]


@pytest.mark.parametrize(
    ("told", "hidden"),
    [
        (columns("", "", ""), set()),
        (columns('table:visibility="collapse"', "", ""), {0}),
        (columns("", 'table:visibility="collapse" table:number-columns-repeated="2"'), {1, 2}),
        (columns("", 'table:style-name="narrow"', ""), {1}),
        (
            columns("") + f'<table:table-column-group table:display="false">{columns("")}</table:table-column-group>',
            {1},
        ),
        (columns("") + f"<table:table-column-group>{columns('')}</table:table-column-group>", set()),
        (f"<table:table-header-columns>{columns('')}</table:table-header-columns>{columns('')}", set()),
        (columns("", "", "") + columns('table:visibility="collapse" table:number-columns-repeated="16000"'), set()),
    ],
)
def test_hidden_columns(told: str, hidden: set[int], tmp_path: Path) -> None:
    (sheet,) = read(tmp_path, told + HEAD + FIRST)
    assert sheet.hidden_columns == hidden


def test_hidden_columns_are_counted_from_the_first_that_is_filled(tmp_path: Path) -> None:
    empty = "<table:table-cell/>"
    (sheet,) = read(tmp_path, columns("", "", 'table:visibility="collapse"') + row(empty, text("代码"), text("人数")))
    assert (sheet.left, set(sheet.hidden_columns)) == (1, {1})


def test_hidden_sheets(tmp_path: Path) -> None:
    other = '<table:table table:name="旧" table:style-name="{}">' + HEAD + "</table:table>"
    assert [one.hidden for one in read(tmp_path, HEAD, other.format("unseen"))] == [False, True]
    assert [one.hidden for one in read(tmp_path, HEAD, other.format("usual"))] == [False, False]


def cell(told: str, shown: str | None = None) -> str:
    inner = "" if shown is None else f"<text:p>{shown}</text:p>"
    return f"<table:table-cell {told}>{inner}</table:table-cell>"


@pytest.mark.parametrize(
    ("made", "seen"),
    [
        (cell('table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"', "#DIV/0!"), "#DIV/0!"),
        (cell('table:formula="of:=X" office:value-type="float" office:value="0"', "#NAME?"), "#NAME?"),
        (cell('table:formula="of:=X" office:value-type="string"', "Err:502"), "#Err:502"),
        (cell('office:value-type="string"', "Err:502"), "Err:502"),
        (cell('table:formula="of:=[.A1]+1"'), "=[.A1]+1"),
        (cell('table:formula="of:=[.A1]+1" office:value-type="float"'), "=[.A1]+1"),
        (cell('table:formula="of:=[.A1]+1" office:value-type="float" office:value="0"', "0"), "0"),
        (cell('table:formula="of:=[.A1]+1" office:value-type="float" office:value="7"', "7"), "7"),
        (number(0.173, "17.3%", "percentage"), "17.3%"),
        (number(0.173, "0.173"), "0.173"),
        (number(17.3, "17.3%"), "17.3%"),
        (number(12, "0012"), "0012"),
        (number(123456, "12.3"), "123456 [12.3]"),
        (number(42, "0!.0万"), "42 [0!.0万]"),
        (number(100000, "1E+05"), "100000"),
    ],
)
def test_errors_formulas_and_formats(made: str, seen: str, tmp_path: Path) -> None:
    (sheet,) = read(tmp_path, HEAD + row(text("0001"), made, number(5)))
    assert sheet.cells.row(1) == ("0001", seen, "5")
    assert sheet.filled == _counted(tmp_path)
    assert sheet.present is not None
    assert sheet.present.row(1) == (True, not seen.startswith("="), True)


@pytest.mark.parametrize(
    "body",
    [
        HEAD + FIRST,
        HEAD + row(text(" "), number(1), "<table:table-cell/>") + row(text("")),
        HEAD + row(told='table:number-rows-repeated="4"') + LAST,
        HEAD + row('<table:table-cell table:number-columns-repeated="2"/>', text("x")),
        HEAD + FIRST.replace("-row ", '-row table:number-rows-repeated="3" ', 1),
        HEAD + row(text("x").replace("-cell ", '-cell table:number-columns-repeated="3" ', 1)),
    ],
)
def test_cells_are_counted_as_calamine_gives_them(body: str, tmp_path: Path) -> None:
    (sheet,) = read(tmp_path, body)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO((tmp_path / "a.ods").read_bytes()))
    told = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert sheet.filled == sum(value != "" for line in told for value in line)


def test_an_error_that_other_readers_pass_over_is_seen_and_no_cell(tmp_path: Path) -> None:
    told = 'table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"'
    (sheet,) = read(tmp_path, HEAD + row(text("0001"), cell(told, "#DIV/0!"), number(5)))
    assert sheet.cells.row(1) == ("0001", "#DIV/0!", "5")
    assert sheet.filled == _counted(tmp_path) == 5


def _counted(folder: Path) -> int:
    """Return how many cells another reader finds."""
    page = python_calamine.CalamineWorkbook.from_path(folder / "a.ods").get_sheet_by_index(0)
    return sum(value != "" for line in page.to_python() for value in line)
