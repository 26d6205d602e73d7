"""Pairs of runs at once over one folder: both end, and what lies there is whole and of one state."""

import subprocess

from benchmarks.trust.ground import TRACEBACK, Ground


def attack(ground: Ground, number: int) -> tuple[int, list[str]]:
    """Run pairs at once; return how many ended well, and what was found wrong."""
    out, processed, well, wrong = ground.folder / "paired", ground.folder / "of-paired" / "processed", 0, []
    for turn in range(number):
        ground.turn(turn % 2)
        processes = [
            subprocess.Popen(
                ground.command(out),
                env=ground.environment(processed),
                cwd=ground.folder,
                stderr=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                text=True,
            )
            for _ in range(2)
        ]
        said = [process.communicate()[1] for process in processes]
        faults = [f"pair {turn}: exit {each.returncode}" for each in processes if each.returncode]
        faults += [f"pair {turn}: {text[-300:]}" for text in said if TRACEBACK in text]
        faults += [f"pair {turn}: {fault}" for fault in ground.whole(out)]
        well += not faults
        wrong += faults
    return well, wrong
