"""Paths of files: ``..`` in them leads out of the folder that was meant.

https://nodejs.org/api/fs.html; https://expressjs.com/en/api.html#res.sendFile: with ``root`` a path can't lead out, and
without it one that holds ``..`` is refused (https://github.com/pillarjs/send), which ``path.join`` takes out before.
The system itself follows ``..`` only where each folder on the way is there (POSIX, "Pathname Resolution").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from medpro_audit.model.evaluation.values import UNDEFINED, JoinedPath, Value, options_of
from medpro_audit.model.flows.arrival import RESPONSE, Call, Reach
from medpro_audit.model.flows.contents import Piece, data_in, doubt_of, field, spellings

_ASYNC = (  # noqa: SIM905 - a table of words
    "access appendFile chmod chown copyFile cp createReadStream createWriteStream lstat mkdir open opendir readFile "
    "readdir readlink rename rm rmdir stat symlink truncate unlink writeFile "
    "copy emptyDir ensureDir ensureFile move outputFile outputJson readJson remove writeJson pathExists"
).split()
_CALLS = frozenset((*_ASYNC, *(f"{name}Sync" for name in _ASYNC)))
_TWO_PATHS = frozenset(
    name for base in ("copyFile", "cp", "rename", "symlink", "copy", "move") for name in (base, f"{base}Sync")
)
_MAKING_FOLDERS = frozenset(
    name
    for base in ("cp", "ensureDir", "ensureFile", "mkdir", "outputFile", "outputJson")
    for name in (base, f"{base}Sync")
)
"""Calls that may make the folders on the way."""
_GLUE = ("_", "-", "=", "@", "+")
"""Ends of a prefix, which no folder is called."""
_PACKAGES = frozenset(("fs", "fs/promises", "fs-extra", "graceful-fs"))
_SENDING = frozenset(("download", "sendFile", "sendfile"))
_ROOT_AT = {"sendFile": (1,), "sendfile": (1,), "download": (1, 2)}

NAMES = _CALLS | _SENDING


def reached(call: Call) -> Iterator[Reach]:
    """What of the request is in the path of a file that is read, written, removed or sent."""
    if call.package in _PACKAGES and call.name in _CALLS:
        makes_folders = call.name in _MAKING_FOLDERS
        yield from _in_path(call.argument(0), makes_folders=makes_folders)
        if call.name in _TWO_PATHS:
            yield from _in_path(call.argument(1), makes_folders=makes_folders)
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


def _is_glued(before: Sequence[Piece]) -> bool:
    """Whether a prefix stands before a piece: ``..`` behind ``/store/x_`` asks for a folder that isn't there."""
    last = before[-1] if before else ""
    return isinstance(last, str) and last.endswith(_GLUE)


def _in_path(value: Value | None, *, makes_folders: bool = True) -> Iterator[Reach]:
    is_followed = makes_folders or any(isinstance(option, JoinedPath) for option, _ in options_of(value or UNDEFINED))
    for pieces in spellings(value):
        found = [(at, data) for at, piece in enumerate(pieces) if not isinstance(piece, str) for data in data_in(piece)]
        for at, data in found:
            leads_nowhere = not is_followed and _is_glued(pieces[:at])
            yield Reach("path", "nothing" if leads_nowhere else "text", data, is_start=not at)
        for piece in pieces:
            # Paths are computed all over; only what is made of request data in sight is worth a doubt.
            if not found and not isinstance(piece, str) and doubt_of(piece).startswith("what "):
                yield Reach("path", "text", None, doubt_of(piece))
