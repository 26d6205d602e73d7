"""Clean tables: read rows in, typed records, quarantine, accounts and notices out."""

from analysis.clean.county import clean, clean_counties, clean_county
from analysis.clean.records import NOTICES, Records, load, of_frames, schemas, together

__all__ = ["NOTICES", "Records", "clean", "clean_counties", "clean_county", "load", "of_frames", "schemas", "together"]
