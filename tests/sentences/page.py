"""docs/sentences.md: every sentence and phrase that a template can print, in both languages side by side."""

import re

from tests.sentences.branches import Branch, branches, names

Said = dict[str, dict[tuple[str, int], str]]

HEAD = """# Every sentence and phrase

What the templates of `reports/templates` can print. A phrase is what stands between two tags that decide: `{…}` is what
is put in, a number or name from the findings named below it, or what another phrase says. `when` is the condition as
the template has it, with all that must hold around it; above it the same in words. An example is what a county is told.
Made by `python -m tests.sentences [ARGUMENTS OF PYTEST]`, which runs tests (those of tests/tell where no others are
named) with templates that note what they print; tests/sentences holds that the page is that of today's templates.

"""
#: Stands below a phrase that no test reached.
LOST = "  - not reached"
#: The longest example that is kept whole.
LONGEST = 160
_MARK = re.compile(r"\[([^\[\]]*)\]\{[^}]*\}")
_BLANK = re.compile(r"[\s\u2029]+")


def pairs(name: str) -> list[tuple[Branch | None, Branch | None]]:
    """Return the phrases of a template in Chinese beside those in English; None where a language chooses alone."""
    chinese, english = branches("zh", name), list(branches("en", name))
    rest: dict[tuple[str, ...], list[Branch]] = {}
    for one in english:
        rest.setdefault(one.conditions, []).append(one)
    found: list[tuple[Branch | None, Branch | None]] = []
    for one in chinese:
        held = rest.get(one.conditions)
        found.append((one, held.pop(0) if held else None))
    return [*found, *((None, one) for one in english if one in rest.get(one.conditions, []))]


def spoken(name: str) -> list[tuple[Branch | None, Branch | None]]:
    """Return the phrases that have words in some language."""
    return [pair for pair in pairs(name) if any(one is not None and one.speaks for one in pair)]


def plain(text: str) -> str:
    """Return a text on one line, numbers without their marks."""
    return _BLANK.sub(" ", _MARK.sub(r"\1", text)).strip()


def _example(branch: Branch | None, said: Said, lang: str) -> str:
    text = "" if branch is None else plain(said[lang].get((branch.template, branch.number), ""))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def reached(pair: tuple[Branch | None, Branch | None], said: Said) -> bool:
    """Return whether a phrase was said in some language; both have the same statements."""
    both = zip(pair, ("zh", "en"), strict=True)
    return any(one is not None and (one.template, one.number) in said[lang] for one, lang in both)


def entry(pair: tuple[Branch | None, Branch | None]) -> list[str]:
    """Return the lines of a phrase without its example: words, trigger, what is put in."""
    one = next(each for each in pair if each is not None)
    lines = [f"- {' | '.join('—' if each is None else plain(each.said) or '—' for each in pair)}"]
    if one.trigger:
        lines.append(f"  - {'; '.join(one.trigger)}")
    if one.conditions:
        lines.append(f"  - when `{' · '.join(one.conditions)}`")
    told = dict.fromkeys(item for each in pair if each is not None for item in each.told)
    if told:
        lines.append(f"  - from `{'`, `'.join(told)}`")
    return lines


def text(said: Said, by: str) -> str:
    """Return the page, with an example of each phrase that was said (by what is named) and a mark at the others."""
    parts, lost = [HEAD], 0
    for name in names():
        parts.append(f"## {name}\n\n")
        for pair in spoken(name):
            lines = entry(pair)
            examples = [_example(each, said, lang) for each, lang in zip(pair, ("zh", "en"), strict=True)]
            if not reached(pair, said):
                lost += 1
                lines.append(LOST)
            elif any(examples):
                lines.append(f"  - e.g. {' | '.join(each or '—' for each in examples)}")
            parts.append("\n".join(lines) + "\n")
        parts.append("\n")
    number = sum(len(spoken(name)) for name in names())
    parts[0] += f"{number} phrases, {number - lost} of them reached by {by}, {lost} not.\n\n"
    return "".join(parts)


def bones(page: str) -> str:
    """Return what of a page depends on the templates alone."""
    kept = [line for line in page.splitlines() if not re.match(r"  - (e\.g\. |not reached$)|\d+ phrases,", line)]
    return "\n".join(kept)
