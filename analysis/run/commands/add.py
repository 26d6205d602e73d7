"""Files that came by hand are registered: what they are is guessed from their content, told, asked and entered."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import typer

from analysis import decisions, sources
from analysis.entries import iso_date
from analysis.errors import RequestError, language, listed, message
from analysis.places import COUNTY_DIGITS
from analysis.read import guess as guessing
from analysis.read.fields import table, tables
from analysis.read.guess import Guess
from analysis.render.decisions import lay
from analysis.run.build.placing import near
from analysis.run.commands import filing
from analysis.run.commands.template import year_of
from analysis.sources import Catalogue, County

#: Words that are read for a way to file beside or in the place of what is registered.
WAYS = ("also", "replace")
_LOOKED = 6
#: Of the codes of a file so many, at least, begin as its county's do.
_MOST = 2 / 3


@dataclass(frozen=True)
class Asked:
    """What someone says of files; "" where it is to be guessed or asked for. `way` is one of WAYS or ""."""

    county: str = ""
    table: str = ""
    year: str = ""
    publisher: str = ""
    date: str = ""
    way: str = ""


@dataclass(frozen=True)
class Filed:
    """One table of a file, with all that its entry needs; `asked` are what nobody knows so far."""

    path: Path
    guess: Guess
    county: County | None
    year: int | None
    publisher: str
    date: str
    way: str
    lacking: tuple[str, ...] = ()


def run(files: Iterable[Path], asked: Asked, data: str, ask: bool | None = None) -> list[str]:
    """Register files and return the lines that tell what was done; nothing is written before all of them are known.

    `ask` tells whether someone is there to ask (default: whether standard input is a terminal). Raises RequestError
    where something is lacking and nobody can be asked, and for files that hold no table; DataError where a file can't
    be read.
    """
    folder = sources.folder_of(data, asked.county)
    catalogue = sources.load(folder)
    someone = sys.stdin.isatty() if ask is None else ask
    filed = [each for path in files for each in _looked_at(path, asked, catalogue)]
    for each in filed:
        typer.echo("\n".join(shown(each)))
    if unknown := sorted({code for each in filed if each.county is None for code in _strange(each.guess, catalogue)}):
        raise RequestError("add_new_county", county=unknown[0])
    filed = [_asked(each, catalogue) if someone else each for each in filed]
    if lacking := [f"{each.path.name}: {listed(_options(each))}" for each in filed if each.lacking]:
        raise RequestError("add_lacks", lacking="; ".join(lacking))
    for each in filed:
        assert each.county is not None
        sources.to_be_written(folder, each.county)
    lines = []
    for each in filed:
        assert each.county is not None
        lines.append(filing.file(each.path, _entry(each), folder, each.way))
        lay(folder, each.county.code)
    codes = dict.fromkeys(each.county.code for each in filed if each.county)
    return [*lines, *(message("add_next", county=code, book=near(decisions.path_of(folder, code))) for code in codes)]


def _looked_at(path: Path, asked: Asked, catalogue: Catalogue) -> list[Filed]:
    if not path.is_file():
        raise RequestError("add_absent", file=path)
    if asked.table and asked.table not in tables():
        raise RequestError("template_table", table=asked.table, tables=", ".join(tables()))
    if asked.date and not iso_date(asked.date):
        raise RequestError("add_date", value=sources.shown(asked.date))
    county = _found(catalogue, asked.county) if asked.county else None
    aliases = sources.aliases(catalogue.folder, county.code if county else "")
    guesses = guessing.guess(path, aliases)
    if asked.table:
        guesses = [each for each in guesses if each.table == asked.table]
    if not guesses:
        raise RequestError("add_no_table", file=path.name, tables=listed(map(named, tables())))
    if lacking := guesses[0].lacking:
        raise RequestError("add_columns", file=path.name, table=named(guesses[0].table), columns=listed(lacking))
    return [_filed(path, each, asked, county or _county(each, catalogue), catalogue) for each in guesses]


def _filed(path: Path, guess: Guess, asked: Asked, county: County | None, catalogue: Catalogue) -> Filed:
    year = year_of(asked.year) or guess.year()
    before = _same_file(path, county, catalogue)
    publisher = asked.publisher or (before.publisher if before else "")
    date = iso_date(asked.date) or (before.date if before else "")
    filed = Filed(path, guess, county, year, publisher, date, asked.way)
    values = {"county": county, "year": year, "publisher": publisher, "date": date}
    lacking = [name for name, value in values.items() if not value]
    if county and year and not asked.way and filing.in_the_way(path, county.code, guess.table, year, catalogue):
        lacking.append("way")
    return replace(filed, lacking=tuple(lacking))


def _same_file(path: Path, county: County | None, catalogue: Catalogue) -> sources.Source | None:
    """Return the source that is registered for this very file."""
    mine = catalogue.of(county.code) if county else ()
    return next((each for each in mine if (catalogue.folder / each.file).resolve() == path.resolve()), None)


def _county(guess: Guess, catalogue: Catalogue) -> County | None:
    """Return the county that codes, names or the folder tell; None where none is told, or they differ."""
    own = [county for county in catalogue.counties.values() if not county.published]
    by_code = [catalogue.counties[code] for code in _most(guess) if code in catalogue.counties]
    texts = [*guess.places, *(text for texts in guess.counties.values() for text in texts)]
    by_name = [county for county in own if any(county.zh in text or county.code in text for text in texts)]
    counties = {county.code: county for county in (*by_code, *by_name)}
    if not counties and len(own) == 1 and not set(guess.begin) & (set(catalogue.counties) - {own[0].code}):
        return own[0]
    return next(iter(counties.values())) if len(counties) == 1 else None


def _most(guess: Guess) -> list[str]:
    """Return what most of a file's codes begin with."""
    number = sum(guess.begin.values())
    return [code for code, count in guess.begin.items() if count >= _MOST * number]


