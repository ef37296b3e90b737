"""What a line is about: that something failed, or how far the work has come."""

from __future__ import annotations

import re

from medpro_audit.facts import ir
from medpro_audit.facts.file import CallFact
from medpro_audit.model.logs.levels import SERIOUS

_FAILURES = re.compile(
    r"\berr(?:or|eur|o|s)?\b|\b(?:abort|can'?t|cannot|couldn'?t|could not|crash|denied|didn'?t|did not|doesn'?t"
    r"|does not|exceed|exception|expired|fail|fatal|invalid|lost|miss|no such|not found|refus|reject|tim(?:ed|e) ?out"
    r"|unable|uncaught|unexpected|unhandled|unknown|unsupported|warn|wrong)",
    re.IGNORECASE,
)
"""Words of lines that tell of a failure."""
_ERRORS = re.compile(r"e|ex|err|.*(?:err(?:or)?s?|exceptions?|reason)", re.IGNORECASE)
"""Names of variables and fields that hold one."""


def tells_failure(fact: CallFact, level: str) -> bool:
    """Whether a log call tells that something failed: by its level, where it stands, or what it is given."""
    if level in SERIOUS or fact.caught:
        return True
    return any(_is_failure(inner) for argument in fact.call.arguments for inner in ir.walk(argument))


def _is_failure(node: ir.Node) -> bool:
    match node:
        case ir.Literal(value=str() as text):
            return _FAILURES.search(text) is not None
        case ir.Template(parts=parts):
            return any(isinstance(part, str) and _FAILURES.search(part) for part in parts)
        case ir.Name(id=name) | ir.Member(name=name):
            return _ERRORS.fullmatch(name) is not None
    return False
