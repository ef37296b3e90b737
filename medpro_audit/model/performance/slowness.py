"""Functions that take long, in their blocking and their other form.

https://nodejs.org/en/learn/asynchronous-work/dont-block-the-event-loop
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from medpro_audit.facts import ir
from medpro_audit.facts.file import FileFacts
from medpro_audit.model.evaluation.values import External, FunctionValue
from medpro_audit.model.performance.routines import Called

Work = Literal["file", "lookup", "process", "hash", "compression"]
_SYNC = "Sync"
_FEW_ROUNDS = 20_000
"""Of PBKDF2: half a microsecond each."""


class Slow(NamedTuple):
    """A function that takes long."""

    work: Work
    packages: frozenset[str]
    """Those that have it."""


_FILES = frozenset(("fs", "fs/promises", "fs-extra", "graceful-fs"))
_PROGRAMS = frozenset(("child_process",))
_ZLIB = frozenset(("zlib",))
_CRYPTO = frozenset(("crypto",))
_HASHERS = frozenset(("bcrypt", "bcryptjs", "bcrypt-ts", "argon2", "@node-rs/bcrypt", "@node-rs/argon2"))

_FAMILIES: tuple[tuple[Work, frozenset[str], str], ...] = (
    ("file", _FILES, "readFile writeFile appendFile copyFile readdir cp rm rmdir copy move remove outputFile"),
    ("file", _FILES, "readJson writeJson readJSON writeJSON outputJson"),
    (
        "lookup",
        _FILES,
        "exists stat lstat access mkdir mkdirp unlink rename chmod utimes realpath ensureDir ensureFile",
    ),
    ("process", _PROGRAMS, "exec execFile spawn"),
    ("hash", _CRYPTO, "pbkdf2 scrypt"),
    ("hash", _HASHERS, "hash compare verify"),
    ("compression", _ZLIB, "gzip gunzip deflate inflate deflateRaw inflateRaw unzip brotliCompress brotliDecompress"),
)
SLOW: Mapping[str, Slow] = {name: Slow(work, packages) for work, packages, names in _FAMILIES for name in names.split()}
"""By the name of the form that does not block; the blocking one ends in ``Sync``."""
_OTHERS = {"exists": "access", "spawn": "spawn"}
"""Where the other form goes by another name."""


def slow_of(call: Called, facts: FileFacts) -> Slow | None:
    """What is slow about a call; None when nothing is, or when its function isn't the one that the name suggests."""
    found = SLOW.get(call.name.removesuffix(_SYNC))
    if found is None or not isinstance(call.node, ir.Call) or isinstance(call.value, FunctionValue):
        return None
    if _is_quick(call.node):
        return None
    if isinstance(call.value, External):
        return found if call.value.package.removeprefix("node:") in found.packages else None
    imported = {fact.specifier.removeprefix("node:") for fact in facts.imports}
    return found if blocks(call.name) and imported & found.packages else None


def _is_quick(call: ir.Call) -> bool:
    """Whether a key is derived in so few rounds that it takes some milliseconds."""
    match call:
        case ir.Call(callee=ir.Member(name="pbkdf2Sync"), arguments=(_, _, ir.Literal(value=int() as rounds), *_)):
            return rounds <= _FEW_ROUNDS
    return False


def blocks(name: str) -> bool:
    """Whether a function is the blocking form."""
    return name.endswith(_SYNC)


def instead_of(name: str) -> str:
    """What does the same without blocking."""
    plain = name.removesuffix(_SYNC)
    other = _OTHERS.get(plain, plain)
    return f"fs.promises.{other}()" if SLOW[plain].packages is _FILES else f"{other}()"
