"""What an endpoint does with what nothing validates."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Treatment(Struct, frozen=True):
    """What becomes of a request part that is read and that nothing validates."""

    kind: Literal["none", "lookup", "more"] = "none"
    """none: all of it is validated, or not read; lookup: it is only compared, asked for, or handed to a database as a
    value that finds nothing where it is wrong; more: a wrong one has consequences."""
    harm: str = ""
    """What comes of a wrong value, as far as it is known."""


class Usage(Struct, frozen=True):
    """What becomes of the parameters and the query where nothing validates them."""

    params: Treatment = Treatment()
    query: Treatment = Treatment()
