"""Bundles: what is in them, which wheels are asked for, and that a fault of theirs is told by name."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from analysis import cli, project
from analysis.errors import JunhengError, RequestError
from analysis.run import install
from analysis.run.commands import bundle
from analysis.run.commands.bundle import Target

pytestmark = pytest.mark.cold

LINUX = Target("linux-x86_64", "3.11")
WINDOWS = Target("windows-amd64", "3.12")
#: Nothing of the machine's own ways to an index, and a network that leads nowhere.
OFFLINE = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PIP_EXTRA_INDEX_URL": "",
           "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}  # fmt: skip
PINS = 'alpha==1.0\nbeta==2.0; sys_platform == "win32"\ngamma==3.0; python_version == "3.12"\n# words\n'


def wheel(folder: Path, name: str, version: str = "1.0", needs: str = "", tag: str = "py3-none-any") -> Path:
    """Write the smallest wheel that pip installs: one module that knows its version."""
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + (
        f"Requires-Dist: {needs}\n" if needs else ""
    )
    inside = f"{name}-{version}.dist-info"
    parts = {
        f"{name}.py": f"version = {version!r}\n",
        f"{inside}/METADATA": about,
        f"{inside}/WHEEL": f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    lines = []
    for path, text in parts.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
        lines.append(f"{path},sha256={digest},{len(text.encode())}\n")
    made = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(made, "w") as packed:
        for path, text in parts.items():
            packed.writestr(zipfile.ZipInfo(path), text)
        packed.writestr(zipfile.ZipInfo(f"{inside}/RECORD"), "".join(lines) + f"{inside}/RECORD,,\n")
    return made


def tiny(wanted: list[str], target: Target, folder: Path) -> None:
    """Bring a tiny wheel for each pin, as pip would bring the real one."""
    for pin in wanted:
        name, _, version = pin.partition("==")
        wheel(folder, name.replace("-", "_"), version)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle.make(LINUX, None, tmp_path_factory.mktemp("out"), tiny)


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "带 走"))


def test_markers_are_those_of_the_target_not_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text(PINS, encoding="utf-8")
    assert bundle.pins(tmp_path / "r.txt", LINUX) == ["alpha==1.0"]
    assert bundle.pins(tmp_path / "r.txt", WINDOWS) == ["alpha==1.0", "beta==2.0", "gamma==3.0"]


def test_tags_go_from_the_newest_library_that_offices_have_to_the_oldest() -> None:
    assert LINUX.tags[0] == "manylinux_2_28_x86_64"
    assert {"manylinux_2_17_x86_64", "manylinux_2_5_x86_64", "manylinux2014_x86_64"} <= set(LINUX.tags)
    assert not any("2_29" in tag for tag in LINUX.tags)
    assert WINDOWS.tags == ["win_amd64"]
    assert "--abi=cp312" in WINDOWS.pip


@pytest.mark.parametrize("words", [("solaris-sparc", ""), ("", "3.9"), ("linux-x86_64", "three")])
def test_a_platform_or_python_that_is_not_served_is_a_wrong_request(
    words: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    platform, python = words
    assert cli.main(["bundle", f"--platform={platform}", f"--python={python}", f"--out={tmp_path}/out"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_it_holds_the_project_its_wheels_and_how_to_begin(made: Path) -> None:
    there = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    assert {"junheng.sh", "junheng.cmd", "Makefile", "requirements.txt", "analysis/cli.py", bundle.ABOUT} <= there
    assert {"notebooks/county_report.ipynb", "data/shipped/sources.yml", "data/processed/.gitkeep"} <= there
    assert not [name for name in there if name.startswith((".git/", ".venv", "reports/output", "dist", "data/raw"))]
    assert (made / "wheels" / "python.txt").read_text() == "3.11\n"
    pinned = {install.same(pin.partition("==")[0]) for pin in bundle.pins(project.root() / "requirements.txt", LINUX)}
    wheels = {install.same(path.name.split("-")[0]) for path in (made / "wheels").glob("*.whl")}
    assert wheels == pinned
    start = (made / bundle.ABOUT).read_text(encoding="utf-8")
    assert start.count("sh junheng.sh report 990101") == 2
    sums = (made / install.SUMS).read_text(encoding="utf-8").splitlines()
    assert {line.split(maxsplit=1)[1] for line in sums} == there - {install.SUMS}
    assert install.differing(made) == []


def test_the_same_bundle_is_made_again_byte_for_byte_and_one_in_use_is_left_alone(tmp_path: Path) -> None:
    folder = bundle.make(LINUX, None, tmp_path, tiny)
    before = (folder / install.SUMS).read_bytes()
    assert bundle.make(LINUX, None, tmp_path, tiny) == folder
    assert (folder / install.SUMS).read_bytes() == before
    assert {path.stat().st_mtime for path in folder.rglob("*")} == {bundle.STAMP}
    (folder / "reports" / "own.txt").write_text("x", encoding="utf-8")
    with pytest.raises(RequestError, match=folder.name):
        bundle.make(LINUX, None, tmp_path, tiny)
    assert (folder / "reports" / "own.txt").exists()


def office(root: Path) -> Path:
    """Lay out a project in which an office has worked."""
    for name in ("data/raw/990101/schools_2024.csv", "data/raw/510116/schools_2024.csv", "data/raw/sources.yml",
                 "data/raw/corrections.yml", "data/raw/ledger/990101.xlsx", "analysis/a.py",
                 "analysis/__pycache__/a.pyc", "reports/output/990101/report.html", "junheng.sh",
                 "data/processed/990101/schools.parquet", "own.docx"):  # fmt: skip
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name, encoding="utf-8")
    return root


def test_an_offices_own_data_go_along_only_where_they_are_asked_for(tmp_path: Path) -> None:
    root = office(tmp_path / "root")
    assert bundle.files(root) == ["analysis/a.py", "junheng.sh"]
    (root / "data" / "raw" / "510116" / "~$schools_2024.csv").write_text("lock", encoding="utf-8")
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (root / "data" / "raw" / "510116" / "rooms_2024.csv").symlink_to(tmp_path / "secret")
    bundle.lay(root, tmp_path / "with", root / "data" / "raw")
    shipped = tmp_path / "with" / "data" / "shipped"
    assert {path.name for path in shipped.iterdir()} == {path.name for path in (root / "data" / "raw").iterdir()}
    assert [path.name for path in (shipped / "510116").iterdir()] == ["schools_2024.csv"]
    assert not (tmp_path / "with" / "data" / "raw").exists()


@pytest.mark.slow
def test_without_git_the_sample_is_drawn_anew_and_nothing_of_an_office_goes_along(tmp_path: Path) -> None:
    root = office(tmp_path / "root")
    bundle.lay(root, tmp_path / "laid", None)
    laid, shipped = tmp_path / "laid", tmp_path / "laid" / "data" / "shipped"
    assert not list(laid.rglob("510116"))
    assert not list(laid.rglob("ledger"))
    sample = project.root() / "data" / "raw"
    for name in ("990101/schools_2024.xlsx", "corrections.yml", "identity.yml"):
        assert (shipped / name).read_bytes() == (sample / name).read_bytes()
    bundle.lay(laid, tmp_path / "again", None)  # of a bundle what it was carried with
    assert (tmp_path / "again" / "data" / "shipped" / "sources.yml").read_bytes() == (
        shipped / "sources.yml"
    ).read_bytes()


def test_without_git_the_list_of_places_gives_what_git_tracks(tmp_path: Path) -> None:
    if not bundle._git(project.root(), "ls-files"):
        pytest.skip("needs a checkout")
    tracked = bundle.files(project.root())
    for name in tracked:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert bundle.files(tmp_path) == tracked


def test_sources_come_as_they_were_committed(tmp_path: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("needs git")
    root, register = tmp_path / "root", tmp_path / "root" / "data" / "raw" / "sources.yml"
    register.parent.mkdir(parents=True)
    register.write_text("sample\n", encoding="utf-8")
    text = register.parent / "510116" / "schools_2024.csv"
    text.parent.mkdir()
    text.write_text("own", encoding="utf-8")
    own = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "-A"], [*own, "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=root, check=True)
    register.write_text("sample and an office\n", encoding="utf-8")
    bundle.lay(root, tmp_path / "laid", None)
    shipped = tmp_path / "laid" / "data" / "shipped"
    assert [path.name for path in shipped.rglob("*")] == ["sources.yml"]
    assert (shipped / "sources.yml").read_text(encoding="utf-8") == "sample\n"


def test_a_package_without_a_wheel_is_named_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf, out = tmp_path / "shelf", tmp_path / "out"
    shelf.mkdir()
    for name in ("PIP_CONFIG_FILE", "PIP_NO_INDEX", "PIP_FIND_LINKS"):
        monkeypatch.setenv(name, {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"}.get(name, shelf.as_uri()))
    wheel(shelf, "alpha")
    wheel(shelf, "beta", tag="cp311-cp311-manylinux_2_28_x86_64")
    bundle.fetch(["alpha==1.0", "beta==1.0"], LINUX, out)
    assert sorted(path.name[:5] for path in out.iterdir()) == ["alpha", "beta-"]
    monkeypatch.setattr(bundle, "pins", lambda file, target: ["alpha==1.0", "beta==1.0"])
    with pytest.raises(RequestError, match=r"beta==1\.0"):
        bundle.make(WINDOWS, None, tmp_path / "none")
    assert list((tmp_path / "none").iterdir()) == []


def test_what_a_wheel_needs_must_be_there_on_the_target(tmp_path: Path) -> None:
    wheel(tmp_path, "alpha", needs='beta>=1; sys_platform == "win32"')
    bundle.check_wheels(["alpha==1.0"], LINUX, tmp_path)
    with pytest.raises(JunhengError, match="beta"):
        bundle.check_wheels(["alpha==1.0"], WINDOWS, tmp_path)
    with pytest.raises(JunhengError, match="gamma"):
        bundle.check_wheels(["alpha==1.0", "gamma==1"], LINUX, tmp_path)


# The start script, with a Python that only says what it was asked to do.

STUB = """#!/bin/sh
echo "$(basename "$0") $*" >> "$LOG"
case "$*" in
  *python_fits.py*) [ -z "$UNFIT" ] ;;
  *"-m venv"*) for last; do :; done; mkdir -p "$last/bin" && cp "$0" "$last/bin/python" ;;
  *install.py*) exit "${INSTALLS:-0}" ;;
  *"-m analysis"*) echo "$PYTHONPATH" >> "$LOG"; exit 7 ;;
