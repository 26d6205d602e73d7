"""What the texts over a column say: the column they name, how closely, its unit, and the year they are of."""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from weakref import WeakKeyDictionary

from analysis.read.fields import Table, Unit, header_words
from analysis.read.header_units import Named, narrow, scaled, split, unit_of

_BLANKS = re.compile(r"\s+")
_MARKS = re.compile(r"[()\[\]【】/\\\-_·•—–、,:;*#△▲▼▽◇◆□■○●☆★]")
_YEAR = re.compile(
    r"(?:截[至止]|至)?(?P<first>(?:19|20)\d{2})(?:[-–—~/至](?P<second>(?:19|20)?\d{2}))?"
    r"(?:学年度?|年度?)?(?:\d{1,2}月(?:\d{1,2}日)?|[./-]\d{1,2}(?![\d]))?(?:年?(?:[底末]|初(?![中级])))?"
)
_NOTED = re.compile(r"(?<![m米])\s*(?:[①-⑳⁰¹²³⁴-⁹]|\[\d{1,2}\]|[(（]注\s*\d{0,2}[)）])+\s*$")
#: 1.学校代码, (2)校名, 三、图书册数: a number before a name, which is no number itself.
_NUMBERED = re.compile(
    r"^\s*(?:[(（]?\d{1,2}\s*[)）.．、]|[(（][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、.．]|[A-Z][、.．]|[①-⑳])"
    r"\s*(?=[\u4e00-\u9fff]{2})(?![一二三四五六七八九十])"
)
#: 学校代码 School code, School code/学校代码, 学校代码(School code): a name with its translation.
_LATIN, _HAN = r"[A-Za-z][A-Za-z .,'’&-]{2,}", r"[^A-Za-z]*[\u4e00-\u9fff][^A-Za-z]*?"
_TRANSLATED = re.compile(
    rf"^(?P<own>{_HAN})(?:[\s/|]+(?P<behind>{_LATIN})(?P<unit>\s*[(（][^()（）]+[)）])?|\s*[(（]\s*(?P<inside>{_LATIN})[)）])\s*$"
    rf"|^(?P<before>{_LATIN})[\s/|]+(?P<mine>{_HAN})\s*$"
)
_PART_BEGINS = "其中"
#: Headers whose likeness differs by less are like a text alike.
_ALIKE = 0.01
#: A header that is at least so like a known one is offered as its alias.
_LIKE = 0.72
_SHORTEST = 3
_MOST_NEAR = 4
_COUNTED = ("count", "amount", "share")


class Nearness(IntEnum):
    """How closely the texts over a column name it: by their end alone, or as a whole."""

    END = 1
    WHOLE = 2


@dataclass(frozen=True)
class Heading:
    """What the texts over one position name.

    `group` is the text above that is no part of the name, `odd` a text in brackets that is no unit of the column,
    `years` the years that the texts tell, empty where they tell none.
    """

    column: str
    nearness: Nearness
    unit: Unit | None = None
    odd: str = ""
    group: str = ""
    years: tuple[str, ...] = ()

    def is_of(self, year: int) -> bool:
        """Tell whether the texts tell this year."""
        return bool(self.years) and all(_is_year(text, year) for text in self.years)


def _is_year(text: str, year: int) -> bool:
    if text in header_words()["this_year"]:
        return True
    return str(year) in text.split("-")


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """Return a header as it is compared: one width, no spaces, no brackets or separators."""
    return _MARKS.sub("", _BLANKS.sub("", unicodedata.normalize("NFKC", text))).casefold()


_NAMES: WeakKeyDictionary[Table, dict[str, str]] = WeakKeyDictionary()
_TEXTS: WeakKeyDictionary[Table, str] = WeakKeyDictionary()


def names(table: Table) -> dict[str, str]:
    """Return column by plain header; a two-part header counts in either order (在校学生数/小学, 小学在校学生数)."""
    if table not in _NAMES:
        columns_by_name: dict[str, str] = {}
        for column in table.columns.values():
            for header in column.headers:
                columns_by_name.setdefault(plain(header), column.name)
                group, _, leaf = header.partition("/")
                if leaf:
                    columns_by_name.setdefault(plain(leaf + group), column.name)
        _NAMES[table] = columns_by_name
    return _NAMES[table]


