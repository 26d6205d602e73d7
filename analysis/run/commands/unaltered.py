"""Is every file of a folder of documents as it was written? Told from the manifests in it (run.build.manifest)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis import storage
from analysis.run.build import manifest, stale

#: Kinds of places that disagree.
CHANGED, MISSING, ADDED = "changed", "missing", "added"


@dataclass(frozen=True)
class Place:
    """A place that disagrees: a file below the folder, what of it, what is there and what ought to be, and its kind."""

    file: str
    place: str
    printed: str
    expected: str
    kind: str


def is_folder(word: str) -> bool:
    """Tell whether a word names a folder of documents, and not a county."""
    folder = Path(word)
    if not word.strip() or not folder.is_dir():
        return False
    return len(folder.parts) > 1 or folder.is_absolute() or any(folder.glob("**/" + manifest.NAME))


def crates(folder: Path) -> list[Path]:
    """Return the folders with a manifest at or below a folder, or with the state of documents that had one."""
    marks = (path for name in (manifest.NAME, f"*{stale.STATE}") for path in folder.rglob(name))
    return sorted({path.parent for path in marks})


def places(folder: Path) -> list[Place]:
    """Return every place at or below a folder that is not as it was written; none where all is whole."""
    altered: list[Place] = []
    accounted: set[Path] = set()
    for crate in crates(folder):
        wrong, known = _of_crate(folder, crate)
        altered += wrong
        accounted |= known
    there = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    added = sorted(path for path in there if path not in accounted)
    return [*altered, *(Place(_below(folder, path), "", "", "", ADDED) for path in added)]


def _of_crate(folder: Path, crate: Path) -> tuple[list[Place], set[Path]]:
    """Return what disagrees in the folder of one manifest, and the files that it accounts for."""
    state = stale.state(crate, manifest.STATE)
    digest_of = {name: digests[-1] for name, digests in state.files.items() if digests}
    if manifested := _is_manifested(crate):
        digest_of.setdefault(manifest.NAME, "")
    try:
        listed = manifest.outputs((crate / manifest.NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # told below by its digest; what it listed is told by the states
        states = manifest.states(crate).values()
        listed = {name: digests[-1] for state in states for name, digests in state.files.items()}
    wrong = [each for name, digest in (digest_of | listed).items() for each in _of_file(folder, crate / name, digest)]
    for name in state.about.get("below", ()):
        if not (crate / name).is_dir():
            wrong.append(Place(_below(folder, crate / name), "", "", "", MISSING))
    state_files = {path.name for path in crate.glob(f"*{stale.STATE}")}
    wrong += _of_states(folder, crate, state_files | ({manifest.STATE} if manifested else set()))
    return wrong, {crate / name for name in (*digest_of, *listed, *state_files)}


def _is_manifested(crate: Path) -> bool:
    """Tell whether a folder has a manifest, or ought to: a page of work (`junheng check`) and figures have none."""
    return (crate / manifest.NAME).exists() or (crate / manifest.STATE).exists() or manifest.compose(crate) is not None


def _of_file(folder: Path, path: Path, expected: str) -> Iterator[Place]:
    if not path.exists():
        yield Place(_below(folder, path), "", "", expected, MISSING)
    elif path.is_file() and (there := storage.digest_of_file(path)) != expected:
        yield Place(_below(folder, path), "SHA-256", there, expected, CHANGED)


def _of_states(folder: Path, crate: Path, names: set[str]) -> Iterator[Place]:
    """Yield the states in a folder that tell something else than its manifest, to the byte."""
    altered = []
    for name in sorted(names):
        path = crate / name
        if not path.is_file():
            yield Place(_below(folder, path), "", "", "", MISSING)
        elif not _is_as_written(path):
            altered.append(name)
    composed, manifested = manifest.compose(crate), manifest.STATE in names
    digest = next(iter(stale.state(crate, manifest.STATE).files.get(manifest.NAME, ())), "")
    if manifested and not altered and storage.digest_of((composed or "").encode()) != digest:
        altered = sorted(name for name in names if (crate / name).is_file())
    for name in altered:
        yield Place(_below(folder, crate / name), "SHA-256", storage.digest_of_file(crate / name), "", CHANGED)


def _is_as_written(path: Path) -> bool:
    """Return whether a state is, to the byte, as states are written."""
    state = stale.state(path.parent, path.name)
    if path.name == manifest.STATE and not manifest.is_state(state):
        return False
    return path.read_bytes() == stale.text_of(state).encode()


def _below(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()
