"""What a number format of a spreadsheet makes a reader see that the stored number does not say."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import polars as pl

#: Number formats that every spreadsheet knows by their number alone (ECMA-376, part 1, 18.8.30) and that tell more than
#: the number itself; dates are left to the reader of values.
BUILT_IN = {2: "0.00", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
#: Formats of dates known by their number: everywhere, and in Chinese, Japanese and Korean versions.
DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_DIGITS = "0#?"
_DATE_SIGNS = "ymdhsaegb"
#: Texts beside digits that say nothing of their amount: signs, brackets, currencies.
_NO_TEXT = "-+() /¥￥$€£"
#: What stands between the digits of a number that is shown as a power, a fraction, a code, a date or a time.
_DRESS = frozenset("0123456789.,Ee+-/: ()年月日时分秒")
#: A number of more digits than this before its point is looked at one by one.
_LONGEST = 15


@dataclass(frozen=True)
class Section:
    """One of the parts of a format that semicolons divide: for positive, negative and zero numbers.

    `percent` is a sign that multiplies by 100, `power` the power of ten that it divides by (`0,`: 3; `0!.0,`: 4);
    `before` and `after` are the texts beside the digits, `within` those among them; `whole` and `decimals` count the
    zeros before and after the point, `most` all places after it. `number` is false where no digit appears, `date` true
    where a date does.
    """

    percent: bool = False
    power: int = 0
    before: str = ""
    after: str = ""
    whole: int = 0
    decimals: int = 0
    most: int = 0
    number: bool = False
    date: bool = False
    condition: str = ""
    within: str = ""

    @property
    def unclear(self) -> bool:
        """Tell whether what is shown is no number: a mark stands among its digits, or a text where they are scaled.

        LibreOffice writes 0!.0, as 0 with the mark as a mere text, and the point as a real one.
        """
        return "!" in self.within or bool(self.power and self.within.strip(_NO_TEXT + "."))

    @property
    def beside(self) -> str:
        """Return the text beside the digits, empty where it says nothing of their amount."""
        return (self.before + self.after).strip(_NO_TEXT)

    @property
    def plain(self) -> bool:
        """Tell whether it shows the stored number, rounded or grouped at most, or a date."""
        keeps = self.whole > 1 or self.decimals == self.most == 2
        says = self.percent or self.power or self.beside or keeps or self.unclear
        return self.date or (self.number and not says)


@dataclass(frozen=True)
class Format:
    """A number format: its code as it stands in the workbook, and its sections."""

    code: str
    sections: tuple[Section, ...]

    @property
    def plain(self) -> bool:
        """Tell whether each section shows the stored number, rounded or grouped at most, or a date."""
        return all(section.plain for section in self.sections)

    def of(self, number: Decimal) -> Section:
        """Return the section that shows a number."""
        if any(section.condition for section in self.sections):
            for section in self.sections:
                if section.condition and _holds(section.condition, number):
                    return section
            return next((section for section in self.sections if not section.condition), self.sections[-1])
        if number < 0 and len(self.sections) > 1:
            return self.sections[1]
        return self.sections[2] if number == 0 and len(self.sections) > 2 else self.sections[0]

    def shows(self, stored: str) -> tuple[str | None, str | None]:
        """Return the text that stands for a stored number (None: the number itself) and the rule that tells of it.

        A share becomes "85.3%"; leading zeros and two decimals are kept (0012, 2018.10). A text beside the digits comes
        with them ("7.5万"). Where the digits are other than those stored and no text says so, or a mere text in the
        shape of a percent sign stands beside a fraction, two readings are possible: the text is then no number at all.
        """
        try:
            number = Decimal(repr(float(stored)))
        except (ValueError, InvalidOperation):
            return None, None
        if not number.is_finite():
            return None, None
        section = self.of(number)
        if section.date:
            return None, None
        if not section.number:
            return (section.before, "format_text") if section.before else (None, "format_hides")
        text = f"{number.scaleb(-section.power).normalize():f}"
        doubtful = _doubtful(stored, self.code)
        if section.unclear:
            return doubtful, "format_scales"
        if section.percent:
            share = f"{(number * 100).normalize():f}%"
            return (doubtful, "format_scales") if section.power else (share, None)
        if section.beside in ("%", "％"):
            fraction = number != 0 and abs(number) <= 1
            return (doubtful, "format_percent") if fraction or section.power else (f"{text}%", "format_percent")
        if section.beside:
            return f"{section.before}{text}{section.after}".strip(), "format_beside"
        return (doubtful, "format_scales") if section.power else (_kept(section, number), None)


def shown(shape: Format, stored: pl.Series) -> pl.DataFrame:
    """Return what `Format.shows` returns of each stored number: columns text and rule; the usual ones in one go.

    Numbers are as a reader of values writes them: without an exponent, with no zero that says nothing.
    """
    rule = pl.lit(None, pl.String).alias("rule")
    cells = pl.DataFrame({"stored": stored, "text": _usual(shape, stored)}).with_columns(rule)
    left = (cells["text"].is_null() & cells["stored"].is_not_null()).arg_true()
    if len(left):
        shown_texts = [shape.shows(number) for number in cells["stored"].gather(left)]
        texts, rules = (pl.Series(column, dtype=pl.String) for column in zip(*shown_texts, strict=True))
        cells = cells.with_columns(cells["text"].scatter(left, texts), cells["rule"].scatter(left, rules))
    return cells.select("text", "rule")


def _usual(shape: Format, stored: pl.Series) -> pl.Series:
    """Return the text of numbers that is told from their digits alone; null where `Format.shows` is to be asked."""
    section, nothing = shape.sections[0], pl.lit(None, pl.String)
    if len(shape.sections) > 1 or section.condition or section.beside or section.power or not section.number:
        return stored.clear(len(stored))
    number, digits, point = pl.col("number"), pl.col("digits"), pl.col("point")
    whole, part = pl.col("whole"), pl.col("part")
    numbers = pl.DataFrame({"number": stored}).with_columns(digits=number.str.strip_prefix("-"))
    numbers = numbers.with_columns(point=digits.str.find(".", literal=True))
    numbers = numbers.with_columns(
        whole=digits.str.head(point.fill_null(_LONGEST + 1)), part=digits.str.slice(point + 1).fill_null("")
    )
    if section.percent:
        numbers = numbers.with_columns(
            hundreds=(whole + (part + "00").str.head(2)).str.strip_chars_start("0"), rest=part.str.slice(2)
        )
        sign = pl.when(digits.str.len_bytes() < number.str.len_bytes()).then(pl.lit("-")).otherwise(pl.lit(""))
        hundreds = pl.when(pl.col("hundreds") == "").then(pl.lit("0")).otherwise("hundreds")
        rest = pl.when(pl.col("rest") == "").then(pl.lit("%")).otherwise("." + pl.col("rest") + "%")
        text = sign + hundreds + rest
    elif section.decimals == section.most == 2 and section.whole <= 1:
        places = part.str.len_bytes()
        zeros = pl.when(places == 0).then(pl.lit(".00")).when(places == 1).then(pl.lit("0")).otherwise(pl.lit(""))
        text = number + zeros
    elif section.whole > 1 and not section.most:
        text = pl.when((part == "") & (number != "-0")).then(number.str.zfill(section.whole + (digits != number)))
    else:
        text = nothing
    finite = ~number.str.ends_with("N") & ~number.str.ends_with("f")  # NaN, inf
    return numbers.select(pl.when(finite & (whole.str.len_bytes() <= _LONGEST)).then(text)).to_series()


def told_by(stored: str, shown: str) -> tuple[str | None, str | None]:
    """Return what `Format.shows` returns where the text that a number is shown as is known instead of its format."""
    number, plain = Decimal(stored), shown.strip().replace(",", "").replace("\u00a0", "")
    if not plain:
        return None, "format_hides"
    at = [place for place, sign in enumerate(plain) if sign in "0123456789"]
    if not at:
        return shown.strip(), "format_text"
    first, last = at[0], at[-1] + 1
    if not set(plain[first:last]) <= set("0123456789."):
        known = set(plain[first:last]) <= _DRESS  # 1E+05, 1/2, 010-1234: a number in another dress
        return (None, None) if known else (_doubtful(stored, shown.strip()), "format_scales")
    before, digits, after = plain[:first].rstrip("-+( ."), plain[first:last], plain[last:]
    try:
        seen = abs(Decimal(digits))
    except InvalidOperation:
        return None, None
    power = next((places for places in range(13) if _rounds_to(abs(number).scaleb(-places), seen)), None)
    beside = (before + after).strip(_NO_TEXT)
    doubtful = _doubtful(stored, shown.strip())
    if power is None or (power and not beside):
        return doubtful, "format_scales"
    text = f"{number.scaleb(-power).normalize():f}"
    if beside in ("%", "％"):
        fraction = number != 0 and abs(number) <= 1
        return (doubtful, "format_percent") if fraction or power else (f"{text}%", "format_percent")
    if beside:
        return f"{before}{text}{after}".strip(), "format_beside"
    kept = (digits[:1] == "0" and digits[1:2].isdigit()) or len(digits.partition(".")[2]) == 2
    return (f"{'-' if number < 0 else ''}{digits}" if kept and Decimal(digits) == abs(number) else None), None


def _doubtful(stored: str, seen: str) -> str:
    """Return a text that is no number, and that no mark at its end makes one."""
    return f"{stored} [{seen}]" if not seen.isdecimal() else f"{stored} [= {seen}]"


def _rounds_to(number: Decimal, seen: Decimal) -> bool:
    """Tell whether a number is shown as another that has fewer places."""
    places = -int(seen.as_tuple().exponent)
    return abs(number - seen) <= Decimal(1).scaleb(-places) * Decimal("0.500001")


def _kept(section: Section, number: Decimal) -> str | None:
    """Return a number with the zeros that its format keeps, None where it is as it is stored."""
    if section.whole > 1 and not section.most and number == number.to_integral_value():
        digits = f"{abs(number):f}".split(".")[0]
        return None if len(digits) >= section.whole else f"{'-' if number < 0 else ''}{digits.zfill(section.whole)}"
    if section.decimals == section.most == 2 and section.whole <= 1 and number == round(number, 2):
        return f"{number:.2f}"  # 2018.10 is no 2018.1
    return None


def _holds(condition: str, number: Decimal) -> bool:
    limit = condition.lstrip("<>=")
    sign = condition[: len(condition) - len(limit)]
    try:
        bound = Decimal(limit.strip())
    except InvalidOperation:
        return False
    less, equal = number < bound, number == bound
    more = not (less or equal)
    compares = {"<": less, "<=": less or equal, ">": more, ">=": more or equal, "=": equal, "<>": not equal}
    return compares.get(sign, False)


@lru_cache(maxsize=4096)
def parse(code: str) -> Format:
    """Return what a format's code means."""
    return Format(code, tuple(_section(tokens) for tokens in _tokens(code)[:3]))


