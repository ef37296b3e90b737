"""What an endpoint does with its parameters and its query."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Treatment(Struct, frozen=True):
    """What becomes of a request part that is read."""

    kind: Literal["none", "lookup", "more"] = "none"
    """none: it is not read; lookup: it is only compared, asked for, or handed to a database as a value that finds
    nothing where it is wrong; more: a wrong one has consequences. So of what is validated, as if it were not."""
    harm: str = ""
    """What comes of a wrong value, as far as it is known."""


class Usage(Struct, frozen=True):
    """What becomes of the parameters and the query."""

    params: Treatment = Treatment()
    query: Treatment = Treatment()
