"""Clean tables: read rows in, typed records, quarantine, accounts and notices out.

What is asked for is imported when it is: `junheng cv` reads numbers as counties do, and nothing else of this room.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.clean.county import clean, clean_counties, clean_county
    from analysis.clean.records import NOTICES, Records, load, of_frames, schemas, together

__all__ = ["NOTICES", "Records", "clean", "clean_counties", "clean_county", "load", "of_frames", "schemas", "together"]
_OF_COUNTIES = ("clean", "clean_counties", "clean_county")


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{'county' if name in _OF_COUNTIES else 'records'}"), name)
