"""Istanbul's reports as JSON: ``coverage-final.json`` and ``coverage-summary.json``.

Source: istanbul-lib-coverage, ``FileCoverage.getLineCoverage``: a line ran as often as its most frequent statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TypeVar

import msgspec
from msgspec import Struct

from medpro_audit.model.testing.coverage.report import MAX_FILES, MAX_LINES, FileCoverage, ReportFault, of_lines

Kind = TypeVar("Kind")


class _Position(Struct):
    line: int | None = None


class _Range(Struct):
    start: _Position


class _File(Struct):
    s: dict[str, int]
    statement_map: dict[str, _Range] = msgspec.field(name="statementMap")
    path: str = ""


class _Totals(Struct):
    total: int
    covered: int


class _Summary(Struct):
    lines: _Totals


def read_final(content: bytes) -> Iterator[FileCoverage]:
    """Each file of a ``coverage-final.json``."""
    for key, file in islice(_decoded(content, dict[str, _File]).items(), MAX_FILES):
        lines: dict[int, int] = {}
        for name, where in islice(file.statement_map.items(), MAX_LINES):
            if where.start.line is not None:
                lines[where.start.line] = max(lines.get(where.start.line, 0), file.s.get(name, 0))
        yield of_lines(file.path or key, lines)


def read_summary(content: bytes) -> Iterator[FileCoverage]:
    """Each file of a ``coverage-summary.json``, without its lines."""
    for path, summary in islice(_decoded(content, dict[str, _Summary]).items(), MAX_FILES + 1):
        if path != "total":
            yield FileCoverage(path, covered=summary.lines.covered, total=summary.lines.total)


def _decoded(content: bytes, kind: type[Kind]) -> Kind:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ReportFault(f"it is no such JSON as Istanbul writes: {error}") from None
