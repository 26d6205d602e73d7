"""Inputs mutated at random through every reader, loader and the command line: an answer, or one line and its code.

2,000 in `make test`, 100,000 in `make nightly`. The place of a failure is told with its seed: `mutant(way, seed)` makes
the same input again.
"""

import contextlib
import io
import random
import shutil
import signal
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis import clean, cli, sources, standards
from analysis.errors import JunhengError
from analysis.read import fieldcheck, ledger, register
from tests.workbooks import COUNTY, HEADER, Rows, book, school, text

#: Seconds that no input may take.
LIMIT = 20
#: What is put into texts: what turns letters around, what programs take for their own, numbers that are none.
TOKENS: tuple[bytes, ...] = tuple(
    token.encode()
    for token in (
        "\u202e", "\x00", "\x1b[2J", "\ufeff", "\ud7ff", "=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "{{7*7}}",
        "{% raw %}", "${x}", '`#read("x")`{=typst}', "<script>alert(1)</script>", "](javascript:x)", "= 标题", "1. x",
        "--", "...", "𠮷", "٣", "３", "²", "-0", "1e999", "nan", "inf", ".inf", ".nan", "9" * 40, "2024-99-99",
        "99999999999999999999", "../../etc/passwd", "/dev/zero", "C:\\x", "*a", "&a", "&a [*a]", "!!python/object",
        "[" * 200, "{" * 200, "- " * 100, ": ", "\n", "\t", ",", ";", '"', "'", "\r\n", " ", "　", "%", "‰", "万", "—",
        "合计", "x" * 3000,
    )
)  # fmt: skip


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Return a content with some of its bytes flipped, left out, doubled, moved, or a token in their place."""
    other = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        at, length = chance.randrange(len(other) + 1), chance.choice((1, 1, 2, 5, 20, 200))
        match chance.randrange(6):
            case 0 if other:
                other[at % len(other)] ^= 1 << chance.randrange(8)
            case 1:
                del other[at : at + length]
            case 2:
                other[at:at] = other[at : at + length] * chance.choice((1, 2, 50))
            case 3:
                other[at:at] = chance.choice(TOKENS)
            case 4:
                other[at : at + length] = chance.choice(TOKENS)
            case _:
                other[at:at] = bytes(chance.randrange(256) for _ in range(length))
    return bytes(other)


def mutated_book(content: bytes, chance: random.Random) -> bytes:
    """Return a workbook of which one part is mutated, and now and then the pack itself."""
    if chance.random() < 0.2:
        return mutated(content, chance)
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(written, "w") as other:
        names = parts.namelist()
        chosen = chance.choice(names)
        for name in names:
            part = parts.read(name)
            other.writestr(name, mutated(part, chance) if name == chosen else part)
    return written.getvalue()


@cache
def seeds() -> dict[str, bytes]:
    """Return a sound file of each kind, by the name that it is written under."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [HEADER, *(school(number) for number in range(1, 6))]
        table: Rows = [
            ["school", "pupils", "books", "score"],
            *([f"s{n % 4}", 100 + n, 900.5 + n, 60 + n % 7] for n in range(24)),
        ]
        text(folder / "schools_2024.csv", rows)
        text(folder / "table.csv", table)
        text(folder / "judged.csv", [["county", "stage", "sports_area"], ["990101", "primary", 0.41]])
        book(folder / "schools_2024.xlsx", rows)
        book(folder / "table.xlsx", table)
        pl.DataFrame(table[1:], schema=table[0], orient="row").write_parquet(folder / "table.parquet")
        lines: Rows = [
            ["measure", "a"],
            ["id", "resources.cv_books.primary"],
            ["person", "王"],
            ["date", "2025年6月"],
            ["due", "2025"],
        ]
        for name, told in (("ledger.xlsx", ledger.columns()), ("register.xlsx", register.columns())):
            heads, typed = [each["zh"] for each in told.values()], dict(lines)
            book(folder / name, [heads, *([typed.get(each, "一") for each in told] for _ in range(3))])
        heads = [each["zh"] for each in fieldcheck.words()["values"].values()]
        book(
            folder / "fieldcheck.xlsx",
            [["核查"], heads, *(["9901010001"] + ["9000"] * (len(heads) - 1) for _ in range(3))],
        )
        files = {path.name: path.read_bytes() for path in folder.iterdir()}
    files["sources.yml"] = (
        'province: {zh: 示例省, en: Example}\ncounties:\n  "990101": {zh: 青溪县, en: Qingxi, synthetic: true}\n'
        'sources:\n  - {file: 990101/schools_2024.csv, county: "990101", table: schools, year: 2024, title: 表, '
        "publisher: 局, date: 2024-10-15}\n"
    ).encode()
    files["corrections.yml"] = (
        '- {file: 990101/schools_2024.csv, row: 3, column: books, before: "9000", after: "9100", why: 笔误, who: 王}\n'
    ).encode()
    files["identity.yml"] = (
        b'- {kind: renamed, county: "990101", school: "9901010002", year: 2024}\n'
        b'- {kind: code, county: "990101", old: "9901010009", new: "9901010001", year: 2023}\n'
    )
    files["aliases.yml"] = "schools: {pupils_primary: [小学人数]}\n".encode()
    files["standard.yml"] = b"extends: national-2017\nid: ours\nindicators: {sports_area: {floor: {primary: 7.5}}}\n"
    return files


