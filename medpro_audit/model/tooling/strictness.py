"""Whether TypeScript checks strictly: https://www.typescriptlang.org/tsconfig/#strict."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

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


def strict_types(scope: Scope) -> ToolingSetup | None:
    """Whether a back end's TypeScript is checked strictly; None when it is no TypeScript."""
    settings = scope.settings
    path = next((path for folder in scope.folders if (path := joined(folder, "tsconfig.json")) in settings), None)
    if path is None or not scope.has_typescript:
        return None
    verdicts = [_strict(one, settings) for one in (path, *_projects(path, settings))]
    strict, said_in = next((verdict for verdict in verdicts if verdict[0]), verdicts[0])
    if strict is None and said_in == path:
        strict = _is_default(scope)
    enforced = enforcement(scope, lambda run: run.program in _COMPILERS)
    problem = {True: "", False: "strict is not on", None: f"what {said_in} says is not known"}[strict]
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


def _strict(path: str, settings: Mapping[str, bytes]) -> tuple[bool | None, str]:
    """What a file or one that it extends says; None with the name of what can't be read, or with the file itself."""
    seen: set[str] = set()
    waiting = [path]
    while waiting and len(seen) < _MAX_PARENTS:
        current = waiting.pop(0)
        if current in seen:
            continue
        seen.add(current)
        fields = _fields(current, settings)
        strict = as_object(fields.get("compilerOptions")).get("strict")
        if isinstance(strict, bool):
            return strict, current
        for name in reversed(as_texts(fields.get("extends"))):
            if _STRICT_BASES.fullmatch(name):
                return True, current
            parent = _parent(current, name, settings)
            if parent is None:
                return None, name
            waiting.append(parent)
    return None, path


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
