"""Addresses: where a browser is sent, and what the server itself asks.

What comes after the host is a path of a server that the program has chosen; what comes before or in it decides which
server that is. https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html,
https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from medpro_audit.model.evaluation.values import Constant, Value
from medpro_audit.model.flows.arrival import RESPONSE, Call, Need, Reach
from medpro_audit.model.flows.contents import Piece, data_in, field, spellings
from medpro_audit.model.subjects.flow import FlowKind

_VERBS = frozenset(("delete", "get", "head", "options", "patch", "post", "put", "request"))
_ITSELF = frozenset(
    (
        "axios",
        "bent",
        "cross-fetch",
        "fetch",
        "got",
        "isomorphic-fetch",
        "ky",
        "needle",
        "node-fetch",
        "phin",
        "request",
    )
)
_CLIENTS: dict[str, frozenset[str]] = {
    **{name: _VERBS | {name, "create", "stream"} for name in _ITSELF},
    "follow-redirects": _VERBS,
    "http": frozenset(("get", "request")),
    "https": frozenset(("get", "request")),
    "puppeteer": frozenset(("goto",)),
    "request-promise": _VERBS | {"request-promise"},
    "superagent": _VERBS | {"superagent"},
    "undici": frozenset(("fetch", "pipeline", "request", "stream")),
}
_REDIRECTING = frozenset(("location", "redirect"))
_HEADER = frozenset(("header", "set", "setHeader"))
_ADDRESSES = ("url", "uri", "baseURL", "baseUrl", "hostname", "host")
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*$", re.IGNORECASE)

NAMES = frozenset(name for names in _CLIENTS.values() for name in names) | _REDIRECTING | _HEADER


def reached(call: Call) -> Iterator[Reach]:
    """What of the request is in an address, and whether it decides on the server."""
    if call.package == RESPONSE:
        yield from _in_redirect(call)
    elif call.name in _CLIENTS.get(call.package, ()):
        at = 1 if call.path == "needle" and len(call.arguments) > 1 and _is_verb(call.argument(0)) else 0
        first = call.argument(at)
        yield from _in_address("url", first)
        for name in _ADDRESSES:
            yield from _in_address("url", field(first, name), is_host=name.startswith("host"))


def _is_verb(value: Value | None) -> bool:
    return isinstance(value, Constant) and str(value.value).lower() in _VERBS


def _in_redirect(call: Call) -> Iterator[Reach]:
    is_header = call.name in _HEADER
    name = call.argument(0)
    if is_header and not (isinstance(name, Constant) and str(name.value).lower() == "location"):
        return
    if call.name in _REDIRECTING or is_header:
        yield from _in_address("redirect", call.arguments[-1] if call.arguments else None)


def _in_address(kind: FlowKind, value: Value | None, *, is_host: bool = False) -> Iterator[Reach]:
    for pieces in spellings(value):
        before: list[Piece] = []
        for piece in pieces:
            if not isinstance(piece, str):
                need = "text" if is_host else _need_after(before)
                for data in data_in(piece):
                    if kind == "url" or data.part != "headers":  # a browser sends its own headers, no attacker does
                        yield Reach(kind, need, data)
            before.append(piece)


def _need_after(before: list[Piece]) -> Need:
    """What it takes to choose the server by what stands after the beginning of an address."""
    if not before:
        return "text"
    if not isinstance(before[0], str):
        return "nothing"  # what comes first chooses the server
    return "text" if len(before) == 1 and _SCHEME.match(before[0]) else "nothing"
