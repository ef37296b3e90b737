"""Where passwords are hashed, stored and compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from medpro_audit.core.place import Place, Step
from medpro_audit.facts import ir
from medpro_audit.facts.file import FileFacts
from medpro_audit.model.evaluation.values import Constant, Environment, External, Site, Unknown, Value
from medpro_audit.model.flows.along import summaries
from medpro_audit.model.flows.arrival import Arrival, Carried
from medpro_audit.model.flows.trails import trail_of
from medpro_audit.model.flows.watching import Comparison
from medpro_audit.model.secrecy.hashing import Hash, hash_of, is_password
from medpro_audit.model.subjects.password_use import PasswordUse

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

_HASHING = re.compile(r"bcrypt|argon2|scrypt|pbkdf2|password-hash|passport-local|better-auth|lucia|firebase|clerk")
"""Packages that hash passwords, some of them where it can't be seen."""
_WITHOUT_HOOKS = frozenset(("knex", "mariadb", "mongodb", "mysql", "mysql2", "mysql2/promise", "pg", "sqlite3"))
"""Packages that store what they are given: nothing stands between the call and the database."""
_HASHED_THERE = re.compile(r"\b(?:aes_encrypt|crypt|md5|password|pgp_sym_encrypt|sha|sha1|sha2)\s*\(", re.IGNORECASE)
_WRITING = re.compile(r"^\s*(?:insert|replace|update)\b.*pass", re.IGNORECASE | re.DOTALL)
_ASKING = re.compile(r"\bwhere\b.*\bpass(?:word|wd)?\w*\W*\s*=", re.IGNORECASE | re.DOTALL)
_FORMATS = re.compile(r"\$apr1\$|\{S?SHA\}|\{S?MD5\}")
"""Marks of the files of passwords that web servers and directories read."""
_CIPHER = re.compile(r"\b(?:createCipher|createDecipher|CryptoJS\.AES|secretbox|subtle\.(?:en|de)crypt)")
_NEAR = 800
"""Bytes after a call in which is seen what becomes of its result."""
_SNIPPET = 160
_LONGEST = 1_000_000

_UseKind = Literal["hash", "storage", "comparison"]


def survey(known: Known) -> Iterable[PasswordUse]:
    """One for each place, sorted."""
    hashes = [use for path, facts in known.base.facts.items() for use in _hashes(known, path, facts)]
    found = {(use.file, use.line, use.column): use for use in hashes}
    called = {use.backend for use in hashes if use.role == "server"}
    hashing = called | _with_hashing_packages(known)
    for use in _plain(known, hashing, called):
        found.setdefault((use.file, use.line, use.column), use)
    return [found[key] for key in sorted(found)]


def _with_hashing_packages(known: Known) -> set[str]:
    packages = known.base.resolver.projects.packages.values()
    return {one.folder or "." for one in packages if any(_HASHING.search(name) for name in one.dependencies)}


def _hashes(known: Known, path: str, facts: FileFacts) -> Iterator[PasswordUse]:
    for fact in facts.calls.get("password-hash", ()):
        hashed = hash_of(fact.call, lambda node: _number(known, path, node))
        if hashed is not None and not _is_key(known, path, fact.call.end):
            if hashed.strength == "weak" and _FORMATS.search(known.base.interpreter.code.snippet(path, 0, _LONGEST)):
                hashed = Hash("unknown", hashed.algorithm, reason="another program asks for its format")
            place = facts.place(fact.call.at)
            snippet = _snippet(known, path, fact.call.at)
            yield _made(known, "hash", place, snippet, hashed=hashed)


def _is_key(known: Known, path: str, end: int) -> bool:
    """Whether what a password is made into encrypts something, and is no hash that is stored."""
    return _CIPHER.search(known.base.interpreter.code.snippet(path, end, end + _NEAR)) is not None


def _plain(known: Known, hashing: set[str], called: set[str]) -> Iterator[PasswordUse]:
    """Passwords of requests that are stored, or compared with what is stored, as they are.

    Args:
        known: The model.
        hashing: Back ends that hash passwords, or may by a package.
        called: Those that are seen to do so: what is compared there is something else.
    """
    for _, summary in summaries(known):
        for arrival in summary.arrivals:
            sent = next((one for one in arrival.carried if one.path and is_password(one.path[-1])), None)
            use = _use_of(known, arrival, sent, hashing) if sent is not None else None
            if use is not None:
                yield _plain_use(known, use, arrival.end, tuple(trail_of(arrival, sent)))
        for comparison in summary.comparisons:
            place = comparison.site.place
            if _is_of_passwords(comparison) and known.base.backend_of(place.file) not in called:
                yield _plain_use(known, "comparison", comparison.site, _steps(comparison))


