"""What goes to the schools of a county and comes back: a workbook for each, read, checked and merged again."""

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from analysis import project, sources, storage
from analysis.entries import iso_date
from analysis.errors import DataError, JunhengError, RequestError, language, listed, message
from analysis.read import collecting
from analysis.read.returned_workbooks import Book, Returned
from analysis.render import collect as workbook
from analysis.run.build import placing, progress
from analysis.run.build.placing import near
from analysis.run.commands import answers, collection, merging
from analysis.run.commands.collection import Collection
from analysis.run.commands.roster import Roster, roster, stages_of
from analysis.run.commands.template import year_now, year_of
from analysis.sources import County

_ENDINGS = (".xlsx", ".xlsm")
_ARCHIVES = (".zip", ".rar", ".7z")
_UNSAFE = '\\/:*?"<>| '
_NAMED = 6


@dataclass
class Taken:
    """What became of the files of a folder: accepted ones by school, those known already, and those refused, by why.

    `open` are those that somebody has open in an office program: what is not saved is not read.
    """

    accepted: dict[str, str] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)


def run(county: str, returned_in: str, year: str, due: str, data: str, out: str) -> tuple[int, list[str]]:
    """Write the workbooks of a county's schools or, with a folder, take in what came back.

    Returns the exit code (1 where a file was refused) and the lines that tell what was done. Raises RequestError where
    the county is unknown, names no school, or a table of the year is in the way; DataError for files of the county.
    """
    folder = sources.folder_of(data, county)
    catalogue = sources.load(folder)
    chosen = sources.find_county(catalogue, county)
    if due and not iso_date(due):
        raise RequestError("add_date", value=sources.shown(due))
    due = iso_date(due)
    sources.to_be_written(folder, chosen)
    known = collection.years(folder, chosen.code)
    of = year_of(year) or (known[-1] if known and returned_in else year_now())
    gathered = collection.opened(folder, chosen.code, of)
    if returned_in:
        return _take(Path(returned_in), gathered, chosen, of, folder)
    target = (Path(out) if out else project.output()) / "collect" / chosen.code / str(of)
    placing.check(target)
    return 0, _send(roster(catalogue, chosen, of), gathered, chosen, of, due, target)


def _send(listed_schools: Roster, gathered: Collection, county: County, year: int, due: str, target: Path) -> list[str]:
    """Write the workbooks that are not there; what was sent once is sent again as it was."""
    gathered.due, gathered.sent = due or gathered.due, gathered.sent or project.today()
    with progress.shown(county.name(language())) as show:
        for number, known in enumerate(listed_schools.schools):
            show("step_workbooks", number / len(listed_schools.schools))
            _lay(known, listed_schools, gathered, county, year)
    gathered.save()
    target.mkdir(parents=True, exist_ok=True)
    for code, name in gathered.schools.items():
        copy = target / f"{_safe(f'{code}_{name}')}.xlsx"
        if not copy.exists():
            shutil.copyfile(gathered.sent_file(code), copy)
    lines = [message("collect_sent", number=len(gathered.schools), year=year, folder=near(target))]
    if gathered.due and gathered.due < project.today()[: len(gathered.due)]:
        lines.append(message("collect_due_past", due=gathered.due))
    if listed_schools.last_year is None:
        lines.append(message("collect_no_last"))
    if gone := listed_schools.gone:
        some = listed([*gone[:_NAMED], *(["…"] if len(gone) > _NAMED else [])])
        lines.append(message("collect_gone", number=len(gone), year=year, county=county.code, schools=some))
    if listed_schools.doubles:
        lines.append(message("collect_listed_twice", schools=listed(listed_schools.doubles)))
    return [*lines, message("collect_sent_next", county=county.code)]


def _lay(known: dict[str, Any], listed_schools: Roster, gathered: Collection, county: County, year: int) -> None:
    """Write the workbook of a school, where none was written yet."""
    code = known["school"]
    gathered.schools[code] = str(known.get("name") or gathered.schools.get(code) or code)
    file = gathered.sent_file(code)
    if not file.exists():
        last = listed_schools.last.get(code, {})
        form = collecting.form(county.code, year, known, last, stages_of(known), listed_schools.last_year)
        workbook.write(replace(form, due=gathered.due), file)


def _safe(name: str) -> str:
    return "".join("_" if letter in _UNSAFE or not letter.isprintable() else letter for letter in name)[:80]


def _take(folder: Path, gathered: Collection, county: County, year: int, data: Path) -> tuple[int, list[str]]:
    if not folder.is_dir():
        raise RequestError("collect_folder", folder=folder)
    if not gathered.schools and not _holds_answers(folder):
        raise RequestError("collect_unsent", county=county.name(language()), code=county.code, year=year)
    taken = Taken()
    day = project.today()
    books = _books(folder, gathered, county, year, taken)
    accepted = {school: files[0] for school, files in _alone(books, gathered, taken).items()}
    fresh: dict[str, Returned] = {}
    for school, (path, content) in accepted.items():
        try:
            fresh[school] = gathered.read(school, content, path.name)
            taken.accepted[school] = path.name
        except DataError as fault:
            taken.refused.append(str(fault))
    for school in fresh:
        gathered.keep(school, accepted[school][1], day, accepted[school][0].name)
    every = {school: fresh.get(school) or _again(gathered, school) for school in gathered.latest()}
    lines = merging.merge(gathered, county, year, data, every) if every else []
    gathered.save()
    taken.answered = answers.take(folder, county, data, day, taken.refused)
    here = {*taken.accepted, *taken.known.values()}
    told = _told(taken, gathered, {school: book for school, book in every.items() if school in here})
    return int(bool(taken.refused)), [*told, *lines, message("add_check", county=county.code)]


