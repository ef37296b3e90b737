"""Runs medpro-audit and writes down how often each source file was opened: lines of a count and an absolute path.

Usage: opened_files.py LIST medpro-audit-arguments…

It watches the interpreter, not the scanner, so it can't be wrong about what the scanner reads, as long as there is one
process and no cache.
"""

import os
import sys
from collections import Counter
from pathlib import Path

from parse_floor import LANGUAGES


def main() -> None:
    """Run the command line under an audit hook."""
    target, *arguments = sys.argv[1:]
    opened: Counter[str] = Counter()

    def watch(event: str, details: tuple[object, ...]) -> None:
        path = details[0] if event == "open" else None
        if isinstance(path, str | os.PathLike) and os.fspath(path).endswith(tuple(LANGUAGES)):
            opened[os.path.realpath(path)] += 1

    from medpro_audit.cli import main as scan  # noqa: PLC0415 - what its import opens is of no interest

    sys.addaudithook(watch)
    sys.argv = ["medpro-audit", *arguments]
    try:
        scan()
    finally:
        lines = [f"{opened[path]} {path}\n" for path in sorted(opened)]
        Path(target).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
