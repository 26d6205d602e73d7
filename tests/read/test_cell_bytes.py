"""What is told of cells from their bytes is what the parser says; where it can't be told, the parser is asked."""

from xml.parsers import expat

import pytest

from analysis.read import cell_bytes, cellxml, formats
from analysis.read.facts import WIDE, SheetFacts
from analysis.read.runs import Look

PERCENT = {1: formats.parse("0.0%"), 12: formats.parse("0.00")}
#: Two styles of one look and one of another; the first is that of a number format, too.
LOOKS = {1: Look(struck=True), 123: Look(struck=True), 2: Look(height=1)}
SHEET = '<worksheet xmlns="m"><sheetData><row r="1"><c r="A1" s="1"><v>1</v></c>{}</row></sheetData>{}</worksheet>'
#: All that may stand in a part that is not parsed whole.
RICH = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="m"><cols><col min="2" max="3" width="0"/></cols>'
    '<sheetData><row r="1" spans="1:9"><c r="A1" t="s"><v>0</v></c><c r="AB1" s="1"><v>0.5</v></c></row>'
    '<row r="3" hidden="1"><c r="A3" s="12" t="n"><v>2</v></c><c r="B3" s="1"/><c r="C3" s="1" t="s"><v>1</v></c></row>'
    '<row r="4" ht="0"/><row r="17">\n<c r="A17" t="inlineStr"><is><t xml:space="preserve"> x</t></is></c>'
    '<c r="B17" s="2"><f>A1+1</f><v>4</v></c><c r="C17" s="12"><f t="shared" si="0"/><v>4</v></c>'
    '<c r="XFD17" s="123" t="str"><f>"丙"&amp;"&lt;"</f><v>丙</v></c></row></sheetData>'
    '<mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>'
)


def said(found: SheetFacts) -> tuple[object, ...]:
    shown = {style: list(places) for style, places in found.shown.items()}
    looks = {look: sorted(places) for look, places in found.looks.items()}
    return found.merges, found.hidden_rows, found.hidden_columns, found.texts, found.formulas, shown, looks


def skimmed(part: str) -> SheetFacts | None:
    return cellxml._skimmed(part.encode(), PERCENT, LOOKS)


def parsed(part: str) -> SheetFacts:
    return cellxml._Reader(PERCENT, LOOKS).read(part.encode())


def test_all_that_may_stand_in_a_part_is_told_without_parsing_its_cells() -> None:
    found = skimmed(RICH)
    assert found is not None
    assert said(found) == said(parsed(RICH))
    assert found.shown[1].tolist() == [27, 2 * WIDE + 1]  # type: ignore[union-attr]
    assert found.shown[12].tolist() == [2 * WIDE, 16 * WIDE + 2]  # type: ignore[union-attr]
    assert (found.hidden_rows, found.hidden_columns, found.merges) == ({2, 3}, {1, 2}, [((0, 0), (0, 1))])
    assert (found.rows, found.columns) == (17, WIDE)


@pytest.mark.parametrize(
    "cell",
    [
        "<c r='B1' s='1'><v>2</v></c>",
        '<c s="1" r="B1"><v>2</v></c>',
        '<c r="B1" t="n" s="1"><v>2</v></c>',
        '<c  r="B1" s="1"><v>2</v></c>',
        '<c r="B1" s="1" ><v>2</v></c>',
        '<c r="B1" s = "1"><v>2</v></c>',
        '<c r="B1" s="1" cm="1"><v>2</v></c>',
        '<c r="B1" s="1x"><v>2</v></c>',
        '<c r="B1" s=""><v>2</v></c>',
        '<c r="B1" s="1234567"><v>2</v></c>',
        '<c r="B1" t="e"><v>#N/A</v></c>',
        '<c r="B1" t="strange"><v>2</v></c>',
        '<c r="B1" t="inlineStrange"><v>2</v></c>',
        '<c s="1"><v>2</v></c>',
        "<c><v>2</v></c>",
        '<c r="b1" s="1"><v>2</v></c>',
        '<c r="B2" s="1"><v>2</v></c>',
        '<c r="B01" s="1"><v>2</v></c>',
        '<c r="B11" s="1"><v>2</v></c>',
        '<c r="$B$1" s="1"><v>2</v></c>',
        '<c r="1" s="1"><v>2</v></c>',
        '<c r="B1"><v >2</v></c>',
        '<c r="B1"><v xml:space="preserve">2</v></c>',
        '<c r="B1"><v>2</v ></c>',
        '<c r="B1"><v/></c>',
        '<c r="B1"><f>1+1</f></c>',
        '<c r="B1"><f>1+1</f><v></v></c>',
        '<c r="B1"><f>1+1</f><v> </v></c>',
        '<c r="B1"><f>1+1</f><v>\u00a0</v></c>',
        '<c r="B1"><f>1+1</f><v>\u3000</v></c>',
        '<c r="B1"><f t="shared" si="0"/></c>',
        '<c r="B1"><f/><v></v></c>',
        '<c r="B1" t="inlineStr"><is><r><t>x</t></r></is></c>',
        '<c r="B1" t = "inlineStr"><is><t>x</t></is></c>',
        '<c r="B1"><extLst/></c>',
        '<c r="B1"><colour/></c>',
        '<c r="B1" t="str"><f>A1&B1</f><v>2</v></c>',
        '<c r="B1" t="str"><v>&what;</v></c>',
        "<x/>",
        '<m:c xmlns:m="m" r="B1" s="1"><m:v>2</m:v></m:c>',
        '<c xmlns="n" r="B1" s="1"><v>2</v></c>',
        '</row><row xmlns="n" r="2"><c r="B2" s="1"><v>2</v></c>',
        '</row><row r="10000000"><c r="B10000000" s="1"><v>2</v></c>',
    ],
)
def test_another_spelling_is_left_to_the_parser(cell: str) -> None:
    part = SHEET.format(cell, "")
    assert skimmed(part) is None
    try:
        known = said(parsed(part))
    except (ValueError, expat.ExpatError):
        with pytest.raises((ValueError, expat.ExpatError)):
            cellxml.facts(part.encode(), PERCENT, LOOKS)
    else:
        assert said(cellxml.facts(part.encode(), PERCENT, LOOKS)) == known


