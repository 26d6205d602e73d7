"""Rows that share a key: of those that say the same the later is set aside, of others all."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

from verification.raw.tables import BESIDE, Fault, Row, Table, known

MONITORING = "monitoring"


def set_doubles_aside(tables: dict[str, dict[int, Table]]) -> None:
    """Set rows aside that share the key of another: of one file, and of the monitoring, whose rows say their year, of
    all."""
    for name, years in tables.items():
        parts = [[years[year] for year in sorted(years)]] if name == MONITORING else [[one] for one in years.values()]
        for part in parts:
            _set_aside(part, known()["keys"][name])


def _set_aside(held: list[Table], key: list[str]) -> None:
    groups: dict[tuple[Any, ...], list[tuple[Table, Row]]] = defaultdict(list)
    for table in held:
        for row in table.rows:
            said = tuple(row.get(name) for name in key)
            if None not in said:
                groups[said].append((table, row))
    for alike in groups.values():
        if len(alike) == 1:
            continue
        differ = len({_content(row, key) for _, row in alike}) > 1
        for number, (table, row) in enumerate(alike):
            if number == 0 and not differ:
                continue
            other = alike[1 if number == 0 else 0][1]["place"]
            same = other.file == row["place"].file and other.sheet
            rule, columns = ("duplicate", ",".join(key)) if differ else ("repeated", "")
            fault = Fault(rule, columns, other.sheet if same else other.file)
            row["faults"] = (*row["faults"], replace(fault, beside=str(other.row)))
            table.rows = [one for one in table.rows if one is not row]
            table.aside.append(row)
            table.aside.sort(key=lambda one: one["place"].row)


def _content(row: Row, key: list[str]) -> tuple[tuple[str, Any], ...]:
    return tuple((name, value) for name, value in row.items() if name not in (*key, *BESIDE))
