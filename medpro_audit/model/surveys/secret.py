"""Secrets in the source of the server, and in settings that are not kept out of git."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec import structs

from medpro_audit.core.place import Step
from medpro_audit.facts.file import FileFacts, TextFact
from medpro_audit.model.access.account import Account
from medpro_audit.model.database.deployments import is_for_tests
from medpro_audit.model.database.files.env import variables_of
from medpro_audit.model.performance.reach import functions_of
from medpro_audit.model.secrecy.masking import GIVEN, MASK
from medpro_audit.model.secrecy.node_config import secrets_of
from medpro_audit.model.secrecy.startup import Startup
from medpro_audit.model.secrecy.telling import by_look, is_secret, kind_by_name
from medpro_audit.model.subjects.cookie import Cookie
from medpro_audit.model.subjects.module import Module
from medpro_audit.model.subjects.secret import Secret, SecretKind
from medpro_audit.model.subjects.token import Token
from medpro_audit.model.testing.preparing import preparing_modules

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

_SPACE = 8
"""Characters in which an operator follows a text."""
_BEFORE = 160
_DEEDS = {"sign": "signs tokens", "verify": "verifies tokens", "session": "signs sessions"}
_PATTERNS_OF_FILES = re.compile(r"(?:^|/)(?:[^/]+)?\.env(?:\.[\w.-]+)?$")
_NAMES = re.compile(r"[._-]")
_DOCUMENTS = frozenset(("docs", "doc", "documentation", "examples", "example", "samples", "website"))
"""Folders whose files tell readers what to write, and are read by no program."""
_TESTS = frozenset(
    ("__fixtures__", "__mocks__", "__tests__", "e2e", "fixtures", "mocks", "spec", "specs", "test", "testing", "tests")
)
"""Folders of what only tests use, though other code may reach it."""
_INSTEAD = re.compile(r"(?:process\.env(?:\.\w+|\[['\"]\w+['\"]\])\s*(?:\|\||\?\?)\s*)+$")
"""Variables that a default stands in for, right before it."""
_VARIABLE = re.compile(r"process\.env(?:\.|\[['\"])(\w+)")
_LIST = 1_000
"""Bytes before a text in which the list begins that it is an entry of."""
_WHOLE = 1_000_000
_LISTED = re.compile(r"\b(?:const|let|var)\s+(?P<name>[\w$]+)\s*(?::[^={]*)?=\s*\{")
_CONSTANT = re.compile(r"(?<!export )\bconst\s+(?P<name>[\w$]+)\s*(?::[^=]*)?=\s*['\"`]?$")
_BAD = re.compile(r"weak|insecure|unsafe|leaked|compromised|forbidden|banned|well_?known", re.IGNORECASE)
_DEFAULT = re.compile(r"default", re.IGNORECASE)
_HELD_AGAINST = re.compile(r"process\.env\[\w+\]\s*[!=]==?")
"""Variables, each in turn, are compared with values that the program lists."""
_EXAMPLE = re.compile(r"\bexamples?['\"]?\s*:\s*(?=[\[{(])")
"""What a description of an interface shows its readers: ``example: [{ secret: '…' }]``."""
_EXAMPLES = frozenset(("example", "sample", "template", "dist", "test", "defaults", "default", "ci", "schema", "e2e"))


def survey(known: Known) -> Iterable[Secret]:
    """One for each place, sorted."""
    found: dict[tuple[str, int], Secret] = {}
    for path, facts in known.base.facts.items():
        for secret in _in_code(known, path, facts):
            found.setdefault((secret.file, secret.line), secret)
    for secret in (*_in_settings(known), *secrets_of(known)):
        found.setdefault((secret.file, secret.line), secret)
    uses, closed = _uses(known), _closed(known)
    told = [
        structs.replace(
            secret,
            trail=(*secret.trail, *uses.get((secret.file, secret.line), ())),
            is_for_trying=any(first <= secret.line <= last for first, last in closed.get(secret.file, ())),
        )
        for secret in found.values()
    ]
    return sorted(told, key=lambda secret: (secret.file, secret.line, secret.column))


def _uses(known: Known) -> dict[tuple[str, int], tuple[Step, ...]]:
    """What each text that signs tokens or sessions is used for, by its file and line."""
    found: dict[tuple[str, int], list[Step]] = {}
    for each in (*known.found("token"), *known.found("cookie")):
        if isinstance(each, Token | Cookie) and each.cause is not None:
            text = f"{_DEEDS[each.kind]} with it"
            found.setdefault((each.cause.file, each.cause.line), []).append(Step(each.file, each.line, text))
    return {place: tuple(sorted(set(steps))) for place, steps in found.items()}


def _closed(known: Known) -> dict[str, list[tuple[int, int]]]:
    """First and last lines of handlers that serve nobody in the default configuration, by file."""
    found: dict[str, list[tuple[int, int]]] = {}
    for row in known.base.rows:
        for layer, summary in known.base.endpoint_builder.chain(row):
            if isinstance(summary.account, Account) and summary.account.is_closed:
                for function in functions_of(layer.value):
                    facts = function.module.facts
                    lines = facts.place(function.node.start).line, facts.place(function.node.end).line
                    found.setdefault(facts.path, []).append(lines)
    return found


def _in_code(known: Known, path: str, facts: FileFacts) -> Iterator[Secret]:
    for fact in facts.texts.get("secret-by-look", ()):
        look = by_look(fact.text)
        if look is not None:
            yield _secret(known, facts, fact, *look, shown=f"{look[1]} {MASK}", is_default=False)
    told: set[str] = set()
    for fact in facts.texts.get("secret-by-name", ()):
        before = known.base.interpreter.code.snippet(path, max(0, fact.at - _BEFORE), fact.at)
        given = GIVEN.search(before)
        kind = kind_by_name(given["name"]) if given is not None else None
        if given is not None and kind is not None and fact.text not in told and not _is_shown(before):
            is_default = given["by"] in {"||", "??"}
            if is_secret(kind, given["name"], fact.text, is_default=is_default) and not _is_warned_of(
                known, path, fact
            ):
                told.add(fact.text)
                shown = f"{given['name']} {given['by']} {MASK}"
                secret = _secret(known, facts, fact, kind, given["name"], shown=shown, is_default=is_default)
                yield structs.replace(secret, is_idle=is_default and _is_idle(known, path, before))


def _is_idle(known: Known, path: str, before: str) -> bool:
    """Whether no program can use a default: one of the variables is always set, or nothing loads the module."""
    startup = known.shared(Startup)
    chain = _INSTEAD.search(before)
    if chain is not None and startup.has_each(path, frozenset(_VARIABLE.findall(chain[0]))):
        return True
    unused = (one for one in known.found("module") if isinstance(one, Module) and one.is_used is False)
    return not startup.is_loaded(path) and any(one.file == path for one in unused)


def _is_warned_of(known: Known, path: str, fact: TextFact) -> bool:
    """Whether it is a value that nobody may use, or no whole one."""
    return _is_listed(known, path, fact) or _is_only_compared(known, path, fact) or _is_joined(known, path, fact)


def _is_joined(known: Known, path: str, fact: TextFact) -> bool:
    """Whether it is only the beginning of what is made there: ``'sensor_' + uuid()``."""
    quoted = len(fact.text) + 2
    after = known.base.interpreter.code.snippet(path, fact.at + quoted, fact.at + quoted + _SPACE)
    return after.lstrip().startswith("+")


def _is_only_compared(known: Known, path: str, fact: TextFact) -> bool:
    """Whether it stands in a constant that settings are held against: ``process.env.JWT_SECRET === DEFAULT_SECRET``."""
    whole = known.base.interpreter.code.snippet(path, 0, _WHOLE)
    made = _CONSTANT.search(known.base.interpreter.code.snippet(path, max(0, fact.at - _BEFORE), fact.at))
    if made is None:
        return False
    name = rf"(?<![\w$.]){re.escape(made['name'])}(?![\w$])"
    uses = len(re.findall(name, whole)) - 1
    return 0 < uses == len(re.findall(rf"[!=]==?\s*{name}|{name}(?:\s*[!=]==?|\)*\.length\b)", whole))


def _is_listed(known: Known, path: str, fact: TextFact) -> bool:
    """Whether it is an entry of a list of bad values: ``const WEAK_DEFAULTS = { JWT_SECRET: '…' }``."""
    text = known.base.interpreter.code.snippet(path, max(0, fact.at - _LIST), fact.at)
    found = list(_LISTED.finditer(text))
    inner = text[found[-1].end() :] if found else "}"
    if inner.count("{") < inner.count("}"):
        return False
    name = found[-1]["name"]
    return _BAD.search(name) is not None or (
        _DEFAULT.search(name) is not None
        and _HELD_AGAINST.search(known.base.interpreter.code.snippet(path, 0, _WHOLE)) is not None
    )


def _is_shown(before: str) -> bool:
    """Whether the text before a place ends inside an example."""
    found = list(_EXAMPLE.finditer(before))
    inner = before[found[-1].end() :] if found else ""
    return sum(map(inner.count, "[{(")) > sum(map(inner.count, "]})"))


def _secret(  # noqa: PLR0913 - the parts of a secret
    known: Known, facts: FileFacts, fact: TextFact, kind: SecretKind, name: str, *, shown: str, is_default: bool
) -> Secret:
    place, path = facts.place(fact.at), facts.path
    return Secret(
        kind=kind,
        name=name,
        source="code",
        is_default=is_default,
        file=place.file,
        line=place.line,
        column=place.column,
        backend=known.base.backend_of(place.file),
        role="test" if _is_for_tests(known, path) else known.base.roles.get(path, "script"),
        snippet=shown,
    )


def _is_for_tests(known: Known, path: str) -> bool:
    is_apart = bool(_TESTS & set(PurePosixPath(path).parent.parts)) or is_for_tests(path)
    return is_apart or path in known.shared(preparing_modules)


def _in_settings(known: Known) -> Iterator[Secret]:
    """Variables of files that git would take in."""
    inventory = known.base.inventory
    for path in sorted(set(inventory.settings) & inventory.paths):
        folders, name = PurePosixPath(path.lower()).parent.parts, PurePosixPath(path.lower()).name
        if not _PATTERNS_OF_FILES.search(path) or _EXAMPLES & set(_NAMES.split(name)) or _DOCUMENTS & set(folders):
            continue
        for variable in variables_of(inventory.settings[path].decode("utf-8", "replace")):
            kind = _kind_of(variable.name, variable.value)
            if kind is not None:
                yield Secret(
                    kind=kind,
                    name=variable.name,
                    source="settings",
                    is_default=False,
                    file=path,
                    line=variable.line,
                    column=1,
                    backend=known.base.backend_of(path),
                    role="server",
                    snippet=f"{variable.name}={MASK}",
                )


def _kind_of(name: str, value: str) -> SecretKind | None:
    look = by_look(value)
    if look is not None:
        return look[0]
    kind = kind_by_name(name)
    return kind if kind is not None and is_secret(kind, name, value, is_default=False, in_code=False) else None
