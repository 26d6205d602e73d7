"""Files that people go on with: what they changed is never written over, but set aside under a name of its own."""

import hashlib
import shutil
import uuid
from pathlib import Path


def place(made: Path, target: Path) -> Path | None:
    """Put the file `made` at `target`; return where what people had changed there lies now, None where nothing was.

    A hidden file beside `target` holds the SHA-256 of what was written last: whatever else lies there is someone's own,
    and is renamed to <name>.edited-1.<suffix>, or the next number that is free.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = _free(target) if edited(target) else None
    if aside:
        target.replace(aside)
    mark = hash_of(made)
    part = target.with_name(f".{target.name}.{uuid.uuid4().hex[:12]}")
    try:
        shutil.move(made, part)
        # The mark first: a run that is killed between the two leaves a file that counts as someone's own.
        _mark(target).write_text(mark, encoding="ascii")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return aside


def edited(target: Path) -> bool:
    """Return whether a file lies there that is not what was written last."""
    if not target.is_file():
        return False
    try:
        return _mark(target).read_text(encoding="ascii").strip() != hash_of(target)
    except (OSError, ValueError):
        return True


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _mark(target: Path) -> Path:
    return target.with_name(f".{target.name}.sha256")


def _free(target: Path) -> Path:
    number = 1
    while (found := target.with_name(f"{target.stem}.edited-{number}{target.suffix}")).exists():
        number += 1
    return found
