"""Raw files to rows of text: where the header is, which rows are data, where each stands."""

from analysis.read.rows import FoundSheet, RawSheet, find_sheets, read_source, rows_of

__all__ = ["FoundSheet", "RawSheet", "find_sheets", "read_source", "rows_of"]
