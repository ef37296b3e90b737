"""Program code: ``eval`` and its kin.

https://nodejs.org/api/vm.html: "The node:vm module is not a security mechanism".
"""

from __future__ import annotations

from collections.abc import Iterator

from medpro_audit.model.flows.arrival import Call, Reach
from medpro_audit.model.flows.contents import data_in, spellings

_CALLS: dict[str, frozenset[str]] = {
    "eval": frozenset(("eval",)),
    "Function": frozenset(("Function",)),
    "vm": frozenset(("Script", "compileFunction", "runInContext", "runInNewContext", "runInThisContext")),
    "vm2": frozenset(("VM", "VMScript", "NodeVM", "run")),
    "safe-eval": frozenset(("safe-eval",)),
    "static-eval": frozenset(("static-eval",)),
}

NAMES = frozenset(name for names in _CALLS.values() for name in names)


def reached(call: Call) -> Iterator[Reach]:
    """What of the request is run as code."""
    if call.name in _CALLS.get(call.package, ()):
        values = call.arguments if call.package == "Function" else call.arguments[:1]
        for value in values:
            for pieces in spellings(value):
                for piece in pieces:
                    if not isinstance(piece, str):
                        yield from (Reach("code", "text", data) for data in data_in(piece))
