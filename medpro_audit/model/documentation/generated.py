"""Fields that the server makes up itself where a client sends none: nobody needs to be told of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from medpro_audit.model.documentation.comparison import UNDECIDED, Difference
from medpro_audit.model.endpoints import Passage
from medpro_audit.model.known import Known
from medpro_audit.model.request.records import Use

_NEAR = 12
"""Lines within which a field is given a value after it was asked whether it is there."""


def without_generated(known: Known, found: Difference, passages: Iterable[Passage]) -> Difference:
    """What differs, without fields of the body that are only filled where they lack: nothing else reads them."""
    if not found.undocumented:
        return found
    uses = [use for passage in passages for link in passage.ledger.links for use in link.summary.uses]
    left = tuple(name for name in found.undocumented if not _is_generated(known, name, uses))
    if left == found.undocumented:
        return found
    return found._replace(undocumented=left) if left or found.stale else UNDECIDED


def _is_generated(known: Known, name: str, uses: Iterable[Use]) -> bool:
    own = [use for use in uses if use.part == "body" and use.path[:1] == (name,)]
    return bool(own) and all(use.is_test and _is_filled(known, name, use) for use in own)


def _is_filled(known: Known, name: str, use: Use) -> bool:
    facts = known.base.facts.get(use.place.file)
    if facts is None:
        return False
    lines = known.base.interpreter.code.snippet(facts.path, 0, facts.size).splitlines()
    text = "\n".join(lines[use.place.line - 1 : use.place.line - 1 + _NEAR])
    field = rf"\.{re.escape(name)}\b"
    return re.search(rf"if\s*\(\s*!\s*([\w.]+){field}\s*\)(?s:.*?)\1{field}\s*=(?!=)", text) is not None
