"""Faults of a request or of its data, told in one line, in the reader's language."""

import errno
import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from analysis.plaintext import harmless

LANGUAGES = ("zh", "en")
#: Targets that a sentence names without words.
_TARGETS = ("check", "data", "diff", "new", "report", "reports")


def language() -> str:
    """Return the language of messages: REPORT_LANG where it names one we speak, else Chinese."""
    asked = os.environ.get("REPORT_LANG", "zh")
    return asked if asked in LANGUAGES else "zh"


@cache
def _messages() -> dict[str, dict[str, str]]:
    text = (Path(__file__).parent / "messages.yml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, str]] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


def message(key: str, lang: str | None = None, **values: Any) -> str:
    """Return the sentence `key` of messages.yml, filled with `values`, on one line, whatever they hold.

    Raises KeyError where the key or one of its values is missing: a fault of ours, never of the reader.
    """
    sentence = _messages()[key][lang or language()]
    return harmless(" ".join(as_started(sentence, lang or language()).format(**values).split()))


#: A command of make's in a sentence, with its words.
_MAKE = re.compile(r"make (?P<target>[a-z-]+)(?P<words>(?: [A-Z]+=[^\s，。；（）,;:()]+)*)")
#: A word of make's that stands in a sentence by itself.
_WORD = re.compile(r"\b(?P<name>[A-Z]{2,})=(?P<value>[^\s，。；（）,;:()]*)")
#: Words that stand behind a command without their name, but for those that a target calls otherwise.
_PLAIN = ("COUNTY", "REGION", "TOWNSHIP", "SUBJECT", "SCHOOL", "TABLE", "NAME", "A", "B", "COUNTIES")


def as_started(sentence: str, lang: str) -> str:
    """Return a sentence with its commands as whoever reads it would type them: without make unless make started us.

    >>> as_started("make check COUNTY=990101", "en") if not os.environ.get("MAKELEVEL") else "junheng check 990101"
    'junheng check 990101'
    """
    if os.environ.get("MAKELEVEL"):
        return sentence
    return _WORD.sub(_option, _MAKE.sub(lambda match: _junheng(match, lang), sentence))


def _option(match: re.Match[str]) -> str:
    """Return a word of make's as an option; one that stands behind a command without its name goes."""
    option = "" if match["name"] in _PLAIN else f"--{match['name'].lower()}"
    return f"{option} {match['value']}".strip()


def _junheng(match: re.Match[str], lang: str) -> str:
    target = match["target"]
    if target == "setup":
        return _messages()["setup_again"][lang]
    words = [word.split("=", 1) for word in match["words"].split()]
    if not words and lang == "en" and target not in _TARGETS:
        return match[0]  # make such and such of it: no command
    typed = [
        text if name in _PLAIN and (target, name) != ("school", "COUNTY") else f"--{name.lower()} {text}"
        for name, text in words
    ]
    return " ".join(["junheng", target, *typed])


def listed(names: Iterable[str]) -> str:
    """Return names as a list in the language of messages; "-" where there is none."""
    return ("、" if language() == "zh" else ", ").join(names) or "-"


def of_file(fault: OSError) -> str:
    """Return the line that tells a fault of a file; the file is the one written to where there are two."""
    file = fault.filename2 or fault.filename or ""
    if fault.errno == errno.ENOSPC:
        return message("disk_full", file=f" {file}" if file else "")
    if isinstance(fault, PermissionError):
        return message("file_held", file=file)
    return message("file_fault", file=file, reason=fault.strerror or fault)


class JunhengError(Exception):
    """A fault told to the user in one line: what, where, what to do. `key` names its sentence in messages.yml."""

    exit_code = 1

    def __init__(self, key: str, **values: Any) -> None:
        self.key = key
        self.values = values
        super().__init__(message(key, **values))

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows of the fault (IPython asks): the line alone."""
        return [str(self)]


class RequestError(JunhengError):
    """The request itself is wrong (unknown county, missing file, bad option): exit code 2."""

    exit_code = 2


class DataError(JunhengError):
    """A source can't be used (truncated workbook, column missing); `file`, `sheet`, `row` are among its values."""

    exit_code = 2
