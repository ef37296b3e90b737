"""Templates: their language can run code, and so can the options that view engines take from the same object.

https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/07-Input_Validation_Testing/18-Testing_for_Server-side_Template_Injection
"""

from __future__ import annotations

from collections.abc import Iterator

from medpro_audit.model.evaluation.values import ObjectValue
from medpro_audit.model.flows.arrival import RESPONSE, Call, Reach
from medpro_audit.model.flows.contents import data_in, spellings
from medpro_audit.model.request.data import Data

_ENGINES: dict[str, frozenset[str]] = {
    "ejs": frozenset(("compile", "render")),
    "eta": frozenset(("renderString", "renderStringAsync")),
    "handlebars": frozenset(("compile", "precompile")),
    "lodash": frozenset(("template",)),
    "nunjucks": frozenset(("compile", "renderString")),
    "pug": frozenset(("compile", "render")),
    "underscore": frozenset(("template",)),
    "dot": frozenset(("compile", "template")),
}

NAMES = frozenset(name for names in _ENGINES.values() for name in names)


def reached(call: Call) -> Iterator[Reach]:
    """What of the request is a template, or is handed to the view engine as a whole."""
    if call.package == RESPONSE and call.name == "render":
        yield from _in_text(call, 0)
        given = call.argument(1)
        for whole in (*given.unknown,) if isinstance(given, ObjectValue) else (given,):
            if isinstance(whole, Data) and not whole.path and whole.part != "params":
                yield Reach("template", "fields", whole)
    elif call.name in _ENGINES.get(call.package, ()):
        yield from _in_text(call, 0)


def _in_text(call: Call, index: int) -> Iterator[Reach]:
    for pieces in spellings(call.argument(index)):
        for piece in pieces:
            if not isinstance(piece, str):
                yield from (Reach("template", "text", data) for data in data_in(piece))
