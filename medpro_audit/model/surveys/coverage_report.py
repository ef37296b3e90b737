"""Coverage reports, held against the sources."""

from __future__ import annotations

from collections.abc import Iterable

from medpro_audit.model.known import Known
from medpro_audit.model.subjects.coverage_report import CoverageReport
from medpro_audit.model.testing.coverage.reading import coverage


def survey(known: Known) -> Iterable[CoverageReport]:
    """Every report that was read."""
    found = known.shared(coverage)
    for report in found.reports:
        own = {path: file for path, file in found.files.items() if file.report == report}
        yield CoverageReport(
            file=report,
            backend=known.base.backend_of(report),
            files=len(own),
            strangers=found.strangers.get(report, ()),
            outdated=tuple(f"of {path} {file.fault}" for path, file in sorted(own.items()) if file.fault),
        )
