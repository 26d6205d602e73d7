"""Labels of figures: a number in one is explained by what stands in its row, its column or its strip.

Axes must be even: their numbers go up by as much as their places do. Where points and lines lie is not looked at.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from verification import numbers
from verification.checked.kinds import Kind, Record, Said
from verification.checked.quantities.quality import school_effects
from verification.checked.sentences import TOKEN, Reader
from verification.checked.shown import Shown
from verification.printed.blocks import Block, bare
from verification.worked.shortfalls import drivers, shortfalls
from verification.worked.stages import STAGES

NUMBER = re.compile(r"[-−]?\d+(?:\.\d+)?")
#: Schools that a figure names at most.
NAMED = 5
#: How far apart in a figure's own units things of one row may stand.
NEAR = 3.0
#: The place of what is said of all labels together, where they are not those that ought to stand there.
WHOLE = -1
#: Half of a row of the figure of coefficients, and what the label of a limit says.
ROW, LIMIT = 6.5, re.compile(r"(?:上限|limit ?)[\d.]+")


@dataclass
class Labels:
    """Labels of one case's figures; sentences in them are read as any other.

    `readers` work out the labels of each figure, by default those of a county's report.
    """

    shown: Shown
    sentences: Reader
    record: Record
    readers: "dict[str, Explained]" = field(default_factory=lambda: FIGURES)

    def read(self, document: str, blocks: list[Block]) -> None:
        """Explain the numbers of one figure's labels, which come in the order in which they were drawn."""
        name = blocks[0].kind.removeprefix("label ")
        explained: dict[int, Said] = {}
        if name in self.readers:
            try:
                explained = dict(self.readers[name](self, blocks))
            except (LookupError, ValueError, AttributeError) as fault:
                self.record.bad(document, blocks[0].place, name, f"a figure that can be read ({fault!r})")
                return
        if (lacking := explained.get(WHOLE)) is not None:
            self.record.bad(document, f"{name}: {blocks[0].place}", "labels", lacking.text)
        for at, block in enumerate(blocks):
            said = explained.get(at)
            if said is None:
                self.sentences.read(document, block)
            elif block.text in said.text.split("|"):
                self.record.good(document, said.kind, len(TOKEN.findall(block.text)))
            else:
                self.record.bad(document, f"{name}: {block.place}", block.text, said.text)

    def words(self, kind: str) -> dict[str, str]:
        """Return words of a kind with the ids that they stand for."""
        return self.shown.words.groups[kind]


def axis(blocks: list[Block], taken: set[int], across: bool) -> Iterator[tuple[int, Said]]:
    """Explain the numbers of axes: each run of them is even, within the width of a rounded label."""
    plain = [at for at, one in enumerate(blocks) if at not in taken and NUMBER.fullmatch(one.text)]
    for _, run in groupby(plain, key=lambda at: round(blocks[at].at[1 if across else 0], 1)):
        held = list(run)
        places = [blocks[at].at[0 if across else 1] for at in held]
        values = [float(blocks[at].text.replace("−", "-")) for at in held]
        even = len(held) < 2 or values[-1] != values[0]
        for at, place, value in zip(held, places, values, strict=True):
            if len(held) > 1 and even:
                per = (places[-1] - places[0]) / (values[-1] - values[0])
                even = even and abs(places[0] + (value - values[0]) * per - place) < NEAR
            yield at, Said(blocks[at].text if even else "an even axis", Kind.FORM)


def _schools(labels: Labels, blocks: list[Block]) -> Iterator[tuple[int, Said]]:
    """Strips of schools by stage: its floor, its coefficient, the names of schools below the floor."""
    names = labels.words("label")
    indicator = next(names[word] for block in blocks for word in names if block.text.startswith(word))
    stages = {at: labels.words("stage").get(block.text.lower()) for at, block in enumerate(blocks)}
    strips = [at for at, stage in stages.items() if stage]
    taken = set()
    for at in strips:
        stage = str(stages[at])
        floor = labels.shown.case.standard.floor(indicator, stage, labels.shown.case.now.day)
        cv = labels.shown.case.finding(f"resources.cv_{indicator}.{stage}")
        wanted = {}
        if floor is not None:
            wanted[at - 1] = numbers.trimmed(numbers.places(floor, 2))
        if cv is not None and cv.value is not None and not blocks[at + 1].text[:1].isdigit():
            wanted[at + 1] = labels.shown.number(cv, cv.value)
        for place, number in wanted.items():
            taken.add(place)
            kind = Kind.RULE if place < at else Kind.WORKED
            yield place, Said(TOKEN.sub(number, blocks[place].text), kind)
        yield from _names(labels, blocks, at, stage, indicator)
    yield from axis(blocks, taken, across=True)


