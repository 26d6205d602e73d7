"""What `junheng clean` does: remove built reports and clean tables; never raw statistics, never what people edited."""

import shutil
from pathlib import Path

from analysis import project
from analysis.errors import message
from analysis.run.build import stale
from analysis.run.build.placing import near


def run(out: str) -> str:
    """Remove what was built and return one sentence: how many files went, and which stay, for somebody edited them."""
    folder = Path(out) if out else project.output()
    removed = _built(folder)
    for path in project.processed().glob("*"):
        if path.name != ".gitkeep":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    left = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    if not left:
        return message("clean_done", number=removed)
    return message("clean_left", number=removed, left=len(left), first=near(left[0]))


def _built(folder: Path) -> int:
    """Remove the files below a folder that lie there as they were written, and folders that are empty then."""
    ours: list[Path] = []
    for state_file in folder.rglob(f"*{stale.STATE}"):
        state = stale.state(state_file.parent, state_file.name)
        ours += [state_file.parent / name for name in state.files if state.wrote(state_file.parent, name)]
        ours += [state_file, *state_file.parent.glob(stale.PREVIOUS)]
    gone = dict.fromkeys(ours)
    for path in gone:
        path.unlink(missing_ok=True)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    return sum(not path.name.startswith(".") for path in gone)
