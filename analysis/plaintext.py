"""Characters that show as something else than what they are: they turn the order of letters around or steer a terminal.

Text of data loses them where it is read, a message where it is made; text that people enter in YAML is refused.
"""

import os
import re
import unicodedata

#: Control characters but for tab and line ends, and those that turn the direction of writing, as a regular expression.
MISLEADING = (
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]"
)
#: The same for Polars.
PATTERN = re.sub(r"\\u([0-9a-f]{4})", r"\\x{\1}", MISLEADING)
_MISLEADING = re.compile(MISLEADING)
#: What stands for a byte of a name that is no UTF-8.
_NO_TEXT = re.compile("[\\ud800-\\udfff]")


def harmless(text: str) -> str:
    r"""Return text without characters that mislead, and with a question mark for bytes that are no text.

    >>> harmless("\u202e99.4 %\x1b[2J"), harmless("\udcc7.csv")
    ('99.4 %[2J', '?.csv')
    """
    return _NO_TEXT.sub("?", _MISLEADING.sub("", text))


def file_name(name: str) -> str:
    """Return a file's name as people gave it, where it is spelled in GBK and not in UTF-8 as the system expects."""
    if not _NO_TEXT.search(name):
        return name
    return os.fsencode(name).decode("gb18030", errors="replace")


def misleading(text: str) -> str:
    r"""Return the characters of a text that mislead, by code, each once; "" where there is none.

    >>> misleading("a\u202eb\x1bc\u202e")
    'U+202E U+001B'
    """
    return " ".join(dict.fromkeys(f"U+{ord(character):04X}" for character in _MISLEADING.findall(text)))


def is_digits(text: str) -> bool:
    """Tell whether a text is digits 0 to 9 and nothing else: ٣ and ３ are digits to Python too."""
    return text.isascii() and text.isdigit()


def named(character: str) -> str:
    """Return a character as people look it up: 𠮷 (U+20BB7)."""
    code = f"U+{ord(character):04X}"
    return code if unicodedata.category(character)[0] == "C" else f"{character} ({code})"
