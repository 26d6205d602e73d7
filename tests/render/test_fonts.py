"""Fonts: from the package, else the very same files from reports/fonts, else one line that says what to do."""

import hashlib
import io
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from fontTools.ttLib import TTFont

from analysis import brand, project
from analysis.errors import DataError
from analysis.render import fonts

TOLD = yaml.safe_load((project.root() / "reports" / "fonts" / "fonts.yml").read_text(encoding="utf-8"))


@pytest.fixture
def laid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder in the place of reports/fonts, where the package of fonts is not installed."""
    monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
    monkeypatch.setattr(brand, "_laid", lambda: tmp_path)
    shutil.copy(project.root() / "reports" / "fonts" / "fonts.yml", tmp_path)
    brand.font_folder.cache_clear()
    brand._fonts.cache_clear()
    yield tmp_path
    brand.font_folder.cache_clear()
    brand._fonts.cache_clear()


def packaged() -> list[Path]:
    return [brand.font_file(brand.brand().sans), brand.font_file(brand.brand().serif)]


def test_the_package_holds_what_is_written_down() -> None:
    for path, font in zip(packaged(), TOLD.values(), strict=True):
        assert path.name == font["file"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == font["sha256"]


FILES = packaged()


def test_without_the_package_the_same_files_are_taken_from_the_folder(laid: Path) -> None:
    for path in FILES:
        shutil.copy(path, laid)
    assert brand.font_file("Noto Sans SC") == laid / "NotoSansSC-Regular.otf"


@pytest.mark.parametrize("there", [0, 1, 2])
def test_without_a_file_or_with_another_one_line_says_which_and_where(laid: Path, there: int) -> None:
    for path in FILES[:there]:
        shutil.copy(path, laid)
    if there == 2:
        (laid / FILES[1].name).write_bytes(b"OTTO")
    with pytest.raises(DataError) as fault:
        brand.font_file("Noto Sans SC")
    assert FILES[min(there, 1)].name in str(fault.value)
    assert str(laid) in str(fault.value)
    assert "\n" not in str(fault.value)


def test_the_licence_lies_beside() -> None:
    assert "SIL OPEN FONT LICENSE" in (project.root() / "reports" / "fonts" / "LICENSE.txt").read_text(encoding="utf-8")


def test_a_packed_font_holds_the_same_in_fewer_bytes() -> None:
    font = fonts.subset("Junheng Serif", "县域义务教育优质均衡监测报告")
    packed = brand.packed(font)
    assert (packed[:4], packed) == (b"wOFF", brand.packed(font))
    assert len(packed) < 0.95 * len(font)
    before, after = (TTFont(io.BytesIO(data), lazy=True) for data in (font, packed))
    assert before.getBestCmap() == after.getBestCmap()
    assert before.reader["CFF "] == after.reader["CFF "]
