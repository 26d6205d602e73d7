"""Every kind of document by Quarto, as its users type it, beside the embedded engine's:

`python -m benchmarks.quarto.matrix [KIND ...] [--lang zh]`, with `quarto` on PATH, and Chromium and LibreOffice.
What was found is kept in benchmarks/results/quarto.json under Quarto's version, a cell for each kind, language and
format; `python -m benchmarks.quarto.page` puts it into docs/quarto.md.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from analysis.kinds import kinds
from analysis.project import root
from analysis.render import quarto
from benchmarks import outcome
from benchmarks.quarto.seen import READERS, Seen, differing
from tests import every_kind

KEPT = outcome.FOLDER / "quarto.json"
#: What of the project Quarto needs in front of it; `analysis` is imported from where this runs.
PARTS = ("_quarto.yml", "_brand.yml", "notebooks", "reports")
#: What Quarto calls our formats.
TO = {"html": "html", "pdf": "typst", "docx": "docx"}
#: Parameters of each kind's notebook, as the command of tests/every_kind.py asks for the same document.
GIVEN: dict[str, dict[str, str]] = {
    "county": {"county": "990101"},
    "published": {"county": "340103"},
    "region": {"region": "9901"},
    "township": {"county": "990101", "township": "长岭镇"},
    "school": {"county": "990101", "school": "9901010002"},
    "subject": {"county": "990101", "subject": "mathematics"},
    "review": {"region": "9901"},
}
SAME = "same"


def lay(folder: Path) -> Path:
    """Copy what Quarto sees of the project to `folder`, as the first commit of a repository; return it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for part in PARTS:
        source = root() / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("output"))
        else:
            shutil.copy(source, folder / part)
    shutil.copy(root() / ".gitignore", folder / ".gitignore")
    who = ("-c", "user.name=matrix", "-c", "user.email=matrix@example.org")
    for words in (("init", "--quiet"), ("add", "."), (*who, "commit", "--quiet", "--message", "as it is")):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


def changed(folder: Path) -> str:
    """Return what git finds changed or new in a folder."""
    command = ["git", "status", "--porcelain"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def by_quarto(kind: str, lang: str, data: Path, folder: Path, formats: tuple[str, ...]) -> dict[str, Path]:
    """Render the notebook of a kind in a copy of the project as people do; return its files by format."""
    name = Path(kinds()[kind].notebook)
    given = {**GIVEN.get(kind, {"county": "990101"}), "lang": lang, "data": str(data)}
    parameters = [word for key, value in given.items() for word in ("-P", f"{key}:{value}")]
    here = {"QUARTO_PYTHON": sys.executable, "PYTHONPATH": str(root()), "JUNHENG_ROOT": str(root())}
    for to in [[]] if set(formats) == set(TO) else [["--to", TO[form]] for form in formats]:
        command = ["quarto", "render", f"notebooks/{name}", *to, *parameters]
        done = subprocess.run(command, cwd=folder, env=os.environ | here, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
    made = {form: folder / "_output" / "notebooks" / f"{name.stem}.{form}" for form in formats}
    if left := changed(folder):
        raise SystemExit(f"{kind}: {left}")
    return made


def embedded(kind: str, lang: str, data: Path, out: Path, formats: tuple[str, ...]) -> dict[str, Path]:
    """Return the files of the same document by the embedded engine, made now or lying in `out` as they were made."""
    every_kind.build(kind, lang, data, out, ",".join(formats), engine="embedded")
    made = [path for path in sorted(out.rglob("*")) if not path.name.startswith(".")]
    files = {path.suffix[1:]: path for path in made if path.suffix[1:] in formats}
    if kind in ("selfassessment", "application"):  # one command makes both
        files = {path.suffix[1:]: path for path in out.rglob(f"{kind}.docx")}
    return files


def compared(kind: str, lang: str, scratch: Path, data: Path) -> dict[str, str]:
    """Return for each format of a kind `same`, or what differs from the embedded engine's document."""
    formats = tuple(form for form in kinds()[kind].formats if form in READERS)
    folder = lay(scratch / f"{kind}-{lang}")
    theirs = by_quarto(kind, lang, data, folder, formats)
    ours = embedded(kind, lang, data, scratch / f"out-{kind}-{lang}", formats)
    cells = {}
    for form in formats:
        seen: list[Seen] = [READERS[form](files[form]) for files in (ours, theirs)]
        cells[form] = "; ".join(differing(*seen)) or SAME
    return cells


def keep(cells: dict[str, dict[str, str]]) -> None:
    """Put cells under Quarto's version into what is kept, beside those of other kinds and versions."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    kept.setdefault(quarto.version(), {}).update(cells)
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def main(words: list[str]) -> int:
    """Try the kinds that are asked for, all by default; return 1 where one differs."""
    reader = argparse.ArgumentParser(prog="benchmarks.quarto.matrix")
    reader.add_argument("kinds", nargs="*", choices=[*kinds(), []], metavar="KIND")
    reader.add_argument("--lang", choices=("zh", "en"), action="append")
    reader.add_argument("--scratch", type=Path, help="a folder that stays, to look at the documents")
    asked = reader.parse_args(words)
    found: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        scratch = asked.scratch or Path(temporary)
        os.environ["JUNHENG_PROCESSED"] = str(scratch / "processed")
        data = scratch / "data" if (scratch / "data").exists() else every_kind.raw(scratch / "data")
        for kind in asked.kinds or kinds():
            for lang in asked.lang or ("zh", "en"):
                found[f"{kind}.{lang}"] = cells = compared(kind, lang, scratch, data)
                keep({f"{kind}.{lang}": cells})
                print(f"{kind:16}{lang}  {cells}", flush=True)
    return int(any(cell != SAME for cells in found.values() for cell in cells.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
