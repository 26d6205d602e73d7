"""Let LibreOffice save workbooks in another format: one run for many files."""

import shutil
import subprocess
from pathlib import Path

#: What LibreOffice is asked for, by the ending of the file.
FILTERS = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "ods": "ods", "xls": "xls:MS Excel 97"}


def is_installed() -> bool:
    """Tell whether LibreOffice is here."""
    return shutil.which("soffice") is not None


def convert(paths: list[Path], ending: str, folder: Path, seconds: float = 900.0) -> list[Path]:
    """Save workbooks in a format of FILTERS into `folder`, under the same names; OSError where one is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    profile = f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", FILTERS[ending], "--outdir", str(folder)]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=seconds)
    shutil.rmtree(folder / "profile", ignore_errors=True)
    converted = [folder / path.with_suffix(f".{ending}").name for path in paths]
    if missing := [path.name for path in converted if not path.is_file()]:
        raise OSError(f"LibreOffice left out {', '.join(missing)}")
    return converted
