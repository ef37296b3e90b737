"""HTML: Express sends a text as ``text/html`` unless told otherwise, and a browser runs the scripts in it.

https://expressjs.com/en/api.html#res.send; https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from medpro_audit.model.flows.arrival import RESPONSE, Call, Reach
from medpro_audit.model.flows.contents import Piece, data_in, spellings, written
from medpro_audit.model.request.data import Data

_TAG = re.compile(r"<[a-z!/]", re.IGNORECASE)

NAMES = frozenset(("end", "send", "write"))


def reached(call: Call) -> Iterator[Reach]:
    """What of the request is in a text that is sent as a page."""
    if call.package != RESPONSE or any("html" not in kind for kind in call.types):
        return
    for pieces in spellings(call.argument(0)):
        if _is_page(call, pieces):
            for piece in pieces:
                if not isinstance(piece, str):
                    yield from (Reach("page", "text", data) for data in data_in(piece))


def _is_page(call: Call, pieces: tuple[Piece, ...]) -> bool:
    if _TAG.search(written(pieces)):
        return True
    if call.name != "send":  # without a type of its own it is none
        return any("html" in kind for kind in call.types)
    alone = pieces[0] if len(pieces) == 1 else None
    # What a client sends as JSON comes back as JSON, unless it surely is a text.
    return not isinstance(alone, Data) or alone.part in {"params", "query"} or alone.form == "text"
