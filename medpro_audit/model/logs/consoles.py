"""Loggers that no log call is made on: a console that is replaced at the start, functions that write lines."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from medpro_audit.facts.file import FileFacts
from medpro_audit.model.evaluation.program import Code
from medpro_audit.model.logs.receivers import Receivers

FEWEST_FUNCTIONS = 2
"""A single function that writes is none."""

_REPLACED = re.compile(r"^console\.(\w+)\s*=(?!=|\s*(?:function\s*)?\(\s*\)\s*(?:=>\s*)?\{\s*\})", re.MULTILINE)
"""A method of the console that a module replaces when it is loaded, unless it is only silenced."""
_WRITING = re.compile(r"\blog_?(?:debug|error|event|info|message|warn(?:ing)?)\b", re.IGNORECASE)
"""Names of functions that write a line."""


class Consoles(NamedTuple):
    """What back ends have instead of a logger with methods."""

    replaced: frozenset[tuple[str, str]]
    """Back ends, with methods of the console that are the project's own there."""
    written: Mapping[str, str]
    """By back end, a module whose functions write the lines: ``logError``, ``logInfo``."""


def consoles(
    modules: Iterable[tuple[str, str]],
    files: Mapping[str, FileFacts],
    code: Code,
    receivers: Receivers,
    settled: Collection[str],
) -> Consoles:
    """Look for them.

    Args:
        modules: Back end and path of server code.
        files: Facts by path.
        code: Gives source text.
        receivers: Says what functions write.
        settled: Back ends that have a logger, and need no functions.
    """
    replaced: set[tuple[str, str]] = set()
    written: dict[str, str] = {}
    for backend, path in sorted(modules):
        source = code.snippet(path, 0, files[path].size)
        replaced.update((backend, match[1]) for match in _REPLACED.finditer(source))
        if backend in settled or backend in written:
            continue
        names = set(_WRITING.findall(source))
        if len(names) >= FEWEST_FUNCTIONS and len(list(_writing(receivers, path, names))) >= FEWEST_FUNCTIONS:
            written[backend] = path
    return Consoles(frozenset(replaced), written)


def _writing(receivers: Receivers, path: str, names: Collection[str]) -> Iterator[str]:
    return (name for name in sorted(names) if receivers.writes(path, name))
