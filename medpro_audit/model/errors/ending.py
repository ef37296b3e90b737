"""Whether a listener for uncaught errors ends the process, as Node asks for.

Source: https://nodejs.org/api/process.html#warning-using-uncaughtexception-correctly
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from medpro_audit.facts import ir
from medpro_audit.model.errors.bodies import body_of
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.values import Deferred, External, FunctionValue, Unknown, Value

_MAX_DEPTH = 3
_EXITING = frozenset(("exit", "abort", "kill", "reallyExit"))
_STOPPING = re.compile(r"exit|shut_?down|terminate|stop|close|quit|kill|crash|die", re.IGNORECASE)
_TELLING = re.compile(r"^(log|debug|info|warn|warning|error|fatal|trace|write|captureException|stringify|toString)$")


class Ending:
    """Looks into listeners."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter

    def ends(self, path: str, listener: ir.Expression) -> bool | None:
        """Whether a function that is given in a module ends the process; None when that can't be seen."""
        if isinstance(listener, ir.Function):
            return self._body_ends(path, listener.body or (), 0)
        if isinstance(listener, ir.Name):
            return self._named_ends(path, listener.id, 0)
        return None

    def _named_ends(self, path: str, name: str, depth: int) -> bool | None:
        value = self._value(path, name)
        if isinstance(value, FunctionValue) and depth < _MAX_DEPTH:
            return self._body_ends(value.module.path, body_of(self._interpreter.code, value), depth + 1)
        return True if _STOPPING.search(name) and not isinstance(value, External) else None

    def _body_ends(self, path: str, body: Sequence[ir.Statement], depth: int) -> bool | None:
        verdicts: list[bool | None] = [False]
        for node in ir.walk(tuple(body)):
            match node:
                case ir.Throw():
                    return True
                case ir.Call(callee=ir.Member(name=name)):
                    if name in _EXITING or _STOPPING.search(name):
                        return True
                    verdicts.append(False if _TELLING.match(name) else None)
                case ir.Call(callee=ir.Name(id=name)):
                    found = self._named_ends(path, name, depth)
                    if found:
                        return True
                    verdicts.append(found)
        return None if None in verdicts else False

    def _value(self, path: str, name: str) -> Value:
        module = self._interpreter.modules.get(path)
        value = module.scope.names.get(name) if module is not None else None
        if isinstance(value, Deferred):
            value = value.force()
        return value if value is not None else Unknown("it is not known here")
