"""What a team has accepted, and until when."""

from datetime import date

import msgspec

from medpro_audit.reporters.acceptance import accepted
from medpro_audit.result import AuditResult
from medpro_audit.result.baseline import BaselineReport, Entry

TODAY = date(2026, 11, 23)


def test_what_needs_somebody_stands_first(empty: AuditResult) -> None:
    """Over, over soon, mended, then the others; each with the days that are left, in words."""
    ends = {"later": date(2027, 1, 1), "soon": date(2026, 12, 7), "over": date(2026, 11, 23), "past": date(2026, 11, 1)}
    entries = [Entry(name, "x/y", "a.js", "x", "", expires=end) for name, end in ends.items()]
    entries += [Entry("never", "x/y", "a.js", "x", ""), Entry("gone", "x/y", "a.js", "x", "", expires=ends["past"])]
    result = msgspec.structs.replace(empty, baseline=BaselineReport("b", (), 0, 0, (entries[-1],), ()))
    found = [(line.entry.fingerprint, line.state, line.until) for line in accepted(result, entries, TODAY)]
    assert found == [
        ("past", "expired", "2026-11-01, 22 days ago"),
        ("over", "expired", "today"),
        ("soon", "expiring", "2026-12-07, in 14 days"),
        ("gone", "stale", "2026-11-01, 22 days ago"),
        ("later", "accepted", "2027-01-01, in 39 days"),
        ("never", "accepted", "without end"),
    ]
