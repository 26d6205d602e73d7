"""The same seed gives the same folder, and the committed folder is what the generator writes."""

import shutil
import zipfile
from pathlib import Path

import pytest

from analysis import project, sources
from analysis.errors import RequestError
from analysis.sample import nation, write
from analysis.sample.settings import stories

RAW = project.root() / "data" / "raw"
#: Files of data/raw that the generator does not write.
KEPT = {"published", "ledger", "README.md"}


def contents(path: Path) -> dict[str, bytes]:
    """Return what a file holds; of a workbook the parts of its zip, since deflate differs from build to build."""
    if path.suffix != ".xlsx":
        return {"": path.read_bytes()}
    with zipfile.ZipFile(path) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def files(folder: Path) -> dict[str, Path]:
    found = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {name: path for name, path in found.items() if Path(name).parts[0] not in KEPT}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    shutil.copytree(RAW / "published", folder / "published")
    write(folder)
    return folder


def test_the_committed_folder_is_what_the_generator_writes(written: Path) -> None:
    made, kept = files(written), files(RAW)
    assert made.keys() == kept.keys()
    assert [name for name in made if contents(made[name]) != contents(kept[name])] == []


def test_the_same_seed_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    write(tmp_path, counties=["990106", "990103"])
    again = {name: path for name, path in files(tmp_path).items() if name != "sources.yml"}
    assert len(again) > 20
    assert [name for name, path in again.items() if path.read_bytes() != (written / name).read_bytes()] == []


def test_another_seed_gives_other_schools(tmp_path: Path, written: Path) -> None:
    write(tmp_path, counties=["990106"], seed=1)
    name = "990106/schools_2024.xlsx"
    assert contents(tmp_path / name) != contents(written / name)


def test_names_and_codes_of_all_counties_differ_and_there_are_no_more(tmp_path: Path) -> None:
    numbers = range(nation.MOST)
    assert len({nation.code_of(number) for number in numbers}) == nation.MOST
    assert len({nation.name_of(number) for number in numbers}) == nation.MOST
    with pytest.raises(RequestError):
        write(tmp_path / "raw", nation.MOST + 1)
    assert not (tmp_path / "raw").exists()


def test_a_county_that_became_a_district_keeps_its_history() -> None:
    catalogue = sources.load(RAW)
    assert "990190" not in catalogue.counties
    assert catalogue.years("990110") == list(stories()["years"])
    assert {source.file[:6] for source in catalogue.of("990110")} == {"990190", "990110"}