def _tokens(code: str) -> list[list[tuple[str, str]]]:
    """Return the tokens of each section: (kind, text), kind one of sign, text, bracket, general.

    Text stands in quotes or after a backslash (in Chinese and Japanese versions an exclamation mark); what follows an
    underscore or an asterisk is a space or a filling and no text.
    """
    sections: list[list[tuple[str, str]]] = [[]]
    at = 0
    while at < len(code):
        sign, end = code[at], at + 1
        if sign == ";":
            sections.append([])
        elif sign in '"[':
            end = code.find('"' if sign == '"' else "]", at + 1)
            end = len(code) if end < 0 else end
            sections[-1].append(("text" if sign == '"' else "bracket", code[at + 1 : end]))
            end += 1
        elif sign in "\\!":
            end = at + 2
            sections[-1].append(("text", code[at + 1 : end]))
        elif sign in "_*":
            end = at + 2
        elif code[at : at + 7].casefold() == "general":
            end = at + 7
            sections[-1].append(("general", ""))
        else:
            sections[-1].append(("sign", sign))
        at = end
    return sections


def _section(tokens: list[tuple[str, str]]) -> Section:
    shape, texts, condition, within = "", ["", ""], "", ""
    percent = date = general = False
    inserted = 0
    for kind, text in tokens:
        if kind == "bracket":
            if text[:1] in ("<", ">", "="):
                condition = text
            elif text[:1] == "$":
                texts[bool(shape)] += text[1:].split("-")[0]
            elif text and not text.casefold().strip("hms"):
                date = True
        elif kind == "general" or (kind == "sign" and text == "@"):
            general, shape = True, shape or "G"
        elif kind == "sign" and text in _DIGITS:
            if texts[1].strip() == ".":  # a point that is mere text within the digits: 0!.0 shows 12 as 1.2
                inserted = len(shape)
            within += texts[1]
            texts[1] = ""
            shape += text
        elif kind == "sign" and text in ".," and (shape or text == "."):
            shape += text
        elif kind == "sign" and text == "%":
            percent = True
        elif kind == "sign" and shape and text in "Ee":
            shape += "E"
        elif kind == "sign" and not shape and text.casefold() in _DATE_SIGNS:
            date = True
        else:
            texts[bool(shape)] += text
    digits = any(sign in _DIGITS for sign in shape)
    after = shape[inserted:] if inserted else ""
    power = 3 * _thousands(shape) + sum(sign in _DIGITS for sign in after)
    whole, _, part = shape.split("E")[0].partition(".")
    return Section(
        percent, power, texts[0], texts[1], whole.count("0"), part.count("0"), sum(sign in _DIGITS for sign in part),
        digits or general, date and not digits, condition, within,
    )  # fmt: skip


def _thousands(shape: str) -> int:
    """Return how many commas stand behind the last digit, or right before the point: each divides by 1,000."""
    last = max((at for at, sign in enumerate(shape) if sign in _DIGITS), default=-1)
    whole = shape.split(".")[0]
    return shape[last + 1 :].count(",") + (len(whole) - len(whole.rstrip(",")) if "." in shape[: last + 1] else 0)
