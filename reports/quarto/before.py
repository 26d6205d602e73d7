"""Before Quarto renders: notebooks as people wrote them, and the fonts where its Typst looks for them."""

import shutil
from pathlib import Path

from analysis.brand import brand, font_file
from analysis.render.leftovers import clean

for notebook in sorted(Path("notebooks").glob("*.ipynb")):
    clean(notebook)
folder = Path(".quarto/fonts")
folder.mkdir(parents=True, exist_ok=True)
for font in (font_file(brand().sans), font_file(brand().serif)):
    if not (folder / font.name).exists():
        shutil.copy(font, folder / font.name)