@pytest.mark.parametrize(
    ("cell", "style", "place"),
    [
        ('<c r="B1" s="1"><v>2</v></c>', 1, 1),
        ('<c r="B1" s="01"><v>2</v></c>', 0, 0),
        ('<c r="ZZ1" s="12"/>', 12, 701),
        ('<c r="AAA1" s="1" t="n"><v>2</v></c>', 1, 702),
        ('</row><row><c r="B2" s="1"><v>2</v></c>', 1, WIDE + 1),
        ('</row ><row\nr="1048576" ><c r="A1048576" s="1"><v>2</v></c>', 1, 1_048_575 * WIDE),
    ],
)
def test_what_has_the_known_spelling_is_not(cell: str, style: int, place: int) -> None:
    part = SHEET.format(cell, "")
    found = skimmed(part)
    assert found is not None
    assert said(found) == said(parsed(part))
    assert not style or place in found.shown[style]


def test_a_style_of_cells_that_tell_none_is_theirs() -> None:
    part = SHEET.format('<c r="B1"><v>2</v></c><c r="C1" t="s"><v>2</v></c>', "").encode()
    found = cellxml._skimmed(part, {0: formats.parse("0%")}, {0: LOOKS[1]})
    assert found is not None
    assert list(found.shown[0]) == [1]
    assert list(found.looks[LOOKS[1]]) == [1, 2]


SNIPPETS = (
    " ", "<", ">", "/", '"', "x", "<c>", "</c>", '<c r="B3" s="1"/>', "<v>", "</v>", "<f>", "<f/>", "</row>", "<row>",
    "<row/>", '<row r="3">', "<t/>", "<is>", ' s="1"', ' t="s"', "1", "<sheetData>", "</sheetData>", ' xmlns="n"',
)  # fmt: skip


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_wherever_something_else_stands_the_parser_agrees(snippet: str) -> None:
    told = 0
    places = range(RICH.index("<worksheet"), len(RICH))
    edges = [place for place in places if set(RICH[place - 1 : place + 1]) & set("<> /")]
    for place in edges:
        for part in (RICH[:place] + snippet + RICH[place:], RICH[:place] + snippet + RICH[place + len(snippet) :]):
            found = skimmed(part)
            if found is None:
                continue
            told += 1
            try:
                known = parsed(part)
            except (ValueError, expat.ExpatError):
                pytest.fail(part)
            assert said(found) == said(known), part
    assert told or snippet not in (" ", "x", "1")


def test_long_parts_are_read_in_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" s="{row % 3}"><v>1</v></c><c r="B{row}"><v>2</v></c></row>'
        for row in range(2, 200)
    )
    part = SHEET.format(f"</row>{rows}<row>", "")
    whole = skimmed(part)
    monkeypatch.setattr(cell_bytes, "_STRETCH", 100)
    cut = skimmed(part)
    assert whole is not None and cut is not None  # noqa: PT018
    assert said(whole) == said(cut) == said(parsed(part))
    assert (whole.rows, whole.columns) == (cut.rows, cut.columns) == (199, 2)
