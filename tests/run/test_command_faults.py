"""A command that can't be parsed is told in one line of one language."""

import re

import pytest

from analysis import cli

WRONG = [
    ("report 990101 --counties x", "--counties"),
    ("report 990101 --lan zh", "--lang"),
    ("site -q", "-q"),
    ("icc f.csv --school s --limit x", "'x'|“x”"),
    ("sample --counties x", "--counties"),
    ("sample --counties 1.5", "1[.]5"),
    ("sample --counties 0", "1"),
    ("sample --dirt 3", "1"),
    ("check --format y", "table, csv, json"),
    ("nowhere", "nowhere"),
    ("standards nowhere", "junheng standards --help"),
    ("cv", "FILE"),
    ("cv f.csv", "--amount"),
    ("standards show", "ID"),
    ("cv f.csv --amount", "--amount"),
    ("report a b c", "b c"),
]


def said(words: str, lang: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setenv("REPORT_LANG", lang)
    assert cli.main(words.split()) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    return told.err.strip()


@pytest.mark.parametrize(("words", "named"), WRONG)
def test_it_is_chinese_under_chinese(
    words: str, named: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = said(words, "zh", monkeypatch, capsys)
    assert re.search(named, told)
    # What was typed, names of options and the command itself are all that may be Latin.
    typed = [*words.split(), "junheng", "--help", "--amount", "--lang", "--plan", "FILE", "ID", "table", "csv", "json"]
    left = re.sub("|".join(sorted(map(re.escape, typed), key=len, reverse=True)), "", told)
    assert re.findall(r"[A-Za-z]+", left) == []


@pytest.mark.parametrize(("words", "named"), WRONG)
def test_it_is_english_under_english(
    words: str, named: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = said(words, "en", monkeypatch, capsys)
    assert re.search(named, told)
    assert re.findall(r"[\u3000-\u9fff\uff00-\uffef]", told) == []


@pytest.mark.parametrize("words", ["--version=3", "icc f.csv --schools=3"])
def test_an_option_without_values_is_not_said_to_need_one(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "takes no value" in said(words, "en", monkeypatch, capsys)