esac
"""


TOOLS = ("sh", "basename", "cat", "cmp", "cp", "dirname", "mkdir")


def started(folder: Path, log: Path, *words: str, **environment: str) -> tuple[int, list[str], str]:
    """Run the script where no Python is found but the stub in its folder; return code, what the stub heard, errors."""
    tools = log.parent / "tools"
    if not tools.exists():
        tools.mkdir()
        for tool in TOOLS:
            (tools / tool).symlink_to(str(shutil.which(tool)))
    (folder / "python" / "bin").mkdir(parents=True, exist_ok=True)
    stub = folder / "python" / "bin" / "python3"
    stub.write_text(STUB, encoding="utf-8")
    stub.chmod(0o755)
    log.unlink(missing_ok=True)
    done = subprocess.run(
        [str(shutil.which("sh")), str(folder / "junheng.sh"), *words],
        env={"PATH": str(tools), "LOG": str(log), "PYTHON": "none"} | environment,
        cwd=log.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, log.read_text(encoding="utf-8").splitlines() if log.exists() else [], done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_the_start_script_makes_the_environment_once_and_hands_everything_on(copied: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    code, asked, _ = started(copied, log, "report", "青 溪", "$HOME", "--lang=en")
    assert code == 7
    assert [line.split()[0] for line in asked[:-1]] == ["python3", "python3", "python", "python"]
    assert asked[1].endswith(f"-m venv --clear {copied}/.venv")
    assert asked[2] == f"python {copied}/analysis/run/install.py {copied}/requirements.txt"
    assert asked[3] == "python -P -m analysis report 青 溪 $HOME --lang=en"
    assert asked[4] == str(copied)
    code, asked, _ = started(copied, log, "--version")
    assert code == 7
    assert [line for line in asked if "install" in line or "venv --clear" in line] == []
    (copied / "requirements.txt").write_text("other\n", encoding="utf-8")
    _, asked, _ = started(copied, log, "--version")
    assert [line for line in asked if "install.py" in line]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_the_start_script_stops_where_installing_fails_or_no_python_fits(copied: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    code, asked, _ = started(copied, log, "report", INSTALLS="2")
    assert code == 2
    assert not [line for line in asked if "-m analysis" in line]
    code, asked, _ = started(copied, log, "report")
    assert code == 7  # the next try goes on where that one stopped
    shutil.rmtree(copied / ".venv")
    code, _, said = started(copied, log, "report", UNFIT="1", REPORT_LANG="en")
    assert code == 2
    assert said.count("\n") == 1
    assert "Python 3.11" in said
    assert not (copied / ".venv").exists()


def fits(folder: Path) -> int:
    return subprocess.run([sys.executable, folder / "analysis" / "run" / "python_fits.py"], check=False).returncode


def test_only_the_python_that_the_wheels_are_for_fits(copied: Path) -> None:
    mark = copied / "wheels" / "python.txt"
    mark.write_text("{}.{}\n".format(*sys.version_info), encoding="utf-8")
    assert fits(copied) == 0
    mark.write_text("3.99\n", encoding="utf-8")
    assert fits(copied) == 1
    mark.unlink()
    assert fits(copied) == 0


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, list[str]]:
    """Run the installer of `folder` with pip replaced by one that answers with `words`; return what pip was asked."""
    asked: list[str] = []

    def run(command: list[str], wanted: set[str]) -> tuple[int, str]:
        asked.extend(command)
        return (1, words[0]) if words else (0, "")

    monkeypatch.setattr(install, "run", run)
    return install.main([str(folder / "requirements.txt")]), asked


def test_a_flipped_byte_or_a_missing_file_is_told_by_name(
    copied: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REPORT_LANG", "en")
    code, asked = installed(copied, monkeypatch)
    assert code == 0
    assert ["--no-index", f"--find-links={copied / 'wheels'}"] == [
        word for word in asked if "index" in word or "find" in word
    ]
    broken = next((copied / "wheels").glob("polars-*.whl"))
    content = bytearray(broken.read_bytes())
    content[40] ^= 1
    broken.write_bytes(content)
    (copied / "analysis" / "cli.py").unlink()
    capsys.readouterr()
    code, asked = installed(copied, monkeypatch)
    said = capsys.readouterr().err
    assert (code, asked) == (2, [])
    assert said.count("\n") == 1
    assert broken.name in said
    assert "analysis/cli.py" in said


def test_changed_data_are_told_and_no_hindrance(
    copied: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert installed(copied, monkeypatch)[0] == 0
    assert "data/" not in capsys.readouterr().err
    with (copied / "data" / "shipped" / "sources.yml").open("a", encoding="utf-8") as file:
        file.write("# own\n")
    assert installed(copied, monkeypatch)[0] == 0
    assert "data/shipped/sources.yml" in capsys.readouterr().err


def test_the_first_start_lays_out_the_sample_and_no_later_one_touches_it(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = copied / "data" / "raw"
    assert not raw.exists()
    assert installed(copied, monkeypatch, "ERROR")[0] == 1  # nothing is laid out where installing fails
    assert not raw.exists()
    assert installed(copied, monkeypatch)[0] == 0
    assert (raw / "990101" / "schools_2024.xlsx").is_file()
    (raw / "corrections.yml").write_text("# nine entries\n", encoding="utf-8")
    (raw / "990101" / "schools_2024.xlsx").unlink()
    assert installed(copied, monkeypatch)[0] == 0
    assert (raw / "corrections.yml").read_text(encoding="utf-8") == "# nine entries\n"
    assert not (raw / "990101" / "schools_2024.xlsx").exists()


def test_a_bundle_copied_over_another_leaves_what_an_office_wrote(
    made: Path, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(copied, monkeypatch)
    theirs = {name: f"# own {name}\n" for name in ("sources.yml", "corrections.yml", "identity.yml", "aliases.yml")}
    for name, words in theirs.items():
        (copied / "data" / "raw" / name).write_text(words, encoding="utf-8")
    shutil.copytree(made, copied, dirs_exist_ok=True)
    installed(copied, monkeypatch)
    assert {name: (copied / "data" / "raw" / name).read_text(encoding="utf-8") for name in theirs} == theirs


def test_packages_come_from_the_wheels_and_from_no_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, target = tmp_path / "带 走", tmp_path / "installed"
    (folder / "wheels").mkdir(parents=True)
    wheel(folder / "wheels", "jh_alpha", needs="jh-beta")
    wheel(folder / "wheels", "jh_beta", "2.0")
    (folder / "requirements.txt").write_text("jh-alpha==1.0\njh-beta==2.0\n", encoding="utf-8")
    for name, value in OFFLINE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PIP_TARGET", str(target))
    assert install.main([str(folder / "requirements.txt")]) == 0
    assert (target / "jh_beta.py").read_text(encoding="utf-8") == "version = '2.0'\n"
    (folder / "requirements.txt").write_text("jh-alpha==1.0\njh-gamma==1\n", encoding="utf-8")
    assert install.main([str(folder / "requirements.txt")]) == 2
    assert "jh-gamma==1" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("wheels", [True, False])
def test_what_pip_can_not_find_is_one_line_that_says_what_to_do(
    wheels: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REPORT_LANG", "en")
    (tmp_path / "requirements.txt").write_text("polars==2.1.0\n", encoding="utf-8")
    if wheels:
        (tmp_path / "wheels").mkdir()
    code, _ = installed(tmp_path, monkeypatch, "ERROR: No matching distribution found for polars==2.1.0\n")
    said = capsys.readouterr().err.splitlines()
    assert code == 2
    assert len(said) == 2  # that it began, and this
    assert "polars==2.1.0" in said[1]
    assert ("wheels" if wheels else "make bundle") in said[1]


def test_sentences_of_the_installer_are_there_in_both_languages() -> None:
    told = json.loads((Path(install.__file__).with_suffix(".json")).read_text(encoding="utf-8"))
    assert all(set(sentence) == {"zh", "en"} for sentence in told.values())


@pytest.mark.slow
def test_an_empty_machine_without_a_network_installs_from_a_bundle_and_makes_a_report(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(tmp_path / "probe")]
    first = bundle.pins(project.root() / "requirements.txt", LINUX)[0]
    if subprocess.run([*pip, first], capture_output=True, check=False).returncode:
        pytest.skip("no package index answers")
    folder = bundle.make(bundle.target_of("", ""), None, tmp_path).rename(tmp_path / "带 走")
    empty = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHON": sys.executable, **OFFLINE}

    def run(*words: str) -> str:
        done = subprocess.run(words, cwd=folder, env=empty, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "report.pdf" in run("sh", "junheng.sh", "report", "990101")
    report = folder / "reports" / "output" / "990101" / "2024"
    assert (report / "report.pdf").read_bytes().startswith(b"%PDF")
    installed = json.loads(run(".venv/bin/python", "-m", "pip", "list", "--format=json"))
    pinned = bundle.pins(folder / "requirements.txt", bundle.target_of("", ""))
    there = {f"{install.same(one['name'])}=={one['version']}" for one in installed}
    assert {f"{install.same(pin.partition('==')[0])}=={pin.partition('==')[2]}" for pin in pinned} <= there
    if shutil.which("make"):
        shutil.rmtree(folder / ".venv")
        run("make", "setup")
        assert run("make", "report", "COUNTY=990101", "REPORT_LANG=en").startswith("Built")
