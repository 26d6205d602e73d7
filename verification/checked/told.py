"""Files as a report tells of them: to the public by their table alone, never as an office calls them."""

from typing import Any

from verification.raw.tables import Place
from verification.words import Words, own


def title(words: Words, file: str) -> str:
    """Return the title of a file."""
    entry: dict[str, Any] = words.case.county.files[file]
    said = str(entry.get("title", ""))
    return str(own()["titles"][entry["table"]][words.lang]) if words.case.public and said else said


def publisher(words: Words, file: str) -> str:
    """Return who published a file."""
    return words.coded(str(words.case.county.files[file].get("publisher", "")))


def sheet(words: Words, place: Place) -> str:
    """Return the sheet of a row: to the public its number, of the sheets that are read the first."""
    return "1" if words.case.public and place.sheet else place.sheet
