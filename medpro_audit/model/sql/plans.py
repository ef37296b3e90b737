"""What a real server says of a statement, held against what the schema in the repository says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from medpro_audit.model.subjects.query import Query


class TableAccess(Struct, frozen=True):
    """How a server reads one table of a statement: one row of its EXPLAIN."""

    table: str
    """Its name in the statement: an alias where it has one."""
    kind: str
    """``ALL`` for the whole table, ``ref``, ``range``, ``const``, …"""
    possible_keys: str | None
    """Indexes that could serve; None without any."""
    key: str | None
    """The one that is used."""
    rows: int | None


PlanVerdict = Literal["confirmed", "refuted", "scan", "served", "undecided"]


class Plan(Struct, frozen=True):
    """What a server says of a statement."""

    verdict: PlanVerdict
    """confirmed or refuted: what the repository's schema says; scan or served: what only the server knows; undecided:
    it could not be asked."""
    accesses: tuple[TableAccess, ...] = ()
    reason: str | None = None
    """Why it could not be asked."""


def judge(query: Query, accesses: Sequence[TableAccess]) -> Plan:
    """Hold the verdict on a statement against a server's plan."""
    scans = any(_is_scan(query, access) for access in accesses)
    verdict: PlanVerdict = "scan" if scans else "served"
    if query.index.missing is not None and query.is_compared:
        verdict = "confirmed" if scans is query.index.missing else "refuted"
    return Plan(verdict, tuple(accesses))


def _is_scan(query: Query, access: TableAccess) -> bool:
    """Whether a table is read as a whole because no index could serve; a page in the order of an index is none."""
    is_page = access.kind == "index" and bool(query.order_columns) and query.has_limit is True
    return access.kind in {"ALL", "index"} and not access.possible_keys and not is_page
