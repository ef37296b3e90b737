"""What a coverage report says, whatever its format."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

MAX_FILES = 20_000
"""Further files of a report are left out."""
MAX_LINES = 200_000
"""Further lines of one file are left out."""


class ReportFault(Exception):  # noqa: N818 - a fault of the report, not of ours
    """A report that can't be read; its argument says why."""


class FileCoverage(Struct, frozen=True):
    """How often the lines of one file ran."""

    path: str
    """As the report has it."""
    lines: Mapping[int, int] = {}
    """Runs by line; empty where the report has totals only."""
    covered: int = 0
    total: int = 0


def of_lines(path: str, lines: Mapping[int, int]) -> FileCoverage:
    """Count the lines of a file."""
    return FileCoverage(path, lines, sum(count > 0 for count in lines.values()), len(lines))
