"""Lay the report's fonts where Quarto's Typst looks for them; Quarto runs this before it renders."""

import shutil
from pathlib import Path

from analysis.brand import brand, font_file

folder = Path(".quarto/fonts")
folder.mkdir(parents=True, exist_ok=True)
for font in (font_file(brand().sans), font_file(brand().serif)):
    if not (folder / font.name).exists():
        shutil.copy(font, folder / font.name)
