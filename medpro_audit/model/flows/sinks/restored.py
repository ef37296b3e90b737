"""Objects restored from their serialised form, and XML with entities.

https://cheatsheetseries.owasp.org/cheatsheets/Deserialization_Cheat_Sheet.html,
https://cheatsheetseries.owasp.org/cheatsheets/XML_External_Entity_Prevention_Cheat_Sheet.html; js-yaml 4 and yaml only
make plain data. libxmljs reads external entities when it is told ``noent``.
"""

from __future__ import annotations

from collections.abc import Iterator

from medpro_audit.model.evaluation.values import Constant
from medpro_audit.model.flows.arrival import Call, Reach
from medpro_audit.model.flows.contents import data_in, field

_RESTORING: dict[str, frozenset[str]] = {
    "cryo": frozenset(("parse",)),
    "funcster": frozenset(("deepDeserialize",)),
    "node-serialize": frozenset(("unserialize",)),
    "serialize-to-js": frozenset(("deserialize",)),
}
_XML = {"libxmljs": 1, "libxmljs2": 1, "libxml-xsd": 1}
_PARSING = frozenset(("parseXml", "parseXmlAsync", "parseXmlString"))

NAMES = frozenset(name for names in _RESTORING.values() for name in names) | _PARSING


def reached(call: Call) -> Iterator[Reach]:
    """What of the request is restored, or parsed as XML with entities."""
    first = call.argument(0)
    if first is None:
        return
    if call.name in _RESTORING.get(call.package, ()):
        yield from (Reach("object", "text", data) for data in data_in(first))
    elif call.package in _XML and call.name in _PARSING:
        option = field(call.argument(_XML[call.package]), "noent")
        is_on = isinstance(option, Constant) and bool(option.value)
        yield from (Reach("xml", "text" if is_on else "nothing", data) for data in data_in(first))
