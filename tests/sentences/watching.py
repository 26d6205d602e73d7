"""What tests/tell reaches of the templates: every report that its tests tell is told by templates that are watched."""

from typing import Any

import pytest

from analysis.errors import LANGUAGES
from analysis.tell.speech import filters
from tests.sentences.branches import Probe

FOLDER = "tests/tell"


class Watch:
    """A plugin of pytest that has a Probe of each language note what the templates of all reports say."""

    def __init__(self) -> None:
        self.probes = {lang: Probe(lang) for lang in LANGUAGES}
        self._patch = pytest.MonkeyPatch()

    def pytest_sessionstart(self) -> None:
        """Put watched environments in the place of those that templates are read by."""
        self._patch.setattr(filters, "environment_of", lambda lang, *words: self.probes[lang].environment(*words))

    def pytest_sessionfinish(self) -> None:
        """Put the plain ones back."""
        self._patch.undo()

    def said(self) -> dict[str, dict[tuple[str, int], str]]:
        """Return for each language what each branch said first, by its template and number."""
        return {lang: probe.said for lang, probe in self.probes.items()}


def watched(arguments: list[str]) -> tuple[int, dict[str, dict[tuple[str, int], str]]]:
    """Run tests with `arguments`; return pytest's exit code and what was said."""
    watch: Any = Watch()
    code = pytest.main([*arguments, "-q", "-p", "no:cacheprovider"], plugins=[watch])
    return int(code), watch.said()
