"""The second reader (`junheng verify`): a package apart works out again every number that a county's report prints.

It is started as a program of its own, for it imports nothing of this one, nor this one of it.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from analysis import standards
from analysis.errors import RequestError, language
from analysis.project import root
from analysis.run.build.placing import near
from analysis.run.request import resolve

#: What it reads documents by, as they are imported: the extra `verify` of the distribution.
NEEDED = ("openpyxl", "pypdf", "docx")


def run(county: str, words: dict[str, str]) -> int:
    """Print how the numbers of a county's report are explained; return 0 where all of them are, else 1.

    Words as in run.request.resolve, `year` among them. Raises RequestError as that does, where there is no such report,
    and where what it needs is not installed.
    """
    request = resolve(county, words.pop("year"), **words)
    if not (request.folder / "results.json").is_file():
        raise RequestError("verify_no_report", folder=near(request.folder), county=request.county.code)
    if lacking := [name for name in NEEDED if find_spec(name) is None]:
        raise RequestError("verify_needs", packages=", ".join(lacking))
    below = Path(standards.__file__).parent
    options = ["--raw", str(request.data), "--standards", str(below), "--lang", language()]
    # In a checkout the package lies at its root; where a wheel is installed, Python finds it by itself.
    path = os.pathsep.join(filter(None, [str(root()), os.environ.get("PYTHONPATH", "")]))
    command = [sys.executable, "-m", "verification", str(request.folder), *options]
    return subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, check=False).returncode
