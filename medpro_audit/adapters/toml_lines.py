"""Where the keys of a TOML document stand; ``tomllib`` only tells what they are."""

import re
import tomllib
from collections.abc import Iterator

KeyPath = tuple[str, ...]

_MAX_KEY_DEPTH = 6
"""Deeper keys have the line of the key above them; a hostile document may nest without end."""
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'  # a string in three quotes may end in one or two more
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{}\n]",
    re.DOTALL,
)
_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}


def key_lines(text: str) -> dict[KeyPath, int]:
    """Line of every key and table of a valid TOML document, by path from its root."""
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for line, statement in _statements(text):
        found = tomllib.loads(statement)
        if statement.startswith("["):
            table = _deepest(found)
            found_paths: Iterator[KeyPath] = iter([table])
        else:
            found_paths = (table + path for path in _paths(found, ()))
        for path in found_paths:
            lines.setdefault(path[:_MAX_KEY_DEPTH], line)
    return lines


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Tables' heads and ``key = value`` pairs, each whole, with the line it begins in.

    A line end outside brackets and strings ends a statement. This holds for valid documents only, so ``tomllib`` is
    asked first.
    """
    start = depth = 0
    line = 1
    for token in _TOKEN.finditer(text + "\n"):
        depth += _DEPTH.get(token[0], 0)
        if token[0] == "\n" and depth == 0:
            statement = text[start : token.start()]
            if statement.strip():
                yield line, statement.strip()
            start = token.end()
            line += statement.count("\n") + 1


def _deepest(table: object) -> KeyPath:
    """Path of the table that a head opens."""
    path: KeyPath = ()
    while table and isinstance(table, dict | list):
        if isinstance(table, dict):
            key, table = next(iter(table.items()))
            path = (*path, key)
        else:
            table = table[-1]
    return path


def _paths(value: object, path: KeyPath) -> Iterator[KeyPath]:
    """Paths of all keys in a value, the outer ones too."""
    if isinstance(value, dict) and len(path) < _MAX_KEY_DEPTH:
        for key, inner in value.items():
            yield (*path, key)
            yield from _paths(inner, (*path, key))
