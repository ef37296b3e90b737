"""Writes a synthetic Express back end, the same one for the same arguments.

Usage: generate.py FOLDER --files N [--seed N]      FOLDER must not exist; N is from 26 to as many as the disk holds
"""

from __future__ import annotations

import argparse
from pathlib import Path

from back_end import back_end


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=1000, help="how many source files (default: 1000)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    try:
        written = write(options.folder, options.files, options.seed)
    except (ValueError, FileExistsError) as fault:
        parser.error(str(fault))
    print(f"{options.folder}: {options.files:,} source files, {written / 1e6:.1f} MB")


def write(folder: Path, files: int, seed: int = 1) -> int:
    """Write a back end into a new folder; return how many bytes it has."""
    folder.mkdir(parents=True)
    size = 0
    for path, text in back_end(files, seed):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        size += target.write_bytes(text.encode())
    return size


if __name__ == "__main__":
    main()
