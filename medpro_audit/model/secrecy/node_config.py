"""Secrets in the files of the package ``config``, which code reads by ``config.get('jwt.secret')``.

Files are laid over each other, and variables of the environment over all of them where a file names these
(github.com/node-config/node-config, wiki: Configuration Files, Environment Variables). What a file says is only taken
for what the program gets where nothing is seen to replace it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from medpro_audit.core.place import Step
from medpro_audit.model.modules.resolution import ExternalPackage
from medpro_audit.model.secrecy.masking import MASK
from medpro_audit.model.secrecy.telling import by_look, is_secret, kind_by_name
from medpro_audit.model.subjects.secret import Secret, SecretKind

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

_PACKAGE = "config"
_LAYERS = ("default", "production", "local", "local-production")
"""Names of files, each laid over those before it, in the deployment that a program is taken to run in."""
_VARIABLES = "custom-environment-variables"
_READ = "json"
_REPLACING = re.compile(r"^(?:[^#!\n]*/)?(?:local|production)[\w*-]*(?:\.[\w*]+)?[ \t\r]*$", re.MULTILINE)
"""Lines of ``.gitignore`` for files that a deployment has of its own."""
_WHOLE = 1_000_000
_MAX_DEPTH = 8

Keys = tuple[str, ...]


def secrets_of(known: Known) -> Iterator[Secret]:
    """Those that code of the server reads and nothing is seen to replace."""
    for backend, readers in sorted(_readers(known).items()):
        folder = f"{backend}/{_PACKAGE}" if backend != "." else _PACKAGE
        if not _is_replaced(known, backend, folder):
            yield from _in_folder(known, folder, readers)


def _readers(known: Known) -> Mapping[str, Sequence[str]]:
    """Files of the server that load the package, by back end."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path, facts in known.base.facts.items():
        loads = [
            fact for fact in facts.imports if fact.specifier == _PACKAGE and known.base.roles.get(path) == "server"
        ]
        answers = (known.base.resolver.resolve(path, fact.specifier, fact.kind) for fact in loads)
        if any(isinstance(answer, ExternalPackage) for answer in answers):
            found[known.base.backend_of(path)].append(path)
    return found


def _is_replaced(known: Known, backend: str, folder: str) -> bool:
    """Whether files that aren't read, or that only a deployment has, may say otherwise."""
    prefix = f"{folder}/"
    names = [path.removeprefix(prefix) for path in known.base.inventory.paths if path.startswith(prefix)]
    stems = {*_LAYERS, _VARIABLES}
    if any(name.partition(".")[0] in stems and name.partition(".")[2] != _READ for name in names):
        return True
    if any(b"NODE_CONFIG" in content for content in known.base.inventory.settings.values()):
        return True
    ignored = {".gitignore", f"{folder}/.gitignore", f"{backend}/.gitignore"}
    return any(_REPLACING.search(_text(known, path)) for path in ignored)


def _text(known: Known, path: str) -> str:
    return (known.base.read_asset(path) or b"").decode("utf-8", "replace")


def _in_folder(known: Known, folder: str, readers: Sequence[str]) -> Iterator[Secret]:
    effective: dict[Keys, tuple[str, str]] = {}
    for layer in _LAYERS:
        path = f"{folder}/{layer}.{_READ}"
        effective.update((keys, (path, value)) for keys, value in _texts(known, path))
    from_environment = {keys for keys, _ in _texts(known, f"{folder}/{_VARIABLES}.{_READ}")}
    for keys, (path, value) in effective.items():
        kind = _kind_of(keys[-1], value)
        trail = tuple(_reads(known, keys, readers)) if kind is not None else ()
        is_given = any(keys == given[: len(keys)] for given in from_environment)
        if kind is not None and trail and not is_given:
            yield _secret(known, path, keys[-1], value, kind, trail)


def _texts(known: Known, path: str) -> list[tuple[Keys, str]]:
    """The texts of a settings file by the keys that lead to them."""
    content = known.base.read_asset(path) if path in known.base.inventory.paths else None
    try:
        return list(_leaves(msgspec.json.decode(content), ())) if content is not None else []
    except msgspec.DecodeError:
        return []


def _leaves(value: object, keys: Keys) -> Iterator[tuple[Keys, str]]:
    match value:
        case str():
            yield keys, value
        case dict() if len(keys) < _MAX_DEPTH:
            for key, inner in value.items():
                yield from _leaves(inner, (*keys, str(key)))


def _kind_of(name: str, value: str) -> SecretKind | None:
    """What a setting is; passwords of databases are told with their connections."""
    look = by_look(value)
    kind = look[0] if look is not None else kind_by_name(name)
    if kind is None or kind == "password" or (look is None and not is_secret(kind, name, value, is_default=False)):
        return None
    return kind


def _reads(known: Known, keys: Keys, readers: Sequence[str]) -> Iterator[Step]:
    """Where code asks for a setting, or for what holds it."""
    asked = "|".join(re.escape(".".join(keys[:end])) for end in range(1, len(keys) + 1))
    whole = r"\??\.".join(map(re.escape, keys))
    reading = re.compile(rf"\.get\s*(?:<[^<>()]*>)?\(\s*['\"`](?:{asked})['\"`]|\b\w*[cC]onfig\??\.{whole}\b")
    for path in readers:
        found = reading.search(known.base.interpreter.code.snippet(path, 0, _WHOLE))
        if found is not None:
            line = found.string.count("\n", 0, found.start()) + 1
            yield Step(path, line, "reads it")


def _secret(  # noqa: PLR0913 - the parts of a secret
    known: Known, path: str, name: str, value: str, kind: SecretKind, trail: tuple[Step, ...]
) -> Secret:
    text = _text(known, path)
    found = re.search(rf'"{re.escape(name)}"\s*:\s*(?={re.escape(msgspec.json.encode(value).decode())})', text)
    at = found.start() if found is not None else 0
    return Secret(
        kind=kind,
        name=name,
        source="settings",
        is_default=False,
        file=path,
        line=text.count("\n", 0, at) + 1,
        column=at - (text.rfind("\n", 0, at) + 1) + 1,
        backend=known.base.backend_of(path),
        role="server",
        snippet=f'"{name}": {MASK}',
        trail=trail,
    )
