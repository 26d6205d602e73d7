"""Single bits flipped: in what is kept of the clean tables, and in the documents that were built."""

import json
import os
import random
import shutil
import sys
from io import StringIO
from pathlib import Path

from analysis import sources
from analysis.clean import Records
from analysis.judge.cached import Judged, open_county
from analysis.run.commands import unaltered
from benchmarks.trust.ground import COUNTY, YEAR, Ground

STANDARD = "national-2017"


def flipped(path: Path, chance: random.Random) -> bytes:
    """Flip one bit of a file and return what it held."""
    content = path.read_bytes()
    other = bytearray(content)
    other[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(other))
    return content


def _same(one: tuple[Records, Judged | None], other: tuple[Records, Judged | None]) -> bool:
    frames, others = one[0].frames(), other[0].frames()
    judged, again = one[1], other[1]
    assert judged is not None
    assert again is not None
    return (
        all(frame.equals(others[name]) for name, frame in frames.items())
        and judged.findings.equals(again.findings)
        and judged.measurements.equals(again.measurements)
    )


def kept(ground: Ground, number: int, seed: int) -> tuple[int, list[str]]:
    """Flip bits in what is kept beside raw statistics; return how many were told in a line, and what came out wrong.

    In a child of its own: this process executes no Polars.
    """
    told = ground.folder / "flips.json"
    child = os.fork()
    if child == 0:
        try:
            told.write_text(json.dumps(_kept(ground, number, seed), ensure_ascii=False), encoding="utf-8")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    hit, wrong = json.loads(told.read_text(encoding="utf-8"))
    return int(hit), list(wrong)


def _kept(ground: Ground, number: int, seed: int) -> tuple[int, list[str]]:
    ground.turn(0)
    chance, catalogue, processed = random.Random(seed), sources.load(ground.raw), ground.folder / "processed-flipped"
    sound = open_county(catalogue, COUNTY, processed, STANDARD)
    files = sorted(path for path in processed.rglob("*") if path.is_file())
    contents = {path: path.read_bytes() for path in files}
    told, wrong = 0, []
    for turn in range(number):
        path = chance.choice(files)
        flipped(path, chance)
        said = StringIO()
        try:
            sys.stderr = said
            opened = open_county(catalogue, COUNTY, processed, STANDARD)
        except Exception as fault:  # noqa: BLE001 - whatever is raised is what we look for
            wrong.append(f"{path.name}: {type(fault).__name__}: {fault}"[:200])
        else:
            told += bool(said.getvalue())
            if not _same(sound, opened):
                wrong.append(f"{turn}: {path.name}: other content")
            wrong += [f"{turn}: {file.name} not made anew" for file in files if file.read_bytes() != contents[file]]
        finally:
            sys.stderr = sys.__stderr__
        for file, content in contents.items():
            file.write_bytes(content)
    shutil.rmtree(processed)
    return told, wrong


def built(ground: Ground, number: int, seed: int) -> tuple[int, list[str]]:
    """Flip bits in the files of a report; return how many were found by `junheng verify FOLDER`, and the others."""
    chance, folder = random.Random(seed), ground.folder / "sound-0" / COUNTY / YEAR
    assert unaltered.places(folder) == []
    files, found, wrong = sorted(path for path in folder.iterdir() if path.is_file()), 0, []
    for turn in range(number):
        path = chance.choice(files)
        content = flipped(path, chance)
        if unaltered.places(folder):
            found += 1
        else:
            wrong.append(f"{turn}: {path.name}")
        path.write_bytes(content)
    return found, wrong
