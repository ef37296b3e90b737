"""Whether TypeScript checks strictly: https://www.typescriptlang.org/tsconfig/#strict."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Step
from medpro_audit.model.modules.jsonc import Json, as_object, as_text, as_texts, read_object
from medpro_audit.model.modules.paths import folder_of, joined
from medpro_audit.model.modules.tsconfig import parent_paths
from medpro_audit.model.subjects.tooling_setup import ToolingSetup
from medpro_audit.model.tooling.enforcement import enforcement
from medpro_audit.model.tooling.scope import Scope

_STRICT_BASES = re.compile(
    r"@tsconfig/(node[\w.-]*|strictest|recommended|lts|bun|esm|nuxt|react-native)(/.*)?"
    r"|@sindresorhus/tsconfig.*|@total-typescript/tsconfig.*|@vercel/style-guide/typescript.*"
)
"""Packages whose tsconfig.json sets ``strict``: https://github.com/tsconfig/bases."""
_COMPILERS = frozenset(("tsc", "tsup", "vue-tsc", "ttsc", "tspc"))
_STRICT_SINCE = 6
"""From this major version on it is the default."""
_MAX_PARENTS = 16
_PARTS = {
    "strictNullChecks": "values may be null",
    "noImplicitAny": "arguments may be of any type",
}
"""What of ``strict`` counts where it is set by itself, and what each keeps from going unsaid."""


class _Answer(NamedTuple):
    strict: bool | None
    said_in: str
    """The file that says so, what can't be read, or the project itself where nothing does."""
    parts: Mapping[str, bool]
    """The parts of ``strict`` that are set one by one."""

    @property
    def is_strict(self) -> bool | None:
        """Whether it checks for null and for arguments without a type; None where that is not known."""
        return True if all(map(self.parts.get, _PARTS)) else self.strict

    def problem(self) -> str:
        """What goes unsaid by the compiler where ``strict`` is off."""
        missing = [part for part in _PARTS if not self.parts.get(part)]
        if len(missing) == 1:
            return f"neither strict nor {missing[0]} is on: {_PARTS[missing[0]]} without the compiler saying so"
        return "strict is not on: values may be null or of any type without the compiler saying so"


def strict_types(scope: Scope) -> ToolingSetup | None:
    """Whether a back end's TypeScript is checked strictly; None when most of it is JavaScript."""
    settings = scope.settings
    path = next((path for folder in scope.folders if (path := joined(folder, "tsconfig.json")) in settings), None)
    if path is None or not scope.is_typescript:
        return None
    answers = [_answer(one, settings) for one in (path, *_projects(path, settings))]
    answer = next((one for one in answers if one.is_strict), answers[0])
    strict, said_in = answer.is_strict, answer.said_in
    if strict is None and said_in == path:
        strict = _is_default(scope)
    enforced = enforcement(scope, lambda run: run.program in _COMPILERS)
    problem = {True: "", False: answer.problem(), None: f"what {said_in} says is not known"}[strict]
    return ToolingSetup(
        file=path,
        line=_line(settings[path]),
        backend=scope.backend,
        practice="strict-types",
        tool="TypeScript",
        is_set_up=strict,
        is_enforced=enforced.holds,
        problem=problem,
        gap=enforced.gap,
        trail=(Step(said_in, 1, "says so"),) if said_in != path and said_in in settings else (),
    )


def _projects(path: str, settings: Mapping[str, bytes]) -> Iterator[str]:
    """The projects that a file refers to, those of tests left out."""
    references = _fields(path, settings).get("references")
    for reference in references if isinstance(references, list) else ():
        written = as_text(as_object(reference).get("path"))
        found = next((one for one in parent_paths(folder_of(path), written) if one in settings), None)
        if written and found is not None and not re.search(r"spec|test", found):
            yield found


def _answer(path: str, settings: Mapping[str, bytes]) -> _Answer:
    """What a file or one that it extends says."""
    seen: set[str] = set()
    waiting = [path]
    parts: dict[str, bool] = {}
    while waiting and len(seen) < _MAX_PARENTS:
        current = waiting.pop(0)
        if current in seen:
            continue
        seen.add(current)
        fields = _fields(current, settings)
        options = as_object(fields.get("compilerOptions"))
        said = {part: value for part in _PARTS if isinstance(value := options.get(part), bool)}
        parts = {**said, **parts}
        if isinstance(strict := options.get("strict"), bool):
            return _Answer(strict, current, parts)
        for name in reversed(as_texts(fields.get("extends"))):
            if _STRICT_BASES.fullmatch(name):
                return _Answer(strict=True, said_in=current, parts=parts)
            parent = _parent(current, name, settings)
            if parent is None:
                return _Answer(None, name, parts)
            waiting.append(parent)
    return _Answer(None, path, parts)


def _parent(path: str, name: str, settings: Mapping[str, bytes]) -> str | None:
    if not name.startswith("."):
        return None
    return next((found for found in parent_paths(folder_of(path), name) if found in settings), None)


def _fields(path: str, settings: Mapping[str, bytes]) -> dict[str, Json]:
    found = read_object(path, settings[path])
    return {} if isinstance(found, Notice) else found


def _is_default(scope: Scope) -> bool:
    ranges = (package.range_of("typescript") for package in scope.packages)
    version = next((one for one in ranges if one is not None), "")
    major = re.match(r"[~^>=\sv]*(\d+)", version)
    return major is not None and int(major[1]) >= _STRICT_SINCE


def _line(content: bytes) -> int:
    """Where ``strict`` is said or would be: the line of ``compilerOptions``."""
    text = content.decode("utf-8", "replace")
    found = re.search(r'^\s*"strict"\s*:', text, re.MULTILINE) or re.search(r'"compilerOptions"', text)
    return text.count("\n", 0, found.end()) + 1 if found else 1
