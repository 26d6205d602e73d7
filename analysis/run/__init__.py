"""From a request to the files of a report: what is stale, what is executed, what is put into place."""

import sys
from typing import Any

# In an environment with JupyterLab, jsonschema would import this and compile a grammar for two seconds, for a check of
# addresses that no notebook needs. jsonschema does without it where it can't be imported.
_modules: dict[str, Any] = sys.modules
_modules.setdefault("rfc3987_syntax", None)
