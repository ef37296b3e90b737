"""Which files of the repository a path or pattern in a program means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from posixpath import normpath

from medpro_audit.model.evaluation.builtins import ROOT
from medpro_audit.model.modules.patterns import matches_glob

_LITERAL = re.compile(r"[^*?{\[]*")
_OUTPUT = re.compile(r"^(?:dist|build|lib|out|\.build)/")
"""Folders that compilers write to; what is compiled stands elsewhere in the repository."""


def files_matching(pattern: str, folders: Sequence[str], paths: Sequence[str]) -> list[str]:
    """The files that a pattern means in the first of these working folders in which it means any."""
    for candidate in _candidates(pattern, folders):
        start = _LITERAL.match(candidate)
        literal = start[0] if start is not None else ""
        near = [path for path in paths if path.startswith(literal)]
        found = [path for path in near if path == candidate or (literal != candidate and matches_glob(path, candidate))]
        if found:
            return found
    return []


def _candidates(pattern: str, folders: Sequence[str]) -> Iterator[str]:
    """The pattern from the root of the repository, and what a compiler has made it of."""
    absolute = pattern.startswith(f"{ROOT}/")
    relative = pattern.removeprefix(f"{ROOT}/")
    starts = ["", *folders] if absolute else [*folders, ""]
    for written in (relative, *_sources_of(relative)):
        for folder in dict.fromkeys(starts):
            path = normpath(f"{'' if folder == '.' else folder}/{written}".lstrip("/"))
            if not path.startswith(".."):
                yield path


def _sources_of(pattern: str) -> Iterator[str]:
    typed = re.sub(r"\.([cm]?)js$", r".\1ts", pattern)
    bare = re.sub(r"^\./", "", pattern)
    for written in (bare, re.sub(r"^\./", "", typed)):
        if _OUTPUT.match(written):
            yield _OUTPUT.sub("src/", written)
            yield _OUTPUT.sub("", written)
    if typed != pattern:
        yield typed
