"""One scan as it is kept: what was measured, at which commit, by which rules."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, TypeVar, cast

import msgspec
from msgspec import Meta, Struct, structs

from medpro_audit.core.config import Config
from medpro_audit.core.finding import SEVERITIES, Finding, Severity
from medpro_audit.model.subjects import Endpoint
from medpro_audit.result import AuditResult, Completeness, Metric
from medpro_audit.result.verdicts import Answer, verdicts
from medpro_audit.rules.rule import Rule, RuleSet

Value = TypeVar("Value")

RECORD_VERSION = 1
"""Of the form in which records are exported."""
_DIGEST = 12
"""Hexadecimal digits that are kept of a hash."""


class Revision(Struct, frozen=True):
    """The state of the code that was scanned."""

    at: Annotated[datetime, Meta(tz=True)]
    """When it was committed, in UTC; of what was never committed, when it was scanned."""
    commit: str | None = None
    """Full id; None outside of a git repository."""
    branch: str | None = None
    """None where no branch is checked out."""
    is_dirty: bool = False
    """Files were changed since the commit."""

    @property
    def name(self) -> str:
        """For people: ``a1b2c3d4e``, with a ``+`` where files were changed since."""
        return f"{self.commit[:9]}{'+' if self.is_dirty else ''}" if self.commit else "uncommitted"


class Epoch(Struct, frozen=True):
    """What a scan measured with. Only the metrics of one epoch are held against each other."""

    tool: str
    """Version of medpro-audit."""
    rules: dict[str, str]
    """By the id of each rule that ran, a hash of what it asks and how much it weighs."""
    configuration: str
    """Hash of the configuration as far as it changes what is found."""

    @property
    def id(self) -> str:
        """The same for all scans that measured with the same."""
        return _hash(msgspec.json.encode(self, order="sorted"))

    def reads_like(self, other: "Epoch") -> bool:
        """Both read the code in the same way, whatever rules ask about it."""
        return (self.tool, self.configuration) == (other.tool, other.configuration)


class RecordedEndpoint(Struct, frozen=True):
    """An endpoint with what was said of it."""

    method: str
    path: str
    file: str
    line: int
    backend: str
    verdicts: dict[str, Answer]
    """By the id of the question; see `result.verdicts`."""


class Scan(Struct, frozen=True):
    """What one scan measured, without what it found one by one."""

    project: str
    revision: Revision
    epoch: Epoch
    verdict: str
    """Of the gate: passed, failed, incomplete or not-gated."""
    metrics: tuple[Metric, ...]
    completeness: Completeness
    findings: dict[Severity, int]
    """How many there were."""
    endpoints: int

    @property
    def key(self) -> str:
        """The same for scans of one state of one project that measured with the same: the later replaces the earlier.

        What was never committed has no name, so its time stands for it.
        """
        revision = self.revision
        is_clean = revision.commit is not None and not revision.is_dirty
        state = revision.commit if is_clean else f"{revision.commit} {revision.at.isoformat()}"
        return _hash(f"{self.project}\n{self.epoch.id}\n{state}".encode())

    def metric(self, name: str) -> Metric | None:
        """A metric by its id."""
        return next((metric for metric in self.metrics if metric.id == name), None)


class Record(Struct, frozen=True):
    """A scan with everything that is kept of it."""

    scan: Scan
    findings: tuple[Finding, ...]
    """Without their trails."""
    endpoints: tuple[RecordedEndpoint, ...]
    version: int = RECORD_VERSION


def record_of(result: AuditResult, revision: Revision, epoch: Epoch, project: str | None = None) -> Record:
    """What is kept of a result, under the name of its project or another one."""
    counts: Counter[Severity] = Counter(finding.severity for finding in result.findings)
    scan = Scan(
        project=project or result.project,
        revision=revision,
        epoch=epoch,
        verdict=result.verdict.status,
        metrics=result.metrics,
        completeness=result.completeness,
        findings={severity: counts[severity] for severity in SEVERITIES},
        endpoints=len(result.endpoints),
    )
    findings = tuple(structs.replace(finding, trail=()) for finding in result.findings)
    return canonical(Record(scan, findings, tuple(map(_recorded, result.endpoints))))


def canonical(record: Record) -> Record:
    """A record as every database keeps it: its moment in UTC, no null character in its text, and no half of one.

    Raises:
        OverflowError: In UTC the moment lies before the first year or after the last.
    """
    revision = structs.replace(record.scan.revision, at=record.scan.revision.at.astimezone(UTC))
    moved = structs.replace(record, scan=structs.replace(record.scan, revision=revision))
    try:
        is_harmless = b"\\u0000" not in msgspec.json.encode(moved)
    except UnicodeEncodeError:
        is_harmless = False
    return moved if is_harmless else _harmless(moved)


def _harmless(value: Value) -> Value:
    found: object = value
    if isinstance(value, str):
        found = value.replace("\0", "\N{SYMBOL FOR NULL}").encode(errors="replace").decode()
    elif isinstance(value, tuple):
        found = tuple(map(_harmless, value))
    elif isinstance(value, dict):
        found = {_harmless(key): _harmless(each) for key, each in value.items()}
    elif isinstance(value, Struct):
        found = structs.replace(value, **{name: _harmless(getattr(value, name)) for name in value.__struct_fields__})
    return cast("Value", found)


def _recorded(endpoint: Endpoint) -> RecordedEndpoint:
    place = (endpoint.file, endpoint.line, endpoint.backend)
    return RecordedEndpoint(endpoint.method, endpoint.path, *place, verdicts(endpoint))


def epoch_of(tool: str, ruleset: RuleSet, config: Config) -> Epoch:
    """What a scan measures with.

    What the gate fails, where the baseline stands and what a status document claims change no measurement.
    """
    default = Config()
    told = structs.replace(
        config, gate=default.gate, baseline=default.baseline, claims=default.claims, rules=default.rules
    )
    changed = _differing(msgspec.to_builtins(told), msgspec.to_builtins(default))
    rules = {rule.id: _asked(rule) for rule in ruleset.rules}
    return Epoch(tool, rules, _hash(msgspec.json.encode(changed, order="sorted")))


def _differing(told: object, default: object) -> object:
    """What is not as by default: so a key that a new version adds changes nothing for those who don't use it."""
    if not isinstance(told, dict) or not isinstance(default, dict):
        return told
    return {key: _differing(value, default.get(key)) for key, value in told.items() if value != default.get(key)}


def _asked(rule: Rule) -> str:
    """A hash of what changes the answer of a rule, or what it counts."""
    asked: Mapping[str, object] = {
        "subject": rule.subject,
        "severity": rule.severity,
        "metric": rule.metric,
        "where": rule.where,
        "require": rule.require,
        "query": rule.query,
        "weight": rule.weight,
    }
    return _hash(msgspec.json.encode(asked, order="sorted"))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_DIGEST]


def change_of_epoch(before: Epoch, after: Epoch) -> str | None:
    """Why two epochs are not the same, in words; None when they are."""
    said = []
    if before.tool != after.tool:
        said.append(f"medpro-audit {before.tool} became {after.tool}")
    said += _changed_rules(before.rules, after.rules)
    if before.configuration != after.configuration:
        said.append("the configuration changed")
    return "; ".join(said) or None


def _changed_rules(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    counted = (
        (len(after.keys() - before.keys()), "added"),
        (len(before.keys() - after.keys()), "removed"),
        (sum(before[name] != after[name] for name in before.keys() & after.keys()), "changed"),
    )
    return [f"{number} rule{'s' * (number != 1)} {word}" for number, word in counted if number]
