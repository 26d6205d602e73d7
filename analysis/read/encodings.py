"""Which encoding a text is in: those accepted are read, another is recognised and named, never guessed at."""

import codecs
import re
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from analysis.errors import DataError
from analysis.read.fields import tables

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
#: How much of a text tells its encoding.
_HEAD = 1 << 18
#: A header of our tables in a text is proof of its encoding; shorter ones are in texts by chance.
_SURE = 3
_HIGH = re.compile(rb"[\x80-\xff]+")


@dataclass(frozen=True)
class Other:
    """An encoding that is recognised and not read unless a person names it: its codec, its name, its frequent signs."""

    codec: str
    name: str
    signs: frozenset[str]


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "encodings.yml").read_text(encoding="utf-8"))
    return loaded


@cache
def _others() -> tuple[Other, ...]:
    told = _data()["others"].items()
    return tuple(Other(codec, one["name"], frozenset(one["signs"]) - {" "}) for codec, one in told)


def decode(content: bytes, file: str, encoding: str | None = None) -> str:
    """Return the text of bytes in UTF-8 (with or without mark), UTF-16 or GB18030, or in the encoding that is named.

    Raises DataError where they are in none of these, or make sense in another alone, which is then named.
    """
    codec = named(encoding, file) if encoding else codec_of(content, file)
    try:
        return content.decode(codec).removeprefix("\ufeff")
    except UnicodeDecodeError as fault:
        if encoding:
            raise DataError("encoding_differs", file=file, encoding=encoding) from fault
        raise _refusal(content[:_HEAD], file) from fault


def named(encoding: str, file: str) -> str:
    """Return the encoding that a person names; DataError where there is none of that name."""
    try:
        codecs.lookup(encoding)
    except LookupError as fault:
        raise DataError("encoding_unknown", file=file, encoding=encoding) from fault
    return encoding


def codec_of(content: bytes, file: str, whole: bool = True) -> str:
    """Return the codec of a text, or of its beginning where it is not `whole`; raises as `decode` does."""
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return codec
    head = content[:_HEAD]
    if zeros := head.count(0):
        little = head[1::2].count(0) > head[::2].count(0)
        if zeros * 20 > len(head):
            return "utf-16-le" if little else "utf-16-be"
        raise DataError("file_kind", file=file, kind="binary")
    if _decodes(content, "utf-8", whole):
        return "utf-8"
    other = _other(head)
    if other is not None or not _decodes(head, "gb18030", whole and len(head) == len(content)):
        raise _refusal(head, file)
    return "gb18030"


def _decodes(content: bytes, codec: str, whole: bool) -> bool:
    try:
        content.decode(codec)
    except UnicodeDecodeError as fault:
        return not whole and fault.start >= len(content) - 4
    return True


def _refusal(head: bytes, file: str) -> DataError:
    accepted = ", ".join(_data()["accepted"])
    if other := _other(head):
        return DataError("encoding_named", file=file, name=other.name, encoding=other.codec, accepted=accepted)
    return DataError("file_encoding", file=file, accepted=accepted)


def _other(head: bytes) -> Other | None:
    """Return the encoding in which a text makes sense where it makes none as GB18030."""
    text = head.decode("gb18030", errors="replace")
    if any(header in text for header in _headers()) or _share(text, _common()) > _data()["nonsense"]:
        return None
    if _is_latin(head):
        return next(one for one in _others() if not one.signs)
    shares = [(_share(head.decode(one.codec, errors="replace"), one.signs), one) for one in _others() if one.signs]
    share, other = max(shares, key=lambda pair: pair[0])
    return other if share >= _data()["sense"] else None


def _share(text: str, signs: frozenset[str]) -> float:
    """Return the share of a text's letters beyond ASCII that are frequent in its language; what is no letter counts
    against it where it is private, a replacement or half a sign wide."""
    beyond = [sign for sign in text if sign > "\x7f" and (sign.isalpha() or sign == "\ufffd" or _is_private(sign))]
    return sum(sign in signs for sign in beyond) / len(beyond) if beyond else 0.0


def _is_private(sign: str) -> bool:
    return "\ue000" <= sign < "\uf900"


@cache
def _common() -> frozenset[str]:
    return frozenset(_data()["gb18030"]) - {" "}


@cache
def _headers() -> frozenset[str]:
    every = chain.from_iterable(column.headers for table in tables().values() for column in table.columns.values())
    parts = chain.from_iterable(header.split("/") for header in every)
    return frozenset(part for part in parts if len(part) >= _SURE and not part.isascii())


def _is_latin(head: bytes) -> bool:
    """Tell whether most bytes beyond ASCII stand alone within words of ASCII letters, as é does in école."""
    runs = list(_HIGH.finditer(head))
    alone = sum(
        len(run[0]) == 1
        and (head[run.start() - 1 : run.start()].isalpha() or head[run.end() : run.end() + 1].isalpha())
        and head[run.start() : run.end()].decode("cp1252", errors="replace").isalpha()
        for run in runs
    )
    return bool(runs) and alone * 2 > len(runs)
