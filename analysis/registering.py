"""Entries written into sources.yml for someone: all else that stands in it, comments too, stays as it is.

What is written is parsed again and held against what it was to be, so that a file that can't be added to is left alone.
"""

import re
from pathlib import Path
from typing import Any

import yaml

from analysis import storage
from analysis.errors import RequestError
from analysis.registered import parse_yaml

FILE = "sources.yml"
_EMPTY = "counties:\nsources:\n"
_MARK = "\ufeff"
#: How text that goes over several lines begins: it is no value that can be replaced on its line.
_BLOCKS = ("|", ">")


class Registering:
    """The text of a folder's sources.yml, changed step by step and written at the end."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._before = self._path.read_bytes() if self._path.is_file() else None
        text = (self._before or b"").decode("utf-8") or _EMPTY
        self._mark = _MARK if text.startswith(_MARK) else ""
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._text = text.removeprefix(_MARK).replace("\r\n", "\n")

    def said(self) -> dict[str, Any]:
        """Return what the text says now; RequestError where it is no YAML."""
        try:
            said = parse_yaml(self._text) or {}
        except yaml.YAMLError as error:
            raise self._fault() from error
        if not isinstance(said, dict):
            raise self._fault()
        return said

    def name(self, part: str, code: str, entry: dict[str, Any]) -> None:
        """Add a county or a city by its code, where there is none."""
        before = self.said()
        if code in (before.get(part) or {}):
            return
        self._set(_below(self._text, part, [f'  "{code}": {_flow(entry)}']))
        self._check(before | {part: {**(before.get(part) or {}), code: entry}})

    def name_province(self, names: dict[str, str]) -> None:
        """Say what the province is called, where nothing says so."""
        before = self.said()
        if not before.get("province"):
            self._set(f"province: {_flow(names)}\n{self._text}")
            self._check(before | {"province": names})

    def add(self, entry: dict[str, Any]) -> None:
        """Add the entry of a source at the end."""
        before = self.said()
        self._set(_below(self._text, "sources", [f"  - {_flow(entry)}"]))
        self._check(before | {"sources": [*(before.get("sources") or []), entry]})

    def amend(self, place: int, values: dict[str, Any]) -> None:
        """Give the entry of a source, by its place from 0, other values under some keys; its other keys stay."""
        before = self.said()
        self._give(self._node("sources").value[place], values)
        entries = list(before["sources"])
        entries[place] = entries[place] | values
        self._check(before | {"sources": entries})

    def amend_county(self, code: str, values: dict[str, Any]) -> None:
        """Give the entry of a county other values under some keys; its other keys stay."""
        before = self.said()
        named = self._node("counties")
        self._give(next((node for key, node in named.value if key.value == code), named), values)
        counties = before["counties"] | {code: before["counties"][code] | values}
        self._check(before | {"counties": counties})

    def _node(self, part: str) -> Any:
        root = yaml.compose(self._text, Loader=yaml.SafeLoader)
        if root is None:
            raise self._fault()
        return next(value for key, value in root.value if key.value == part)

    def _give(self, node: Any, values: dict[str, Any]) -> None:
        if not isinstance(node, yaml.MappingNode):
            raise self._fault()
        there = {key.value: value for key, value in node.value}
        edits = []
        for key, value in values.items():
            if key in there:
                edits.append((there[key].start_mark.index, there[key].end_mark.index, _scalar(value)))
                if getattr(there[key], "style", None) in _BLOCKS:
                    raise self._fault()
        added = [f"{key}: {_scalar(value)}" for key, value in values.items() if key not in there]
        if added:
            end = node.value[-1][1].end_mark.index
            margin = "\n" + " " * node.start_mark.column
            edits.append((end, end, "".join(f", {line}" if node.flow_style else f"{margin}{line}" for line in added)))
        text = self._text
        for start, end, new in sorted(edits, reverse=True):
            text = text[:start] + new + text[end:]
        self._set(text)

    def write(self) -> None:
        """Write the file whole; RequestError where it was changed meanwhile."""
        now = self._path.read_bytes() if self._path.is_file() else None
        if now != self._before:
            raise RequestError("register_meanwhile", file=self._path)
        storage.write_whole(self._path, self._mark + self._text.replace("\n", self._newline))

    def _set(self, text: str) -> None:
        if not text:
            raise self._fault()
        self._text = text

    def _check(self, due: dict[str, Any]) -> None:
        if self.said() != due:
            raise self._fault()

    def _fault(self) -> RequestError:
        return RequestError("new_register", file=self._path)


def _flow(entry: dict[str, Any]) -> str:
    return yaml.safe_dump(entry, allow_unicode=True, default_flow_style=True, sort_keys=False, width=100_000).strip()


def _scalar(value: Any) -> str:
    """Return a value as it stands in a line, quoted where it needs to be."""
    return _flow({"k": value})[len("{k: ") : -1]


def _below(text: str, key: str, lines: list[str]) -> str:
    """Insert lines at the end of the block under a top-level key, or with the key at the end of the text.

    Empty where the key's value stands on its own line, so that nothing can be added below it.
    """
    rows = text.splitlines()
    at = next((number for number, row in enumerate(rows) if row.startswith(f"{key}:")), None)
    if at is None:
        return "\n".join([*rows, f"{key}:", *lines, ""])
    if re.fullmatch(rf"{key}:\s*(\{{\s*\}}|\[\s*\])\s*", rows[at]):
        rows[at] = f"{key}:"
    elif not re.fullmatch(rf"{key}:\s*(#.*)?", rows[at]):
        return ""
    end = at + 1
    last = at
    while end < len(rows) and (not rows[end].strip() or rows[end][0] in " -#"):
        last = end if rows[end].strip() and rows[end][0] != "#" else last
        end += 1
    margin = "" if rows[last].startswith("-") and key == "sources" else None
    if margin is None and last > at and key == "sources":
        dashes = [row for row in rows[at + 1 : last + 1] if row.lstrip().startswith("- ")]
        margin = " " * min((len(row) - len(row.lstrip()) for row in dashes), default=2)
    lines = lines if margin is None else [margin + line.lstrip() for line in lines]
    return "\n".join([*rows[: last + 1], *lines, *rows[last + 1 :], ""])
