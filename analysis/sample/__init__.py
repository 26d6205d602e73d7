"""The fictional province: counties with known stories, written in the shape in which such statistics come in.

The same seed gives the same bytes. Nothing here is read by the pipeline except the files it writes.
"""

from analysis.sample.writing import Truth, write

__all__ = ["Truth", "write"]
