"""Ids of items: what is made is read as it was made, in Python as in frames, and is made and read in one place."""

import ast
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import ids
from analysis.ids import ItemId
from analysis.judge import frames
from analysis.tables import FIELDS, FINDINGS, WRITTEN, Field, Kind, Verdict

PACKAGE = Path(__file__).parent.parent / "analysis"
#: Modules that may name a verdict or a prefix bare: the enumerations, the ids, the colours (which import no tables).
OWN = {"tables.py", "ids.py", "brand.py"}
#: The annex names sheets so.
SHEETS = "render/annex_coefficients.py"
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
ITEMS = NAMES | st.sampled_from([*Kind, *(f"{prefix}x" for prefix in ids.PREFIXES.values())])


@settings(deadline=None)
@given(st.sampled_from(list(Kind)), NAMES)
def test_what_is_made_is_read_as_it_was_made(kind: Kind, name: str) -> None:
    made = ItemId(kind, "" if kind in ids.SINGLE else name)
    if kind is not Kind.ITEM or ids.parse(name).kind is Kind.ITEM:
        assert ids.parse(str(made)) == made


@settings(deadline=None)
@given(st.lists(ITEMS, min_size=1))
def test_frames_read_what_python_reads(items: list[str]) -> None:
    frame = pl.DataFrame({"item": [str(one) for one in items]})
    kinds = frame.select(ids.kind_of(pl.col("item")))["item"].to_list()
    assert kinds == [ids.parse(str(one)).kind.value for one in items]


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        ("all", Kind.ALL),
        ("all_day_care", Kind.ITEM),
        ("cv_books", Kind.CV),
        ("cvs_books", Kind.ITEM),
        ("cv_composite", Kind.CV),
        ("rate", Kind.RATE),
        ("rate_own", Kind.RATE_OWN),
        ("rate_owners", Kind.ITEM),
        ("recognition", Kind.RECOGNITION),
        ("recognition_parents", Kind.RECOGNITION_GROUP),
        ("schools", Kind.SCHOOLS),
        ("schools_online", Kind.ITEM),
    ],
)
def test_an_item_has_one_kind(item: str, kind: Kind) -> None:
    assert ids.parse(item).kind is kind
    told = frames.shaped(pl.DataFrame({"item": [item], "field": ["quality"]}))
    assert (told["kind"][0], told["id"][0]) == (kind, f"quality.{item}")


@settings(deadline=None)
@given(st.sampled_from(list(Field)), ITEMS, st.sampled_from([None, "1"]), st.sampled_from(list(Verdict)))
def test_who_counts_in_python_counts_in_frames(field: Field, item: str, school: str | None, verdict: Verdict) -> None:
    schema = {"field": pl.String, "item": pl.String, "school": pl.String}
    frame = frames.shaped(pl.DataFrame([(field.value, str(item), school)], schema=schema, orient="row"))
    asked = field in FIELDS and verdict not in ids.UNASKED
    assert ids.judged(str(item), field, school, verdict) == (frame.filter(ids.counts()).height == 1 and asked)


def test_ids_are_joined_without_empty_parts() -> None:
    assert ids.finding(Field.RESOURCES, ids.cv("books"), "junior") == "resources.cv_books.junior"
    assert ids.finding("quality", Kind.RATE, "mathematics", 8) == "quality.rate.mathematics.8"
    assert ids.finding("resources", Kind.SCHOOL_RULE, None, "1") == "resources.school_rule.1"
    assert ids.whole(Field.OVERALL) == ids.OVERALL == "overall.all"


def test_results_hold_all_of_a_finding_but_its_kind() -> None:
    assert [*WRITTEN] == [name for name in FINDINGS if name != "kind"]


def _texts(path: Path) -> list[str]:
    """Every text of a module that is no docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


def test_no_id_is_made_by_hand_and_no_verdict_bare() -> None:
    texts = {
        name: _texts(path)
        for path in PACKAGE.rglob("*.py")
        if (name := path.relative_to(PACKAGE).as_posix()) not in OWN and "sample" not in path.parts
    }
    assert len(texts) > 100
    begin = ("resources.", "quality.", "overall.", "floor_{", "cv_{")
    assert [name for name, each in texts.items() if any(text.startswith(begin) for text in each)] == []
    prefixes = {"floor_", "cv_", "recognition_"}
    assert [name for name, each in texts.items() if name != SHEETS and prefixes & set(each)] == []
    # Columns of a table are called so.
    assert [name for name, each in texts.items() if "not_met" in each] == ["tell/documents/region/tables.py"]