def _main(*words: str) -> None:
    """Run a command: 0, 1 or 2, and never a traceback."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")):
        code = cli.main(list(words))
    assert code in (0, 1, 2), code
    assert "Traceback" not in said.getvalue()


def _cleaned(folder: Path) -> None:
    clean.clean(sources.load(folder), COUNTY)


def _with_schools(folder: Path) -> None:
    if not list((folder / COUNTY).glob("*")):
        (folder / COUNTY).mkdir(exist_ok=True)
        (folder / COUNTY / "schools_2024.csv").write_bytes(seeds()["schools_2024.csv"])
    for name in ("sources.yml",):
        if not (folder / name).exists():
            (folder / name).write_bytes(seeds()[name])
    _cleaned(folder)


def _table(command: str, *words: str) -> Callable[[Path], None]:
    return lambda folder: _main(command, str(next(folder.glob("*.*"))), *words)


CV = ("--amount", "books", "--pupils", "pupils", "--format", "json")
ICC = ("--score", "score", "--school", "school", "--format", "csv")
#: Way in -> the file that is mutated, and what reads it from a folder.
WAYS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "sources.yml": ("sources.yml", _with_schools),
    "corrections.yml": ("corrections.yml", _with_schools),
    "identity.yml": ("identity.yml", _with_schools),
    "aliases.yml": ("aliases.yml", _with_schools),
    "schools as text": ("schools_2024.csv", _with_schools),
    "schools in a workbook": ("schools_2024.xlsx", _with_schools),
    "a standard": ("standard.yml", lambda folder: standards.load(str(folder / "standard.yml"))),
    "cv of a text": ("table.csv", _table("cv", *CV)),
    "cv of a workbook": ("table.xlsx", _table("cv", *CV)),
    "cv of Parquet": ("table.parquet", _table("cv", *CV)),
    "icc of a text": ("table.csv", _table("icc", *ICC)),
    "judge": ("judged.csv", _table("judge", "--standard", "national-2017")),
    "a ledger": ("ledger.xlsx", lambda folder: ledger.entries(folder / "ledger.xlsx")),
    "a register": ("register.xlsx", lambda folder: register.entries(folder / "register.xlsx")),
    "a field check": ("fieldcheck.xlsx", lambda folder: fieldcheck.read(folder / "fieldcheck.xlsx")),
    "words": ("", lambda folder: None),
}
COMMANDS = (
    "report",
    "school",
    "region",
    "township",
    "cv",
    "icc",
    "judge",
    "check",
    "standards",
    "verify",
    "trace",
    "diff",
    "new",
    "x",
    "--",
    "-h",
)
OPTIONS = (
    "--year",
    "--standard",
    "--plan",
    "--formats",
    "--lang",
    "--engine",
    "--status",
    "--date",
    "--data",
    "--county",
    "--by",
    "--limit",
    "--x",
)


#: Of 2,000 inputs those of each way; what takes long gets fewer.
SHARE = {
    "schools in a workbook": 20, "cv of a workbook": 20, "cv of Parquet": 20, "cv of a text": 30, "icc of a text": 20,
    "judge": 25, "words": 60, "schools as text": 60, "aliases.yml": 60, "sources.yml": 60, "corrections.yml": 60,
}  # fmt: skip
REST = (2000 - sum(SHARE.values())) // (len(WAYS) - len(SHARE))


def spoken(chance: random.Random) -> list[str]:
    """Return words of a command that nobody would type, none of which asks for something that is there."""
    words = [chance.choice(COMMANDS)]
    for _ in range(chance.randrange(5)):
        token = chance.choice(TOKENS).decode().replace("\x00", "")[:300]
        words += [token] if chance.random() < 0.4 else [chance.choice(OPTIONS), token]
    return [*words, "--data", "/nonexistent"] if words[0] not in ("-h", "--", "x") else words


def mutant(way: str, seed: int) -> bytes:
    """Return the mutated input of a way and a seed."""
    chance, content = random.Random(f"{way} {seed}"), seeds()[WAYS[way][0]]
    return (mutated_book if content[:2] == b"PK" else mutated)(content, chance)


@contextlib.contextmanager
def in_time() -> Iterator[None]:
    """Raise TimeoutError where what is done inside takes longer than any input may."""

    def over(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(LIMIT)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def tried(way: str, seed: int, folder: Path) -> None:
    """Let one input through; raises where it is neither answered nor refused in one line."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    name, reads = WAYS[way]
    with in_time(), contextlib.redirect_stderr(io.StringIO()):
        if not name:
            return _main(*spoken(random.Random(f"{way} {seed}")))
        path = folder / COUNTY / name if name.startswith("schools") else folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(mutant(way, seed))
        try:
            reads(folder)
        except JunhengError as fault:
            said = str(fault)
        else:
            said = "answered"
    if not said or "\n" in said:
        raise AssertionError(said)
    return None


