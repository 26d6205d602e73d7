"""What became of rows and cells, and the ledger."""

from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Quantity, count
from verification.printed.blocks import tidy
from verification.raw.tables import Table
from verification.worked.ledger import lines


def _tables(at: At) -> list[Table]:
    return [one for held in at.case.county.tables.values() if (one := held.get(at.case.year))]


def rows(at: At, which: str) -> Said:
    """Return how many rows are set aside, or cells mended."""
    tables = _tables(at)
    changed = [one for table in tables for one in table.changed]
    known = {"corrected": sum(one.corrected for one in changed), "written": sum(not one.corrected for one in changed)}
    known |= {"aside": sum(len(one.aside) for one in tables), "mended": len(changed)}
    known["values"] = sum(len(one.values) for one in tables)
    return count(known[which])


def row(at: At, which: str) -> Said:
    """Return a row that is told of, where such a row of the file is set aside or mended."""
    number = int(at.found["row"].replace(",", ""))
    file = str(at.found["file"])
    for table in _tables(at):
        places = [one.place for one in table.changed] if which != "aside" else []
        places += [place for place, _ in (*table.faults, *table.values)] if which != "mended" else []
        if (file, number) in {(place.file, place.row) for place in places}:
            return Said(at.found["row"], Kind.TRACED)
    raise LookupError(f"no such row in {file}")


def cell(at: At, which: str) -> Said:
    """Return what a cell of a told row said, or what it is mended to."""
    number, file = int(at.found["row"].replace(",", "")), str(at.found["file"])
    printed = at.found[which]
    for table in _tables(at):
        for one in table.changed:
            pair = {"old": one.before, "new": one.after}
            told_both = all(at.found[key] == pair[key] for key in pair if key in at.found.re.groupindex)
            if (one.place.file, one.place.row) == (file, number) and printed in pair.values() and told_both:
                return Said(one.before if which == "old" else one.after, Kind.TRACED)
        for place, fault in (*table.faults, *table.values):
            if (place.file, place.row) == (file, number) and printed in (fault.said, fault.beside):
                return Said(printed, Kind.TRACED)
    raise LookupError(f"no such cell in {file}")


def double(at: At, which: str) -> Said:
    """Return what some row that is set aside shares its key with: the file or sheet, or the row there."""
    found = at.found
    for table in _tables(at):
        for _, fault in table.faults:
            if (fault.said, fault.beside) == (found["sheet"], found["there"].replace(",", "")):
                return Said(found[which], Kind.TRACED)
    raise LookupError("no such row")


def why(at: At) -> Said:
    """Return why an entry changes a cell of a row, as it says."""
    number, file = int(at.found["row"].replace(",", "")), str(at.found["file"])
    mended = [one for table in _tables(at) for one in table.mended if (one.place.file, one.place.row) == (file, number)]
    return Said("|".join(tidy(one.why) for one in mended), Kind.TRACED)


def cell_told(at: At, which: str) -> Said:
    """Return what some corrected cell said (`old`) or is corrected to (`new`), or what set some row aside."""
    printed, tables = at.found["v" if which == "aside" else which], _tables(at)
    if which == "aside":
        held = [fault.said for table in tables for _, fault in table.faults if fault.rule == "negative"]
    else:
        fixed = [one for table in tables for one in table.mended if one.corrected]
        held = [one.before if which == "old" else one.after for one in fixed]
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
    "double": double,
    "why": why,
    "ledger": ledger,
    "gone": gone,
}
