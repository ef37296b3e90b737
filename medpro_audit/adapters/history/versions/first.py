"""The first layout."""

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "epochs",
        sa.Column("id", sa.String(12), primary_key=True),
        sa.Column("tool", sa.Text, nullable=False),
        sa.Column("rules", sa.JSON, nullable=False),
        sa.Column("configuration", sa.Text, nullable=False),
    )
    op.create_table(
        "scans",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(12), nullable=False, unique=True),
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("commit", sa.Text),
        sa.Column("branch", sa.Text),
        sa.Column("is_dirty", sa.Boolean, nullable=False),
        sa.Column("epoch", sa.String(12), sa.ForeignKey("epochs.id"), nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("completeness", sa.JSON, nullable=False),
        sa.Column("errors", sa.Integer, nullable=False),
        sa.Column("warnings", sa.Integer, nullable=False),
        sa.Column("notes", sa.Integer, nullable=False),
        sa.Column("endpoints", sa.Integer, nullable=False),
        sa.Index("scans_by_time", "project", "at"),
    )
    op.create_table(
        "metrics",
        _scan(),
        _position(),
        sa.Column("metric", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("target", sa.Integer, nullable=False),
        sa.Column("share", sa.Float),
        sa.Column("numerator", sa.Integer, nullable=False),
        sa.Column("denominator", sa.Integer, nullable=False),
        sa.Column("unknown", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text),
    )
    op.create_table(
        "measures",
        _scan(),
        _position(),
        sa.Column("metric", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("conforming", sa.Integer, nullable=False),
        sa.Column("applicable", sa.Integer, nullable=False),
        sa.Column("unknown", sa.Integer, nullable=False),
        sa.Column("weight", sa.Integer, nullable=False),
    )
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String(32), nullable=False, unique=True),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("column", sa.Integer, nullable=False),
        sa.Column("end_line", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False, index=True),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("backend", sa.Text, nullable=False),
        sa.Column("method", sa.Text),
        sa.Column("path", sa.Text),
        sa.Column("snippet", sa.Text, nullable=False),
    )
    op.create_table(
        "endpoints",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String(32), nullable=False, unique=True),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("backend", sa.Text, nullable=False),
        sa.Column("verdicts", sa.JSON, nullable=False),
    )
    for table, column in (("scan_findings", "finding"), ("scan_endpoints", "endpoint")):
        op.create_table(
            table,
            _scan(),
            _position(),
            sa.Column(column, sa.Integer, sa.ForeignKey(f"{column}s.id"), nullable=False, index=True),
        )


def _scan() -> "sa.Column[int]":
    return sa.Column("scan", sa.Integer, sa.ForeignKey("scans.id", ondelete="CASCADE"), primary_key=True)


def _position() -> "sa.Column[int]":
    return sa.Column("position", sa.Integer, primary_key=True)
