"""Units as headers, titles and notes tell them: 教学仪器设备值（万元）, 单位：万元、亩, 金额单位为千元."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from analysis.read.fields import Unit, header_words, units

_BLANKS = re.compile(r"\s+")
_BRACKETED = re.compile(r"[(\[]\s*(?:(?:计量|金额|面积)?单位[:：]?)?\s*([^()\[\]]*?)\s*[)\]]$")
_SLASHED = re.compile(r"/\s*([^()/\[\]]+)$")
#: 填报单位：某局 tells who, 单位：万元 what it is counted in.
_TOLD = re.compile(
    r"(?:^|[^\w]|计量|金额|面积|数量|统计|表内|均|各项)单位(?:均|皆)?(?:为|是|[:：])\s*([^。;；()\[\]]+)"
)
#: Beside a header they say that it must be filled in, or name a note.
_STARS = "*★☆※#†▲△●◆"
_LONGEST = 6
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
class Told:
    """What titles and notes tell of units: the units, and the texts that are none we know."""

    units: tuple[Unit, ...] = ()
    odd: tuple[str, ...] = ()

    def of(self, base: str) -> tuple[Unit, ...]:
        """Return the different units of a base."""
        return tuple(dict.fromkeys(unit for unit in self.units if unit.base == base))


def narrow(text: str) -> str:
    """Return text in one width and without spaces."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


@cache
def _known() -> dict[str, Unit]:
    return {narrow(name).casefold(): unit for name, unit in units().items()}


@lru_cache(maxsize=20_000)
def unit_of(text: str) -> Unit | None:
    """Return the unit that a text is, in brackets or not."""
    return _known().get(narrow(text).strip("()[]").casefold())


@lru_cache(maxsize=50_000)
def split(text: str) -> Named:
    """Split a header into its name and the unit behind it; a remark that says nothing of the column is left out."""
    plain = narrow(text).strip(_STARS)
    if found := _BRACKETED.search(plain):
        name, inner = plain[: found.start()], found[1]
        if unit := _known().get(inner.casefold()):
            return Named(name, unit)
        odd = "" if inner in header_words()["remarks"] else inner
        return Named(name, None, odd) if name else Named("", only=odd)
    if (found := _SLASHED.search(plain)) and (unit := _known().get(found[1].casefold())):
        return Named(plain[: found.start()], unit)
    return Named(plain)


def told_in(texts: list[str]) -> Told:
    """Return the units that titles and notes tell (单位：万元、亩); a text that tells none is passed over."""
    found: list[Unit] = []
    odd: list[str] = []
    for text in texts:
        for listed in _TOLD.findall(unicodedata.normalize("NFKC", text)):
            parts = [part for part in _LISTED.split(listed.strip(" )]")) if part]
            known = [unit_of(part) for part in parts]
            if any(known):
                found += [unit for unit in known if unit]
                odd += [part for part, unit in zip(parts, known, strict=True) if not unit]
            elif len(parts) == 1 and _may_be_unit(parts[0]):
                odd += parts
    return Told(tuple(found), tuple(dict.fromkeys(odd)))


def _may_be_unit(text: str) -> bool:
    """Tell whether a text ends in a unit that we know: 千亩 may be one, a bureau's name is none."""
    return len(text) <= _LONGEST and any(text.casefold().endswith(name) for name in _known())
