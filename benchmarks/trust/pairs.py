"""Pairs of runs at once over one folder: both end, and what lies there is whole and of one state."""

from benchmarks.trust.ground import TRACEBACK, Ground


def attack(ground: Ground, number: int) -> tuple[int, list[str]]:
    """Run pairs at once; return how many ended well, and what was found wrong."""
    out, processed, well, wrong = ground.folder / "paired", ground.folder / "of-paired" / "processed", 0, []
    for turn in range(number):
        ground.turn(turn % 2)
        runs = [ground.start(ground.words(out), processed) for _ in range(2)]
        ended = [run.end() for run in runs]
        faults = [f"pair {turn}: exit {each.code}: {each.said[-200:]}" for each in ended if each.code]
        faults += [f"pair {turn}: {each.said[-300:]}" for each in ended if TRACEBACK in each.said]
        faults += [f"pair {turn}: {fault}" for fault in ground.whole(out)]
        well += not faults
        wrong += faults
    return well, wrong
