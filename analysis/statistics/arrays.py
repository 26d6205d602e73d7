"""What the modules of this room share: types of arrays, and groups of rows that need not lie together."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


#: Sizes of numbers between which squares, and sums of them, neither overflow nor vanish.
LEAST, LARGEST = 1e-100, 1e100


def extreme(values: Floats) -> bool:
    """Return whether a value is too large, or too near 0 without being 0, to be squared."""
    size = np.abs(values)
    return bool(((size > LARGEST) | ((size < LEAST) & (size > 0))).any())


def floats(values: npt.ArrayLike) -> Floats:
    """Return `values` as a one-dimensional array of float64; None becomes NaN."""
    return np.atleast_1d(np.asarray(values, dtype=np.float64))


@dataclass(frozen=True)
class Groups:
    """Rows sorted by group: `order` sorts them, group g holds the rows starts[g] to starts[g + 1] of the sorted ones.

    `labels` are the groups in order of first appearance, `codes` the group of each sorted row.
    """

    labels: npt.NDArray[Any]
    order: Ints
    starts: Ints
    codes: Ints

    @cached_property
    def sizes(self) -> Ints:
        """Return how many rows each group has."""
        return np.diff(np.append(self.starts, len(self.order)))

    @property
    def number(self) -> int:
        """Return how many groups there are."""
        return len(self.labels)

    def total(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the sums by group of `values` (sorted rows first, any shape after); no rows give no groups."""
        if not self.number:
            return np.zeros((0, *values.shape[1:]), dtype=values.dtype)
        result: npt.NDArray[Any] = np.add.reduceat(values, self.starts, axis=0)
        return result

    def spread(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return, for each sorted row, the value of its group."""
        result: npt.NDArray[Any] = np.repeat(values, self.sizes, axis=0)
        return result

    def largest(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the greatest of `values` (sorted rows) in each group."""
        if not self.number:
            return np.zeros(0, dtype=values.dtype)
        result: npt.NDArray[Any] = np.maximum.reduceat(values, self.starts)
        return result

    def unsorted(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return `values` of the sorted rows in the order in which the rows were given."""
        result = np.empty_like(values)
        result[self.order] = values
        return result


def groups(labels: npt.ArrayLike | None, rows: int) -> Groups:
    """Sort `rows` rows by their label (none: one group), the groups in order of first appearance.

    Raises ValueError where there is not one label per row.
    """
    if labels is None:
        group_count = min(rows, 1)
        return Groups(
            np.zeros(group_count, dtype=np.int64),
            np.arange(rows),
            np.zeros(group_count, dtype=np.int64),
            np.zeros(rows, int),
        )
    names = np.asarray(labels)
    if names.shape != (rows,):
        raise ValueError(f"one group label per row: got {names.shape} for {rows} rows")
    distinct, first, inverse = np.unique(names, return_index=True, return_inverse=True)
    appearance = np.argsort(first, kind="stable")
    rank = np.empty(len(distinct), dtype=np.int64)
    rank[appearance] = np.arange(len(distinct))
    codes = rank[inverse.reshape(-1)]
    order = np.argsort(codes, kind="stable")
    codes = codes[order]
    return Groups(distinct[appearance], order, np.searchsorted(codes, np.arange(len(distinct))), codes)
