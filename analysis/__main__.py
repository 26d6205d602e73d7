"""`python -m analysis` is `junheng`."""

import sys

from analysis.cli import main

sys.exit(main())
