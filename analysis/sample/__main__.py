"""`python -m analysis.sample FOLDER [COUNTIES]` writes the sample province, or any number of counties, into FOLDER."""

import argparse
from pathlib import Path

from analysis.sample.bulk import FORMATS
from analysis.sample.writing import write


def main() -> None:
    """Read the arguments and write."""
    parser = argparse.ArgumentParser(prog="python -m analysis.sample", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("counties", type=int, nargs="?", help="number of counties without stories, as CSV")
    parser.add_argument("--dirt", type=float, default=0.0, help="share of cells that are made dirty (with COUNTIES)")
    parser.add_argument("--mistakes", type=float, default=0.0, help="share of amounts with a zero too many")
    parser.add_argument("--formats", default="csv", help=f"comma-separated, by turns, of {', '.join(FORMATS)}")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    formats = tuple(asked.formats.split(","))
    if not set(formats) <= set(FORMATS):
        parser.error(f"--formats: {asked.formats}")
    write(
        asked.folder,
        counties=asked.counties,
        dirt=asked.dirt,
        mistakes=asked.mistakes,
        seed=asked.seed,
        formats=formats,
    )


if __name__ == "__main__":
    main()
