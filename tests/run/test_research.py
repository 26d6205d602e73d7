"""`junheng cv` and `junheng icc` from outside: columns, order, notes, and one line for what is wrong."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis import cli
from analysis.run.commands.arguments import spread

Capture = pytest.CaptureFixture[bytes]
CV = "county,school,books,students\n990102,a,200,100\n010101,b,400,100\n990102,c,400,100\n"


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def run(capture: Capture, *words: str) -> list[dict[str, Any]]:
    assert cli.main([*words, "--format", "json"]) == 0
    rows: list[dict[str, Any]] = json.loads(capture.readouterr().out)
    return rows


def near(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row with its numbers loosened by rounding."""
    loose = {name: pytest.approx(value, rel=1e-8, abs=1e-9) for name, value in row.items() if isinstance(value, float)}
    return row | loose


def refused(capture: Capture, *words: str) -> str:
    assert cli.main(list(words)) == 2
    out, err = capture.readouterr()
    assert not out
    line = err.decode()
    assert line.count("\n") == 1
    return line


@pytest.fixture
def capture(capfdbinary: Capture) -> Capture:
    return capfdbinary


@pytest.fixture
def scores(tmp_path: Path) -> str:
    rows = ["county,school,score,other,w,entry,twin"]
    for county, schools in (("south", "abc"), ("east", "ab")):
        for place, school in enumerate(schools):
            rows += [
                f"{county},{school},{10 * place + i % 4},{i % 3 + place},{1 + i % 2},{i * i},{10 * place + i % 4}"
                for i in range(6)
            ]
    return write(tmp_path, "scores.csv", "\n".join(rows) + "\n")


def test_cv_by_group(tmp_path: Path, capture: Capture) -> None:
    file = write(tmp_path, "schools.csv", CV)
    rows = run(capture, "cv", file, "--amount", "books", "--pupils", "students", "--by", "county")
    assert [list(row) for row in rows] == [["county", "schools", "pupils", "mean", "cv", "note"]] * 2
    assert rows[0] == {
        "county": "990102",
        "schools": 2,
        "pupils": 200,
        "mean": 3.0,
        "cv": pytest.approx(1 / 3),
        "note": "",
    }
    assert rows[1] == {"county": "010101", "schools": 1, "pupils": 100, "mean": 4.0, "cv": 0.0, "note": "one_school"}


def test_cv_says_what_it_left_out(tmp_path: Path, capture: Capture) -> None:
    file = write(tmp_path, "s.csv", "g,x,p\na,,10\na,5,0\na,8,4\na,9,NA\n,1,1\nb,0,3\nb,0,4\n")
    rows = run(capture, "cv", file, "--amount", "x", "--pupils", "p", "--by", "g")
    assert [(row["g"], row["schools"], row["mean"], row["cv"], row["note"]) for row in rows] == [
        ("a", 1, 2.0, 0.0, "one_school;amount_missing;pupils_missing;pupils_zero"),
        (None, 1, None, None, "group_missing"),
        ("b", 2, 0.0, None, "mean_zero"),
    ]


def test_numbers_beyond_all_whole_numbers_are_printed_as_they_are(tmp_path: Path, capture: Capture) -> None:
    """2 ** 53 is a whole number of its own, 1e21 is not known to its last digit."""
    for pupils in ("9007199254740992", "1e21"):
        file = write(tmp_path, "a.csv", f"g,n,p\n1e21,1,{pupils}\n1e21,2,0\n7,1,1\n7,2,3\n")
        rows = run(capture, "cv", file, "--amount", "n", "--pupils", "p", "--by", "g")
        assert [row["g"] for row in rows] == ["1e21", "7"]
        assert [float(row["pupils"]) for row in rows] == [float(pupils), 4.0]


def test_the_same_columns_in_each_format(scores: str, capture: Capture) -> None:
    words = ["icc", scores, "--score", "score", "--school", "school", "--by", "county"]
    rows = run(capture, *words)
    assert cli.main([*words, "--format", "csv"]) == 0
    table = pl.read_csv(capture.readouterr().out)
    assert table.columns == list(rows[0])
    assert table["icc"].to_list() == [row["icc"] for row in rows]
    assert cli.main(words) == 0
    assert capture.readouterr().out.decode().split("\n")[0].split() == list(rows[0])