def _names(labels: Labels, blocks: list[Block], at: int, stage: str, indicator: str) -> Iterator[tuple[int, Said]]:
    """Explain the names below a strip: schools that miss their rule for its floor, where they are few, and the one that
    drives a difference over the limit."""
    case = labels.shown.case
    breaking = {one.finding.school for one in shortfalls(case, stage, indicator) if one.breaks}
    cv = case.finding(f"resources.cv_{indicator}.{stage}")
    driving = {drivers(case, stage, indicator)[0][0]} if cv is not None and cv.verdict == "not_met" else set()
    below = {labels.shown.words.school(one) for one in (breaking if len(breaking) <= NAMED else set()) | driving}
    place = at + 2
    found = set()
    while place < len(blocks) and labels.shown.words.schools.get(blocks[place].text):
        found.add(blocks[place].text)
        yield place, Said("|".join(sorted(below)) or "no school", Kind.WORKED)
        place += 1
    if found != below:
        yield at, Said(f"{blocks[at].text} with {len(below)} names", Kind.WORKED)


def _trends(labels: Labels, blocks: list[Block]) -> Iterator[tuple[int, Said]]:
    """Panels of coefficients over their limit, then a row for each other indicator with a column for each stage: the
    last value of each, its limit, the first year, the report's and those of arrival."""
    case, shown = labels.shown.case, labels.shown
    stages = labels.words("stage")
    names = {shown.standard.name(one, shown.lang, short=True).lower(): one for one in case.standard.indicators}
    heads = _panels(blocks, stages, names)
    columns = {at: stages[one.text.lower()] for at, one in enumerate(blocks) if one.text.lower() in stages}
    rows = _rows(blocks, names)
    grid = min((blocks[at].at[1] for at in columns), default=1e9) - NEAR
    arrivals = (case.pace(name, stage) for stage, name in heads.values())
    years = {case.years[0], case.year, *(one.reached for one in arrivals if one is not None and one.reached)}
    seen = set()
    for at, block in enumerate(blocks):
        if re.fullmatch(r"(?:19|20)\d\d", block.text):
            yield at, Said("|".join(map(str, sorted(years))), Kind.FORM)
        if at in heads or re.fullmatch(r"(?:19|20)\d\d", block.text) or not TOKEN.search(block.text):
            continue
        left = heads if block.at[1] < grid else columns
        near = [one for one in left if blocks[one].at[0] <= block.at[0] + NEAR]
        if not near:
            continue  # the title and the line below are sentences
        head = max(near, key=lambda one: blocks[one].at[0])
        found_rows = [name for y, name in rows if abs(y - block.at[1]) < ROW]
        if head in heads:
            stage, name = heads[head]
        elif found_rows:
            stage, name = columns[head], found_rows[0]
        else:
            stage = columns[head]
            name = next(one for one in names.values() if shown.cv(one, stage) is not None)
        found = shown.cv(name, stage)
        if NUMBER.fullmatch(block.text):
            seen.add((stage, name))
            yield at, shown.value(found)
        elif LIMIT.fullmatch(block.text):
            yield at, Said(TOKEN.sub(shown.target(found).text, block.text), Kind.RULE)
    wanted = {
        (stage, name)
        for stage in STAGES
        for name in case.standard.indicators
        if (found := shown.cv(name, stage)) is not None and found.value is not None and case.now.inside(stage)
    }
    if seen != wanted:
        yield WHOLE, Said(f"{len(wanted)} coefficients", Kind.WORKED)


