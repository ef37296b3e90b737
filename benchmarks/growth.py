"""Scans synthetic back ends of growing size and prints, as Markdown, what a file costs in each.

Usage: growth.py [--runs N] [FILES…]      FILES are numbers of source files (default: 1000 5000 10000)
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import scanner
from compare import FLOOR, floor
from corpus import Corpus
from generate import write
from measuring import Summary, interleaved, summaries

HEADER = (
    "| files | MB | tool | CPU s | wall s | peak MiB | CPU ms per file | to the smallest | CPU ÷ parse |",
    "|---:|---:|---|---:|---:|---:|---:|---:|---:|",
)


def main() -> None:
    """Measure every size that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=int, default=[1000, 5000, 10_000])
    parser.add_argument("--runs", type=int, default=3, help="rounds that count (default: 3)")
    options = parser.parse_args()
    print(*HEADER, sep="\n")
    smallest: dict[str, float] = {}
    for files in sorted(options.files):
        with TemporaryDirectory() as scratch:
            size, measured = measure(files, options.runs, Path(scratch))
        for row in rows(files, size, measured, smallest):
            print(row, flush=True)


def measure(files: int, runs: int, scratch: Path) -> tuple[int, list[Summary]]:
    """Measure parsing and scanning of a back end of so many files; return its bytes as well."""
    folder = scratch / "back-end"
    size = write(folder, files)
    corpus = Corpus(folder, tuple(sorted(folder.rglob("*.js"))))
    used, failures = interleaved([floor(corpus, scratch), *scanner.scans(folder, scratch)], runs)
    for failure in failures:
        print(f"{files} files: {failure}")
    return size, summaries(used, FLOOR)


def rows(files: int, size: int, measured: Sequence[Summary], smallest: dict[str, float]) -> list[str]:
    """A line for each tool; ``smallest`` remembers what a file cost in the smallest back end."""
    lines = []
    for each in measured:
        own = each.usage.cpu / files
        growth = own / smallest.setdefault(each.name, own)
        total = f"{each.usage.cpu:.2f} | {each.usage.wall:.2f} | {each.usage.peak:,.0f}"
        per_file = f"{own * 1000:.2f} | {growth:.2f} | {each.ratio:.1f}"
        lines.append(f"| {files:,} | {size / 1e6:.1f} | {each.name} | {total} | {per_file} |")
    return lines


if __name__ == "__main__":
    main()
