"""What a render leaves in a notebook: Quarto writes the parameters that it injected and all outputs back into the file.

The next render without parameters would execute with the old ones, so they are taken out, before and after; what a
person wrote stays as it is.
"""

import json
from pathlib import Path
from typing import Any

from analysis import storage

#: The tag of a cell that Quarto or Papermill puts into a notebook, and where they note what they did.
INJECTED = "injected-parameters"
NOTES = ("papermill", "execution", "quarto")


def clean(path: Path) -> bool:
    """Take injected cells, outputs and notes of an execution out of a notebook; return whether there were any.

    A file that is no notebook is left as it is: whoever renders says so.
    """
    text = path.read_text(encoding="utf-8")
    try:
        notebook = json.loads(text)
        cleaned = _cleaned(notebook)
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    if cleaned == notebook:
        return False
    storage.write_whole(path, json.dumps(cleaned, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    return True


def _cleaned(notebook: Any) -> Any:
    cells = [_cell(cell) for cell in notebook["cells"] if INJECTED not in cell["metadata"].get("tags", [])]
    metadata = _without_notes(notebook["metadata"])
    if "language_info" in metadata:  # a kernel adds its version and how editors colour its language
        metadata["language_info"] = {"name": metadata["language_info"]["name"]}
    return notebook | {"cells": cells, "metadata": metadata}


def _cell(cell: Any) -> Any:
    emptied: dict[str, Any] = {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {}
    return cell | emptied | {"metadata": _without_notes(cell["metadata"])}


def _without_notes(metadata: Any) -> Any:
    return {name: value for name, value in metadata.items() if name not in NOTES}
