"""Raw files to rows of text: where the header is, which rows are data, where each stands."""

from analysis.read.rows import RawSheet, read_source

__all__ = ["RawSheet", "read_source"]
