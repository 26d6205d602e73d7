"""The manifest of a folder: every file and source by its SHA-256; any byte that changed is told."""

import json
import random
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from analysis import cli, storage
from analysis.kinds import kinds
from analysis.run.build import manifest, placing, report, stale
from analysis.run.commands import unaltered
from analysis.run.request import Request, resolve
from tests import every_kind


def put(raw: Path, out: Path, *, kind: str = "county", **words: str) -> Request:
    """Put a report, or sheets beside it, into place as a build does, in a moment."""
    request = resolve("990101", data=str(raw), out=str(out), **words)
    work = out.parent / "work"
    work.mkdir(exist_ok=True, parents=True)
    names, state = (request.files, stale.STATE) if kind == "county" else ([f"{kind}.pdf"], f".{kind}{stale.STATE}")
    for name in names:
        (work / name).write_text(f"{name} of {kind}, a text of some length\n", encoding="utf-8")
    placing.put_files(work, request.folder, names, (), "k", state, report.told_of(request, kind))
    return request


def graph(folder: Path) -> dict[str, dict[str, Any]]:
    entities = json.loads((folder / manifest.NAME).read_text(encoding="utf-8"))["@graph"]
    assert len({entity["@id"] for entity in entities}) == len(entities)
    return {entity["@id"]: entity for entity in entities}


def test_it_lists_every_file_and_source_with_its_digest(raw: Path, tmp_path: Path) -> None:
    request = put(raw, tmp_path / "out")
    entities = graph(request.folder)
    assert {part["@id"] for part in entities["./"]["hasPart"]} == set(request.files)
    for name in request.files:
        assert entities[name]["sha256"] == storage.digest_of_file(request.folder / name)
    made = entities["#made-1"]
    taken = {entities[each["@id"]]["name"]: entities[each["@id"]] for each in made["object"]}
    for year in (2022, 2024):
        file = f"990101/schools_{year}.csv"
        assert taken[file]["sha256"] == storage.digest_of_file(raw / file)
    assert taken["standard"]["value"] == "national-2017"
    used = {entities[each["@id"]]["name"] for each in entities["#junheng"]["softwareRequirements"]}
    assert {"Python", "polars", "analysis", "reports"} <= used
    assert str(tmp_path) not in (request.folder / manifest.NAME).read_text(encoding="utf-8")


def test_it_is_the_same_to_the_byte_in_another_folder(raw: Path, tmp_path: Path) -> None:
    one, other = put(raw, tmp_path / "a" / "out"), put(raw, tmp_path / "b" / "out")
    assert (one.folder / manifest.NAME).read_bytes() == (other.folder / manifest.NAME).read_bytes()
    assert manifest.digest(one.folder) == storage.digest_of_file(one.folder / manifest.NAME)


def test_documents_of_several_kinds_share_it(raw: Path, tmp_path: Path) -> None:
    put(raw, tmp_path / "out")
    request = put(raw, tmp_path / "out", kind="warning")
    assert {"warning.pdf", "report.pdf"} <= {part["@id"] for part in graph(request.folder)["./"]["hasPart"]}
    assert unaltered.places(request.folder) == []


def test_a_draft_below_leaves_it_as_it_is_and_is_missed(raw: Path, tmp_path: Path) -> None:
    request = put(raw, tmp_path / "out")
    before = manifest.digest(request.folder)
    draft = put(raw, tmp_path / "out", status="draft")
    assert draft.folder.parent == request.folder
    assert manifest.digest(request.folder) == before
    assert unaltered.places(request.folder) == []
    for path in draft.folder.iterdir():
        path.unlink()
    draft.folder.rmdir()
    assert [(place.file, place.kind) for place in unaltered.places(request.folder)] == [("draft", "missing")]


def test_to_the_public_no_source_bears_an_offices_name(raw: Path, tmp_path: Path) -> None:
    text = (raw / "sources.yml").read_text(encoding="utf-8")
    (raw / "青溪一小报表.csv").write_text("x\n", encoding="utf-8")
    entry = '{file: 青溪一小报表.csv, county: "990101", table: classes, year: 2024, title: 青溪一小班额}'
    (raw / "sources.yml").write_text(f"{text}\nsources:\n  - {entry}\n", encoding="utf-8")
    internal, public = put(raw, tmp_path / "out"), put(raw, tmp_path / "out", audience="public")
    assert "青溪一小" in (internal.folder / manifest.NAME).read_text(encoding="utf-8")
    for path in public.folder.iterdir():
        assert "青溪一小" not in path.read_text(encoding="utf-8")


