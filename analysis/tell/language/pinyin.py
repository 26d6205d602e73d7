"""Chinese names in pinyin, without marks of tones."""

from functools import cache

from pypinyin import Style, lazy_pinyin


@cache
def spelled(name: str) -> str:
    """Return a name in pinyin as one capitalised word: 青溪 is Qingxi. What is no Chinese character stays as it is."""
    said = "".join(lazy_pinyin(name, style=Style.NORMAL))
    return said[:1].upper() + said[1:]
