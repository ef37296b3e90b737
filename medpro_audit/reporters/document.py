"""JSON documents as all formats write them."""

import msgspec

from medpro_audit.reporters.escaping import json_text


def encode(value: object) -> str:
    """A value as indented JSON, keys in the order of their declaration, ending in a line break."""
    return json_text(msgspec.json.format(msgspec.json.encode(value), indent=2).decode()) + "\n"
