"""A figure as the notebook shows it: vector and pixels, with caption and alternative text beside."""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from analysis.brand import Brand, drawing, with_font
from analysis.tell.parts.pixels import png

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PIXELS_PER_INCH = 200


@dataclass(frozen=True)
class Picture:
    """A figure of the report: `data` is the frame that it shows, `id` its label without `fig-`."""

    id: str
    caption: str
    alt: str
    data: pl.DataFrame
    draw: Callable[[Brand], "Figure"]

    @cached_property
    def images(self) -> tuple[str, bytes]:
        """The figure as SVG text and as PNG bytes; the same bytes for the same data.

        Raises DataError where a character has no glyph.
        """
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        vector = io.StringIO()
        # The files carry their own words: a plain `quarto render` takes caption and description from there.
        said = {"Title": self.caption, "Description": self.alt}
        unsaid = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        with drawing() as brand:
            figure = self.draw(brand)
            figure.savefig(vector, format="svg", metadata=said | unsaid)
            figure.set_dpi(PIXELS_PER_INCH)
            canvas: Any = FigureCanvasAgg(figure)
            canvas.draw()
            pixels = png(np.asarray(canvas.buffer_rgba()), said, PIXELS_PER_INCH)
        # A notebook keeps text line by line, and a path has a line for each of its points: they are joined.
        return with_font(vector.getvalue().replace(" \n", " ")), pixels

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        vector, pixels = self.images
        said = {"id": f"fig-{self.id}", "caption": self.caption, "alt": self.alt}
        shown: dict[str, Any] = {"text/plain": self.caption, "image/png": pixels}
        if os.environ.get("QUARTO_FIG_FORMAT") != "png":  # Quarto would put the vector into DOCX too
            shown["image/svg+xml"] = vector
        return shown, {"junheng": said}
