"""Beside its packages a wheel carries what lies beside them in a checkout: notebooks, templates, styles, settings.

`analysis.project` finds them in the folder of that name within the installed package.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SHIPPED = ("notebooks", "reports", ".vscode", "_*.yml", "_environment-*", "requirements.txt")


class WithProject(build_py):
    """Build the packages with the project's other parts in `analysis`; an editable install finds them in place."""

    def run(self) -> None:
        """Copy what is committed of each part, nothing that was built."""
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib) / "analysis" / "shipped"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        built = shutil.ignore_patterns("output", "__pycache__", ".ipynb_checkpoints", "*_files", "*.otf")
        for source in (path for pattern in SHIPPED for path in sorted(Path().glob(pattern))):
            if source.is_dir():
                shutil.copytree(source, target / source, ignore=built)
            else:
                shutil.copy(source, target / source)


setup(cmdclass={"build_py": WithProject})
