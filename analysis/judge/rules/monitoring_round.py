"""How much of a whole round of the national monitoring has results."""

import polars as pl

from analysis.clean import values
from analysis.judge import frames
from analysis.judge.computed import Figure, Figures, Inputs


def figures(inputs: Inputs) -> Figures:
    """Return cells (subject and grade) with a result, as a share of all that are tested, in the round of years that is
    most complete among those that have ended; of two alike the later. Evidence: the cells without a result."""
    rule = inputs.standard.monitoring
    if rule is None:
        return dict.fromkeys(inputs.cells, Figure(None, "no_records"))
    tested = inputs.frames["monitoring"].filter(pl.col("tested").fill_null("yes") != "no")
    filled_in = pl.any_horizontal(pl.col("level", "rate", "share_1").is_not_null())
    # A result that is set aside is a result.
    filled_in |= values.has("level", "rate", "share_1")
    filled = set(tested.filter(filled_in).select("county", "subject", "grade", "year").iter_rows())

    def best(county: str, year: int) -> Figure:
        ended = range(rule.rounds.start, year - rule.rounds.years + 2, rule.rounds.years)
        if not ended:
            return Figure(0.0, "round_incomplete")
        asked = {
            first: [
                (name, grade, first + subject.round_year - 1)
                for name, subject in rule.subjects.items()
                for grade in subject.grades
            ]
            for first in ended
        }
        absent = {first: [cell for cell in cells if (county, *cell) not in filled] for first, cells in asked.items()}
        fullest = min(ended, key=lambda first: (len(absent[first]), -first))
        names = frames.LIST.join(f"{subject}.{grade}.{when}" for subject, grade, when in absent[fullest])
        of_all = len(asked[fullest])
        return Figure((of_all - len(absent[fullest])) / of_all, "round_incomplete" if names else "", names)

    return {cell: best(*cell) for cell in inputs.cells}
