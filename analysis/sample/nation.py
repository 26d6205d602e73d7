"""Any number of invented counties: each one's size, shape and fortune are drawn from its number."""

import copy

import numpy as np

from analysis.sample.schools import stream
from analysis.sample.settings import Spec, model, stories

#: Most counties that codes 9901xx to 9999xx and two-character names allow.
MOST = 3000


def code_of(number: int) -> str:
    """Return the code of county `number`, from 0: 990101, 990102, ... 990199, 990201."""
    return f"99{number // 99 + 1:02d}{number % 99 + 1:02d}"


def name_of(number: int) -> str:
    """Return a name of its own for each county."""
    says = model()["nation"]
    first, second = says["first"], says["second"]
    mixed = number * 1009 % (len(first) * len(second))
    kind = says["kinds"][number % len(says["kinds"])]
    return f"{first[mixed // len(second)]}{second[(mixed + 7 * (mixed // len(second))) % len(second)]}{kind}"


def invented(number: int, seed: int, form: str) -> Spec:
    """Return county `number`, which reports in the format `form`."""
    says = model()["nation"]
    code = code_of(number)
    rng = stream(seed, code, 9)
    told = copy.deepcopy(stories()["defaults"])
    size = int(np.clip(says["schools"]["mean"] * rng.lognormal(-0.08, 0.4), *says["schools"]["between"]))
    mix = {kind: part for kind, part in says["mix"].items() if part}
    counts = {kind: round(size * part) for kind, part in mix.items()} | {"special": 1}
    counts["primary"] = max(counts["primary"], 5)
    counts["junior"] = max(counts["junior"], 2)
    poor = rng.random() < says["poor"]
    told |= {
        "format": form,
        "schools": counts,
        "private": int(min(size * 0.04, 12)),
        "money": "万元" if rng.random() < 0.4 else "元",
        "teachers": "school" if rng.random() < 0.4 else "stage",
        "built": "chinese" if rng.random() < 0.3 else "dashed",
        "seat": "街道" if rng.random() < 0.4 else "镇",
        "spread": {stage: float(rng.uniform(*between)) for stage, between in says["spread"].items()},
        "lag": [float(rng.uniform(0.03, 0.12)), float(rng.uniform(0.05, 0.40))],
        "monitoring": {"level": [2, 3, 3, 4] if poor else [3, 3, 4], "rate": [0.08, 0.22] if poor else [0.05, 0.145]},
        "scores": None,
    }
    if poor:
        told["short"] = [
            {"stage": "primary", "indicator": name, "schools": 1 + size // 30, "ratio": [0.5, 0.9]}
            for name in says["scarce"]
        ]
    zh = name_of(number)
    return Spec(code, zh, f"Sample county {code}", told)