def test_icc_columns_and_order(scores: str, capture: Capture) -> None:
    rows = run(capture, "icc", scores, "--score", "score", "--school", "school", "--by", "county")
    assert [row["county"] for row in rows] == ["south", "east"]
    columns = "county schools pupils icc ci_low ci_high p_below tau2 sigma2 anova eta2 note"
    assert list(rows[0]) == columns.split()
    assert (rows[0]["schools"], rows[0]["pupils"], rows[1]["schools"], rows[1]["pupils"]) == (3, 18, 2, 12)


def test_each_score_is_a_subject(scores: str, capture: Capture) -> None:
    words = ["icc", scores, "--school", "school", "--by", "county", "--score", "score"]
    alone = run(capture, *words)
    rows = run(capture, *words, "--score", "other", "--covariate", "entry")
    assert [(row["county"], row["score"]) for row in rows] == [
        ("south", "score"), ("south", "other"), ("east", "score"), ("east", "other"),
    ]  # fmt: skip
    names = ["icc_conditional", "icc_conditional_low", "icc_conditional_high", "p_below_conditional", "note"]
    assert list(rows[0])[-5:] == names
    assert rows[0]["icc"] == alone[0]["icc"]
    assert 0 < rows[0]["icc_conditional"] != rows[0]["icc"]


def test_plausible_values_are_one_subject(scores: str, capture: Capture) -> None:
    one = run(capture, "icc", scores, "--score", "score", "--school", "school")[0]
    same = run(capture, "icc", scores, "--pv", "score", "--pv", "twin", "--school", "school")[0]
    assert same == near(one)
    both = run(capture, "icc", scores, "--score", "other", "--pv", "score", "--pv", "entry", "--school", "school")
    assert [row["score"] for row in both] == ["other", "score+entry"]


def test_weights_of_any_unit(scores: str, capture: Capture, tmp_path: Path) -> None:
    weighted = run(capture, "icc", scores, "--score", "score", "--school", "school", "--weight", "w")[0]
    text = Path(scores).read_text(encoding="utf-8").splitlines()
    tenfold = [
        text[0],
        *(",".join([*line.split(",")[:4], str(10 * int(line.split(",")[4])), "0", "0"]) for line in text[1:]),
    ]
    again = run(
        capture,
        "icc",
        write(tmp_path, "w.csv", "\n".join(tenfold)),
        "--score",
        "score",
        "--school",
        "school",
        "--weight",
        "w",
    )[0]
    assert again == near(weighted)
    assert weighted["pupils"] == 30


def test_equal_weights_change_nothing(tmp_path: Path, capture: Capture, scores: str) -> None:
    plain = run(capture, "icc", scores, "--score", "score", "--school", "school", "--by", "county")
    frame = pl.read_csv(scores).with_columns(w=pl.lit(2.5))
    frame.write_parquet(tmp_path / "w.parquet")
    rows = run(
        capture,
        "icc",
        str(tmp_path / "w.parquet"),
        "--score",
        "score",
        "--school",
        "school",
        "--by",
        "county",
        "--weight",
        "w",
    )
    for row, other in zip(rows, plain, strict=True):
        assert row == near(other)


def test_statistics_of_schools_out_and_in(scores: str, tmp_path: Path, capture: Capture) -> None:
    plain = run(capture, "icc", scores, "--score", "score", "--school", "school", "--by", "county")
    rows = run(capture, "icc", scores, "--score", "score", "--school", "school", "--by", "county", "--schools")
    assert list(rows[0]) == ["county", "school", "pupils", "n", "mean", "sd"]
    pl.DataFrame(rows).write_csv(tmp_path / "schools.csv")
    words = ["--n", "n", "--mean", "mean", "--sd", "sd", "--school", "school", "--by", "county"]
    again = run(capture, "icc", str(tmp_path / "schools.csv"), *words)
    for row, other in zip(again, plain, strict=True):
        assert row == near(other)