def _strange(guess: Guess, catalogue: Catalogue) -> list[str]:
    """Return the code of a county that is not there, and that most of a file's codes begin with."""
    return [code for code in _most(guess) if code not in catalogue.counties]


def _found(catalogue: Catalogue, county: str) -> County:
    """Return the county that is named; RequestError that says how a new one is set up where its code is not known."""
    try:
        return sources.find_county(catalogue, county)
    except RequestError:
        code = county.strip()
        if code.isascii() and code.isdigit() and len(code) == COUNTY_DIGITS:
            raise RequestError("add_new_county", county=code) from None
        raise


def named(name: str) -> str:
    """Return a table as people know it: its id, and what sentences call it."""
    return f"{name} {table(name).short[language()]}"


def shown(filed: Filed) -> list[str]:
    """Return the lines that tell what was read of a file and what it is taken for."""
    guess = filed.guess
    text_of_year = {year: text for text, years in guess.years.items() for year in years}
    lines = [
        message("add_read", file=filed.path.name, sheet=guess.sheet or "-", head=guess.head, rows=guess.rows),
        message("add_table", table=named(guess.table), read=len(guess.read), columns=listed(guess.read[:_LOOKED])),
    ]
    if guess.strange:
        lines.append(message("add_strange", columns=listed(guess.strange)))
    if guess.first:
        lines.append(message("add_first", cells=" | ".join(text for text in guess.first[0] if text)[:120]))
    county = f"{filed.county.code} {filed.county.name(language())}" if filed.county else "?"
    lines.append(message("add_county", county=county))
    lines.append(
        message(
            "add_year", year=filed.year or "?", told=text_of_year.get(filed.year or 0) or listed(text_of_year.values())
        )
    )
    return ["", lines[0], *(f"  {line}" for line in lines[1:])]


def _options(filed: Filed) -> list[str]:
    return [message(f"add_option_{name}") for name in filed.lacking]


def _asked(filed: Filed, catalogue: Catalogue) -> Filed:
    """Return what someone at the terminal says of a file; what was guessed is offered as the answer."""
    code = filed.county.code if filed.county else ""
    county = sources.find_county(
        catalogue, _prompt("county", code, lambda text: bool(sources.find_county(catalogue, text)))
    )
    year = int(_prompt("year", str(filed.year or ""), lambda text: bool(year_of(text))))
    publisher = _prompt("publisher", filed.publisher, lambda text: bool(text.strip()))
    date = iso_date(_prompt("date", filed.date, lambda text: bool(iso_date(text))))
    filed = replace(filed, county=county, year=year, publisher=publisher, date=date, lacking=())
    if filed.way or not (there := filing.in_the_way(filed.path, county.code, filed.guess.table, year, catalogue)):
        return filed
    typer.echo(message("add_there", file=there.file))
    way = _prompt("way", "", lambda text: text in WAYS)
    return replace(filed, way=way)


def _prompt(name: str, default: str, fits: Callable[[str], bool]) -> str:
    while True:
        text = str(typer.prompt(message(f"add_ask_{name}"), default=default or None)).strip()
        try:
            if fits(text):
                return text
        except RequestError as fault:
            typer.echo(str(fault))


def _entry(filed: Filed) -> dict[str, Any]:
    """Return the entry of sources.yml."""
    guess, county = filed.guess, filed.county
    assert county is not None
    entry: dict[str, Any] = {"county": county.code, "table": guess.table, "year": filed.year}
    entry |= {"title": table(guess.table).title["zh"], "publisher": filed.publisher, "date": filed.date}
    several = {head: texts for head, texts in guess.counties.items() if len(texts) > 1}
    mine = {head: text for head, texts in several.items() for text in texts if text.endswith(county.zh)}
    return entry | ({"where": mine} if mine else {})


__all__ = ["Asked", "run", "shown"]
