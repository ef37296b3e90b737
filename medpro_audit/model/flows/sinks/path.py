"""Paths of files: ``..`` in them leads out of the folder that was meant.

https://nodejs.org/api/fs.html; https://expressjs.com/en/api.html#res.sendFile: with ``root`` a path can't lead out, and
without it one that holds ``..`` is refused (https://github.com/pillarjs/send), which ``path.join`` takes out before.
"""

from __future__ import annotations

from collections.abc import Iterator

from medpro_audit.model.evaluation.values import JoinedPath, Value, options_of
from medpro_audit.model.flows.arrival import RESPONSE, Call, Reach
from medpro_audit.model.flows.contents import data_in, doubt_of, field, spellings

_ASYNC = (  # noqa: SIM905 - a table of words
    "access appendFile chmod chown copyFile cp createReadStream createWriteStream lstat mkdir open opendir readFile "
    "readdir readlink rename rm rmdir stat symlink truncate unlink writeFile "
    "copy emptyDir ensureDir ensureFile move outputFile outputJson readJson remove writeJson pathExists"
).split()
_CALLS = frozenset((*_ASYNC, *(f"{name}Sync" for name in _ASYNC)))
_TWO_PATHS = frozenset(
    name for base in ("copyFile", "cp", "rename", "symlink", "copy", "move") for name in (base, f"{base}Sync")
)
_PACKAGES = frozenset(("fs", "fs/promises", "fs-extra", "graceful-fs"))
_SENDING = frozenset(("download", "sendFile", "sendfile"))
_ROOT_AT = {"sendFile": (1,), "sendfile": (1,), "download": (1, 2)}

NAMES = _CALLS | _SENDING


def reached(call: Call) -> Iterator[Reach]:
    """What of the request is in the path of a file that is read, written, removed or sent."""
    if call.package in _PACKAGES and call.name in _CALLS:
        yield from _in_path(call.argument(0))
        if call.name in _TWO_PATHS:
            yield from _in_path(call.argument(1))
    elif call.package == RESPONSE and call.name in _SENDING:
        has_root = any(field(call.argument(at), "root") is not None for at in _ROOT_AT[call.name])
        is_refused = has_root or (call.name != "download" and not _may_lead_out(call.argument(0)))
        for reach in _in_path(call.argument(0)):
            yield reach._replace(need="nothing") if is_refused else reach


def _may_lead_out(value: Value | None) -> bool:
    """Whether a path to send may lead anywhere: ``..`` in it is refused, unless something has followed it before."""
    for option, _ in options_of(value) if value is not None else ():
        pieces = next(spellings(option), ())
        if isinstance(option, JoinedPath) or (pieces and not isinstance(pieces[0], str) and any(data_in(pieces[0]))):
            return True
    return False


def _in_path(value: Value | None) -> Iterator[Reach]:
    for pieces in spellings(value):
        found = [(at, data) for at, piece in enumerate(pieces) if not isinstance(piece, str) for data in data_in(piece)]
        yield from (Reach("path", "text", data, is_start=not at) for at, data in found)
        for piece in pieces:
            # Paths are computed all over; only what is made of request data in sight is worth a doubt.
            if not found and not isinstance(piece, str) and doubt_of(piece).startswith("what "):
                yield Reach("path", "text", None, doubt_of(piece))
