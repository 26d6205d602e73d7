"""The manifest of a folder of documents, an RO-Crate: every file with its SHA-256, and all that it was made from.

It is made of what the states in the folder tell, so that documents of several kinds share it, and it is the same to the
byte for the same documents. Its own digest is kept beside it, in a state of its own.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from analysis import files, project, sources, storage
from analysis.errors import LANGUAGES, DataError, message
from analysis.kinds import Kind
from analysis.run.build import stale
from analysis.run.request import Options

#: What an RO-Crate's metadata are called.
NAME = "ro-crate-metadata.json"
STATE = f".manifest{stale.STATE}"
#: Its state has no other key: what a manifest says is not built from sources.
KEY = "manifest"
CRATE = "https://w3id.org/ro/crate/1.1"
#: Terms of schema.org that the context of RO-Crate 1.1 lacks.
TERMS = {"sha256": "https://schema.org/sha256"}
TYPES = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".ipynb": "application/x-ipynb+json",
}
#: <county>/<table>_<year>.<ending>: a name of a source that says no more than that.
_PLAIN = re.compile(r"\d{6}/[a-z_]+_\d{4}(\.[a-z]{3,4}){1,2}")


def about(
    asked: Options,
    year: int,
    kind: Kind | str,
    place: str,
    name: str,
    counties: Iterable[str],
    filled_in: Iterable[Path] = (),
    **own: str,
) -> dict[str, Any]:
    """Return what a state tells of documents of a kind: their parameters, sources, versions, and the day they bear.

    `place` is the code of the county or region, `name` what it is called, `filled_in` what people filled in, `own` are
    parameters of the kind alone. To the public a source is called by county, table and year.
    """
    catalogue, public = asked.catalogue, asked.audience == "public"
    reported = [each for code in counties for each in catalogue.of(code)]
    published = [each for code in counties for each in catalogue.published_of(code).values()]
    dates = [f"{each.date}-01-01"[:10] for each in reported if each.date and each.year == year]
    rules = [Path(each) for each in (asked.standard, asked.plan) if each.endswith((".yml", ".yaml"))]
    beside = [asked.data / each for each in sources.BESIDE]
    named = {
        **{path.relative_to(asked.data).as_posix(): path for path in beside},
        **{f"{path.parent.name}/{path.name}": path for path in filled_in},
        **{path.name: path for path in rules},
    }
    parameters = {
        "year": str(year),
        "standard": Path(asked.standard).name,
        "plan": Path(asked.plan).name,
        "audience": asked.audience,
        "lang": asked.lang,
        "status": asked.status,
        "date": asked.date,
        **own,
    }
    return {
        "kind": kind if isinstance(kind, str) else kind.id,
        "place": place,
        "name": name,
        "day": asked.date or project.set_day() or max(dates, default=f"{year}-12-31"),
        "parameters": {key: value for key, value in parameters.items() if value},
        "sources": [*_sources(asked, [*reported, *published], public=public), *_digests(named)],
        "versions": stale.parts(),
    }


def _sources(
    asked: Options, every: Iterable[sources.Source | sources.Published], *, public: bool
) -> list[dict[str, str]]:
    listed: dict[str, dict[str, str]] = {}
    for number, source in enumerate(every, 1):
        try:
            digest = sources.file_hash(asked.data, source)
        except DataError:  # a region is told of what can be read
            continue
        if not public:
            listed[source.file] = {
                "name": source.file,
                "sha256": digest,
                "title": source.title,
                "publisher": source.publisher,
            }
        else:
            plain = source.file if _PLAIN.fullmatch(source.file) else f"{number}/{source.year}"
            listed[source.file] = {"name": plain, "sha256": digest}
    return list(listed.values())


def _digests(named: dict[str, Path]) -> list[dict[str, str]]:
    digests = []
    for name, path in named.items():
        if path.is_file():
            files.check_regular(path, name, files.bounds().file_megabytes)
            digests.append({"name": name, "sha256": storage.digest_of_file(path)})
    return digests


def digest(folder: Path) -> str:
    """Return the SHA-256 of a folder's manifest as it was written, "" where there is none."""
    return next(iter(stale.state(folder, STATE).files.get(NAME, ())), "")


def state_of(folder: Path, text: str) -> stale.State:
    """Return what is kept beside a folder's manifest: its own digest, that of the results before, the folders below
    with documents of their own. A draft or another edition there leaves the manifest as it is.
    """
    kept: dict[str, tuple[str, ...]] = {NAME: (storage.digest_of(text.encode()),)}
    if (folder / stale.PREVIOUS).is_file():
        kept[stale.PREVIOUS] = (storage.digest_of_file(folder / stale.PREVIOUS),)
    below = sorted({path.parent.name for path in folder.glob(f"*/*{stale.STATE}")})
    return stale.State(KEY, kept, {"below": below})


def is_state(state: stale.State) -> bool:
    """Return whether a state is one of a manifest, whatever it says of which files and folders."""
    listed = set(state.files) <= {NAME, stale.PREVIOUS} and all(len(digests) == 1 for digests in state.files.values())
    return state.key == KEY and listed and set(state.about) == {"below"}