def failed(way: str, seeds_of: range, folder: Path) -> list[str]:
    """Let inputs through; return those that failed, with why."""
    wrong = []
    for seed in seeds_of:
        try:
            tried(way, seed, folder)
        except BaseException as fault:
            if isinstance(fault, KeyboardInterrupt):
                raise
            wrong.append(f"{way} {seed}: {type(fault).__name__}: {str(fault)[:120]}")
    return wrong


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs an alarm to stop what hangs")
@pytest.mark.parametrize("way", WAYS)
def test_a_mutated_input_is_answered_or_refused_in_one_line(way: str, tmp_path: Path) -> None:
    assert failed(way, range(SHARE.get(way, REST)), tmp_path / "x") == []


@pytest.mark.parametrize("way", [way for way, (name, _) in WAYS.items() if name])
def test_what_is_mutated_is_sound(way: str, tmp_path: Path) -> None:
    """Mutants of what is refused anyway would show little."""
    name, reads = WAYS[way]
    path = tmp_path / COUNTY / name if name.startswith("schools") else tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(seeds()[name])
    reads(tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs an alarm to stop what hangs")
@pytest.mark.parametrize("way", WAYS)
def test_many_mutated_inputs_are_answered_or_refused_in_one_line(way: str, tmp_path: Path) -> None:
    assert failed(way, range(10_000, 10_000 + 50 * SHARE.get(way, REST)), tmp_path / "x") == []