def _panels(blocks: list[Block], stages: dict[str, str], names: dict[str, str]) -> dict[int, tuple[str, str]]:
    """Return the heads of panels, each of a stage and an indicator."""
    found = {}
    for at, block in enumerate(blocks):
        for word, stage in stages.items():
            name = names.get(block.text.lower().removeprefix(word).lstrip(": "))
            if name is not None and block.text.lower().startswith(word):
                found[at] = (stage, name)
    return found


def _rows(blocks: list[Block], names: dict[str, str]) -> list[tuple[float, str]]:
    """Return the heights of rows, by the labels of indicators, of which each line is a block of its own."""
    whole = {bare(word): id for word, id in names.items()}
    found = []
    for block in blocks:
        text = bare(block.text.lower())
        named = [id for word, id in whole.items() if len(text) > 1 and text in word]
        named = [whole[text]] if text in whole else named
        found += [(block.at[1], named[0])] if len(named) == 1 else []
    return found


def _near(blocks: list[Block], words: dict[str, str], y: float) -> str:
    """Return what the label of a row stands for: the word nearest in height."""
    rows = [(abs(block.at[1] - y), words[block.text]) for block in blocks if block.text in words]
    distance, found = min(rows)
    if distance > NEAR:
        raise LookupError("no row")
    return found


def _levels(labels: Labels, blocks: list[Block]) -> Iterator[tuple[int, Said]]:
    """A grid of subjects and grades by year: the level of each."""
    case, standard = labels.shown.case, labels.shown.case.standard
    lang = labels.shown.lang
    subjects = {one[lang]: id for id, one in standard.words["subjects"].items()}
    subjects |= {word[:1].upper() + word[1:]: id for word, id in subjects.items()}
    grades = {one[lang]: id for id, one in standard.words["grades"].items()}
    grades |= {word[:1].upper() + word[1:]: id for word, id in grades.items()}
    heads = [(block.at[0], grades[block.text]) for block in blocks if block.text in grades]
    columns = [(block.at[0], int(block.text)) for block in blocks if re.fullmatch(r"\d{4}", block.text)]
    seen = set()
    for at, block in enumerate(blocks):
        if re.fullmatch(r"\d{4}", block.text):
            known_years = case.county.years("monitoring")
            within = known_years[0] <= int(block.text) <= known_years[-1]
            yield at, Said(block.text if within else "a year", Kind.FORM)
        elif block.text in numbers.ROMAN[lang].values():
            subject = _near(blocks, subjects, block.at[1])
            grade = min(heads, key=lambda one: abs(one[0] - block.at[0]))[1]
            year = min(columns, key=lambda one: abs(one[0] - block.at[0]))[1]
            seen.add((subject, int(grade), year))
            yield at, Said(_level(labels, subject, int(grade), year), Kind.TRACED)
    concerned = {one.subject for one in case.now.findings.values() if one.item == "level"}
    beside = blocks[0].kind.endswith("fig-beside")
    known = {
        (row["subject"], int(row["grade"]), year)
        for year in case.county.years("monitoring")
        for row in case.county.rows("monitoring", year)
        if row.get("level") is not None and year <= case.year and (row["subject"] in concerned) is not beside
    }
    if seen != known:
        yield WHOLE, Said(f"{len(known)} levels", Kind.TRACED)


def _level(labels: Labels, subject: str, grade: int, year: int) -> str:
    for row in labels.shown.case.county.rows("monitoring", year):
        if (row["subject"], row["grade"]) == (subject, grade) and row.get("level") is not None:
            return numbers.ROMAN[labels.shown.lang][int(row["level"])]
    return "no level"


def _rates(labels: Labels, blocks: list[Block]) -> Iterator[tuple[int, Said]]:
    """Rows of subjects and grades: the national rate with its verdict at the side."""
    subjects = labels.words("subject")
    taken = set()
    for at, block in enumerate(blocks):
        if block.text in subjects or not TOKEN.search(block.text) or NUMBER.fullmatch(block.text):
            continue
        try:
            subject = _near(blocks, subjects, block.at[1])
        except LookupError:
            continue
        one = labels.shown.case.finding(f"quality.rate.{subject}")
        taken.add(at)
        if one is None or one.value is None:
            yield at, Said("no rate", Kind.TRACED)
            continue
        verdict = labels.shown.verdict(one).text
        said = TOKEN.sub(labels.shown.number(one, one.value), block.text)
        yield at, Said(said if verdict in block.text else f"{said}: {verdict}", Kind.TRACED)
    yield from axis(blocks, taken, across=True)


