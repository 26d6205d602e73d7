"""Numbers of official documents as English has them: 教督〔2017〕6号 is Jiaodu [2017] No. 6."""

import re

from analysis.tell.language.pinyin import spelled

_NUMBER = re.compile(r"(?P<office>[\u4e00-\u9fff]+)〔(?P<year>\d{4})〕(?P<number>\d+)号")


def document_number(text: str, lang: str) -> str:
    """Return a text with the numbers of documents in it as the language has them."""
    if lang == "zh":
        return text
    return _NUMBER.sub(lambda found: f"{spelled(found['office'])} [{found['year']}] No. {found['number']}", text)
