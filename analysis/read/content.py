"""The bytes of a file, unpacked within a bound, and what they are whatever the file's ending says."""

import gzip
import io
import zlib
from pathlib import Path

from analysis.errors import DataError, message
from analysis.files import bounds, check_regular
from analysis.read import parts

ZIP, OLE, GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"
#: Endings of workbooks, and how such a file begins.
BOOKS = {"xlsx": ZIP, "xlsm": ZIP, "ods": ZIP, "xls": OLE}
_HEAD = 4096
_OLD_EXCEL = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")


def ending_of(file: str) -> str:
    """Return the ending of a file's name that tells its kind, in small letters."""
    return file.lower().removesuffix(".gz").rsplit(".", 1)[-1]


def read(path: Path, file: str) -> bytes:
    """Return the bytes of a file, unpacked where they are packed; DataError where they can't be had or have no end."""
    check_regular(path, file, bounds().file_megabytes)
    try:
        content = path.read_bytes()
        if content[:2] == GZIP:
            content = _unpacked(content, file)
    except (OSError, EOFError, zlib.error) as error:
        of_disk = isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile)
        reason = getattr(error, "strerror", None) if of_disk else message("damage_gzip")
        raise DataError("file_broken", file=file, reason=reason or type(error).__name__) from error
    if not content[:_HEAD].strip() and not content.strip():
        raise DataError("file_empty", file=file)
    return content


def _unpacked(content: bytes, file: str) -> bytes:
    """Unpack no more than MOST_BYTES."""
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
        unpacked = packed.read(parts.MOST_BYTES + 1)
    if len(unpacked) > parts.MOST_BYTES:
        raise DataError("file_unpacks", file=file, limit=parts.MOST_BYTES // 2**20)
    return unpacked


def check(content: bytes, ending: str, file: str) -> None:
    """Raise DataError where a file is not what its ending says, or has a password."""
    if content[:4] == OLE and "EncryptedPackage".encode("utf-16-le") in content:
        raise DataError("file_password", file=file)
    kind = kind_of(content)
    if kind in ("HTML", "XML-2003", "XML", "PDF", "Excel 2-4", "RTF", "JSON"):
        raise DataError("file_kind", file=file, kind=kind)
    if ending in BOOKS:
        wanted = "xlsx" if ending == "xlsm" else ending
        if kind != wanted:
            raise DataError("file_ending", file=file, kind=kind)
    elif kind != "csv":
        raise DataError("file_ending", file=file, kind=kind)


def kind_of(content: bytes) -> str:
    """Return what a file is by its beginning: xlsx, xls, ods, csv for any other text, or a name people know."""
    if content[:4] == ZIP:
        return "ods" if b"opendocument" in content[:200] else "xlsx"
    if content[:4] == OLE:
        return "xls"
    if content[:2] in _OLD_EXCEL and content[2:4] in (b"\x04\x00", b"\x06\x00", b"\x08\x00", b"\x10\x00"):
        return "Excel 2-4"
    if content[:5] == b"%PDF-":
        return "PDF"
    if content[:5] == b"{\\rtf":
        return "RTF"
    start = content[:_HEAD].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta", b"mime-version:")):
        return "HTML"
    if start[:1] in (b"{", b"[") and b"".join(start.split())[:2] in (b'{"', b"[{", b"[[", b'["'):
        return "JSON"
    if start.startswith((b"<?xml", b"<workbook", b"<!--")):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
            return "XML-2003"
        return "HTML" if b"<html" in start or b"<table" in start else "XML"
    return "csv"
