"""Settings that stand in an object of defaults, over which a program lays those of the place where it runs."""

from __future__ import annotations

import re

from medpro_audit.model.database.deployments import is_replaced_in_production
from medpro_audit.model.evaluation.program import Code, Module
from medpro_audit.model.evaluation.values import Constant, Value

_DEFAULTS = re.compile(r"[\w$]*default(?:s|[A-Z_][\w$]*)?['\"]?\s*(?::[^={};]*)?[=:]\s*\{", re.IGNORECASE)
"""What begins such an object: ``const defaults: Settings = {``, ``defaultConfig: {``."""
_TEXT = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|//[^\n]*")
MAX_BYTES = 200_000
"""Of a file, before a setting, that are looked at."""


def is_default(code: Code, value: Value) -> bool:
    """Whether a constant is written in an object that is called one of defaults, or in a file of them."""
    if not isinstance(value, Constant) or not isinstance(value.origin, tuple):
        return False
    module, at = value.origin[0], value.origin[-1]
    if not isinstance(module, Module) or not isinstance(at, int):
        return False
    if is_replaced_in_production(code, module.path):
        return True
    text = _TEXT.sub("''", code.snippet(module.path, max(0, at - MAX_BYTES), at))
    return any(_is_inside(text[found.end() :]) for found in _DEFAULTS.finditer(text))


def _is_inside(rest: str) -> bool:
    """Whether an object that begins before a text has not ended within it."""
    depth = 1
    for brace in re.findall(r"[{}]", rest):
        depth += 1 if brace == "{" else -1
        if depth == 0:
            return False
    return True
