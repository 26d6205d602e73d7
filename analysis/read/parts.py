"""The parts of a workbook that is a ZIP archive, found whatever the spelling of their names."""

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from lxml import etree

from analysis.errors import DataError, message
from analysis.files import MEGABYTE, bounds

#: A part of a workbook, or a packed text, that unpacks to more bytes than this is no statistic.
MOST_BYTES = bounds().unpacked_megabytes * MEGABYTE
_FAULTS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    RuntimeError,
    KeyError,
    ValueError,
    EOFError,
    OSError,
    struct.error,
    zlib.error,
    etree.XMLSyntaxError,
)


class Parts:
    """An archive's parts by name: slashes either way and capitals make no difference."""

    def __init__(self, content: bytes, file: str) -> None:
        """Raise DataError where a part unpacks to more than MOST_BYTES, or the archive is damaged."""
        self.file = file
        with readable(file):
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._known = {plain(entry.filename): entry for entry in self._archive.infolist()}
        check_size(max((entry.file_size for entry in self._known.values()), default=0), file)

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a part of this name."""
        return plain(name) in self._known

    def names(self) -> list[str]:
        """Return the names of all parts, plain."""
        return list(self._known)

    def stands(self, name: str) -> bool:
        """Tell whether a part stands in the archive under exactly this name."""
        return name in self._archive.NameToInfo

    def read(self, name: str) -> bytes:
        """Return the bytes of a part; DataError where it is damaged or encrypted."""
        entry = self._known[plain(name)]
        if entry.flag_bits & 1:
            raise DataError("file_password", file=self.file)
        with readable(self.file):
            return self._archive.read(entry)


@contextmanager
def readable(file: str) -> Iterator[None]:
    """Turn whatever a damaged archive or a part of it raises into one DataError."""
    try:
        yield
    except _FAULTS as fault:
        kind = "damage_xml" if isinstance(fault, (etree.XMLSyntaxError, ValueError)) else "damage_archive"
        raise DataError("file_broken", file=file, reason=message(kind)) from fault


def check_size(size: int, file: str) -> None:
    """Raise DataError where something unpacks to more than can be read."""
    if size > MOST_BYTES:
        raise DataError("file_too_large", file=file, limit=MOST_BYTES // 2**20)


def plain(name: str) -> str:
    """Return a part's name as it is compared."""
    return name.replace("\\", "/").lstrip("/").casefold()


def resolved(target: str, base: str) -> str:
    """Return the part that a target names, absolute or relative to the part `base`."""
    target = unquote(target.replace("\\", "/"))
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(base), target)).lstrip("/")


@dataclass(frozen=True)
class Relation:
    """What a part points to: the kind is the last word of its type, the same in Strict OOXML; `target` as it stands."""

    kind: str
    part: str
    target: str
    base: str

    @property
    def plain(self) -> bool:
        """Tell whether the target is named without detours."""
        return posixpath.join("/", posixpath.dirname(self.base), self.target) == f"/{self.part}"


def relations(parts: Parts, part: str) -> dict[str, Relation]:
    """Return what a part points to within the archive, by the id of the relation."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path not in parts:
        return {}
    with readable(parts.file):
        root = root_of(parts.read(path))
    by_id = {}
    for relation in root.iter("{*}Relationship"):
        if relation.get("TargetMode") != "External":
            target = relation.get("Target", "")
            kind = relation.get("Type", "").rsplit("/", 1)[-1]
            by_id[relation.get("Id", "")] = Relation(kind, resolved(target, part), target, part)
    return by_id


def root_of(part: bytes) -> Any:
    """Return the root of a part's XML, without comments.

    ValueError where it is no XML, and where it defines entities: they may have no end.
    """
    try:
        root = etree.fromstring(part, _parser())
    except etree.XMLSyntaxError as fault:
        raise ValueError(str(fault)) from fault
    if root.getroottree().docinfo.doctype:
        raise ValueError("DOCTYPE")
    return root


def _parser() -> etree.XMLParser:
    """Return a parser that opens nothing outside of a part, and whose text has no holes."""
    return etree.XMLParser(
        huge_tree=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
