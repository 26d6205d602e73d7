"""The year that the title of a table, or the name of a sheet, tells: the one its file is registered for, or another."""

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache

import polars as pl

from analysis.read.row_words import listed, pattern

#: 二〇二四 is a year as 2024 is.
_HAN = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HAN_YEAR = re.compile(r"[〇○零一二三四五六七八九]{4}(?=[年学—–~至-])")
_YEAR = re.compile(
    r"(?<!\d)(?P<first>20\d{2})(?:年?[-–—~/至.](?P<second>20\d{2}|\d{2})(?!\d))?(?!\d)(?P<kind>学年度|学年|年度|年)?"
    r"(?:(?P<month>\d{1,2})月|(?P<season>春|上半年|[^\d,;。]{0,2}(?:第二学期|下学期|期末)|末))?"
)
#: Parts of a line that stand apart tell different things: 填报单位：某局   统计时间：2024年9月.
_APART = re.compile(r"\s{2,}|[;；|]")
#: In this month of the year a school year ends.
_LAST_MONTH = 8
#: What stands beside the year in a line that is a title all the same: （甲县）, 统计年度：.
_SHORT = 6
#: A row of a title has no more texts, and stands no farther above its table.
_FEW, _HIGHEST = 2, 10


class Told(IntEnum):
    """What a text tells of the year asked: another, perhaps it (some register 2023-2024 as 2024), surely it."""

    OTHER = 0
    PERHAPS = 1
    SAME = 2


@dataclass(frozen=True)
class Title:
    """What tells a year: the `text`, the part of it that does (`said`), and which; `row` counts from 1 in the sheet."""

    text: str
    said: str
    told: Told
    row: int = 0


@lru_cache(maxsize=10_000)
def title(text: str, year: int, titled: bool = True) -> Title | None:
    """Return what a text tells of a year, None where it tells none; where it must be a title, dates of forms are none.

    A school year is that in which it begins. What is told in a month to August, or of the end of a school year, may be
    of the school year that began the year before.

    >>> [title(f"甲县{one}学校情况统计表", 2024).told.name for one in ("2024-2025学年初", "2025年1月", "2023年")]
    ['SAME', 'SAME', 'OTHER']
    """
    titles = [title_of for part in _APART.split(text) if (title_of := _of_part(part, year, titled)) is not None]
    least = min(titles, key=lambda title_of: title_of.told, default=None)
    return least and replace(least, text=text)


def years_told(text: str, titled: bool = True) -> tuple[int, ...]:
    """Return the years that a text may tell, ascending: several where it is not sure which, none where it tells none.

    >>> years_told("甲县2023-2024学年初学校统计表"), years_told("统计表（2025年1月）"), years_told("填表：2024年9月")
    ((2023,), (2024, 2025), ())
    """
    years: set[int] = set()
    for part in _APART.split(text):
        about = {int(digits) + step for digits in re.findall(r"20\d{2}", normal(part)) for step in (-1, 0, 1)}
        years_of_parts = {year: _of_part(part, year, titled) for year in about}
        years |= {
            year for year, title_of in years_of_parts.items() if title_of is not None and title_of.told is Told.SAME
        }
    return tuple(sorted(years))


def normal(text: str) -> str:
    """Return text in one width and without spaces, its years in digits."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return _HAN_YEAR.sub(lambda match: match[0].translate(_HAN), plain)


def _of_part(text: str, year: int, titled: bool) -> Title | None:
    plain = normal(text)
    if titled and re.search(pattern("no_titles"), plain):
        return None
    titles: list[Title] = []
    for match in _YEAR.finditer(plain):
        beside = plain[: match.start()] + plain[match.end() :]
        if re.match("|".join(listed("no_years")), plain[match.end() :]):
            continue
        if not titled or len(beside) <= _SHORT or any(word in plain for word in listed("titles")):
            titles.append(Title(text, match[0], _matched(match, year)))
    return max(titles, key=lambda title_of: title_of.told, default=None)


def _matched(match: re.Match[str], year: int) -> Told:
    first, second, month = int(match["first"]), match["second"], match["month"]
    if second and len(second) == 2:
        follows = int(second) == (first + 1) % 100
        second, month = (str(first + 1), month) if follows else (None, second)
    season = match["season"]
    ends = season is not None and (season != "末" or (match["kind"] or "").startswith("学年"))
    late = ends or (month is not None and int(month) <= _LAST_MONTH)
    if second and int(second) == first + 1:
        perhaps = Told.PERHAPS if year == int(second) else Told.OTHER
        return Told.SAME if year == first or (late and perhaps) else perhaps
    if second:
        return Told.SAME if first <= year <= int(second) else Told.OTHER
    return Told.SAME if year == first or (late and year == first - 1) else Told.OTHER


def above(cells: pl.DataFrame, header: int, year: int) -> tuple[Title, ...]:
    """Return the titles that tell a year in the rows right above a header (`header` counted from 0), the lowest first.

    A row of more than two texts is none of a title's.
    """
    titles: list[Title] = []
    for number in range(header - 1, max(header - _HIGHEST, 0) - 1, -1):
        texts = dict.fromkeys(text for text in cells.row(number) if text)
        if len(texts) > _FEW:
            break
        row_titles = (title(text, year) for text in texts)
        titles += [replace(title_of, row=number + 1) for title_of in row_titles if title_of is not None]
    return tuple(titles)