def all_names(table: Table) -> str:
    """Return all plain texts that name or imply a column of a table, in one line each."""
    if table not in _TEXTS:
        texts = set(names(table))
        for column in table.columns.values():
            texts |= {plain(text) for texts in (*column.sums, *column.implied.values()) for text in texts}
        _TEXTS[table] = "\n".join(sorted(texts))
    return _TEXTS[table]


@lru_cache(maxsize=50_000)
def _unnoted(text: str) -> str:
    """Return a header without the mark of a footnote at its end (the 2 of m² is none), the number before it, and its
    translation."""
    bare = _NUMBERED.sub("", _NOTED.sub("", text))
    match = _TRANSLATED.match(bare)
    if not match:
        return bare
    latin = match["behind"] or match["inside"] or match["before"]
    words = set(re.findall(r"[a-z]+", latin.lower()))
    if words & header_words()["no_translations"] or unit_of(latin):
        return bare
    return (match["own"] or match["mine"]).strip() + (match["unit"] or "").strip()


@lru_cache(maxsize=50_000)
def tells(text: str, table: Table) -> bool:
    """Tell whether a text may be, or be a part of, what names a column, or may name a unit or a year."""
    text = _unnoted(text)
    if unit_of(text) or split(text).unit or split(text).only:
        return True
    return _says(without_year(split(without_year(text)[0]).name)[0], table)


def _says(name: str, table: Table) -> bool:
    """Tell whether a text without its year and unit may be a part of what names a column."""
    return plain(name) in all_names(table) or _is_word(narrow(name))


def _is_word(text: str) -> bool:
    words = header_words()
    return text in words["wholes"] or is_part(text) or text in words["this_year"] or text in words["last_year"]


@lru_cache(maxsize=50_000)
def is_part(text: str) -> bool:
    """Tell whether a text says that what it heads is but a part: 其中：女, 当年新增, 危房."""
    bare = plain(text)
    parts = header_words()["parts"]
    return bare.startswith(_PART_BEGINS) or bare in parts or any(len(word) > 1 and word in bare for word in parts)


@lru_cache(maxsize=50_000)
def without_year(text: str) -> tuple[str, str]:
    """Return a text without the year that it tells, and that year: 2024, 2023-2024, 上年; "" where it tells none."""
    bare, words = narrow(text), header_words()
    for word in sorted(words["this_year"] | words["last_year"], key=len, reverse=True):
        if bare == word or (bare.startswith(word) and len(bare) > len(word) + 1):
            return bare.removeprefix(word), word
        if f"({word})" in bare:
            return bare.replace(f"({word})", "", 1), word
    match = _YEAR.search(bare)
    if not match:
        return text, ""
    first, second = match["first"], match["second"]
    if second and len(second) == 2:
        second = first[:2] + second
    return bare[: match.start()] + bare[match.end() :], f"{first}-{second}" if second else first


@lru_cache(maxsize=50_000)
def heading(path: tuple[str, ...], table: Table) -> Heading | None:
    """Return what the texts over a position name: their whole, else ever shorter ends of it; None where it is nothing.

    The end alone names nothing where what stands above or beside it says that it is a part only.
    """
    known = names(table)
    path = tuple(_unnoted(text) for text in path)
    if path and (column := known.get(plain("/".join(path)))) and not split(path[-1]).unit:
        # A header may itself end in what looks like a unit: 有效问卷数/份. An alias may tell one that is not known.
        counted = table.columns[column].kind in _COUNTED and table.columns[column].base
        return Heading(column, Nearness.WHOLE, odd=scaled(path[-1]) if counted else "")
    parts: list[str] = []
    whole: list[str] = []
    years: list[str] = []
    unit: Unit | None = None
    odd = ""
    for text in path:
        alone = unit_of(text)
        name, year = without_year(text)
        named = split(name)
        if named.odd and plain(name) in known:
            named = Named(name)  # 在校学生数（小学）: what stands in brackets is a part of the name
        if not alone and named.only:
            odd = named.only
        elif not alone:
            short, later = without_year(named.name)
            if _says(short, table):
                years += [date_part for date_part in (year, later) if date_part]
            if plain(short):
                parts.append(short)
                whole.append(f"{short}{named.odd}")
        unit = alone or named.unit or unit
        odd = odd if alone else named.odd or odd
    naming = _named(tuple(whole), known) if whole != parts else None
    if naming and naming[1] is Nearness.WHOLE:
        odd = ""
    else:
        naming = _named(tuple(parts), known)
    if naming is None and path and (column := known.get(plain("/".join(path)))):
        naming, odd = (column, Nearness.WHOLE, ""), ""  # an alias that names its unit too
    if naming is None or (
        odd and (is_part(odd) or is_derived(odd)) and not odd.startswith(tuple(header_words()["included"]))
    ):
        return None
    called, nearness, group = naming
    meant = table.columns[called]
    if meant.kind not in _COUNTED:
        unit = unit if meant.percent else None
        odd = ""
    elif unit and {unit.base, meant.base} == header_words()["alike"]:
        unit = Unit(meant.base, unit.factor)
    elif unit and unit.base != meant.base:
        odd = odd or next((text for text in reversed(path) if split(text).unit == unit or unit_of(text)), "")
        unit = None
    return Heading(called, nearness, unit, odd, group, tuple(years))


