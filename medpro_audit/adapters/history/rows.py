"""What is kept, as rows of the tables and back."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from medpro_audit.core.finding import SEVERITIES, Finding, Measure
from medpro_audit.history.record import Epoch, RecordedEndpoint, Revision, Scan
from medpro_audit.result import Metric

Row = dict[str, object]
Stored = Mapping[str, Any]
"""A row as the database gives it."""
Kind = TypeVar("Kind", bound=Struct)

_DIGEST = 32
"""Hexadecimal digits that are kept of a hash."""


def of_epoch(epoch: Epoch) -> Row:
    """A row of ``epochs``."""
    return _plain(epoch) | {"id": epoch.id}


def epoch(row: Stored) -> Epoch:
    """What a row of ``epochs`` says."""
    return _struct(row, Epoch)


def of_scan(scan: Scan) -> Row:
    """A row of ``scans``."""
    return {
        **_plain(scan.revision),
        **{f"{severity}s": scan.findings.get(severity, 0) for severity in SEVERITIES},
        "key": scan.key,
        "project": scan.project,
        "epoch": scan.epoch.id,
        "verdict": scan.verdict,
        "completeness": msgspec.to_builtins(scan.completeness),
        "endpoints": scan.endpoints,
    }


def scan(row: Stored, epoch: Epoch, metrics: Sequence[Metric]) -> Scan:
    """What a row of ``scans`` says."""
    findings = {severity: row[f"{severity}s"] for severity in SEVERITIES}
    told = {"revision": _struct(row, Revision), "epoch": epoch, "metrics": tuple(metrics), "findings": findings}
    return _struct({**row, **told}, Scan)


def of_metric(metric: Metric) -> Row:
    """A row of ``metrics``."""
    return _plain(metric, {"measures", "id"}) | {"metric": metric.id}


def metric(row: Stored, measures: Sequence[Stored]) -> Metric:
    """What a row of ``metrics`` says with its rows of ``measures``."""
    return _struct({**row, "id": row["metric"], "measures": tuple(_struct(each, Measure) for each in measures)}, Metric)


def of_measure(measure: Measure, metric: str) -> Row:
    """A row of ``measures``."""
    return _plain(measure) | {"metric": metric}


def of_finding(found: Finding) -> Row:
    """A row of ``findings``."""
    return _plain(found, {"trail"})


def finding(row: Stored) -> Finding:
    """What a row of ``findings`` says."""
    return _struct(row, Finding)


def of_endpoint(recorded: RecordedEndpoint) -> Row:
    """A row of ``endpoints``."""
    return _plain(recorded)


def endpoint(row: Stored) -> RecordedEndpoint:
    """What a row of ``endpoints`` says."""
    return _struct(row, RecordedEndpoint)


def digest(row: Row) -> str:
    """The same for rows of the same content."""
    return hashlib.sha256(msgspec.json.encode(row, order="sorted")).hexdigest()[:_DIGEST]


def _plain(value: Struct, left_out: Collection[str] = ()) -> Row:
    return {name: getattr(value, name) for name in value.__struct_fields__ if name not in left_out}


def _struct(row: Stored, kind: type[Kind]) -> Kind:
    """A value, proved: the file may be a stranger's, and SQLite keeps any type in any column."""
    return msgspec.convert({name: row[name] for name in kind.__struct_fields__ if name in row}, kind)
