"""results.json: every finding, coefficient, rate and count, held against those worked out again."""

import json
from collections import Counter
from fractions import Fraction
from math import isclose
from pathlib import Path
from typing import Any

from verification.checked import foretold
from verification.checked.kinds import Kind, Record
from verification.checked.planned import hold_plan
from verification.checked.told import publisher, title
from verification.raw.tables import known
from verification.rules import COMPOSITE
from verification.words import Words
from verification.worked.case import Case
from verification.worked.dispersion import Coefficient
from verification.worked.finding import Finding
from verification.worked.stages import STAGES

#: Figures of the likelihood are solved by two programs: they agree to so many digits, all others to the last.
SOLVED, EXACT = 1e-9, 1e-12


def alike(printed: Any, worked: Fraction | float | None, within: float = EXACT, beside: float = 0.0) -> bool:
    """Return whether a printed number is the one that was worked out, up to a share of it or an amount `beside` it."""
    if printed is None or worked is None:
        return printed is None and worked is None
    return not isinstance(printed, bool) and isclose(
        float(printed), float(worked), rel_tol=within, abs_tol=max(1e-13, beside)
    )


class Results:
    """One results.json against one case."""

    def __init__(self, case: Case, path: Path, record: Record) -> None:
        self.case, self.record = case, record
        self.document = path.name
        self.data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))

    def hold(self, place: str, printed: Any, worked: Any, kind: Kind, within: float = EXACT) -> None:
        """Hold one number, or one word, against what was worked out."""
        number = isinstance(printed, int | float) and not isinstance(printed, bool)
        if number or (isinstance(worked, int | float | Fraction) and not isinstance(worked, bool)):
            if alike(printed, worked, within):
                self.record.good(self.document, kind, int(number))
                return
        elif printed == worked:
            return
        self.record.bad(self.document, place, printed, worked if worked is not None else "null")

    def check(self) -> None:
        """Hold everything."""
        self._head()
        self._findings()
        self._coefficients()
        self._rates()
        self._quality()
        self._forecast()
        self._sources()
        self._plans()

    def _plans(self) -> None:
        for name, plan in self.case.plans.items():
            hold_plan(self, name, plan)

    def _head(self) -> None:
        said = self.data
        self.hold("county", said["county"], self.case.county.code, Kind.FORM)
        self.hold("year", said["year"], self.case.year, Kind.FORM)
        for lang in ("zh", "en"):
            self.hold(f"names.{lang}", said["names"][lang], self.case.county.entry[lang], Kind.FORM)

    def _forecast(self) -> None:
        said = self.data.get("forecast")
        if said:
            foretold.hold(self, said)

    def _findings(self) -> None:
        laid = self.case.laid.now.findings if self.case.laid else {}
        worked = {one.id: one for one in (*self.case.now.findings.values(), *laid.values())}
        printed = {one["id"]: one for one in self.data["findings"]}
        for lost in sorted(set(worked) - set(printed)):
            self.record.bad(self.document, f"findings {lost}", "(missing)", worked[lost].verdict)
        for id, one in printed.items():
            if id not in worked:
                self.record.bad(self.document, f"findings {id}", one["value"])
                continue
            self._finding(one, worked[id])

    def _finding(self, printed: dict[str, Any], worked: Finding) -> None:
        place = f"findings {worked.id}"
        within = SOLVED if worked.item == "rate_own" else EXACT
        source = Kind.TRACED if worked.traced else Kind.WORKED
        self.hold(f"{place} year", printed["year"], self.case.year, Kind.FORM)
        self.hold(f"{place} county", printed["county"], self.case.county.code, Kind.FORM)
        self.hold(f"{place} value", printed["value"], worked.value, source, within)
        self.hold(f"{place} target", printed["target"], worked.target, Kind.RULE)
        self.hold(f"{place} computed", printed["computed"], worked.computed, Kind.WORKED)
        worked_margin = None if worked.verdict == "not_applicable" else worked.margin if worked.sense else None
        self.hold(f"{place} margin", printed["margin"], worked_margin, Kind.WORKED, max(within, 1e-11))
        self.hold(f"{place} verdict", printed["verdict"], worked.verdict, Kind.WORKED)
        for key in ("field", "item", "stage", "subject", "school"):
            self.hold(f"{place} {key}", printed[key] or "", getattr(worked, key), Kind.FORM)
        self.hold(f"{place} grade", printed["grade"], worked.grade or None, Kind.FORM)
        if worked.data_year is not None or worked.item in ("level", "rate"):
            self.hold(f"{place} data_year", printed["data_year"], worked.data_year, Kind.TRACED)
        if printed["evidence"] and printed["evidence"].startswith("{"):
            self._evidence(place, json.loads(printed["evidence"]), worked)

    def _evidence(self, place: str, told: dict[str, Any], worked: Finding) -> None:
        shown = evidence(worked)
        for key, value in told.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                if key not in shown:
                    self.record.bad(self.document, f"{place} evidence {key}", value)
                    continue
                within = SOLVED if worked.item == "rate_own" else 1e-11
                self.hold(f"{place} evidence {key}", value, shown[key], Kind.WORKED, within)

    def _coefficients(self) -> None:
        case = self.case
        expected = {}
        for year in case.years:
            for (indicator, stage), one in case.at(year).coefficients.items():
                expected[stage, indicator, year] = one
            if case.standard.data.get(COMPOSITE):
                together = {stage: case.at(year).composite(stage) for stage in STAGES}
                expected |= {
                    (stage, COMPOSITE, year): Coefficient(0, Fraction(0), value, {}, {})
                    for stage, value in together.items()
                    if value is not None
                }
        seen = set()
        for row in self.data["coefficients"]:
            key = (row["stage"], row["indicator"], row["year"])
            place = f"coefficients {' '.join(map(str, key))}"
            if key not in expected or key in seen:
                self.record.bad(self.document, place, row["cv"], "one row" if key in seen else "")
                continue
            one = expected[key]
            seen.add(key)
            single = row["indicator"] != COMPOSITE
            per = Fraction(str(case.standard.indicators[row["indicator"]]["per"])) if single else None
            judged = case.finding(f"resources.cv_{row['indicator']}.{row['stage']}", row["year"])
            self.record.good(self.document, Kind.FORM)
            self.hold(f"{place} schools", row["schools"], one.schools if single else None, Kind.WORKED)
            self.hold(f"{place} mean", row["mean"], None if per is None else one.mean * per, Kind.WORKED)
            self.hold(f"{place} cv", row["cv"], one.cv, Kind.WORKED)
            self.hold(f"{place} limit", row["limit"], judged.target if judged else None, Kind.RULE)
            self.hold(f"{place} verdict", row["verdict"], judged.verdict if judged else None, Kind.WORKED)
        for key in sorted(set(expected) - seen):
            self.record.bad(self.document, f"coefficients {key}", "(missing)", float(expected[key].cv or 0))

    def _rates(self) -> None:
        for row in self.data["rates"]:
            item = "rate" if row["kind"] == "national" else "rate_own"
            id = f"quality.{item}.{row['subject']}.{row['grade']}"
            worked = self.case.finding(id)
            if worked is None:
                self.record.bad(self.document, f"rates {id}", row["rate"])
                continue
            shown = evidence(worked)
            source, within = (Kind.TRACED, EXACT) if item == "rate" else (Kind.WORKED, SOLVED)
            self.record.good(self.document, Kind.FORM)
            self.hold(f"rates {id} year", row["year"], worked.data_year, Kind.TRACED)
            self.hold(f"rates {id} rate", row["rate"], worked.value, source, within)
            self.hold(f"rates {id} limit", row["limit"], worked.target, Kind.RULE)
            self.hold(f"rates {id} verdict", row["verdict"], worked.verdict, source)
            for key in ("ci_low", "ci_high", "p_below", "schools", "pupils", "eta2", "anova"):
                self.hold(f"rates {id} {key}", row[key], shown.get(key), Kind.WORKED, within)

    def _quality(self) -> None:
        tables = [one for held in self.case.county.tables.values() if (one := held.get(self.case.year))]
        told = self.data["data_quality"]
        counts = {
            "read": sum(one.read for one in tables),
            "kept": sum(len(one.rows) for one in tables),
            "quarantined": sum(len(one.aside) for one in tables),
            "other": sum(one.other for one in tables),
        }
        for key, worked in counts.items():
            self.hold(f"data_quality {key}", told[key], worked, Kind.WORKED)
        told_of = Counter[str]()
        for table in tables:
            told_of.update(table.counted())
        for key in sorted({*told_of, *told["notices"]}):
            if key in known()["not_worked_out"]:
                self.record.good(self.document, Kind.TRACED)
                continue
            self.hold(f"data_quality notices {key}", told["notices"].get(key), told_of.get(key), Kind.WORKED)
        broken = Counter(rule for table in tables for row in table.aside for rule in {f.rule for f in row["faults"]})
        for key in sorted({*broken, *told["quarantine_rules"]}):
            printed = told["quarantine_rules"].get(key)
            self.hold(f"data_quality quarantine_rules {key}", printed, broken.get(key), Kind.WORKED)

    def _sources(self) -> None:
        files = self.case.county.used(self.case.year)
        printed = {one["file"]: one for one in self.data["sources"]}
        for file in sorted(set(files) - set(printed)):
            self.record.bad(self.document, f"sources {file}", "(missing)", files[file]["sha256"])
        for file, one in printed.items():
            if file not in files:
                self.record.bad(self.document, f"sources {file}", one["sha256"])
                continue
            words = Words(self.case)
            said = files[file] | {"title": title(words, file), "publisher": publisher(words, file)}
            for key in ("year", "table", "sha256", "title", "publisher", "date", "registered"):
                self.hold(f"sources {file} {key}", one[key], said.get(key, ""), Kind.TRACED)


def evidence(worked: Finding) -> dict[str, Any]:
    """Return the numbers that stand behind a finding, by the names that results.json gives them."""
    if worked.item == "rate_own":
        r = worked.told.get("rate")
        return (
            dict(worked.told)
            if r is None
            else {
                "ci_low": worked.told["low"],
                "ci_high": worked.told["high"],
                "usual_low": r.low,
                "usual_high": r.high,
                "p_below": r.p_below,
                "p_safe": r.p_safe,
                "tau2": r.tau2,
                "sigma2": r.sigma2,
                "anova": r.anova,
                "eta2": r.eta2,
                "schools": r.schools,
                "pupils": r.pupils,
                "at_end": r.at_end,
            }
        )
    if "share" in worked.told:
        one = worked.told["share"]
        low, high = one.ends
        return {"asked": one.asked, "satisfied": one.satisfied, "ci_low": low, "ci_high": high}
    return dict(worked.told)
