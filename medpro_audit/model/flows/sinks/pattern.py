"""Regular expressions: a client that writes one can make it run for minutes.

https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS
"""

from __future__ import annotations

from collections.abc import Iterator

from medpro_audit.model.flows.arrival import Call, Reach
from medpro_audit.model.flows.contents import data_in, spellings

NAMES = frozenset(("RegExp",))


def reached(call: Call) -> Iterator[Reach]:
    """What of the request becomes a pattern."""
    if call.package == "RegExp":
        for pieces in spellings(call.argument(0)):
            for piece in pieces:
                if not isinstance(piece, str):
                    yield from (Reach("pattern", "text", data) for data in data_in(piece))