def _overview(labels: Labels, blocks: list[Block]) -> Iterator[tuple[int, Said]]:
    """A row for each school below some floor, a column for each indicator: the values that are below."""
    case, shown = labels.shown.case, labels.shown
    heads = {shown.standard.name(one, shown.lang, short=True): one for one in case.standard.indicators}
    columns = _columns(blocks, heads)
    stage, school, seen = "", "", set()
    for at, block in enumerate(blocks):
        if (found := labels.words("stage").get(block.text.lower())) is not None:
            stage = found
        elif at + 1 < len(blocks) and _named(shown, blocks, at + 1) not in (blocks[at + 1].text, ""):
            yield at, Said(block.text, Kind.TRACED)  # the first line of a name
        elif (name := _named(shown, blocks, at)) in shown.words.schools:
            school = shown.words.schools[name]
        elif school and re.fullmatch(r"[\d,]+(?:\.\d+)?", block.text):
            name = min(columns, key=lambda one: abs(one[0] - block.at[0]))[1]
            one = case.finding(f"resources.floor_{name}.{stage}.{school}")
            seen.add((stage, school, name))
            yield at, shown.value(one)
    below = {
        (one.stage, one.school, one.item.removeprefix("floor_"))
        for one in case.now.findings.values()
        if one.item.startswith("floor_") and one.verdict == "not_met"
    }
    if seen != below:
        yield WHOLE, Said(f"{len(below)} values below their floors", Kind.WORKED)


def _named(shown: Shown, blocks: list[Block], at: int) -> str:
    """Return the name that a label is, or ends: a long one stands on two lines, each a block of its own."""
    text = blocks[at].text
    both = [f"{blocks[at - 1].text}{between}{text}" for between in ("", " ")] if at else []
    return next((one for one in both if one in shown.words.schools), text)


def _columns(blocks: list[Block], heads: dict[str, str]) -> list[tuple[float, str]]:
    """Return where each column stands, by its head, of which each line is a block of its own."""
    whole = {bare(word): id for word, id in heads.items()}
    found: dict[str, float] = {}
    for block in blocks:
        named = [id for word, id in whole.items() if bare(block.text) and bare(block.text) in word]
        if len(named) == 1:
            found.setdefault(named[0], block.at[0])
    return [(place, id) for id, place in found.items()]


def _effects(labels: Labels, blocks: list[Block]) -> Iterator[tuple[int, Said]]:
    """A row for each school that lies on one side of the county in two tests or more; the axis counts points."""
    case = labels.shown.case
    sides = (
        Counter(one.school for test in school_effects(case).values() for one in test if one.side == side)
        for side in ("below", "above")
    )
    wanted = {labels.shown.words.school(school) for found in sides for school, many in found.items() if many > 1}
    named = {block.text for block in blocks if block.text in labels.shown.words.schools}
    if named != wanted:
        yield WHOLE, Said(f"the names of {len(wanted)} schools", Kind.WORKED)
    yield from axis(blocks, set(), across=True)


def _least_cost(labels: Labels, blocks: list[Block]) -> Iterator[tuple[int, Said]]:
    """Bars of schools, whose axis counts amounts per pupil; its lines are sentences."""
    yield from axis(blocks, set(), across=False)


#: What ought to stand in labels, by their places among those of a figure.
Explained = Callable[[Labels, list[Block]], Iterator[tuple[int, Said]]]
FIGURES: dict[str, Explained] = {
    "fig-schools": _schools,
    "fig-trends": _trends,
    "fig-levels": _levels,
    "fig-beside": _levels,
    "fig-rates": _rates,
    "fig-overview": _overview,
    "fig-effects": _effects,
    "fig-least-cost": _least_cost,
}
