"""The report on the schools of one township, for someone at a terminal."""

import re
from hashlib import sha256

from analysis import project
from analysis.errors import language
from analysis.kinds import kind
from analysis.run.build import placing, progress
from analysis.run.build.documents import Sheet, build, formats_of, opening
from analysis.run.request import resolve

KIND = kind("township")
#: What a file's name can't hold on one system or another.
_BARRED = re.compile(r'[\\/:*?"<>|\x00-\x1f]|^\.+')
#: Names that Windows keeps for devices, whatever follows a dot.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d) *(?:\.|$)", re.IGNORECASE)
#: Longest name of a file, well below what systems allow in Chinese characters.
_LONGEST = 60
#: Letters of the mark of a name that was changed.
_MARK = 6


def file_name(township: str) -> str:
    """Return what the files of a township are called: its name, where that can be one on every system.

    A name that had to be changed bears a mark made from the whole of it, so that no two townships share their files.
    """
    name = _BARRED.sub("_", township)[:_LONGEST]
    name = f"_{name}" if _DEVICES.match(name) else name
    return name if name == township else f"{name}-{sha256(township.encode()).hexdigest()[:_MARK]}"


def run(county: str, township: str, year: str, words: dict[str, str]) -> str:
    """Bring the report on a township (name or a unique beginning of it) up to date and return what to say.

    Words as in run.request.options. Raises RequestError for a county, year or township that is not there, and what
    run.build.documents raises.
    """
    from analysis.clean import clean_county
    from analysis.tell import open_report
    from analysis.tell.documents.township.township import township_named

    request = resolve(county, year, **(words | {"formats": formats_of(KIND, words.get("formats", ""))}))
    placing.check(request.folder)
    records = clean_county(request.catalogue, request.county.code, project.processed(request.data))
    name = township_named(township, records, request.year, request.county.name(language()))
    sheet = Sheet(request, KIND, file_name(name), {"township": name}, lambda case: name)
    with progress.shown(f"{request.county.name(request.lang)} {request.year}") as show:
        documents = build([sheet], lambda: open_report(**opening(request)), show)
    return documents.sentence()
