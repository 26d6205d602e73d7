"""Files of SPSS and Stata, read in pieces."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

PIECE = 200_000
#: What reads a kind of file, by its name in pyreadstat, which only such a file has to load.
READERS = {".sav": "read_sav", ".zsav": "read_sav", ".dta": "read_dta"}


def _pieces(
    path: Path,
    reader: Any,
    schema: pl.Schema,
    with_columns: list[str] | None,
    predicate: pl.Expr | None,
    n_rows: int | None,
    batch_size: int | None,
) -> Iterator[pl.DataFrame]:
    wanted, start, left = with_columns or schema.names(), 0, n_rows
    while left is None or left > 0:
        size = PIECE if left is None else min(PIECE, left)
        data, _ = reader(str(path), row_offset=start, row_limit=size, usecols=wanted, output_format="dict")
        piece = pl.DataFrame({name: pl.Series(name, list(data[name]), strict=False) for name in wanted})
        piece = piece.select(pl.col(name).cast(schema[name], strict=False) for name in wanted)
        start += piece.height
        left = None if left is None else left - piece.height
        if piece.height:
            yield piece if predicate is None else piece.filter(predicate)
        if piece.height < size:
            return


def scan(path: Path, kind: str) -> tuple[pl.LazyFrame, pl.Schema]:
    """Scan an SPSS or Stata file in pieces: numbers as Float64 (declared missing ones as null), the rest as text.

    Raises OSError for a file that is none.
    """
    import pyreadstat

    reader = getattr(pyreadstat, READERS[kind])
    try:
        _, meta = reader(str(path), metadataonly=True)
    except pyreadstat.ReadstatError as fault:
        raise OSError(str(fault)) from fault
    kinds = meta.readstat_variable_types
    schema = pl.Schema({name: pl.String if kinds[name] == "string" else pl.Float64 for name in meta.column_names})
    frame = register_io_source(partial(_pieces, path, reader, schema), schema=schema)
    return frame, schema