def _use_of(
    known: Known, arrival: Arrival, sent: Carried, hashing: set[str]
) -> Literal["storage", "comparison"] | None:
    """What a call surely does with a password in plain text; None when something else may happen to it."""
    if sent.form in {"harmless", "rewritten"} or _HASHED_THERE.search(arrival.statement):
        return None
    if arrival.kind == "sql":
        if _WRITING.search(arrival.statement):
            return "storage"
        return "comparison" if _ASKING.search(arrival.statement) else None
    if arrival.kind == "filter" and sent.need == "object":
        return "comparison"
    if arrival.kind != "document" or sent.need != "nothing":
        return None
    is_proven = arrival.package in _WITHOUT_HOOKS or not arrival.package
    return "storage" if is_proven or known.base.backend_of(arrival.end.place.file) not in hashing else None


def _is_of_passwords(comparison: Comparison) -> bool:
    """Whether a password that was sent is compared with one that is stored."""
    path = comparison.data.path
    return bool(path) and is_password(path[-1]) and is_password(_name_of(comparison.other))


def _name_of(value: Value) -> str:
    if isinstance(value, External):
        return value.name.rpartition(".")[2] if value.call is None else ""
    return value.name if isinstance(value, Unknown) else ""


def _steps(comparison: Comparison) -> tuple[Step, ...]:
    read, place = comparison.data.place, comparison.site.place
    name = f"req.{comparison.data.part}.{'.'.join(comparison.data.path)}"
    before = (Step(read.file, read.line, f"{name} is read"),) if read is not None else ()
    return (*before, Step(place.file, place.line, "it is compared with the stored password"))


def _plain_use(known: Known, use: Literal["storage", "comparison"], site: Site, trail: tuple[Step, ...]) -> PasswordUse:
    return _made(known, use, site.place, _snippet(known, site.module.path, site.at), hashed=None, trail=trail)


def _made(  # noqa: PLR0913 - the parts of a use
    known: Known, use: _UseKind, place: Place, snippet: str, *, hashed: Hash | None, trail: tuple[Step, ...] = ()
) -> PasswordUse:
    return PasswordUse(
        use=use,
        strength=hashed.strength if hashed is not None else "plain",
        algorithm=hashed.algorithm if hashed is not None else "",
        rounds=hashed.rounds if hashed is not None else None,
        minimum=hashed.minimum if hashed is not None else None,
        file=place.file,
        line=place.line,
        column=place.column,
        backend=known.base.backend_of(place.file),
        role=known.base.roles.get(place.file, "script"),
        snippet=snippet,
        reason=hashed.reason if hashed is not None else None,
        trail=trail,
    )


def _snippet(known: Known, path: str, at: int) -> str:
    text = known.base.interpreter.code.snippet(path, at, at + _SNIPPET)
    return next(iter(text.splitlines()), "")


def _number(known: Known, path: str, node: ir.Expression) -> int | None:
    """The number that an expression stands for: a literal, a constant of the module, the default of a variable."""
    match node:
        case ir.Literal(value=int() as number):
            return number
        case ir.Literal(value=str() as text) if text.isdigit():
            return int(text)
        case ir.Call(callee=ir.Name(id="Number" | "parseInt"), arguments=(inner, *_)):
            return _number(known, path, inner)
        case ir.Binary(operator="||" | "??", right=right):
            return _number(known, path, right)
        case ir.Name(id=name):
            module = known.base.interpreter.modules.get(path)
            found = _constant(module.scope.names.get(name)) if module is not None else None
            return found if found is not None else _assigned(known, path, name)
    return None


def _assigned(known: Known, path: str, name: str) -> int | None:
    """The one number that a file ever gives to a name."""
    source = known.base.interpreter.code.snippet(path, 0, _LONGEST)
    given = re.findall(rf"(?<![\w.$]){re.escape(name)}\s*(?::\s*number\s*)?=(?!=)\s*([^;\n]*)", source)
    numbers = {int(text) if text.strip().isdigit() else None for text in given}
    return numbers.pop() if len(numbers) == 1 else None


def _constant(value: Value | None) -> int | None:
    if isinstance(value, Environment):
        return _constant(value.default)
    if isinstance(value, Constant) and str(value.value).isdigit():
        return int(str(value.value))
    return None
