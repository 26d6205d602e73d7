"""Chinese names in pinyin, without marks of tones."""

from functools import cache

from pypinyin import Style, lazy_pinyin

#: GB/T 16159: within a word, a syllable that begins with one of these is set off by an apostrophe (大安 is Da'an).
_SET_OFF = ("a", "e", "o")


@cache
def spelled(name: str) -> str:
    """Return a name in pinyin as one capitalised word: 青溪 is Qingxi. What is no Chinese character stays as it is."""
    first, *further = lazy_pinyin(name, style=Style.NORMAL) or [""]
    said = first + "".join(f"'{syllable}" if syllable.startswith(_SET_OFF) else syllable for syllable in further)
    return said[:1].upper() + said[1:]


@cache
def searched(name: str) -> str:
    """Return what people type who look for a name by its sound: whole, and by first letters (qingxixian qxx)."""
    whole = "".join(lazy_pinyin(name, style=Style.NORMAL))
    return f"{whole} {''.join(lazy_pinyin(name, style=Style.FIRST_LETTER))}".casefold()
