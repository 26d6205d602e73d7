"""What can be held of Windows without one: its start script, and the ways that only Windows takes."""

import io
import re
import sys

import pytest

from analysis.errors import of_file
from analysis.project import root
from analysis.run.commands import process_setup

SCRIPT = root() / "junheng.cmd"


def lines() -> list[str]:
    return SCRIPT.read_bytes().decode("ascii").split("\r\n")


def test_every_line_ends_as_cmd_wants_it_and_is_plain_ascii() -> None:
    content = SCRIPT.read_bytes()
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n") == len(lines()) - 1
    assert "*.cmd text eol=crlf" in (root() / ".gitattributes").read_text(encoding="utf-8").splitlines()


def test_every_label_that_is_gone_to_is_there_once_and_none_is_fallen_into_by_mistake() -> None:
    labels = [line[1:] for line in lines() if re.fullmatch(r":[a-z]+", line)]
    gone = {match for line in lines() for match in re.findall(r"(?:goto |call :)([a-z]+)", line)}
    assert len(labels) == len(set(labels))
    assert gone <= set(labels)
    ends = {
        line[1:]: next(before for before in reversed(lines()[:at]) if before)
        for at, line in enumerate(lines())
        if line[1:] in {"venv", "install", "missing", "try"} and line.startswith(":")
    }
    assert all(before.startswith(("exit /b", "goto ")) for before in ends.values()), ends


def test_no_line_breaks_on_paths_with_spaces_or_signs() -> None:
    text = "\n".join(lines())
    assert "setlocal EnableExtensions DisableDelayedExpansion" in text  # an exclamation mark in a path stays one
    for line in lines():
        for variable in ("%OWN%", "%VENV%", "%~dp0"):
            for at in [match.start() for match in re.finditer(re.escape(variable), line)]:
                assert line[:at].count('"') % 2 == 1, f"not between quotation marks: {line}"
    assert not re.search(r'\\"', text)  # a backslash before a quotation mark would take it
    assert not re.search(r"^\s*if .*\($|^\s*\)", text, re.MULTILINE)  # blocks expand variables before they run


def test_arguments_and_exit_code_are_handed_on() -> None:
    at = lines().index(":run")
    assert lines()[at + 2 : at + 4] == ['"%OWN%" -P -m analysis %*', "exit /b %errorlevel%"]


def test_a_double_click_waits_until_the_help_was_read() -> None:
    assert 'if "%~1"=="" goto bare' in lines()
    at = lines().index(":bare")
    assert any(line.endswith("pause") for line in lines()[at : at + 4])


def test_files_that_the_start_scripts_name_exist() -> None:
    named = re.findall(r'%~dp0([\w.\\%]+\.(?:py|txt))"', "\n".join(lines()))
    named += re.findall(r'\$here/([\w./$]+\.(?:py|txt))"', (root() / "junheng.sh").read_text(encoding="utf-8"))
    assert len(named) >= 6
    for name in named:
        for language in ("zh", "en"):
            path = re.sub(r"%LANGUAGE%|\$language", language, name.replace("\\", "/"))
            assert (root() / path).is_file(), path


class Pipe(io.TextIOWrapper):
    """A stream in the encoding that Windows gives a pipe in China."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="gbk")


@pytest.mark.parametrize(("platform", "shown"), [("win32", "均 ⌀ ²".encode()), ("linux", "均 ? ?".encode("gbk"))])
def test_no_character_stops_a_command(platform: str, shown: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = Pipe()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "platform", platform)
        patched.setattr(sys, "stdout", pipe)
        process_setup.speak()
        pipe.write("均 ⌀ ²")
        pipe.flush()
    assert pipe.buffer.getvalue() == shown  # type: ignore[attr-defined]


def test_a_file_that_is_open_in_an_office_program_is_named() -> None:
    fault = PermissionError(13, "Access is denied", ".report.docx.812", 5, "reports/output/990101/2024/report.docx")
    said = of_file(fault)
    assert "2024/report.docx" in said
    assert ".812" not in said
    assert "Word" in said


def test_what_only_unix_has_is_asked_for_in_one_place() -> None:
    """os.fork and the like stand where it is asked for first: processes.forkserver, build.forking, build.line."""
    only = re.compile(
        r"\bos\.(fork|pidfd_open|killpg|getuid|mkfifo)\b|AF_UNIX|SIGKILL|\b(import|from) (fcntl|resource|pwd)\b"
    )
    found = {path.name for path in (root() / "analysis").rglob("*.py") if only.search(path.read_text(encoding="utf-8"))}
    assert found == {"forkserver.py", "forking.py", "line.py"}
