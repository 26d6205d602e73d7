"""What a field check tells: schools visited, values verified, what differs and what changes by it."""

from fractions import Fraction

from verification import numbers
from verification.checked.kinds import Kind, Said
from verification.checked.quantities.at import At, Claim, Quantity, count
from verification.printed.blocks import tidy
from verification.raw.cells import text
from verification.worked import shortfalls
from verification.worked.finding import FIELDS
from verification.worked.visited import Visited, visited

#: So many matters are told after a field check.
TOLD = 6


def _check(at: At) -> Visited:
    found = at.case.visited or visited(at.case)
    if found is None:
        raise LookupError("no field check")
    return found


def number(at: At, which: str) -> Said:
    """Return how many schools were visited (done) or not (unvisited), values verified (compared), differing or blank,
    findings that change, entries lost."""
    of = _check(at)
    if which == "done":
        return count(len(of.schools) - len(of.unvisited))
    found = getattr(of, which)
    return count(found if isinstance(found, int) else len(found))


def agreeing(at: At) -> Said:
    """Return the share of verified values that agree."""
    of = _check(at)
    share = 1 - Fraction(len(of.differing), len(of.compared)) if of.compared else Fraction(1)
    return Said(numbers.percent(share), Kind.WORKED)


def matters(at: At, which: str) -> Said:
    """Return how many matters there are with the verified values (all), or how many of more are told."""
    found = shortfalls.matters(at.case)
    if which == "told" and found <= TOLD:
        raise LookupError("all are told")
    return count(found) if which == "all" else Said(str(TOLD), Kind.RULE)


def seed(at: At) -> Said:
    """Return the seed that the workbook names."""
    given = _check(at).sheets.seed
    if given is None:
        raise LookupError("no seed")
    return Said(numbers.whole(given), Kind.TRACED)


def days(at: At) -> Said:
    """Return the days of visits as they were typed, school by school."""
    lang, of = at.case.lang, _check(at)
    told = [(text(row["school"]), text(row.get("day")).removesuffix(" 00:00:00")) for row in of.sheets.drawn]
    return _joined(lang, [f"{at.words.school(code)} {day}" for code, day in told if day])


def remarks(at: At) -> Said:
    """Return what was noted beside values, in the words that were typed."""
    lang, of = at.case.lang, _check(at)
    told = []
    for one in of.sheets.lines:
        said = text(one.cells.get("remark"))
        about = " ".join(filter(None, (text(one.cells.get("column")), one.place)))
        told += [f"{at.words.school(one.school)} {about}{'：' if lang == 'zh' else ': '}{said}"] if said else []
    return _joined(lang, told)


def _joined(lang: str, told: list[str]) -> Said:
    if not told:
        raise LookupError("nothing was written")
    return Said(tidy(("；" if lang == "zh" else "; ").join(told)), Kind.TRACED)


def verdicts_are(at: At, field: str, how: str) -> bool:
    """Whether a field has the verdicts that are said before and after: another (becomes), or the same one (stays)."""
    of, name = _check(at), str(at.said["field"]) if field == "said" else field
    before, after = (case.now.findings[f"{name}.all"].verdict for case in (of.case, of.after))
    if how == "becomes":
        return before != after and [at.said["verdict"], at.said["verdict2"]] == [before, after]
    said = {at.said["verdict"], at.said.get("verdict2", at.said["verdict"])}
    return before == after and said == {after}


def fields_told(at: At) -> bool:
    """Whether each field that is judged is told, once."""
    of = _check(at)
    judged = [
        name
        for name in (*FIELDS, "entry")
        if (one := of.case.now.findings.get(f"{name}.all")) and one.verdict != "not_applicable"
    ]
    said = [at.case.standard.word("fields", name, at.case.lang) for name in judged]
    return all(at.block.text.count(one) >= 1 for one in said)


def are_unvisited(at: At) -> bool:
    """Whether the schools named are those of which nothing was verified."""
    return list(at.said["schools"]) == _check(at).unvisited


def first_unvisited(at: At) -> bool:
    """Whether the school named is the first of those of which nothing was verified."""
    return bool(at.said["school"] == _check(at).unvisited[0])


def none_changes(at: At) -> bool:
    """Whether values differ and no finding changes its verdict."""
    return bool(_check(at).differing) and not _check(at).changes


def all_agree(at: At) -> bool:
    """Whether no verified value differs."""
    return not _check(at).differing


def is_verdict(at: At) -> bool:
    """Whether the verdict named is that by the verified values."""
    return str(at.said["verdict"]) == at.case.now.findings["overall.all"].verdict


def none_entered(at: At) -> bool:
    """Whether no entry can be used."""
    return not _check(at).compared


ALL: dict[str, Quantity] = {
    "visit": number,
    "visit_agreeing": agreeing,
    "visit_matters": matters,
    "visit_seed": seed,
    "visit_days": days,
    "visit_remarks": remarks,
}
CLAIMS: dict[str, Claim] = {
    "visit_verdicts": verdicts_are,
    "visit_fields": fields_told,
    "are_unvisited": are_unvisited,
    "first_unvisited": first_unvisited,
    "visit_none_changes": none_changes,
    "visit_all_agree": all_agree,
    "visit_verdict": is_verdict,
    "visit_none": none_entered,
}
