"""After Quarto has rendered: notebooks without what the run has left in them, office documents finished as ours are."""

import os
from pathlib import Path

from analysis.render import plain
from analysis.render.leftovers import clean

for notebook in sorted(Path("notebooks").glob("*.ipynb")):
    clean(notebook)
for name in os.environ.get("QUARTO_PROJECT_OUTPUT_FILES", "").splitlines():
    path = Path(name)
    if path.suffix == ".docx" and path.exists():
        path.write_bytes(plain.finish(path.read_bytes()))