def test_effects_of_schools(scores: str, capture: Capture) -> None:
    words = ["icc", scores, "--score", "score", "--school", "school", "--by", "county", "--effects"]
    rows = run(capture, *words)
    assert list(rows[0]) == ["county", "school", "pupils", "effect", "low", "high", "reliability"]
    assert [(row["county"], row["school"]) for row in rows[:3]] == [("south", "a"), ("south", "b"), ("south", "c")]
    assert rows[0]["low"] < rows[0]["effect"] < 0 < rows[2]["effect"] < rows[2]["high"]
    added = run(capture, *words, "--covariate", "entry")
    assert added[0]["effect"] != rows[0]["effect"]


def test_pieces_of_a_school_add_up(tmp_path: Path, capture: Capture) -> None:
    whole = write(
        tmp_path,
        "whole.csv",
        "school,y\n" + "".join(f"{s},{v}\n" for s, v in zip("aaaabbbccc", [1, 2, 4, 9, 3, 3, 8, 7, 7, 1], strict=True)),
    )
    # a: 1, 2 and 4, 9; b and c whole.
    pieces = write(
        tmp_path,
        "pieces.csv",
        "school,n,mean,sd\na,2,1.5,0.7071067811865476\nb,3,4.666666666666667,2.886751345948129\na,2,6.5,3.5355339059327378\nc,3,5,3.4641016151377544\n",
    )
    one = run(capture, "icc", whole, "--score", "y", "--school", "school")[0]
    other = run(capture, "icc", pieces, "--n", "n", "--mean", "mean", "--sd", "sd", "--school", "school")[0]
    assert other == near(one)


