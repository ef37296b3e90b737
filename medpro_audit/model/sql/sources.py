"""The SQL of each file, read once for the schema and for the statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medpro_audit.model.sql.spots import FileSpots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medpro_audit.facts import ir
    from medpro_audit.model.known import Known


def spots_of(known: Known, path: str) -> FileSpots:
    """The SQL of one file."""
    kept = known.shared(_files)
    if path not in kept:
        code = known.base.interpreter.code

        def body(function: ir.Function) -> Sequence[ir.Statement]:
            return code.body(path, function.start, function.end)

        kept[path] = FileSpots(code.module(path), body)
    return kept[path]


def _files(_known: Known) -> dict[str, FileSpots]:
    return {}
