"""Names of townships and schools: plain, unique within a county."""

import numpy as np
from numpy.typing import NDArray

from analysis.sample.settings import Spec, model

ORDINALS = "一二三四五六七八九十"


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
    known = model()
    stem = spec.zh.removesuffix("县").removesuffix("新区").removesuffix("区").removesuffix("市")
    places = [str(place) for place in rng.permutation(known["townships"]) if place != stem]
    towns = [f"{place}镇" for place in places[:5]]
    rural = [*towns, *(f"{place}乡" for place in places[5:9])]
    seats = (
        [f"{place}街道" for place in rng.permutation(known["districts"])[:3]]
        if spec["seat"] == "街道"
        else [f"{known['seat']}镇"]
    )
    first, second = known["villages"]["first"], known["villages"]["second"]
    drawn = rng.permutation(len(first) * len(second))
    villages = (f"{first[i // len(second)]}{second[i % len(second)]}村" for i in drawn)
    private = iter(rng.permutation(known["private"]))
    urban = iter([str(name) for name in rng.permutation(known["urban"])])
    count: dict[str, int] = {}

    def serial(pattern: str) -> str:
        """Return the pattern with 第一, 第二, ... in its braces."""
        count[pattern] = count.get(pattern, 0) + 1
        return pattern.format(f"第{_ordinal(count[pattern])}")

    def once(name: str, pattern: str) -> str:
        """Return a plain name the first time, a numbered one after."""
        count[name] = count.get(name, 0) + 1
        return name if count[name] == 1 else pattern.format(f"第{_ordinal(count[name])}")

    townships, names = [], []
    for kind, place, owner in zip(types, area, run_by, strict=True):
        pool = {"urban": seats, "town": towns, "rural": rural}[str(place)]
        key = f"turn {place}"
        township = pool[count.get(key, 0) % len(pool)]
        count[key] = count.get(key, 0) + 1
        short = township[:-1]
        if owner == "private":
            ending = {"primary": "小学", "junior": "初级中学", "complete_secondary": "中学"}.get(str(kind), "学校")
            name = f"{stem}{next(private)}{ending}"
        elif kind == "primary":
            if place == "urban":
                given = next(urban, None)
                name = serial(f"{spec.zh}{{}}小学") if given is None or count[key] % 2 else f"{spec.zh}{given}小学"
            elif place == "town":
                name = once(f"{township}中心小学", f"{township}{{}}小学")
            else:
                name = f"{township}{next(villages)}小学"
        elif kind == "teaching_point":
            name = f"{township}{next(villages)}教学点"
        elif kind == "junior":
            name = (
                serial(f"{spec.zh}{{}}初级中学")
                if place == "urban"
                else once(f"{township}初级中学", f"{township}{{}}初级中学")
            )
        elif kind == "nine_year":
            name = once(f"{short}九年一贯制学校", f"{short}{{}}九年一贯制学校")
        elif kind == "twelve_year":
            name = once(f"{spec.zh}实验学校", f"{spec.zh}{{}}实验学校")
        elif kind == "complete_secondary":
            name = serial(f"{spec.zh}{{}}中学")
        elif kind == "special":
            name = once(f"{spec.zh}特殊教育学校", f"{spec.zh}{{}}特殊教育学校")
        else:
            name = once(f"{spec.zh}职业初级中学", f"{spec.zh}{{}}职业初级中学")
        townships.append(township)
        names.append(name)
    return townships, names
