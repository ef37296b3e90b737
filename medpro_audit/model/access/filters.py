"""Functions in the options of a package's middleware that may refuse callers: ``multer({ fileFilter })``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from medpro_audit.core.place import Place
from medpro_audit.facts import ir
from medpro_audit.model.evaluation.program import Code
from medpro_audit.model.evaluation.values import External, FunctionValue, ObjectValue

_CREDENTIAL = re.compile(r"token|authori[sz]|passw|api_?key|jwt|credential|(?<![a-z])cookie|secret", re.IGNORECASE)
"""What is looked at, or what is asked, to learn who calls."""
_FEWEST_PARAMETERS = 2
"""The request, and what is called back with an error."""


def refusing_option(value: External, code: Code) -> Place | None:
    """Where a function begins that the middleware was given, which looks at what callers send to show who they are, and
    may call back with an error.
    """
    for call in value.calls():
        for item in call.arguments:
            given = item.value.properties.values() if isinstance(item.value, ObjectValue) else ()
            for option in given:
                if isinstance(option, FunctionValue) and _refuses(option, code):
                    return option.module.facts.place(option.node.start)
    return None


def _refuses(function: FunctionValue, code: Code) -> bool:
    node = function.node
    last = node.parameters[-1].target if len(node.parameters) >= _FEWEST_PARAMETERS else None
    if not isinstance(last, ir.Name):
        return False
    body = node.body or code.body(function.module.path, node.start, node.end)
    return _fails(body, last.id) and any(_is_of_credentials(each) for each in ir.walk(body))


def _fails(body: Sequence[ir.Statement], callback: str) -> bool:
    """Whether it may call back with an error."""
    return any(
        isinstance(each, ir.Call)
        and isinstance(each.callee, ir.Name)
        and each.callee.id == callback
        and isinstance(each.arguments[0] if each.arguments else None, ir.New | ir.Name | ir.Call)
        for each in ir.walk(body)
    )


def _is_of_credentials(node: ir.Node) -> bool:
    match node:
        case ir.Member(name=name) | ir.Name(id=name):
            return _CREDENTIAL.search(name) is not None
        case ir.Index(key=ir.Literal(value=str() as key)):
            return _CREDENTIAL.search(key) is not None
    return False
