"""The way to the verdicts as formulas: an item's from value and target, a field's from its items, then the county's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import floor, log10

from xlsxwriter.utility import xl_rowcol_to_cell as cell_name

from analysis import ids
from analysis.judge import rounding
from analysis.judge.field_verdicts import BESIDE
from analysis.judge.verdicts import worst_first
from analysis.measure import COMPOSITE
from analysis.standards import Sense
from analysis.tables import FIELDS, Field, Kind, Verdict
from analysis.tell.case.case import Case
from analysis.tell.findings import Finding
from analysis.tell.language import numbers

from .annex_coefficients import StageSheet
from .annex_rule import RuleSheet
from .workbook import Workbook

SIGNS = {Sense.AT_LEAST: ">=", Sense.AT_MOST: "<=", Sense.BELOW: "<", Sense.ABOVE: ">"}
_DECIDED = (Verdict.MET, Verdict.NOT_MET)


@dataclass(frozen=True)
class Way:
    """The formulas of a sheet of findings, of which `column` and `row` tell the places; "" where there is none.

    What hangs on more than numbers (evidence, a test's interval, rows that contradict) has none: its verdict is the
    report's word, which a reviewer may change as any other cell.
    """

    book: Workbook
    case: Case
    column: Mapping[str, int]
    row: Mapping[str, int]
    stages: Mapping[str, StageSheet]
    rules: Mapping[str, RuleSheet]

    def number(self, finding: Finding, name: str) -> str:
        """Return the formula of a finding's value or margin."""
        if name == "margin":
            return self._margin(finding)
        # A plan may ask another rule of schools than these sheets have, and by the statistics of another year.
        if name != "value" or finding.stage is None or finding.field == Field.PLAN:
            return ""
        if finding.kind == Kind.CV and finding.stage in self.stages:
            stage = self.stages[finding.stage]
            if finding.item == ids.cv(COMPOSITE):
                return self._composite(finding, stage)
            return f"={stage.summed(finding.indicator, 'cv')}"
        if finding.kind == Kind.SCHOOLS and finding.stage in self.rules and finding.value is not None:
            rule = self.rules[finding.stage]
            return f"=COUNTIF({rule.verdicts},{self._word(Verdict.MET)})/{rule.schools}"
        return ""

    def verdict(self, finding: Finding) -> str:
        """Return the formula of a finding's verdict."""
        if finding.kind == Kind.ALL:
            return self._whole(finding) if finding.field != Field.PLAN else ""
        if finding.kind == Kind.CV and self.number(finding, "value"):
            return self._coefficient(finding)
        if finding.kind == Kind.SCHOOLS and self.number(finding, "value"):
            return self._schools(finding)
        return self._compared(finding)

    def _word(self, verdict: Verdict) -> str:
        return f'"{self.case.word("verdicts", verdict)}"'

    def _cell(self, finding: Finding, name: str) -> str:
        return str(cell_name(self.row[finding.id], self.column[name]))

    def _margin(self, finding: Finding) -> str:
        sense = numbers.sense_of(finding, self.case.standard_of(finding))
        if sense is None or finding.value is None or finding.target is None or finding.margin is None:
            return ""
        if finding.margin != rounding.apart(finding.value, finding.target, sense):
            return ""
        value, target = self._cell(finding, "value"), self._cell(finding, "target")
        margin = f"{value}-{target}" if sense in (Sense.AT_LEAST, Sense.ABOVE) else f"{target}-{value}"
        return f'=IF(AND(ISNUMBER({value}),ISNUMBER({target})),{margin},"")'

    def _composite(self, finding: Finding, stage: StageSheet) -> str:
        """Return the plain mean of all coefficients; none where one of them is no coefficient, or lies between two."""
        counted = [
            self.case.measured.stage(self.case.year, str(finding.stage), indicator, "schools")
            for indicator in stage.columns
        ]
        if any(stage.aside.values()) or any(not number or number <= 1 for number in counted):
            return ""
        cells = ",".join(stage.summed(indicator, "cv") for indicator in stage.columns)
        return f'=IF(COUNT({cells})={len(stage.columns)},SUM({cells})/{len(stage.columns)},"")'

    def _holds(self, value: str, finding: Finding, target: str = "") -> str:
        """Return the formula that compares to twelve digits, as values are judged (judge.rounding)."""
        sense = numbers.sense_of(finding, self.case.standard_of(finding))
        assert sense is not None
        assert finding.target is not None
        size = floor(log10(abs(finding.target))) if finding.target else -1
        places = rounding.DIGITS - 1 - size
        return f"ROUND({value}-{target or self._cell(finding, 'target')},{places}){SIGNS[sense]}0"

    def _compared(self, finding: Finding) -> str:
        """Return the verdict of a value on its target, where that is all it hangs on."""
        sense = numbers.sense_of(finding, self.case.standard_of(finding))
        if sense is None or finding.target is None:
            return ""
        if finding.value is None:
            plain = finding.verdict == Verdict.NO_DATA
        else:
            holds = rounding.holds(finding.value, finding.target, sense)
            plain = finding.verdict == (Verdict.MET if holds else Verdict.NOT_MET)
        return self._by_value(finding) if plain else ""

    def _by_value(self, finding: Finding) -> str:
        value = self._cell(finding, "value")
        met, not_met, no_data = map(self._word, (*_DECIDED, Verdict.NO_DATA))
        return f"=IF(ISNUMBER({value}),IF({self._holds(value, finding)},{met},{not_met}),{no_data})"

    def _coefficient(self, finding: Finding) -> str:
        """Return the verdict on a coefficient, as judge.resources has it."""
        if finding.target is None:
            return ""
        if finding.item == ids.cv(COMPOSITE):
            return self._compared(finding)
        stage = self.stages[str(finding.stage)]
        schools, all_of = stage.summed(finding.indicator, "schools"), len(stage.codes)
        alone = f"IF({schools}<{all_of},{self._word(Verdict.NO_DATA)},{self._word(Verdict.NOT_APPLICABLE)})"
        compared = self._by_value(finding)[1:]
        if stage.aside[finding.indicator]:
            compared = self._between(finding, stage, compared)
            alone = f"IF({schools}<{all_of},{compared},{self._word(Verdict.NOT_APPLICABLE)})"
        return f"=IF({schools}<=1,{alone},{compared})"

    def _between(self, finding: Finding, stage: StageSheet, known: str) -> str:
        """Return the verdict where amounts are set aside: by the least and the most that the coefficient can be
        (statistics.dispersion); `known` decides once they are all filled in."""
        indicator, word = finding.indicator, f'"{self.book.words["aside"]}"'
        amounts, pupils = (stage.area(indicator, what) for what in ("amount", "pupils"))
        cv = stage.summed(indicator, "cv")
        count = f'SUMIF({stage.area(indicator)},">=0",{pupils})'
        rows = [stage.first + place for place in stage.aside[indicator]]
        cells = [(stage.cell(row, indicator, "amount"), stage.cell(row, indicator, "pupils")) for row in rows]
        of = ",".join(f"IF(ISTEXT({amount}),{enrolled},1E+99)" for amount, enrolled in cells)
        unknown = "+".join(f"IF(ISTEXT({amount}),{enrolled},0)" for amount, enrolled in cells)
        nothing = f"SQRT({count}/({unknown}))"
        some = f"{cv}/SQRT(1+(1+{cv}^2)*({unknown})/{count})"
        least = f"IF({count}<=0,0,IF(ISNUMBER({cv}),{some},{nothing}))"
        corner = f"IF(AND({count}>0,ISNUMBER({cv})),({cv}^2*({count}+({unknown}))+({unknown}))/{count},0)"
        most = f"SQRT(MAX(({count}+({unknown}))/MIN({of})-1,{corner}))"
        met, not_met, open_ = map(self._word, (*_DECIDED, Verdict.UNDECIDABLE))
        judged = f"IF({self._holds(most, finding)},{met},IF({self._holds(least, finding)},{open_},{not_met}))"
        return f"IF(COUNTIF({amounts},{word})>0,{judged},{known})"

    def _schools(self, finding: Finding) -> str:
        """Return the verdict on the share of schools: those not decided count as met at best."""
        if finding.target is None:
            return ""
        rule = self.rules[str(finding.stage)]
        number = {
            verdict: f"COUNTIF({rule.verdicts},{self._word(verdict)})"
            for verdict in (Verdict.MET, Verdict.NOT_MET, Verdict.UNDECIDABLE)
        }
        best = f"({rule.schools}-{number[Verdict.NOT_MET]})/{rule.schools}"
        open_ = f"IF({number[Verdict.UNDECIDABLE]}>0,{self._word(Verdict.UNDECIDABLE)},{self._word(Verdict.NO_DATA)})"
        possible = f"IF({self._holds(best, finding)},{open_},{self._word(Verdict.NOT_MET)})"
        return f"=IF({self._holds(self._cell(finding, 'value'), finding)},{self._word(Verdict.MET)},{possible})"

    def _whole(self, finding: Finding) -> str:
        """Return the verdict of a field from its items, of the county from its fields: the first that occurs."""
        fields = [id for field in FIELDS if (id := ids.whole(field)) in self.row]
        beside = [id for field in BESIDE if (id := ids.whole(field)) in self.row]
        first = max(self.row[id] for id in (*fields, *beside, ids.OVERALL) if id in self.row) + 1
        if first > max(self.row.values()) or len(fields) < len(FIELDS):
            return ""
        if finding.id == ids.OVERALL:
            cells = self._area("verdict", *(self.row[id] for id in (fields[0], fields[-1])))
            stopping = [
                f"{cell_name(self.row[id], self.column['verdict'])}={self._word(Verdict.NOT_MET)}" for id in beside
            ]
            whole = self._first(lambda verdict: f"COUNTIF({cells},{self._word(verdict)})")
            return f"=IF(OR({','.join(stopping)}),{self._word(Verdict.NOT_MET)},{whole})" if beside else f"={whole}"
        area = {name: self._area(name, first, max(self.row.values())) for name in ("field", "counts", "verdict")}
        counting = f'"{self.book.words["answers"]["true"]}"'
        of = f"{area['field']},{self._cell(finding, 'field')},{area['counts']},{counting},{area['verdict']}"
        return f"={self._first(lambda verdict: f'COUNTIFS({of},{self._word(verdict)})')}"

    def _area(self, name: str, first: int, last: int) -> str:
        ends = (cell_name(row, self.column[name], row_abs=True, col_abs=True) for row in (first, last))
        return ":".join(ends)

    def _first(self, count: Callable[[Verdict], str]) -> str:
        """Return the formula of the first verdict that is counted, in the order in which they combine."""
        formula = self._word(Verdict.NOT_APPLICABLE)
        for verdict in reversed(worst_first()):
            formula = f"IF({count(verdict)}>0,{self._word(verdict)},{formula})"
        return formula