def states(folder: Path) -> dict[str, stale.State]:
    """Return the states of the documents in a folder by their files' names, those half put into place left out."""
    names = sorted(path.name for path in folder.glob(f"*{stale.STATE}") if path.name != STATE)
    every = {name: stale.state(folder, name) for name in names}
    return {name: state for name, state in every.items() if state.key}


def compose(folder: Path) -> str | None:
    """Return the manifest of the documents in a folder, None where there is none."""
    states_told = {name: state for name, state in states(folder).items() if _can_be_told(state)}
    if not states_told:
        return None
    first = next(iter(states_told.values())).about
    called = {"place": first["name"], "year": first["parameters"]["year"]}
    outputs = {name: digests[-1] for state in states_told.values() for name, digests in sorted(state.files.items())}
    lang = first["parameters"]["lang"]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": message("manifest_name", lang=lang, **called),
        "description": message("manifest_description", lang=lang, **called),
        "datePublished": max(state.about["day"] for state in states_told.values()),
        "license": {"@id": "#licence"},
        "hasPart": _single([{"@id": quote(name)} for name in outputs]),
        "mentions": _single([{"@id": f"#made-{number}"} for number in range(1, len(states_told) + 1)]),
    }
    graph: list[dict[str, Any]] = [
        {"@id": NAME, "@type": "CreativeWork", "about": {"@id": "./"}, "conformsTo": {"@id": CRATE}},
        root,
        {"@id": "#licence", "@type": "CreativeWork", "name": message("manifest_licence", lang=lang)},
        *(_file(name, digest) for name, digest in outputs.items()),
    ]
    entities: dict[str, dict[str, Any]] = {}
    for number, state in enumerate(states_told.values(), 1):
        entities |= {entity["@id"]: entity for entity in _made(number, state)}
    crate = {"@context": [f"{CRATE}/context", TERMS], "@graph": [*graph, *entities.values()]}
    return json.dumps(crate, ensure_ascii=False, indent=1) + "\n"


def _can_be_told(state: stale.State) -> bool:
    """Return whether a state tells a manifest all: not that of an earlier edition, nor one that was damaged."""
    try:
        about = state.about
        texts = (about["name"], about["day"], about["parameters"]["year"], about["parameters"]["lang"])
        return all(isinstance(text, str) for text in texts) and texts[-1] in LANGUAGES and bool(list(_made(1, state)))
    except (KeyError, TypeError, AttributeError, ValueError):
        return False


def _single(ids: list[dict[str, str]]) -> Any:
    """Return a list, and what alone is in it by itself, as RO-Crate would have it."""
    return ids if len(ids) != 1 else ids[0]


def _file(name: str, digest: str) -> dict[str, Any]:
    kind = TYPES.get(Path(name).suffix)
    return {
        "@id": quote(name),
        "@type": "File",
        "name": name,
        "sha256": digest,
        **({"encodingFormat": kind} if kind else {}),
    }


def _made(number: int, state: stale.State) -> Iterator[dict[str, Any]]:
    """Yield how the documents of a state were made: from what, by what, with which parameters."""
    about = state.about
    parameters = [(f"#parameter-{number}-{name}", name, value) for name, value in about["parameters"].items()]
    parameters.append((f"#key-{number}", "key", state.key))
    taken = [(f"#source-{storage.digest_of(json.dumps(source).encode())[:16]}", source) for source in about["sources"]]
    used = [(f"#part-{quote(name)}-{version[:16]}", name, version) for name, version in about["versions"].items()]
    yield {
        "@id": f"#made-{number}",
        "@type": "CreateAction",
        "name": f"junheng {about['kind']} {about['place']}",
        "instrument": {"@id": "#junheng"},
        "object": [{"@id": id} for id, *_ in (*taken, *parameters)],
        "result": _single([{"@id": quote(name)} for name in sorted(state.files)]),
    }
    yield {
        "@id": "#junheng",
        "@type": "SoftwareApplication",
        "name": "junheng",
        "softwareVersion": storage.digest_of(json.dumps(about["versions"]).encode())[:16],
        "softwareRequirements": [{"@id": id} for id, *_ in used],
    }
    for id, source in taken:
        more: dict[str, Any] = {"description": source["title"]} if source.get("title") else {}
        if source.get("publisher"):
            publisher = f"#publisher-{storage.digest_of(source['publisher'].encode())[:16]}"
            yield {"@id": publisher, "@type": "Organization", "name": source["publisher"]}
            more["publisher"] = {"@id": publisher}
        yield {"@id": id, "@type": "CreativeWork", "name": source["name"], "sha256": source["sha256"], **more}
    for id, name, value in parameters:
        yield {"@id": id, "@type": "PropertyValue", "name": name, "value": value}
    for id, name, version in used:
        whole = {"sha256": version} if re.fullmatch("[0-9a-f]{64}", version) else {"softwareVersion": version}
        yield {"@id": id, "@type": "SoftwareApplication", "name": name, **whole}


def outputs(text: str) -> dict[str, str]:
    """Return the files that a manifest lists with their SHA-256; ValueError where it is none."""
    try:
        graph = json.loads(text)["@graph"]
        entities = {entity["@id"]: entity for entity in graph}
        parts = entities["./"]["hasPart"]
        parts = parts if isinstance(parts, list) else [parts]
        return {unquote(part["@id"]): str(entities[part["@id"]].get("sha256", "")) for part in parts}
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError(str(fault)) from fault