def test_notes_of_icc(tmp_path: Path, capture: Capture) -> None:
    lines = ["g,s,y,w,c"]
    lines += [f"one,a,{i},1,1" for i in range(3)]
    lines += [f"single,{i},{i},1,1" for i in range(3)]
    lines += [f"flat,{i % 2},5,1,1" for i in range(6)]
    lines += [f",{i % 2},{i},1,1" for i in range(6)]
    lines += [
        f"gaps,{i % 2},{'' if i == 3 else i},{'' if i == 4 else 0 if i == 5 else 1},{'' if i == 6 else i * i}"
        for i in range(20)
    ]
    lines += ["gaps,,4,1,2", "none,a,,1,1", "none,b,NaN,1,1"]
    file = write(tmp_path, "notes.csv", "\n".join(lines))
    rows = run(capture, "icc", file, "--score", "y", "--school", "s", "--by", "g")
    notes = {row["g"]: row["note"] for row in rows}
    assert notes == {
        "one": "one_school", "single": "single_pupils", "flat": "no_variance", None: "group_missing",
        "gaps": "scores_missing;school_missing", "none": "no_pupils;scores_missing",
    }  # fmt: skip
    assert [row["icc"] for row in rows if row["g"] != "gaps"] == [None] * 5
    assert rows[-1]["schools"] == rows[-1]["pupils"] == 0
    assert rows[4]["icc"] is not None
    rows = run(capture, "icc", file, "--score", "y", "--school", "s", "--by", "g", "--weight", "w", "--covariate", "c")
    assert rows[4]["note"] == "scores_missing;school_missing;weights_missing;weights_zero;covariates_missing"
    assert rows[4]["pupils"] == 17


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["icc", "{scores}", "--score", "nope", "--school", "school"], ["nope", "county, school, score"]),
        (["icc", "{scores}", "--score", "school", "--school", "school"], ["第 2 行", "school", "a"]),
        (["icc", "{scores}", "--school", "school"], ["--score"]),
        (["icc", "{scores}", "--school", "school", "--n", "w"], ["--sd"]),
        (["icc", "{scores}", "--score", "score", "--school", "school", "--limit", "15"], ["--limit", "15"]),
        (["icc", "{scores}", "--score", "score", "--school", "school", "--by", "county", "county"], ["county"]),
        (["icc", "{folder}/no.csv", "--score", "score", "--school", "school"], ["no.csv"]),
        (["icc", "{folder}/empty.csv", "--score", "score", "--school", "school"], ["empty.csv"]),
        (["icc", "{folder}/header.csv", "--score", "score", "--school", "school"], ["header.csv"]),
        (["icc", "{folder}/text.csv", "--score", "score", "--school", "school"], ["第 4 行", "很好", "score"]),
        (["icc", "{folder}/minus.csv", "--score", "score", "--school", "school", "--weight", "w"], ["第 3 行", "-2"]),
        (["icc", "{folder}/broken.parquet", "--score", "score", "--school", "school"], ["broken.parquet"]),
        (["icc", "{folder}/scores.pdf", "--score", "score", "--school", "school"], ["scores.pdf", "parquet"]),
        (["cv", "{folder}/ragged.csv", "--amount", "a", "--pupils", "b"], ["第 3 行", "3 格"]),
        (["cv", "{folder}/minus.csv", "--amount", "score", "--pupils", "w"], ["第 3 行", "-2"]),
        (["cv", "{folder}/text.csv", "--amount", "score", "--pupils", "school"], ["第 4 行", "score"]),
        (["cv", "{scores}", "--amount", "score", "--pupils", "n"], ["'n'" , "score"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(
    words: Sequence[str], said: list[str], scores: str, tmp_path: Path, capture: Capture
) -> None:
    write(tmp_path, "empty.csv", "")
    write(tmp_path, "header.csv", "school,score\n")
    write(tmp_path, "text.csv", "school,score\na,1\na,2\nb,很好\nb,3\n")
    write(tmp_path, "minus.csv", "school,score,w\na,1,1\na,2,-2\nb,2,1\nb,3,1\n")
    write(tmp_path, "broken.parquet", "PAR1")
    write(tmp_path, "ragged.csv", "a,b\n1,2\n1,2,3\n")
    write(tmp_path, "scores.pdf", "x")
    line = refused(capture, *(word.format(scores=scores, folder=tmp_path) for word in words))
    for part in said:
        assert part.strip("'") in line


@pytest.mark.parametrize(("option", "example"), [("--limit", "0.15"), ("--level", "0.95")])
def test_a_share_out_of_range_is_told_with_a_fitting_example(option: str, example: str, capture: Capture) -> None:
    line = refused(capture, "icc", "x.csv", "--school", "school", "--score", "score", option, "2")
    assert f"{option} " in line
    assert line.strip().endswith(f" {example}。")


def test_order_and_splitting_of_rows_change_nothing(scores: str, tmp_path: Path, capture: Capture) -> None:
    plain = run(capture, "icc", scores, "--score", "score", "--school", "school")[0]
    frame = pl.read_csv(scores).sample(fraction=1, shuffle=True, seed=2)
    with gzip.open(tmp_path / "turned.csv.gz", "wb") as file:
        file.write(frame.write_csv().encode())
    turned = run(capture, "icc", str(tmp_path / "turned.csv.gz"), "--score", "score", "--school", "school")[0]
    assert turned == near(plain)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("icc f.csv --by a b --score c", "icc f.csv --by a --by b --score c"),
        ("icc --by a f.csv --score c d", "icc --by a f.csv --score c --score d"),
        (
            "icc f.csv --school s --pv p q r --schools --limit 0.2",
            "icc f.csv --school s --pv p --pv q --pv r --schools --limit 0.2",
        ),
        ("cv f.csv --by=a --amount x", "cv f.csv --by=a --amount x"),
        ("report 990101 --by a b", "report 990101 --by a b"),
        ("", ""),
    ],
)
def test_several_columns_after_one_option(given: str, read: str) -> None:
    assert spread(given.split()) == read.split()


def test_scores_that_crowd_at_an_end_are_named(capture: Capture, tmp_path: Path) -> None:
    # Of 20 pupils 4 have the greatest score in `few`, 5 in `many`, 5 the least in `low`.
    marks = {"few": [9] * 4 + [0], "many": [9] * 5 + [0], "low": [1] * 5 + [10]}
    rows = ["county,school,score"]
    for county, ends in marks.items():
        scores = [*ends, *(2 + i / 4 for i in range(20 - len(ends)))]
        rows += [f"{county},{'abcd'[i % 4]},{score}" for i, score in enumerate(scores)]
    file = write(tmp_path, "ends.csv", "\n".join(rows) + "\n")
    found = run(capture, "icc", file, "--score", "score", "--school", "school", "--by", "county")
    assert {row["county"]: row["note"] for row in found} == {
        "few": "",
        "many": "scores_crowded",
        "low": "scores_crowded",
    }
    assert all(row["icc"] is not None for row in found)
    assert run(capture, "icc", file, "--score", "score", "--school", "school")[0]["note"] == ""
