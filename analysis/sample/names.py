"""Names of townships and schools: plain, unique within a county."""

import numpy as np
from numpy.typing import NDArray

from analysis.read.numbering import HAN
from analysis.sample.settings import Spec, model

ORDINALS = HAN[1:]


def _ordinal(number: int) -> str:
    """Return 一, 二, ... 十, 十一 ... for 1 to 99."""
    tens, ones = divmod(number, 10)
    if number <= 10:
        return ORDINALS[number - 1]
    return ("" if tens == 1 else ORDINALS[tens - 1]) + "十" + (ORDINALS[ones - 1] if ones else "")


def of(
    spec: Spec, types: NDArray[np.str_], area: NDArray[np.str_], run_by: NDArray[np.str_], rng: np.random.Generator
) -> tuple[list[str], list[str]]:
    """Return township and name of each school."""
    county = _County(spec, rng)
    townships, names = [], []
    for kind, place, owner in zip(types, area, run_by, strict=True):
        township = county.township(str(place))
        townships.append(township)
        names.append(
            county.private(str(kind)) if owner == "private" else county.public(str(kind), str(place), township)
        )
    return townships, names


class _County:
    """The names of a county's townships and schools, each given once: they follow one another as they are asked for."""

    def __init__(self, spec: Spec, rng: np.random.Generator) -> None:
        known = model()
        self.county, self.count = spec.zh, dict[str, int]()
        self.stem = spec.zh.removesuffix("县").removesuffix("新区").removesuffix("区").removesuffix("市")
        places = [str(place) for place in rng.permutation(known["townships"]) if place != self.stem]
        towns = [f"{place}镇" for place in places[:5]]
        rural = [*towns, *(f"{place}乡" for place in places[5:9])]
        seats = (
            [f"{place}街道" for place in rng.permutation(known["districts"])[:3]]
            if spec["seat"] == "街道"
            else [f"{known['seat']}镇"]
        )
        self.townships = {"urban": seats, "town": towns, "rural": rural}
        first, second = known["villages"]["first"], known["villages"]["second"]
        drawn = rng.permutation(len(first) * len(second))
        self.villages = (f"{first[i // len(second)]}{second[i % len(second)]}村" for i in drawn)
        self.brands = iter(rng.permutation(known["private"]))
        self.quarters = iter([str(name) for name in rng.permutation(known["urban"])])

    def township(self, place: str) -> str:
        """Return the next township of an area."""
        pool = self.townships[place]
        return pool[self._counted(f"turn {place}") % len(pool)]

    def private(self, kind: str) -> str:
        """Return the name of a private school."""
        ending = {"primary": "小学", "junior": "初级中学", "complete_secondary": "中学"}.get(kind, "学校")
        return f"{self.stem}{next(self.brands)}{ending}"

    def public(self, kind: str, place: str, township: str) -> str:
        """Return the name of a public school of a township."""
        if kind == "primary":
            return self._primary(place, township)
        if kind == "teaching_point":
            return f"{township}{next(self.villages)}教学点"
        if kind == "junior":
            urban = place == "urban"
            return self._serial("初级中学") if urban else self._once(township, "初级中学")
        if kind == "nine_year":
            return self._once(township[:-1], "九年一贯制学校")
        if kind == "complete_secondary":
            return self._serial("中学")
        ending = {"twelve_year": "实验学校", "special": "特殊教育学校"}.get(kind, "职业初级中学")
        return self._once(self.county, ending)

    def _primary(self, place: str, township: str) -> str:
        if place == "urban":
            quarter = next(self.quarters, None)
            turn = self.count[f"turn {place}"]
            return self._serial("小学") if quarter is None or turn % 2 else f"{self.county}{quarter}小学"
        if place == "town":
            return self._once(township, "小学", first=f"{township}中心小学")
        return f"{township}{next(self.villages)}小学"

    def _counted(self, name: str) -> int:
        """Return how often a name was asked for before."""
        self.count[name] = self.count.get(name, 0) + 1
        return self.count[name] - 1

    def _serial(self, ending: str) -> str:
        """Return the county's first, second, ... school of a kind."""
        return f"{self.county}第{_ordinal(self._counted(f'{self.county}{{}}{ending}') + 1)}{ending}"

    def _once(self, where: str, ending: str, first: str = "") -> str:
        """Return a plain name the first time, a numbered one after."""
        plain = first or f"{where}{ending}"
        before = self._counted(plain)
        return plain if not before else f"{where}第{_ordinal(before + 1)}{ending}"
