"""Where the parts of a checkout lie."""

from pathlib import Path

from analysis import project


def test_each_folder_of_raw_statistics_has_clean_tables_of_its_own(tmp_path: Path) -> None:
    default = project.processed()
    assert project.processed(project.raw()) == default
    assert project.processed(project.raw() / ".." / "raw") == default
    others = {project.processed(tmp_path / "a"), project.processed(tmp_path / "b")}
    assert len(others) == 2
    assert all(other.parent == default for other in others)
