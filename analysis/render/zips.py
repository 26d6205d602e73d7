"""Zip files with the same bytes for the same parts."""

import io
import zipfile

#: The earliest time a zip can hold.
THEN = (1980, 1, 1, 0, 0, 0)
#: What is compressed already, by its name.
COMPRESSED = (".png", ".jpeg", ".jpg")


def read(data: bytes) -> dict[str, bytes]:
    """Return the parts of a zip, in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}


def write(parts: dict[str, bytes]) -> bytes:
    """Return a zip of `parts`, in their order, all made at the same fixed time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, THEN)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(COMPRESSED) else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()
