"""Paths as they are written where something is registered: what one stands for, and what it is in effect for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from medpro_audit.model.evaluation.values import (
    ArrayValue,
    Choice,
    Constant,
    Environment,
    Pattern,
    Text,
    Unknown,
    Value,
)

MAX_PATHS = 200
"""Paths of one registration."""
MAX_NESTED_PATHS = 2
"""Lists of lists of paths."""


class PathText(NamedTuple):
    """One path that a value stands for, under a condition."""

    text: str
    condition: str = ""
    pattern: Pattern | None = None
    """The regular expression that it is."""


def paths_of(value: Value | None, depth: int = 0) -> list[PathText] | Unknown:
    """The paths that a path argument stands for; ``depth`` is that of the lists around it.

    What an environment variable without a default holds is not known: it stands for itself, ``/{API_PREFIX}/visits``.
    """
    match value:
        case None:
            return [PathText("/")]
        case Constant(value=str() as text):
            return [PathText(text)]
        case Pattern():
            return [PathText(_written(value), pattern=value)]
        case Environment(default=default, name=name):
            return paths_of(default) if default is not None else [PathText(f"/{{{name}}}")]
        case ArrayValue():
            return _listed_paths(value, depth + 1)
        case Choice(options=options):
            given = [(option, condition) for option, condition in options if paths_of(option, depth)]
            return _all_paths(given, depth)
        case Text(parts=parts):
            return _composed(parts)
        case Unknown():
            return value
    return Unknown("the path is a value that is no text")


def _listed_paths(paths: ArrayValue, depth: int) -> list[PathText] | Unknown:
    if paths.is_open and not paths.items:
        return Unknown("the list of paths is not known")
    if depth > MAX_NESTED_PATHS:
        return Unknown("lists of paths are nested too deeply")
    return _all_paths([(item.value, item.condition) for item in paths.items], depth)


def _all_paths(values: Sequence[tuple[Value, str]], depth: int) -> list[PathText] | Unknown:
    found: list[PathText] = []
    for value, condition in values[:MAX_PATHS]:
        paths = paths_of(value, depth)
        if isinstance(paths, Unknown):
            return paths
        found.extend(path._replace(condition=path.condition or condition) for path in paths)
    return found


def _composed(parts: Sequence[str | Value]) -> list[PathText] | Unknown:
    texts = [PathText("")]
    for part in parts:
        if isinstance(part, Environment) and part.default is None:
            texts = [PathText(f"{one.text or '/'}{{{part.name}}}", one.condition) for one in texts]
            continue
        pieces = [PathText(part)] if isinstance(part, str) else paths_of(_as_path_part(part))
        if isinstance(pieces, Unknown):
            return pieces
        texts = [PathText(a.text + b.text, a.condition or b.condition) for a in texts for b in pieces][:MAX_PATHS]
    return texts


def _as_path_part(part: Value) -> Value:
    if isinstance(part, Constant) and not isinstance(part.value, str):
        return Constant(str(part.value))
    return part


def joined(prefix: str, path: str) -> str:
    """A path below a mount, as a reader would write it."""
    if path in {"", "/"}:
        return prefix or "/"
    if path.startswith("/") and prefix.endswith("/"):
        return prefix.rstrip("/") + path
    if path.startswith("*"):
        return f"{prefix}/{path}" if prefix else path  # a mount ends where a segment does
    return f"{prefix}/{path}" if not path.startswith(("/", "(", "{")) else prefix + path


def _written(pattern: Pattern) -> str:
    return f"/{pattern.source}/{pattern.flags}"


def covers(prefix: str, path: str, *, is_exact: bool = False, pattern: Pattern | None = None) -> bool | None:
    """Whether everything below ``path`` is below ``prefix`` (or at it) too: what a path-scoped middleware guards.

    Args:
        prefix: As it is written, from the application's root.
        path: Of a route.
        is_exact: It is in effect for its own path only.
        pattern: The regular expression at its end.

    Returns:
        None where a pattern may match or not.
    """
    if pattern is not None:
        base = prefix.removesuffix(_written(pattern))
        rest = "/".join(["", *path.strip("/").split("/")[len(_segments(base)) :]])
        return covers(base, path) and _is_matched(pattern, rest or "/")
    want, have = _segments(prefix), _segments(path)
    if want and (want[-1] == "(.*)" or want[-1].startswith(("*", "{*"))):
        want.pop()  # a wildcard: whatever follows
    for at, wanted in enumerate(want):
        given = have[at] if at < len(have) else None
        if wanted == given or (given is not None and wanted.startswith(":")):
            continue
        begun = _is_begun(wanted, given, is_last=at == len(want) - 1)
        return None if any(one.endswith("?") for one in want[:at]) else begun
    return not is_exact or len(have) <= len(want)


def is_wildcard(path: PathText) -> bool:
    """Whether a route is for more than one path, whatever its parameters are."""
    return path.pattern is not None or re.search(r"[*+(|]|.\?", path.text) is not None


def _segments(path: str) -> list[str]:
    return [segment for segment in path.lower().split("/") if segment]


_SIGNS = re.compile(r".?\?|[*+(){}|]")
"""What makes a pattern of a segment; what stands before a question mark may be left out."""
_REST = re.compile(r"\*|\(\.\*\)")


def _is_begun(wanted: str, given: str | None, *, is_last: bool) -> bool | None:
    """Whether a segment is as a pattern says: ``users*``; None when it may be."""
    sign = _SIGNS.search(wanted)
    if sign is None:
        return False
    begins = (given or "").startswith(wanted[: sign.start()])
    is_rest = _REST.fullmatch(wanted[sign.start() :]) is not None
    return begins if is_rest and is_last else None if begins else False


_ANYTHING = re.compile(r"\^?(?:\\?/)?(?:\(?\.\*\)?)?\$?")
"""Regular expressions that match every path."""
_PARAMETER = re.compile(r":\w+")


def _is_matched(pattern: Pattern, path: str) -> bool | None:
    if _ANYTHING.fullmatch(pattern.source):
        return True
    # A parameter may be anything: a number, or one of the words that the expression asks for.
    samples = [_PARAMETER.sub(word, path) for word in ("0", *re.findall(r"\w+", pattern.source))]
    flags = re.IGNORECASE if "i" in pattern.flags else 0
    try:
        found = [re.search(pattern.source, sample, flags) for sample in samples]
    except re.error:
        return None
    if found[0] is None:
        return None if any(found) else False
    return found[0].start() == 0 or None  # of ``use`` it must match from the beginning