def test_any_changed_byte_is_found(raw: Path, tmp_path: Path) -> None:
    put(raw, tmp_path / "out")
    put(raw, tmp_path / "out", status="draft")
    request = put(raw, tmp_path / "out", kind="warning")
    (request.folder / stale.PREVIOUS).write_text("{}\n", encoding="utf-8")
    placing.refresh(request.folder)
    assert unaltered.places(request.folder) == []
    chance = random.Random(18)
    files = sorted(path for path in request.folder.rglob("*") if path.is_file())
    assert len(files) > 15
    for path in files:
        content = path.read_bytes()
        for at in chance.sample(range(len(content)), min(6, len(content))):
            flipped = bytearray(content)
            flipped[at] ^= 1 << chance.randrange(8)
            path.write_bytes(bytes(flipped))
            name = path.relative_to(request.folder).as_posix()
            told = {place.file for place in unaltered.places(request.folder)}
            # Of what is kept beside a manifest a digest may be another: then its file is told.
            assert name in told or (path.name == manifest.STATE and told), (name, at)
        path.write_bytes(content)
    assert unaltered.places(request.folder) == []


def test_a_missing_and_an_added_file_are_told(raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    request = put(raw, tmp_path / "out")
    assert cli.main(["verify", str(request.folder)]) == 0
    assert manifest.digest(request.folder) in capsys.readouterr().out
    (request.folder / "report.pdf").unlink()
    (request.folder / "other").mkdir()
    (request.folder / "other" / "letter.txt").write_text("x", encoding="utf-8")
    (request.folder / "report.html").write_text("altered", encoding="utf-8")
    assert cli.main(["verify", str(request.folder), "--format", "json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert all(set(row) == {"file", "place", "printed", "expected", "kind"} for row in rows)
    kinds_of = {row["file"]: row["kind"] for row in rows}
    assert kinds_of == {"report.pdf": "missing", "other/letter.txt": "added", "report.html": "changed"}
    assert cli.main(["verify", str(request.folder)]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 4


@pytest.mark.parametrize("gone", [[manifest.NAME], [manifest.STATE], [manifest.NAME, manifest.STATE], [stale.STATE]])
def test_what_the_manifest_is_kept_by_is_missed(raw: Path, tmp_path: Path, gone: list[str]) -> None:
    request = put(raw, tmp_path / "out")
    for name in gone:
        (request.folder / name).unlink()
    assert set(gone) <= {place.file for place in unaltered.places(request.folder)} or gone == [stale.STATE]
    assert unaltered.places(request.folder)


def test_an_edited_manifest_is_set_aside_and_a_missing_written_anew(raw: Path, tmp_path: Path) -> None:
    request = put(raw, tmp_path / "out")
    written = (request.folder / manifest.NAME).read_bytes()
    (request.folder / manifest.NAME).write_text("mine", encoding="utf-8")
    placing.refresh(request.folder)
    assert (request.folder / manifest.NAME).read_bytes() == written
    assert (request.folder / "ro-crate-metadata.edited-1.json").read_text(encoding="utf-8") == "mine"
    (request.folder / manifest.NAME).unlink()
    placing.refresh(request.folder)
    assert (request.folder / manifest.NAME).read_bytes() == written


def test_a_manifest_that_a_killed_run_left_is_no_edited_one(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before the manifest is replaced, or after it: the next run sets nothing aside."""
    request = put(raw, tmp_path / "out")
    whole_file = storage.write_whole

    def killed(path: Path, content: str | bytes) -> None:
        if path.name == manifest.NAME:
            raise KeyboardInterrupt
        whole_file(path, content)

    with monkeypatch.context() as patched:
        patched.setattr(storage, "write_whole", killed)
        with pytest.raises(KeyboardInterrupt):
            put(raw, tmp_path / "out", kind="warning")
    placing.refresh(request.folder)
    assert not list(request.folder.glob("*edited*"))
    assert unaltered.places(request.folder) == []


def test_a_folder_without_documents_is_a_wrong_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


#: Terms of the context that the manifest names; the real one is on the web, and tests ask nobody.
CONTEXT = {
    "@vocab": "http://schema.org/",
    "File": "http://schema.org/MediaObject",
    "conformsTo": {"@id": "http://purl.org/dc/terms/conformsTo"},
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", kinds())
def test_every_kind_has_a_manifest_that_is_a_valid_crate(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = every_kind.raw(tmp_path / "raw")
    files = every_kind.build(kind, "zh", data, tmp_path / "out")
    folders = {path.parent for path in files}
    assert folders
    assert all((folder / manifest.NAME).is_file() for folder in folders)
    assert unaltered.places(tmp_path / "out") == []
    if find_spec("rocrate_validator") is None:
        pytest.skip("needs pip install roc-validator")
    for folder in folders:
        assert faults(folder, monkeypatch) == []


def faults(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what roc-validator says against the crate in a folder."""
    from rocrate_validator import services
    from rocrate_validator.utils import document_loader, http

    class Answer:
        status_code = 200

        def __init__(self) -> None:
            self.headers = {"Content-Type": "application/ld+json"}

        def json(self) -> dict[str, Any]:
            return {"@context": CONTEXT}

    monkeypatch.setattr(http.HttpRequester, "get", lambda *_, **__: Answer(), raising=False)
    monkeypatch.setattr(document_loader, "_fetch_json_ld", lambda url: {"@context": CONTEXT})
    settings = services.ValidationSettings(rocrate_uri=str(folder), profile_identifier="ro-crate-1.1")
    return [str(issue.message) for issue in services.validate(settings).get_issues()]
