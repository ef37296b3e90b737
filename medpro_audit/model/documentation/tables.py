"""Routes in tables of the code: ``{ 'get /patients/:id': … }``, which loops register that can't always be followed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from medpro_audit.model.documentation.templates import Segments, segments_of
from medpro_audit.model.known import Known

_ENTRY = re.compile(rb"(['\"`])(get|head|post|put|patch|delete|options|all)[ \t]+(/[^\s'\"`]*)\1", re.IGNORECASE)
MAX_ENTRIES = 10_000
"""Further entries of one file are not looked at."""

Tables = Mapping[tuple[str, str, Segments], str]
"""Where a method and path stand in a table, by back end."""


def tables_of(known: Known) -> Tables:
    """Texts of server code that are a method with a path."""
    found: dict[tuple[str, str, Segments], str] = {}
    for path in sorted(path for path, role in known.base.roles.items() if role == "server"):
        content = known.base.read_asset(path) or b""
        for count, entry in enumerate(_ENTRY.finditer(content)):
            if count == MAX_ENTRIES:
                break
            segments = segments_of(entry[3].decode("utf-8", "replace"))
            key = (known.base.backend_of(path), entry[2].decode().upper(), segments)
            line = content.count(b"\n", 0, entry.start()) + 1
            found.setdefault(key, f"{path}:{line}")
    return found
