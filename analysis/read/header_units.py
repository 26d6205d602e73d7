"""Units as headers, titles and notes tell them: 教学仪器设备值（万元）, 单位：万元、亩, 金额单位为千元."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from analysis.read.fields import Unit, header_words, multiples, units

_BLANKS = re.compile(r"\s+")
_BRACKETED = re.compile(r"[(\[]\s*(?:(?:计量|金额|面积)?单位[:：]?)?\s*([^()\[\]]*?)\s*[)\]]$")
_APART = re.compile(r"(?:[/,:;|_\-–—]\s*|\s)([^()/\[\],:;|_\-–—\s]+)$")
#: Brackets of other shapes, as those of one.
_BRACKETS = str.maketrans("【〔〖〈《{", "((((((") | str.maketrans("】〕〗〉》}", "))))))")
#: 填报单位：某局 tells who, 单位：万元 what it is counted in.
_TOLD = re.compile(
    r"(?:(?:^|[^\w]|计量|金额|货币|资金|面积|数量|统计|表内|均|各项)单位\s*(?:均|皆)?(?:为|是|[:：])|\bunits?\s*:)\s*([^。;；()\[\]]+)",
    re.IGNORECASE,
)
#: 金额以万元计, 面积按亩计算: of units that are known alone, for much else is counted so.
_COUNTED_IN = re.compile(r"[以按]\s*([^。;；()\[\]以按]{1,12}?)\s*(?:为|作)?(?:计量)?(?:单位|计|填)")
#: How a number was rounded says nothing of its unit: 保留两位小数.
_ROUNDED = re.compile(r"(?:保留|精确到|取|四舍五入|小数点后).{0,10}")
_COMMA = re.compile(r"[,，;；、]")
#: What speaks of a multiple in a text of which no unit is known.
_SCALED = re.compile(
    r"[万亿萬億仟佰]|[十百千]万|^(?:w|k|m)(?=\W|$|元|¥)|hundred|thousand|million|10(?:\^|\*\*)?[3-9]|10000",
    re.IGNORECASE,
)
#: 学校情况统计表（万元、平方米）
_BEHIND = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
#: A remark, and no unit: 截至9月1日.
_DATE = re.compile(r"(?:截[至止]|至)?\d{1,2}月(?:\d{1,2}日)?(?:[底末初止])?")
_ASKS = re.compile(r"(?:单位|units?)\s*[:：]?$", re.IGNORECASE)
#: Beside a header they say that it must be filled in, or name a note.
_STARS = "*★☆※#†▲△▼▽●○◆◇■□"
#: A unit that is not known is no longer; one that only begins with a multiple (百套) is shorter still.
_LONGEST, _SHORT = 6, 3
_LISTED = re.compile(r"[、,，/\s]+|和|及")


@dataclass(frozen=True)
class Named:
    """A header without what stands in brackets behind it: the `unit` there, or the text that is no unit we know.

    `only` is that text where nothing stands before it.
    """

    name: str
    unit: Unit | None = None
    odd: str = ""
    only: str = ""


@dataclass(frozen=True)
class SpokenUnits:
    """What titles and notes tell of units: the units, and the texts that are none we know.

    `elsewhere` are the units told of another table of the sheet, or spoken of, which may be meant for this one too.
    """

    units: tuple[Unit, ...] = ()
    odd: tuple[str, ...] = ()
    elsewhere: tuple[Unit, ...] = ()

    def of(self, base: str) -> tuple[Unit, ...]:
        """Return the different units of a base."""
        return tuple(dict.fromkeys(unit for unit in self.units if unit.base == base))

    def perhaps(self, base: str) -> bool:
        """Tell whether a unit other than the base itself is told elsewhere alone."""
        return not self.of(base) and any(unit.base == base and unit.factor != 1 for unit in self.elsewhere)


def narrow(text: str) -> str:
    """Return text in one width and without spaces."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


@cache
def _known() -> dict[str, Unit]:
    return {narrow(name).casefold(): unit for name, unit in units().items()}


@lru_cache(maxsize=20_000)
def unit_of(text: str) -> Unit | None:
    """Return the unit that a text is, in brackets or not, with its currency or without (人民币万元)."""
    plain = narrow(text).strip("()[]").casefold()
    for currency in header_words()["currencies"]:
        plain = plain.removeprefix(currency)
    return _known().get(plain)


