"""Commands of a shell, and programs that are started.

https://nodejs.org/api/child_process.html: `exec` runs its text in a shell, so does whatever is given ``shell``; the
arguments of `spawn` and `execFile` reach the program as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from medpro_audit.model.evaluation.values import ArrayValue, Constant, ObjectValue, Value
from medpro_audit.model.flows.arrival import Call, Reach
from medpro_audit.model.flows.contents import data_in, doubt_of, spellings

_SHELL = frozenset(("command", "commandSync", "exec", "execSync", "execaCommand", "execaCommandSync"))
_PROGRAM = frozenset(("execFile", "execFileSync", "execa", "fork", "spawn", "spawnSync", "sync"))
_PACKAGES = frozenset(("child_process", "cross-spawn", "execa", "shelljs"))
_SHELLS = frozenset(("/bin/bash", "/bin/sh", "bash", "cmd", "cmd.exe", "powershell", "sh"))

NAMES = _SHELL | _PROGRAM | _PACKAGES


def reached(call: Call) -> Iterator[Reach]:
    """What of the request is in a command line, or among the arguments of a program."""
    if call.package not in _PACKAGES:
        return
    is_shell = call.name in _SHELL or _runs_shell(call)
    first, *others = call.arguments or (None,)
    yield from _in_command(first)
    for value in others:
        for data in data_in(value):
            yield Reach("command", "text" if is_shell else "nothing", data)


def _runs_shell(call: Call) -> bool:
    """Whether a program is started through a shell, or is one."""
    program = call.argument(0)
    if isinstance(program, Constant) and program.value in _SHELLS:
        return isinstance(call.argument(1), ArrayValue)
    for value in call.arguments[1:]:
        option = value.properties.get("shell") if isinstance(value, ObjectValue) else None
        if isinstance(option, Constant) and option.value:
            return True
    return False


def _in_command(value: Value | None) -> Iterator[Reach]:
    for pieces in spellings(value):
        for piece in pieces:
            if not isinstance(piece, str):
                found = list(data_in(piece))
                yield from (Reach("command", "text", data) for data in found)
                if doubt_of(piece) and not found:
                    yield Reach("command", "text", None, doubt_of(piece))
