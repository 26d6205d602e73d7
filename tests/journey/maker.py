"""An office that types make, and words of make, in place of junheng."""

import os
import subprocess
import sys
import time

from analysis.project import root
from tests.journey.office import COUNTY, Office


class Maker(Office):
    """An office that types make."""

    def does(self, command: str, county: str = "", **words: object) -> tuple[int, str]:
        """Type a target with words and return the exit code and what was said."""
        named = ({"county": county} if county else {}) | words
        begun = time.monotonic()
        typed = [command, *(f"{name.upper()}={value}" for name, value in named.items())]
        done = subprocess.run(
            [*self.make(), *typed], cwd=root(), env=self.variables(), capture_output=True, text=True, check=False
        )
        self.noted(" ".join(["make", *typed]), done.returncode, begun, done.stdout + done.stderr)
        return done.returncode, done.stdout + done.stderr

    def make(self) -> list[str]:
        """Return how make is started: what it would install is here already."""
        places = [f"DATA={self.data}", f"OUT={self.out}"]
        return ["make", "-o", ".venv/.runtime", f"JUNHENG={sys.executable} -m analysis", *places]

    def variables(self) -> dict[str, str]:
        """Return the environment of a terminal that make did not start."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        return inherited | {"JUNHENG_PROCESSED": str(self.folder / "processed")}

    def watching(self) -> list[str]:
        """Return the command that watches the county, as a process is started with it."""
        return [*self.make(), "watch", f"COUNTY={COUNTY}"]
