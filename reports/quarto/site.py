"""Before Quarto renders the website: the sources of its pages, from every report that is built."""

import sys
from pathlib import Path

from analysis import project
from analysis.errors import language, message
from analysis.render import website

if not website.lay(project.output(), Path(), language(), project.audience()):
    sys.stderr.write(message("no_reports", folder=project.output()) + "\n")
    sys.exit(1)