@lru_cache(maxsize=50_000)
def split(text: str) -> Named:
    """Split a header into its name and the unit behind it; a remark that says nothing of the column is left out."""
    plain = narrow(text).translate(_BRACKETS).strip(_STARS)
    if match := _BRACKETED.search(plain):
        name, inner = plain[: match.start()], match[1]
        if unit := unit_of(inner) or _counted_in(inner):
            return Named(name, unit)
        before = split(name) if name else Named("")
        if before.unit:
            return Named(f"{before.name}({inner})", before.unit)
        odd = "" if inner in header_words()["remarks"] or _DATE.fullmatch(inner) else inner
        return Named(name, None, odd) if name else Named("", only=odd)
    apart = unicodedata.normalize("NFKC", text).strip().strip(_STARS)
    if (match := _APART.search(apart)) and (unit := _known().get(match[1].casefold())):
        return Named(narrow(apart[: match.start()]), unit)
    return Named(plain)


def _counted_in(inner: str) -> Unit | None:
    """Return the unit of a remark that tells nothing else: 以万元计, 万元，保留两位小数."""
    if match := _COUNTED_IN.fullmatch(inner):
        return unit_of(match[1])
    parts = [part for part in _COMMA.split(inner) if part and not _ROUNDED.fullmatch(part)]
    return unit_of(parts[0]) if len(parts) == 1 and parts[0] != inner else None


def scaled(text: str) -> str:
    """Return what of a header speaks of a multiple (万, W, thousand yuan), "" where nothing does or it tells a unit."""
    named = split(text)
    if named.unit:
        return ""
    inner = named.odd or named.only
    return inner if is_scaled(inner) else narrow(text) if units_in(text) else ""


def is_scaled(text: str) -> bool:
    """Tell whether a text that is no unit speaks of a multiple of one."""
    return bool(_SCALED.search(text))


def told_in(titles: Iterable[Sequence[str]], notes: Iterable[Sequence[str]]) -> SpokenUnits:
    """Return the units that rows of titles, and notes at the foot, tell; a text that tells none is passed over.

    They stand in one cell (单位：万元、亩), in two (单位： | 万元), or, in titles, in brackets behind.
    """
    rows = [(row, True) for row in titles] + [(row, False) for row in notes]
    texts = [(text, above) for row, above in rows for text in _joined(row)]
    units_found: list[Unit] = []
    odd: list[str] = []
    spoken: list[Unit] = []
    for text, above in dict.fromkeys(texts):
        plain, before = unicodedata.normalize("NFKC", text), len(units_found) + len(odd)
        for listed in _TOLD.findall(plain):
            parts = [narrow(listed)] if unit_of(listed) else [_of().sub("", part) for part in _parts(listed)]
            known = [unit_of(part) for part in parts]
            if any(known):
                units_found += [unit for unit in known if unit]
                odd += [part for part, unit in zip(parts, known, strict=True) if not unit]
            elif len(parts) == 1 and may_be_unit(parts[0]):
                odd += parts
        for listed in (*_COUNTED_IN.findall(plain), *(_BEHIND.findall(plain) if above else ())):
            units_of = [unit_of(part) for part in _parts(listed)]
            if all(units_of):
                units_found += [unit for unit in units_of if unit]
        if len(units_found) + len(odd) == before:
            spoken += units_in(plain)
    return SpokenUnits(tuple(units_found), tuple(dict.fromkeys(odd)), tuple(spoken))


def units_in(text: str) -> tuple[Unit, ...]:
    """Return the units of money, area and books, but for the usual ones, of which a text speaks: 设备值填万元."""
    return tuple(_known()[unit_text] for unit_text in _spoken().findall(narrow(text).casefold()))


@cache
def _of() -> re.Pattern[str]:
    """Match what is measured before its unit: 金额为万元."""
    return re.compile(rf"^(?:{'|'.join(sorted(header_words()['measured']))})(?:均|皆)?(?:为|是|按|以)?")


@cache
def _spoken() -> re.Pattern[str]:
    """Match units of which texts may speak; not in numbers (数十万元) and not in names of places (百亩镇)."""
    bases = header_words()["spoken_of"]
    names = [name for name, unit in _known().items() if unit.base in bases and unit.factor != 1]
    longest = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\d.几数{''.join(multiples())}])(?:{longest})(?![镇乡村街县区市小中学])")


def _joined(row: Sequence[str]) -> list[str]:
    """Return the texts of a row, one that only asks for a unit with that beside it."""
    pairs = zip(row, [*row[1:], ""], strict=False)
    return [f"{text.rstrip(':： ')}:{beside}" if _ASKS.search(text) else text for text, beside in pairs]


def _parts(listed: str) -> list[str]:
    return [part for part in _LISTED.split(listed.strip(" )]")) if part]


def may_be_unit(text: str) -> bool:
    """Tell whether a text may be a unit: 千亩 ends in one, 百套 begins with a multiple, a name does neither."""
    if split(text).unit or unit_of(text):
        return True
    plain = narrow(text)
    if plain.startswith(tuple(header_words()["included"])):
        return False
    named = any(plain.casefold().endswith(name) for name in _known())
    return (len(plain) <= _LONGEST and named) or (len(plain) <= _SHORT and plain[:1] in multiples())
