import pytest

from analysis.read.cellxml import facts
from analysis.read.skim import says_nothing

SHEET = '<worksheet><sheetData><row r="1"><c r="A1" s="1"><v>1</v></c>{}</row></sheetData>{}</worksheet>'


@pytest.mark.parametrize(
    ("cell", "after"),
    [
        ("<c r='B1'><f>1+1</f><v>2</v></c>", ""),
        ('<c r="B1" t="e"><v>#N/A</v></c>', ""),
        ('<c r="B1" t = "inlineStr"><is><t>x</t></is></c>', ""),
        ("<c><v>1</v></c>", ""),
        ('<c r="AAA1"><v>1</v></c>', ""),
        ("<c r='XFD1'><v>1</v></c>", ""),
        ('<c r="xfd1"><v>1</v></c>', ""),
        ('</row><row r="100000">', ""),
        ('<c r="AB1"><v>1</v></c></row><row r="10000">', ""),
        ("</row><row r='2' hidden = '1'>", ""),
        ('</row><row r="2"\nht="0">', ""),
        ("", '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'),
        ('<x:c r="B1"><x:v>1</x:v></x:c>', ""),
    ],
)
def test_what_may_say_something_is_looked_at(cell: str, after: str) -> None:
    assert not says_nothing(SHEET.format(cell, after).encode())


@pytest.mark.parametrize("cell", ["", '<c r="Z1"><v>1</v></c>', '<c r="AB1"><v>1</v></c>', '</row><row r="9999">'])
def test_mere_values_are_not(cell: str) -> None:
    assert says_nothing(SHEET.format(cell, "").encode())


def test_hidden_columns_are_found_without_the_cells() -> None:
    columns = '<worksheet><cols><col min="2" max="3" width="0"/></cols>'
    assert facts(SHEET.format("", "").replace("<worksheet>", columns).encode(), {}).hidden_columns == {1, 2}
