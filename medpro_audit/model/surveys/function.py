"""Finds the larger functions of server code, and which of them repeat another one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from medpro_audit.core.place import Step
from medpro_audit.model.known import Known
from medpro_audit.model.structure.functions import Body, bodies
from medpro_audit.model.subjects.function import Function
from medpro_audit.model.subjects.module import Module

_FROZEN = re.compile(r"(?:^|/)[\w-]*(?:migrations?|seed(?:er)?s?|generated|vendor)/", re.IGNORECASE)
"""Folders of code that is written once and not changed."""
MOST_COPIES = 20
"""Steps of a trail."""

_Found = tuple[str, Body]


def survey(known: Known) -> Iterator[Function]:
    """Every function of at least `functions.LEAST_LINES` lines, by place."""
    base = known.base
    modules = {each.file: each for each in known.found("module") if isinstance(each, Module)}
    found: list[_Found] = []
    for path in sorted(modules):
        facts = base.facts[path]
        if facts.is_understood and not _FROZEN.search(path):
            found += [(path, body) for body in bodies(base.interpreter.code.snippet(path, 0, facts.size))]
    groups: defaultdict[tuple[str, bytes], list[_Found]] = defaultdict(list)
    for path, body in found:
        groups[base.backend_of(path), body.digest].append((path, body))
    copied = {key: group for key, group in groups.items() if len({path for path, _ in group}) > 1}
    inner = _within_others(copied.values())
    for path, body in found:
        backend = base.backend_of(path)
        group = copied.get((backend, body.digest), [])
        first = min(group, key=lambda each: _worth(each, modules)) if group else None
        is_copy = first is not None and path != first[0] and (path, body.line) not in inner
        yield Function(
            file=path,
            line=body.line,
            end_line=body.end_line,
            backend=backend,
            name=body.name,
            lines=body.lines,
            copy_of=f"{first[0]}:{first[1].line}" if first is not None and is_copy else None,
            trail=tuple(
                Step(other, same.line, "the same function stands here")
                for other, same in group[:MOST_COPIES]
                if is_copy and other != path
            ),
        )


def _worth(found: _Found, modules: dict[str, Module]) -> tuple[bool, bool, int, str, int]:
    """Sort key: first the copy in its place, then the one that most modules use."""
    path, body = found
    module = modules[path]
    return (module.in_helper_folder, module.in_place is False, -len(module.used_by), path, body.line)


def _within_others(groups: Iterable[list[_Found]]) -> set[tuple[str, int]]:
    """Copied functions that stand within larger copied ones, by path and line."""
    spans: defaultdict[str, list[Body]] = defaultdict(list)
    for group in groups:
        for path, body in group:
            spans[path].append(body)
    return {
        (path, body.line)
        for path, own in spans.items()
        for body in own
        if any(other.line < body.line and body.end_line < other.end_line for other in own)
    }
