"""Runs medpro-audit, bare parsing and whichever peers are installed on the same files, and prints Markdown tables.

Usage: compare.py [--runs N] [--peers-from FOLDER] [--only TEXT] DIRECTORY…

Peers are found on the search path, and first of all in FOLDER/node_modules/.bin and FOLDER/bin. Nothing is fetched and
nothing judged: what the figures should be is a matter of the machine.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import peers
import scanner
import table
from corpus import Corpus, mirror, observe, write_list
from measuring import Program, interleaved, summaries

FLOOR = "parsing, nothing else"
PARSE_FLOOR = Path(__file__).parent / "parse_floor.py"


def main() -> None:
    """Measure every directory that the command line names."""
    options = _options()
    folders = [place for each in options.peers_from for place in (each / "node_modules/.bin", each / "bin")]
    search = os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath)])
    for directory in options.directories:
        with TemporaryDirectory() as scratch:
            print(compare(directory, Path(scratch), options.runs, search, options.only), flush=True)


def compare(directory: Path, scratch: Path, runs: int, search: str, only: str = "") -> str:
    """Measure all tools on the files that a scan of a directory parses; ``only`` names a part of the peers."""
    corpus = observe(directory, scratch, scanner.alone())
    if not corpus.files:
        return f"### {table.title_of(directory)}: no source files\n"
    copy = mirror(corpus, scratch / "copy")
    (copy / ".semgrepignore").touch()  # it would leave out tests of its own accord
    found, missing = peers.installed(copy, scratch, search)
    chosen = [peer for peer in found if only in peer.name]
    used, failures = interleaved([floor(corpus, scratch), *scanner.scans(corpus.folder, scratch), *chosen], runs)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    remarks = [f"a peak of {own:.0f} MiB or less can be that of this script, which starts the others", *failures]
    remarks += [f"not installed: {', '.join(missing)}"] if missing else []
    return table.section(table.title_of(directory), corpus, summaries(used, FLOOR), remarks)


def floor(corpus: Corpus, scratch: Path) -> Program:
    """The parsing of the files, as a process of its own."""
    listing = write_list(corpus, scratch / "files.txt")
    return Program(FLOOR, [sys.executable, str(PARSE_FLOOR), str(listing)], scratch)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directories", nargs="+", type=Path, metavar="DIRECTORY")
    parser.add_argument("--runs", type=int, default=5, help="rounds that count (default: 5)")
    parser.add_argument("--peers-from", type=Path, action="append", default=[], metavar="FOLDER")
    parser.add_argument("--only", default="", metavar="TEXT", help="only peers with this in their name")
    return parser.parse_args()


if __name__ == "__main__":
    main()
