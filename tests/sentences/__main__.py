"""`python -m tests.sentences [ARGUMENTS OF PYTEST]` writes docs/sentences.md."""

import sys

from analysis.project import root
from tests.sentences.page import text
from tests.sentences.watching import FOLDER, watched

if __name__ == "__main__":
    arguments = sys.argv[1:] or [FOLDER, "-m", "not slow"]
    code, said = watched(arguments)
    if code:
        sys.exit(code)
    (root() / "docs" / "sentences.md").write_text(text(said, " ".join(arguments)), encoding="utf-8")
