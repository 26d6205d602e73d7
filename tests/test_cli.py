"""The command line: exit codes, one line per fault, no traceback, nothing heavy loaded before it is needed."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer

from analysis import __version__, cli
from analysis.errors import DataError, RequestError

HEAVY = {"polars", "pandas", "numpy", "matplotlib", "papermill", "nbclient", "pydantic", "scipy"}


def a_command_that(fault: BaseException) -> typer.Typer:
    app = typer.Typer()

    @app.callback(invoke_without_command=True)
    def _raise() -> None:
        raise fault

    return app


def lines_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"junheng {__version__}"


def test_help_loads_no_room() -> None:
    code = f"import sys; from analysis.cli import main; main(['--help']); sys.exit(len({HEAVY} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_version_waits_for_no_command() -> None:
    asked = "import sys; sys.argv[1:] = ['--version']\nfrom analysis.__main__ import main\n"
    told = "raise SystemExit(main() or 'typer' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked + told], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"junheng {__version__}\n")


@pytest.mark.parametrize("arguments", [["nonsense"], ["--nonsense"], ["--version=3"]])
def test_a_wrong_command_gets_one_line_and_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(lines_of(said.err)) == 1


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (RequestError("county_missing"), 2),
        (DataError("county_missing"), 2),
        (PermissionError(13, "Permission denied", "reports/output"), 2),
        (KeyboardInterrupt(), 130),
    ],
)
def test_a_fault_is_one_line_on_standard_error(
    fault: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "app", a_command_that(fault))
    assert cli.main([]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert len(lines_of(said.err)) == 1
    assert "Traceback" not in said.err


def test_a_fault_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "app", a_command_that(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        cli.main([])


@pytest.mark.parametrize(("lang", "word"), [("zh", "中断"), ("en", "Interrupted")])
def test_messages_follow_the_language(
    lang: str, word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REPORT_LANG", lang)
    monkeypatch.setattr(cli, "app", a_command_that(KeyboardInterrupt()))
    cli.main([])
    assert word in capsys.readouterr().err


def test_sample_data_is_cleaned_county_by_county(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sample", "--out", str(tmp_path / "raw"), "--counties", "2"]) == 0
    assert "2" in capsys.readouterr().out
    assert cli.main(["data", "--data", str(tmp_path / "raw")]) == 0
    assert len(lines_of(capsys.readouterr().out)) == 2
    next((tmp_path / "raw" / "990101").glob("schools_*")).write_bytes(b"")
    assert cli.main(["data", "--data", str(tmp_path / "raw")]) == 1
    said = capsys.readouterr()
    assert len(lines_of(said.out)) == len(lines_of(said.err)) == 1
    assert cli.main(["data", "--data", str(tmp_path / "raw"), "nowhere"]) == 2
