"""The tables of the history, as the code of today writes them; `versions` brings older ones to this layout.

A finding that stays is one row, however many scans have found it, and so is an endpoint.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, kept in UTC: SQLite knows no time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002, D102
        return value.astimezone(UTC).replace(tzinfo=None) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002, D102
        return value.replace(tzinfo=UTC) if value is not None else None


layout = MetaData()

epochs = Table(
    "epochs",
    layout,
    Column("id", String(12), primary_key=True),
    Column("tool", Text, nullable=False),
    Column("rules", JSON, nullable=False),
    Column("configuration", Text, nullable=False),
)

scans = Table(
    "scans",
    layout,
    Column("id", Integer, primary_key=True),
    Column("key", String(12), nullable=False, unique=True),
    Column("project", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("commit", Text),
    Column("branch", Text),
    Column("is_dirty", Boolean, nullable=False),
    Column("epoch", ForeignKey("epochs.id"), nullable=False),
    Column("verdict", Text, nullable=False),
    Column("completeness", JSON, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("warnings", Integer, nullable=False),
    Column("notes", Integer, nullable=False),
    Column("endpoints", Integer, nullable=False),
    Index("scans_by_time", "project", "at"),
)

metrics = Table(
    "metrics",
    layout,
    Column("scan", ForeignKey("scans.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("metric", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("target", Integer, nullable=False),
    Column("share", Float),
    Column("numerator", Integer, nullable=False),
    Column("denominator", Integer, nullable=False),
    Column("unknown", Integer, nullable=False),
    Column("reason", Text),
)

measures = Table(
    "measures",
    layout,
    Column("scan", ForeignKey("scans.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("metric", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("conforming", Integer, nullable=False),
    Column("applicable", Integer, nullable=False),
    Column("unknown", Integer, nullable=False),
    Column("weight", Integer, nullable=False),
)

findings = Table(
    "findings",
    layout,
    Column("id", Integer, primary_key=True),
    Column("digest", String(32), nullable=False, unique=True),
    Column("rule", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("column", Integer, nullable=False),
    Column("end_line", Integer, nullable=False),
    Column("fingerprint", Text, nullable=False, index=True),
    Column("content", Text, nullable=False),
    Column("backend", Text, nullable=False),
    Column("method", Text),
    Column("path", Text),
    Column("snippet", Text, nullable=False),
)

scan_findings = Table(
    "scan_findings",
    layout,
    Column("scan", ForeignKey("scans.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("finding", ForeignKey("findings.id"), nullable=False, index=True),
)

endpoints = Table(
    "endpoints",
    layout,
    Column("id", Integer, primary_key=True),
    Column("digest", String(32), nullable=False, unique=True),
    Column("method", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("backend", Text, nullable=False),
    Column("verdicts", JSON, nullable=False),
)

scan_endpoints = Table(
    "scan_endpoints",
    layout,
    Column("scan", ForeignKey("scans.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("endpoint", ForeignKey("endpoints.id"), nullable=False, index=True),
)
