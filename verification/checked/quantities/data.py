"""What became of rows and cells, and the ledger."""

from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Quantity, count
from verification.raw.tables import Table
from verification.worked.ledger import lines


def _tables(at: At) -> list[Table]:
    return [one for held in at.case.county.tables.values() if (one := held.get(at.case.year))]


def rows(at: At, which: str) -> Said:
    """Return how many rows are set aside, or cells mended."""
    tables = _tables(at)
    mended = [one for table in tables for one in table.mended]
    known = {"corrected": sum(one[4] for one in mended), "written": sum(not one[4] for one in mended)}
    known |= {"aside": sum(len(one.aside) for one in tables), "mended": sum(len(one.mended) for one in tables)}
    return count(known[which])


def row(at: At, which: str) -> Said:
    """Return a row that is told of, where such a row of the file is set aside or mended."""
    number = int(at.found["row"].replace(",", ""))
    file = str(at.found["file"])
    for table in _tables(at):
        if which != "mended" and any((one["place"].file, one["place"].row) == (file, number) for one in table.aside):
            return Said(at.found["row"], Kind.TRACED)
        if which != "aside" and any((one[0].file, one[0].row) == (file, number) for one in table.mended):
            return Said(at.found["row"], Kind.TRACED)
    raise LookupError(f"no such row in {file}")


def cell(at: At, which: str) -> Said:
    """Return what a cell of a told row said, or what it is mended to."""
    number, file = int(at.found["row"].replace(",", "")), str(at.found["file"])
    printed = at.found[which]
    for table in _tables(at):
        for place, _, old, new, _ in table.mended:
            if (place.file, place.row) == (file, number) and printed in (old, new):
                return Said(old if which == "old" else new, Kind.TRACED)
        for one in table.aside:
            if (one["place"].file, one["place"].row) == (file, number):
                return Said(str(one[one["negative"][0]]), Kind.TRACED)
    raise LookupError(f"no such cell in {file}")


def cell_told(at: At, which: str) -> Said:
    """Return what some corrected cell said (`old`) or is corrected to (`new`), or what set some row aside."""
    printed, tables = at.found["v" if which == "aside" else which], _tables(at)
    if which == "aside":
        held = [str(one[one["negative"][0]]) for table in tables for one in table.aside if one.get("negative")]
    else:
        held = [old if which == "old" else new for table in tables for _, _, old, new, fixed in table.mended if fixed]
    return Said(printed if printed in held else "|".join(held), Kind.TRACED)


def ledger(at: At, *states: str) -> Said:
    """Return how many lines of the ledger are in some states."""
    return count(sum(one.state in states for one in lines(at.case).values()))


def gone(at: At, which: str) -> Said:
    """Return the year since which a school is in no table, or how many lines hang on it."""
    if which == "lines":
        held = lines(at.case).values()
        return count(sum(one.finding.school == at.school and one.state == "unknown" for one in held))
    last = max(
        year for year in at.case.years if any(r["school"] == at.school for r in at.case.county.rows("schools", year))
    )
    return Said(str(min(year for year in at.case.years if year > last)), Kind.TRACED)


ALL: dict[str, Quantity] = {
    "rows": rows,
    "row": row,
    "cell": cell,
    "cell_told": cell_told,
    "ledger": ledger,
    "gone": gone,
}
