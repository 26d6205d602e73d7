"""Names of files after what people call schools and townships."""

import re
from hashlib import sha256

#: What a file's name can't hold on one system or another.
_BARRED = re.compile(r'[\\/:*?"<>|\x00-\x1f]|^\.+')
#: Names that Windows keeps for devices, whatever follows a dot.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d) *(?:\.|$)", re.IGNORECASE)
#: Longest name of a file, well below what systems allow in Chinese characters.
_LONGEST = 60
#: Letters of the mark of a name that was changed.
_MARK = 6


def portable(title: str) -> str:
    """Return what the files of a school or township are called: its name, where that can be one on every system.

    A name that had to be changed bears a mark made from the whole of it, so that no two share their files.
    """
    name = _BARRED.sub("_", title)[:_LONGEST]
    name = f"_{name}" if _DEVICES.match(name) else name
    return name if name == title else f"{name}-{sha256(title.encode()).hexdigest()[:_MARK]}"
