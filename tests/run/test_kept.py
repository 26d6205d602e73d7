"""What people changed in a file that is written again is set aside; what they left is replaced."""

from pathlib import Path

from analysis.run.build import kept


def put(folder: Path, text: str) -> Path | None:
    made = folder / "made"
    made.write_text(text)
    return kept.place(made, folder / "out" / "form.docx")


def test_what_was_written_is_replaced_and_what_people_changed_is_set_aside(tmp_path: Path) -> None:
    target = tmp_path / "out" / "form.docx"
    assert put(tmp_path, "one") is None
    assert put(tmp_path, "two") is None
    assert target.read_text() == "two"
    # As long as before: only the content tells.
    target.write_text("own")
    assert kept.edited(target)
    aside = put(tmp_path, "six")
    assert aside == tmp_path / "out" / "form.edited-1.docx"
    assert (target.read_text(), aside.read_text()) == ("six", "own")
    assert not kept.edited(target)
    target.write_text("more")
    assert put(tmp_path, "ten") == tmp_path / "out" / "form.edited-2.docx"
    assert aside.read_text() == "own"


def test_a_file_that_we_never_wrote_is_someones_own(tmp_path: Path) -> None:
    target = tmp_path / "out" / "form.docx"
    target.parent.mkdir()
    target.write_text("theirs")
    aside = put(tmp_path, "ours")
    assert aside is not None
    assert (target.read_text(), aside.read_text()) == ("ours", "theirs")
