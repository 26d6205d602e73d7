"""`python -m verification FOLDER --raw FOLDER --standards FOLDER`: a report's folder, read a second time."""

import argparse
import json
import sys
from pathlib import Path

from verification.checked.kinds import Kind, Record
from verification.run import NoReportError, verify
from verification.words import own

#: How many faults are printed one by one.
SHOWN = 200
USAGE = 2


def _table(rows: list[tuple[str, ...]]) -> str:
    """Return rows of text as columns; Chinese letters are two wide."""

    def wide(text: str) -> int:
        return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)

    widths = [max(wide(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = []
    for row in rows:
        first = row[0] + " " * (widths[0] - wide(row[0]))
        rest = ["  " + " " * (width - wide(text)) + text for text, width in zip(row[1:], widths[1:], strict=True)]
        lines.append(first + "".join(rest))
    return "\n".join(lines)


def told(documents: tuple[str, ...], record: Record, lang: str) -> str:
    """Return what is printed: a line for each document, one for all, then the place of every fault."""
    said = own()["terminal"]
    rows = record.of(documents)
    total = (said["all"][lang], *(str(sum(int(row[at]) for row in rows)) for at in range(1, len(Kind) + 3)))
    heads = (said["document"][lang], *(said[kind.value][lang] for kind in Kind))
    lines = [_table([(*heads, said["wrong"][lang], said["unexplained"][lang]), *rows, total])]
    for fault in record.faults[:SHOWN]:
        key = "fault" if fault.expected else "nothing"
        lines.append(said[key][lang].format(**fault.__dict__))
    if len(record.faults) > SHOWN:
        lines.append(said["more"][lang].format(number=len(record.faults) - SHOWN))
    return "\n".join(lines)


def places(record: Record) -> str:
    """Return every fault as an object of one JSON list; `kind` tells whether another number ought to be there."""
    rows = [
        {
            "file": fault.document,
            "place": fault.place,
            "printed": fault.printed,
            "expected": fault.expected,
            "kind": "wrong" if fault.expected else "unexplained",
        }
        for fault in record.faults
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def main(arguments: list[str] | None = None) -> int:
    """Read a folder; return 0 where every number is explained and right, 1 where one is not, 2 where there is none."""
    parser = argparse.ArgumentParser(prog="verification", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--raw", type=Path, default=Path("data/raw"))
    parser.add_argument("--standards", type=Path, default=Path("analysis/standards"))
    parser.add_argument("--case", type=json.loads, help="what results.json would say, where there is none")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    asked = parser.parse_args(arguments)
    try:
        found = verify(asked.folder, asked.raw, asked.standards, asked.case)
    except (NoReportError, ValueError, OSError) as fault:
        sys.stderr.write(f"{fault}\n")
        return USAGE
    text = places(found.record) if asked.format == "json" else told(found.documents, found.record, asked.lang)
    sys.stdout.buffer.write((text + "\n").encode())
    return int(bool(found.record.faults))


if __name__ == "__main__":
    sys.exit(main())
