"""Text in GB18030 is never refused nor read as something else; text in other encodings is never read as GB18030."""

import random
import re
from pathlib import Path

import pytest

from analysis.errors import DataError
from analysis.read import encodings

ROOT = Path(__file__).parents[2]
_KINDS = (".yml", ".csv", ".j2", ".md", ".html", ".qmd")
#: Signs by which a text of many pages is cut into what may stand in a cell.
_CELL = re.compile(r"[^\x00-\x7f][^\n\",\t:{}<>|]*")


def _signs(codec: str, leading: range, trailing: range) -> list[str]:
    found = []
    for first in leading:
        for second in trailing:
            try:
                found.append(bytes([first, second]).decode(codec))
            except UnicodeDecodeError:
                continue
    return [sign for sign in found if sign.isalpha()]


CHINESE = _signs("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF))
RARE = [sign for sign in CHINESE if sign.encode("gb2312")[0] >= 0xD8]
_SIMPLIFIED = frozenset(CHINESE)
OLD = [
    sign
    for sign in _signs("gbk", range(0x81, 0xFF), range(0x40, 0xFF))
    if sign not in _SIMPLIFIED and "\u4e00" <= sign <= "\u9fff"
]
FOUR_BYTES = [chr(number) for number in (*range(0x3400, 0x4DB6), *range(0x20000, 0x2A6D7, 3))]


def own_words() -> list[str]:
    """Return what the project itself says in Chinese, of any length: templates, vocabulary, sample data."""
    words: set[str] = set()
    for folder in ("analysis", "data", "docs"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in _KINDS and path.name != "encodings.yml" and path.is_file():
                words.update(_CELL.findall(path.read_text(encoding="utf-8", errors="ignore")))
    return sorted(word for word in words if any("\u4e00" <= sign <= "\u9fff" for sign in word))


def wrong(texts: list[str]) -> list[str]:
    """Return the texts that are refused, or read as others, where they are in GB18030."""
    found = []
    for text in texts:
        try:
            read = encodings.decode(text.encode("gb18030"), "a.csv")
        except DataError:
            read = ""
        if read != text:
            found.append(text)
    return found


def names(signs: list[str], length: int, number: int) -> list[str]:
    rng = random.Random(length)
    return ["".join(rng.choice(signs) for _ in range(length)) for _ in range(number)]


def test_all_words_of_the_project() -> None:
    words = own_words()
    assert len(words) > 1500
    assert wrong(words) == []
    assert wrong([f"x,y\n{word},5\n" for word in words]) == []
    assert wrong([f"{word},1,2\n" + "1,2,3\n" * 20 for word in words[::3]]) == []


def test_every_sign_alone() -> None:
    assert len(CHINESE) == 6763
    assert wrong(CHINESE) == []
    assert wrong([f"{sign},1,2\n1,2,3\n" for sign in CHINESE]) == []
    assert wrong([sign for sign in OLD[::3] if sign != "聽"]) == []
    assert wrong(FOUR_BYTES[::17]) == []


def test_a_space_that_holds_words_together_is_no_sign() -> None:
    """In UTF-8 it has the bytes of one traditional sign."""
    assert encodings.decode("a\u00a0,\u00a0\n".encode(), "a.csv") == "a\u00a0,\u00a0\n"
    assert wrong(["聽力,1\n"]) == []


@pytest.mark.parametrize("signs", [CHINESE, RARE, FOUR_BYTES], ids=["all", "rare", "of four bytes"])
def test_names_of_any_signs(signs: list[str]) -> None:
    assert wrong(names(signs, 2, 1500) + names(signs, 3, 1500)) == []


@pytest.mark.parametrize("signs", [RARE, OLD, FOUR_BYTES], ids=["rare", "of GBK", "of four bytes"])
@pytest.mark.parametrize("rows", [1, 2, 5, 40])
def test_tables_whose_names_are_rare(signs: list[str], rows: int) -> None:
    every = names(signs, 3, 100 * rows)
    tables = [every[start : start + rows] for start in range(0, len(every), rows)]
    heads = "school,name\n" if rows > 2 else "学校代码,学校名称\n"
    assert wrong([heads + "".join(f"{n},王{name}\n" for n, name in enumerate(table)) for table in tables]) == []


def test_latin_words_among_chinese() -> None:
    assert wrong(["name,备注\ncafe 实验abc,5\nABC中学x,6\n", "é,一小\nm²,二小\n", "Café,实验小学\nNaïve,二小\n"]) == []


TABLES = {
    "traditional": (
        ["big5", "cp950", "big5hkscs"],
        "學校名稱,學生人數,教師人數,圖書冊數",
        ["臺北市立中正國民小學", "新北市板橋區文聖國民小學", "桃園市大有國民中學", "花蓮縣鳳林國民小學"],
    ),
    "of Hong Kong": (
        ["big5hkscs"],
        "學校名稱,學生人數,教師人數,圖書冊數",
        ["香港仔聖伯多祿天主教小學", "鰂魚涌官立小學", "深水埗邨小學", "啟思小學"],
    ),
    "Korean": (
        ["cp949", "euc_kr"],
        "학교명,학생수,교원수,도서수",
        ["서울가락초등학교", "부산해운대초등학교", "대구동부중학교", "광주북초등학교"],
    ),
    "Japanese": (
        ["shift_jis", "cp932", "euc_jp"],
        "学校名,児童数,教員数,図書冊数",
        ["千代田区立麹町小学校", "横浜市立本町小学校", "京都市立御所南小学校", "さいたま市立大宮北小学校"],
    ),
    "French": (
        ["latin-1", "cp1252"],
        "école,élèves,enseignants,département",
        ["École élémentaire Jean Macé", "Collège Molière", "Lycée général Condorcet", "École Les Hêtres"],
    ),
    "German": (
        ["latin-1", "cp1252"],
        "Schule,Schüler,Lehrkräfte,Bücher",
        ["Grundschule Süd", "Gymnasium Köln-Mülheim", "Hauptschule Weißensee", "Grundschule Düsseldorf"],
    ),
    "Portuguese": (
        ["latin-1", "cp1252"],
        "Código,Município,Matrículas,Livros",
        ["São Paulo", "Goiânia", "Brasília", "Florianópolis"],
    ),
}


@pytest.mark.parametrize("language", TABLES)
@pytest.mark.parametrize("rows", [1, 2, 4])
def test_school_tables_in_other_encodings_are_named(language: str, rows: int) -> None:
    codecs, heads, schools = TABLES[language]
    for codec in codecs:
        text = heads + "\n" + "".join(f"{name},500,30,10000\n" for name in schools[:rows])
        content = text.encode(codec)
        with pytest.raises(DataError) as fault:
            encodings.decode(content, "a.csv")
        assert fault.value.key == "encoding_named", codec
        assert encodings.decode(content, "a.csv", codec) == text


@pytest.mark.parametrize("language", TABLES)
def test_the_same_tables_in_utf_8_are_read(language: str) -> None:
    _, heads, schools = TABLES[language]
    for text in (heads, *schools, heads + "\n" + "".join(f"{name},1\n" for name in schools)):
        assert encodings.decode(text.encode(), "a.csv") == text


@pytest.mark.parametrize(
    "text", ["a,m²\n1,2\n", "¥500,2\n", "école à Paris\n", "Школа\n", "Σχολείο\n", "a\u00a0b\n", "3×4\n", "naïve\n"]
)
def test_a_few_signs_in_utf_8_are_no_chinese(text: str) -> None:
    assert encodings.decode(text.encode(), "a.csv") == text
