"""Functions of the program that merge one object into another, field by field and into the depth.

An object that was read as JSON may have a field ``__proto__``. A merge that follows it writes into the prototype of all
objects: https://cheatsheetseries.owasp.org/cheatsheets/Prototype_Pollution_Prevention_Cheat_Sheet.html
"""

from __future__ import annotations

import re

from medpro_audit.facts import ir
from medpro_audit.model.errors.bodies import spots_of
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.values import FunctionValue

_NAMED = re.compile(r"merge|extend|assign|deep|defaults|patch|override|combine", re.IGNORECASE)
_GUARDED = re.compile(r"__proto__|prototype|constructor|Object\.create\(\s*null|new Map\b")
_FEWEST = 2
"""Parameters: what is changed, and what it is given."""


def merges_deeply(interpreter: Interpreter, function: FunctionValue) -> bool:
    """Whether a function surely follows whatever fields an object has into another."""
    node = function.node
    names = [each.target.id for each in node.parameters if isinstance(each.target, ir.Name)]
    if len(names) < _FEWEST or not _NAMED.search(node.name):
        return False
    text = interpreter.code.snippet(function.module.path, node.start, node.end)
    target, source = names[:2]
    own = re.compile(rf"(?:\b{re.escape(target)}\.hasOwnProperty|(?:call|hasOwn)\(\s*{re.escape(target)}\b)")
    if _GUARDED.search(text) or own.search(text):
        return False
    is_looped = is_written = is_repeated = False
    for spot in spots_of(interpreter.code, function):
        match spot.node:
            case ir.Loop(kind="in", iterable=ir.Name(id=name)) if name == source:
                is_looped = True
            case ir.Call(
                callee=ir.Member(object=ir.Name(id="Object"), name="keys" | "entries"), arguments=(ir.Name(id=name),)
            ):
                is_looped |= name == source
            case ir.Assign(target=ir.Index(object=ir.Name(id=name))):
                is_written |= name == target
            case ir.Call(callee=ir.Name(id=name), arguments=(ir.Index(object=ir.Name(id=first)), _, *_)):
                is_repeated |= name == node.name and first == target
    return is_looped and is_written and is_repeated
