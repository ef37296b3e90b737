"""Hand-made records of scans."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from medpro_audit.core.finding import Finding, Measure, Severity
from medpro_audit.history.record import Epoch, Record, RecordedEndpoint, Revision, Scan
from medpro_audit.result import Completeness, Metric
from medpro_audit.result.verdicts import Answer

MONDAY = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
EPOCH = Epoch("1.0", {"zod/unvalidated-body": "a", "logging/console-call": "b"}, "c")


def moment(week: float) -> datetime:
    """So many weeks after a certain Monday."""
    return MONDAY + timedelta(weeks=week)


def day(week: float) -> date:
    """The same as a day."""
    return moment(week).date()


def measure(rule: str, conforming: int, applicable: int, weight: int = 1) -> Measure:
    """What a rule measures."""
    return Measure(rule, "code-quality", conforming, applicable, 0, weight)


def metric(measures: Sequence[Measure] = (), share: float | None = None) -> Metric:
    """Code quality, of what rules measure."""
    asked = [each for each in measures if each.applicable]
    if asked:
        held = sum(each.weight * each.conforming / each.applicable for each in asked)
        share = round(100 * held / sum(each.weight for each in asked), 1)
    numerator, denominator = (sum(getattr(each, name) for each in asked) for name in ("conforming", "applicable"))
    reason = None if share is not None else "no rule of it applies"
    return Metric("code-quality", "Code quality", 90, share, numerator, denominator, 0, reason, tuple(measures))


def finding(name: str, file: str = "server.js", *, rule: str = "zod/unvalidated-body") -> Finding:
    """A finding; those of one name have the same code."""
    severity: Severity = "error"
    digest = sha256(f"{rule}{file}{name}".encode(errors="replace")).hexdigest()[:16]
    content = sha256(f"{rule}{name}".encode(errors="replace")).hexdigest()[:16]
    return Finding(rule, severity, f"{name} is bad", file, 3, 1, 3, digest, (), ".", "POST", f"/{name}", name, content)


def endpoint(path: str, file: str = "server.js", **verdicts: Answer) -> RecordedEndpoint:
    """An endpoint with what was said of it."""
    return RecordedEndpoint("GET", path, file, 7, ".", dict(verdicts))


def commit(week: float) -> str:
    """The id of a commit of a week."""
    return sha256(str(week).encode()).hexdigest()[:40]


def scan(week: float, *metrics: Metric, epoch: Epoch = EPOCH, project: str = "clinic", is_dirty: bool = False) -> Scan:
    """A scan of a week."""
    return Scan(
        project=project,
        revision=Revision(moment(week), commit(week), "main", is_dirty),
        epoch=epoch,
        verdict="passed",
        metrics=metrics or (metric(share=50.0 + week),),
        completeness=Completeness(3, 4, 10, 11, 1, 2, 5, 6, 4, 5),
        findings={"error": 2, "warning": 0, "note": 0},
        endpoints=2,
    )


def record(  # noqa: PLR0913 - what a test names differs from an ordinary one
    week: float,
    findings: Sequence[Finding] | None = None,
    endpoints: Sequence[RecordedEndpoint] | None = None,
    *,
    epoch: Epoch = EPOCH,
    project: str = "clinic",
    metrics: Sequence[Metric] = (),
) -> Record:
    """A record of a week; without findings, one that stays and one of its own."""
    found = (finding("stays"), finding(f"week {week}")) if findings is None else tuple(findings)
    said = (endpoint("/a", body="yes", tested="no"), endpoint("/b", body="unknown")) if endpoints is None else endpoints
    measures = (measure("zod/unvalidated-body", 3, 5), measure("logging/console-call", 7, 9))
    made = scan(week, *(metrics or (metric(measures),)), epoch=epoch, project=project)
    return Record(made, found, tuple(said))


def epoch(tool: str = "1.0", configuration: str = "c", **rules: str) -> Epoch:
    """What a scan measured with; rules of the names ``zod`` and ``logging`` stand for those that are made here."""
    names: Mapping[str, str] = {"zod": "zod/unvalidated-body", "logging": "logging/console-call"}
    return Epoch(tool, {names.get(name, name): asked for name, asked in rules.items()}, configuration)
