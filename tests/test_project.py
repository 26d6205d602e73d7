"""Where the parts of a checkout lie."""

from pathlib import Path

import pytest

from analysis import project


def test_each_folder_of_raw_statistics_has_clean_tables_of_its_own(tmp_path: Path) -> None:
    default = project.processed()
    assert project.processed(project.raw()) == default
    assert project.processed(project.raw() / ".." / "raw") == default
    others = {project.processed(tmp_path / "a"), project.processed(tmp_path / "b")}
    assert len(others) == 2
    assert all(other.parent == default for other in others)


def test_an_installed_package_carries_its_parts_and_works_where_it_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "analysis"
    (package / project.SHIPPED).mkdir(parents=True)
    monkeypatch.setattr(project, "PACKAGE", package)
    monkeypatch.setenv(project.HERE, "")
    monkeypatch.delenv(project.HERE)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert project.notebooks() == package / project.SHIPPED / "notebooks"
    assert project.part("analysis") == package
    assert project.raw() == tmp_path / "here" / "data" / "raw"
    monkeypatch.chdir(tmp_path)  # as a kernel does
    assert project.output() == tmp_path / "here" / "reports" / "output"


def test_a_checkout_works_at_its_root_unless_another_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert project.work() == project.root() == project.PACKAGE.parent
    monkeypatch.setenv(project.HERE, str(tmp_path))
    assert project.raw() == tmp_path / "data" / "raw"
    assert project.templates().is_relative_to(project.PACKAGE.parent)
