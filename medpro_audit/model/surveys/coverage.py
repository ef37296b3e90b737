"""How much of each module the tests run, by a coverage report."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor

from medpro_audit.model.known import Known
from medpro_audit.model.subjects.coverage import ModuleCoverage
from medpro_audit.model.testing.coverage.reading import Coverage, coverage
from medpro_audit.model.testing.modules import runnable


def survey(known: Known) -> Iterable[ModuleCoverage]:
    """Every module of server code that has something to run, by path."""
    found = known.shared(coverage)
    for path, kind in sorted(known.shared(runnable).items()):
        yield _module(path, kind, known.base.backend_of(path), found)


def _module(path: str, kind: str, backend: str, found: Coverage) -> ModuleCoverage:
    file = found.files.get(path)
    if file is None or file.fault is not None or not file.total:
        return ModuleCoverage(path, backend, kind, "unknown", reason=_reason(path, found))
    return ModuleCoverage(
        file=path,
        backend=backend,
        kind=kind,
        status="measured",
        share=floor(1000 * file.covered / file.total) / 10,
        covered=file.covered,
        total=file.total,
        report=file.report,
    )


def _reason(path: str, found: Coverage) -> str:
    file = found.files.get(path)
    if file is not None:
        return f"the report is out of date: {file.fault}" if file.fault else "the report counts no line of it"
    return "the report does not have this file" if found.reports else "there is no coverage report"
