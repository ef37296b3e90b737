"""What an endpoint does with its body, its parameters and its query."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class Treatment(Struct, frozen=True):
    """What becomes of a request part that is read."""

    kind: Literal["none", "lookup", "checked", "used", "more"] = "none"
    """none: it is not read; lookup: it is only compared, asked for, or handed to a database as a value that finds
    nothing where it is wrong; checked: of a body or query, nothing goes further but what the program has compared with
    what it allows, by hand; used: of a body, it goes further, and nothing is seen to be changed; more: a wrong one has
    consequences. So of what is validated, as if it were not."""
    harm: str = ""
    """What comes of a wrong value, as far as it is known."""
    trail: tuple[Step, ...] = ()
    """Where a body or query is checked by hand."""


class Usage(Struct, frozen=True):
    """What becomes of the body, the parameters and the query."""

    params: Treatment = Treatment()
    query: Treatment = Treatment()
    body: Treatment = Treatment()
