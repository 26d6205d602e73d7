"""Lay the report's fonts where Quarto's Typst looks for them; Quarto runs this before it renders."""

import shutil
from pathlib import Path

import pylopdf_fonts_zh_cn

folder = Path(".quarto/fonts")
folder.mkdir(parents=True, exist_ok=True)
for font in (pylopdf_fonts_zh_cn.sans_path(), pylopdf_fonts_zh_cn.serif_path()):
    if not (folder / font.name).exists():
        shutil.copy(font, folder / font.name)
