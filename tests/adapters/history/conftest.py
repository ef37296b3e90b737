"""Databases for histories, on both kinds of servers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from medpro_audit.history.record import Record
from recorded import record

if TYPE_CHECKING:
    from postgresql import Server

BACK_ENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=BACK_ENDS)
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a history may be begun."""
    if request.param == "sqlite":
        return str(tmp_path / "history.sqlite")
    server: Server = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def some() -> tuple[Record, ...]:
    """Three weeks of a project."""
    return tuple(record(week) for week in range(3))
