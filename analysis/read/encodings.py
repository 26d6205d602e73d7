"""Which encoding a text is in: those accepted are read, another is recognised and named, never guessed at.

A text that is right in GB18030 is refused only where it is far likelier in another encoding (encodings.yml).
"""

import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import yaml

from analysis.errors import DataError, message
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
#: A text more of whose signs than this are frequent in Chinese is Chinese.
_DOUBTFUL = 0.3
_WORD = re.compile(r"[^\W\d_]+")


#: Words of more than ASCII in a text that must look like French or German before it is held for that.
_WORDS = 2
#: Signs of Latin-1 that stand beside digits and letters, not within words.
_BESIDE = frozenset("\u00a0£¥§©®°±²³µ·¹¼½¾×÷")
#: The last sign that UTF-8 writes in two bytes, as GB18030 does Chinese ones; shorter words may be either.
_TWO_BYTES, _SHORT = "\u07ff", 2


@dataclass(frozen=True)
class Encoding:
    """An encoding: its codec, its name, the leading bytes of its first level, its frequent signs."""

    codec: str
    name: str
    first: range
    signs: frozenset[str]

    def likelihood(self, head: bytes) -> float:
        """Return how likely the signs of a text beyond ASCII are in this encoding, as a logarithm."""
        counts = Counter(sign for sign in head.decode(self.codec, errors="replace") if sign > "\x7f")
        return sum(self._of(sign) * number for sign, number in counts.items())

    def share(self, head: bytes) -> float:
        """Return the share of a text's letters beyond ASCII that are frequent in this encoding."""
        letters = [sign for sign in head.decode(self.codec, errors="replace") if sign > "\x7f" and _says(sign)]
        return sum(sign in self.signs for sign in letters) / len(letters) if letters else 0.0

    def _of(self, sign: str) -> float:
        data = _data()
        if sign in self.signs:
            return math.log(data["frequent"] / len(self.signs))
        if sign == "\ufffd" or _is_private(sign) or "\uff61" <= sign <= "\uff9f":  # half a sign wide
            return float(data["never"])
        if not sign.isalpha():
            return float(data["sign"])
        return float(data["first" if sign.encode(self.codec)[0] in self.first else "other"])


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "encodings.yml").read_text(encoding="utf-8"))
    return loaded


@cache
def _known() -> tuple[Encoding, ...]:
    """Return GB18030, then the others."""
    data = _data()
    declared = {"gb18030": {"name": "GB18030", **data["gb18030"]}, **data["others"]}
    return tuple(_encoding(codec, entry) for codec, entry in declared.items())


def _encoding(codec: str, entry: dict[str, Any]) -> Encoding:
    first = range(entry["first"][0], entry["first"][1] + 1) if entry["first"] else range(0)
    return Encoding(codec, entry["name"], first, frozenset(entry["signs"]) - {" "})


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


#: What any encoding of tables can write.
_TABLE = 'a,"1"\n2;3\t4\n'


def named(encoding: str, file: str) -> str:
    """Return the encoding that a person names; DataError where there is none of that name, or it is none of tables."""
    try:
        readable = _TABLE.encode(encoding).decode(encoding) == _TABLE
    except (LookupError, UnicodeError):
        readable = False
    if not readable:
        raise DataError("encoding_unknown", file=file, encoding=encoding)
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
        raise DataError("file_kind", file=file, kind=message("kind_binary"))
    if _decodes(content, "utf-8", whole) and is_utf8(head):
        return "utf-8"
    other = _other(head)
    if other is not None or not _decodes(head, "gb18030", whole and len(head) == len(content)):
        raise _refusal(head, file)
    return "gb18030"


def is_utf8(head: bytes) -> bool:
    """Tell whether a text that can be decoded as UTF-8 is meant so: a few Chinese words in GB18030 can be, too.

    Such words decode to letters of odd alphabets and to signs that stand alone, hardly ever to Chinese ones.
    """
    text = head.decode("utf-8", errors="ignore")
    if text.isascii() or not _decodes(head, "gb18030", whole=False):
        return True
    if any(_is_nothing(sign) for sign in set(text)):
        return False
    if max(text) > _TWO_BYTES:
        return True
    if {sign for sign in text if not sign.isascii()} == {"\u00a0"}:
        return True  # a space that holds words together
    chinese = _decodes(head, "gb2312", whole=False)
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    meant = sum(_is_word(word, chinese) for word in words)
    return (meant > 0 and meant * 2 >= len(words)) or any(_stands_by(sign, text) for sign in _BESIDE & set(text))


def _is_nothing(sign: str) -> bool:
    """Tell whether a code point stands for no sign, or for a control that no text holds."""
    kind = unicodedata.category(sign)
    return kind == "Cn" or (kind == "Cc" and sign > "\x7f") or (kind == "Co" and sign > "\uffff")


def _is_word(word: str, chinese: bool) -> bool:
    """Tell whether a word with letters beyond ASCII is one, rather than `chinese` signs that are in common use."""
    alphabets = {unicodedata.name(letter, "?").split()[0] for letter in word}
    if alphabets == {"LATIN"}:
        return len(word) > 1 and max(word) < ("\u0100" if chinese else "\u0180")
    cased = word[1:].islower() or word.isupper()
    return len(alphabets) == 1 and len(word) > _SHORT + chinese and (cased or not chinese)


def _stands_by(sign: str, text: str) -> bool:
    """Tell whether a sign stands beside a digit or a letter of ASCII wherever it stands."""
    parts = text.split(sign)
    return all(
        before[-1:].isascii() and after[:1].isascii() and (before[-1:].isalnum() or after[:1].isalnum())
        for before, after in pairwise(parts)
    )


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


def _other(head: bytes) -> Encoding | None:
    """Return the encoding in which a text is far likelier than as GB18030."""
    usual, *others = _known()
    text = head.decode("gb18030", errors="replace")
    if any(header in text for header in _headers()):
        return None
    if _is_latin(head) and usual.share(head) < _DOUBTFUL:
        return next(encoding for encoding in others if not encoding.signs)
    likeliest = max((encoding for encoding in others if encoding.signs), key=lambda encoding: encoding.likelihood(head))
    return likeliest if likeliest.likelihood(head) - usual.likelihood(head) > _data()["evidence"] else None


def _says(sign: str) -> bool:
    return sign.isalpha() or sign == "\ufffd" or _is_private(sign)


def _is_private(sign: str) -> bool:
    return "\ue000" <= sign < "\uf900"


@cache
def _headers() -> frozenset[str]:
    every = chain.from_iterable(column.headers for table in tables().values() for column in table.columns.values())
    parts = chain.from_iterable(header.split("/") for header in every)
    return frozenset(part for part in parts if len(part) >= _SURE and not part.isascii())


def _is_latin(head: bytes) -> bool:
    """Tell whether most bytes beyond ASCII stand within words of mostly ASCII letters, as é does in école."""
    text = head.decode("cp1252", errors="replace")
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    likely = sum(
        sum(letter > "\x7f" for letter in word) * 2 < len(word) and (word[1:].islower() or word.isupper())
        for word in words
    )
    return bool(likely >= _WORDS and likely * 2 > len(words))
