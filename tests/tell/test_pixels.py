"""Pixels with a palette: frequent colours exactly, the others close, the words kept, the same bytes each time."""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from analysis.brand import drawing
from analysis.tell.parts.pixels import COLOURS, EXACT, png


def _opaque(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    alpha = np.full((*colours.shape[:-1], 1), 255, dtype=np.uint8)
    return np.concatenate([colours, alpha], axis=-1)


def _read(content: bytes) -> tuple[Image.Image, NDArray[np.int64]]:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image, np.asarray(image.convert("RGB")).astype(np.int64)


def test_up_to_256_colours_are_kept_as_they_are() -> None:
    colours = np.stack([np.arange(COLOURS), 255 - np.arange(COLOURS), np.full(COLOURS, 7)], axis=-1)
    pixels = np.broadcast_to(colours.astype(np.uint8), (3, COLOURS, 3))
    image, read = _read(png(_opaque(pixels), {"Title": "题<1>", "Description": "图"}, 200))
    assert image.mode == "P"
    assert (read == pixels).all()
    assert image.info["Title"] == "题<1>"
    assert [round(each) for each in image.info["dpi"]] == [200, 200]


def test_of_more_colours_the_frequent_ones_are_kept_and_the_others_close() -> None:
    shades = np.linspace(0, 255, 40).astype(np.uint8)
    rare = np.stack([each.ravel() for each in np.meshgrid(shades, shades, [3])], axis=-1)
    frequent = np.repeat(np.stack([np.arange(EXACT), np.arange(EXACT), np.full(EXACT, 200)], axis=-1), 2, axis=0)
    pixels = np.concatenate([rare, frequent])[None].astype(np.uint8)
    _, read = _read(png(_opaque(pixels), {}, 200))
    apart = np.abs(read - pixels).max(axis=-1)[0]
    assert apart[len(rare) :].max() == 0
    assert 0 < apart.max() < 48


def test_a_drawing_comes_out_as_sharp_as_it_is_drawn() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with drawing() as brand:
        figure = Figure(figsize=(3, 2))
        axes = figure.add_subplot()
        for number, colour in enumerate(brand.colours.values()):
            axes.plot([0, 1], [number, number * 2], color=colour)
        axes.set_title("初中体育运动场馆")
        figure.set_dpi(200)
        canvas: Any = FigureCanvasAgg(figure)
        canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())
    content = png(pixels, {}, 200)
    _, read = _read(content)
    apart = np.abs(read - pixels[..., :3]).max(axis=-1)
    assert (apart > 8).mean() < 1e-3
    plain = io.BytesIO()
    Image.fromarray(pixels).save(plain, format="png", compress_level=6)
    assert len(content) < 0.6 * len(plain.getvalue())
