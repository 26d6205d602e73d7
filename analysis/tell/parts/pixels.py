"""Pixels of a drawing as a PNG of at most 256 colours: a quarter of the bytes, and nothing that the eye could tell."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

#: Colours that a palette holds, and how many of them are the most frequent ones, kept exactly: areas, lines, ink. What
#: is left stands for the shades between two colours at the edges of letters and lines.
COLOURS, EXACT = 256, 160


def png(pixels: NDArray[np.uint8], said: dict[str, str], per_inch: int) -> bytes:
    """Return opaque pixels (height x width x RGBA) as a PNG that carries the words of `said`."""
    image = _with_palette(pixels)
    words, written = PngInfo(), io.BytesIO()
    for name, text in said.items():
        words.add_itxt(name, text)
    image.save(written, format="png", pnginfo=words, dpi=(per_inch, per_inch), compress_level=6)
    return written.getvalue()


def _with_palette(pixels: NDArray[np.uint8]) -> Image.Image:
    full = Image.fromarray(pixels[..., :3])
    counted = sorted(full.getcolors(pixels.shape[0] * pixels.shape[1]) or (), reverse=True)
    colours = np.array([colour for _, colour in counted], dtype=np.int32)
    palette = np.concatenate([colours[:EXACT], _shades(colours[EXACT:])])
    distances = ((colours[:, None, :] - palette[None, :, :]) ** 2).sum(axis=2)
    place = np.zeros(1 << 24, dtype=np.uint8)
    place[colours @ (1, 1 << 8, 1 << 16)] = distances.argmin(axis=1)
    # Four bytes of a pixel read as one number: red, green, blue from the lowest on, and above them what is opaque.
    image = Image.fromarray(place[np.ascontiguousarray(pixels).view("<u4")[..., 0] & 0xFFFFFF])
    image.putpalette(palette.astype(np.uint8).tobytes())
    return image


def _shades(colours: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return few colours that stand for many, each of the many weighing the same."""
    if len(colours) <= COLOURS - EXACT:
        return colours
    strip = Image.fromarray(colours[None].astype(np.uint8))
    few = strip.quantize(COLOURS - EXACT, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return np.array(few.getpalette(), dtype=np.int32).reshape(-1, 3)