def _named(parts: tuple[str, ...], known: dict[str, str]) -> tuple[str, Nearness, str] | None:
    wholes = header_words()["wholes"]
    kept = tuple(part for part in parts if narrow(part) not in wholes)
    stripped = tuple(part for part in (_unmarked(part) for part in kept) if part)
    for tried in dict.fromkeys((parts, kept, stripped)):
        if tried and (column := known.get(plain("/".join(tried)))):
            return column, Nearness.WHOLE, ""
    for start in range(1, len(kept)):
        if any(is_part(part) or is_derived(part) for part in kept[:start]):
            return None
        if column := known.get(plain("/".join(kept[start:]))):
            return column, Nearness.END, "/".join(kept[:start])
    if any(is_part(part) for part in kept):
        return None
    if len(kept) > 2 and (column := known.get(plain(kept[0] + kept[-1]))):
        return column, Nearness.END, "/".join(kept[1:-1])
    return None


def _unmarked(text: str) -> str:
    """Return 其中：小学 as 小学: it names the column as a whole where one is declared so."""
    return plain(text).removeprefix(_PART_BEGINS)


@lru_cache(maxsize=50_000)
def is_derived(text: str) -> bool:
    """Tell whether a text says that what it heads is worked out from something, or asked of it: 生均, 标准, 排名."""
    return bool(derived_words((text,)))


def derived_words(texts: Iterable[str]) -> set[str]:
    """Return the words in texts that say so."""
    bare = [plain(text) for text in texts]
    return {word for word in header_words()["derived"] if any(word in text for text in bare)}


def perhaps(path: tuple[str, ...], table: Table, taken: set[str]) -> str:
    """Return the name of a column, none of those `taken`, that a header is declared to mean perhaps; "" where none."""
    bare = {plain("".join(split(text).name for text in path)), plain(split(path[-1]).name)}
    free = (column for column in table.columns.values() if column.name not in taken)
    return next((word.name for word in free if bare & {plain(text) for text in word.perhaps}), "")


def near(path: tuple[str, ...], table: Table, taken: set[str]) -> tuple[str, ...]:
    """Return the names of the columns, none of those `taken`, that a header is most like: several where it does not
    say which of them (在校学生数, of primary or of junior pupils)."""
    bare = plain("".join(without_year(split(text).name)[0] for text in path))
    if len(bare) < _SHORTEST:
        return ()
    if groups := tuple(name for name in _groups(table).get(bare, ()) if name not in taken):
        return groups
    free = {name: column for name, column in names(table).items() if column not in taken}
    nearest = difflib.get_close_matches(bare, free, n=_MOST_NEAR, cutoff=_LIKE)
    likeness = [difflib.SequenceMatcher(None, name, bare).ratio() for name in nearest]
    alike = (free[name] for name, like in zip(nearest, likeness, strict=True) if like + _ALIKE > likeness[0])
    return tuple(dict.fromkeys(alike))


@lru_cache(maxsize=64)
def _groups(table: Table) -> dict[str, tuple[str, ...]]:
    """Return, by the plain text of the first part of headers of two, the columns that they name, where several."""
    by_group: dict[str, list[str]] = {}
    for column in table.columns.values():
        for group in {plain(header.partition("/")[0]) for header in column.headers if "/" in header}:
            by_group.setdefault(group, []).append(column.name)
    return {group: tuple(columns) for group, columns in by_group.items() if len(columns) > 1}