def _again(gathered: Collection, school: str) -> Returned:
    receipt = gathered.latest()[school]
    return gathered.read(school, (gathered.folder / receipt.file).read_bytes(), receipt.file)


def files_in(folder: Path) -> list[Path]:
    """Return the workbooks that lie in a folder and below it, without locks of open ones."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path for path in paths if not path.name.startswith((".", "~$"))]


def _holds_answers(folder: Path) -> bool:
    return any(answers.of_file(path) for path in files_in(folder) if path.suffix.lower() in _ENDINGS)


def _books(
    folder: Path, gathered: Collection, county: County, year: int, taken: Taken
) -> dict[str, list[tuple[Path, bytes]]]:
    """Return the workbooks of a folder by school; others are noted as refused, those taken before as known."""
    digests = {receipt.digest: receipt.school for receipt in gathered.receipts}
    books: dict[str, list[tuple[Path, bytes]]] = {}
    taken.open += sorted(path.name.removeprefix("~$") for path in folder.rglob("~$*"))
    for path in files_in(folder):
        if path.suffix.lower() in _ARCHIVES:
            taken.refused.append(message("collect_archive", file=path.name))
            continue
        if path.suffix.lower() not in _ENDINGS:
            taken.refused.append(message("collect_no_workbook", file=path.name))
            continue
        content = path.read_bytes()
        try:
            marked = Book(content, path.name).marked()
        except JunhengError as fault:
            taken.refused.append(str(fault))
            continue
        if marked is not None and marked.kind == collecting.declared()["answers"]:
            continue
        if school := digests.get(storage.digest_of(content)):
            taken.known[path.name] = school
        elif marked is None:
            taken.refused.append(message("collect_none_of_ours", file=path.name))
        elif (marked.county, marked.year) != (county.code, year) or marked.school not in gathered.schools:
            values: dict[str, Any] = {"county": marked.county, "year": str(marked.year), "school": marked.school}
            taken.refused.append(message("collect_other", file=path.name, **values))
        else:
            books.setdefault(marked.school, []).append((path, content))
    return books


def _alone(
    books: dict[str, list[tuple[Path, bytes]]], gathered: Collection, taken: Taken
) -> dict[str, list[tuple[Path, bytes]]]:
    """Return the schools of which one workbook came; of two that differ neither is taken, for either may be meant."""
    alone: dict[str, list[tuple[Path, bytes]]] = {}
    for school, files in books.items():
        different = {storage.digest_of(content): (path, content) for path, content in files}
        if len(different) == 1:
            alone[school] = list(different.values())
        else:
            names = listed(path.name for path, _ in files)
            called = f"{school} {gathered.schools[school]}"
            taken.refused.append(message("collect_double", school=called, files=names))
    return alone


def _told(taken: Taken, gathered: Collection, books: dict[str, Returned]) -> list[str]:
    """Return the lines on what came, what is wrong with it, and what is not there yet.

    `books` are those that the folder has, this time or from before.
    """
    called = gathered.schools

    def names(schools: list[str]) -> str:
        return listed(f"{school} {called[school]}" for school in schools)

    lines = [
        message("collect_taken", new=len(taken.accepted), known=len(taken.known), refused=len(taken.refused)),
        *(f"  ✗ {line}" for line in taken.refused),
    ]
    if taken.open:
        lines.append("  ! " + message("collect_open", files=listed(taken.open)))
    for school, book in books.items():
        who = f"{school} {called[school]}"
        for edited in book.edited:
            values: dict[str, Any] = {
                "sheet": edited.sheet,
                "place": edited.place,
                "before": edited.before,
                "after": edited.after,
            }
            lines.append("  ! " + message("collect_edited", school=who, **values))
        for sheet, cells in book.missing.items():
            some = listed([*cells[:_NAMED], *(["…"] if len(cells) > _NAMED else [])])
            lines.append("  ! " + message("collect_blank", school=who, sheet=sheet, number=len(cells), cells=some))
        if book.remark:
            lines.append("  · " + message("collect_remark", school=who, text=book.remark))
    signed = [
        f"{called[school]} {book.person} {book.day}".strip()
        for school, book in books.items()
        if school in taken.accepted and (book.person or book.day)
    ]
    if signed:
        lines.append("  · " + message("collect_signed", names=listed(signed)))
    if late := gathered.late():
        lines.append(message("collect_late", number=len(late), due=gathered.due, schools=names(late)))
    if missing := gathered.missing():
        lines.append(message("collect_missing", number=len(missing), schools=names(missing)))
    return [*lines, *taken.answered]
