"""Strings: what their methods do to known text."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.handing_over import hand_over
from medpro_audit.model.evaluation.values import (
    FALSE,
    TRUE,
    UNDEFINED,
    ArrayValue,
    Constant,
    Environment,
    Item,
    JoinedPath,
    NativeFunction,
    Site,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

_MAX_PARTS = 100
"""Texts of more parts are not followed, as are longer ones."""
_MAX_TEXT = 4096
"""Longer strings are not followed: a scanned program must not make us build them."""
_MAX_PLAIN = 1e21
"""Larger numbers are printed with an exponent."""
_MAX_MADE = 1_000
"""Longer texts are not made."""


def printed(constant: Constant) -> str:
    """How JavaScript prints a constant."""
    match constant.value:
        case None:
            return "null"
        case bool() as boolean:
            return "true" if boolean else "false"
        case float() as number if math.isinf(number):
            return "Infinity" if number > 0 else "-Infinity"
        case float() as number if number.is_integer() and abs(number) < _MAX_PLAIN:
            return str(int(number))
        case other:
            return str(other)


def _between(text: str, start: int, end: int) -> str:
    """``substring``: bounds may stand in any order."""
    first, last = sorted((max(start, 0), max(end, 0)))
    return text[first:last]


def _padding(text: str, width: int, fill: str) -> str:
    missing = max(width - len(text), 0)
    if missing > _MAX_MADE:
        raise OverflowError
    return (fill * missing)[:missing]


def _repeated(text: str, times: int) -> str:
    if len(text) * times > _MAX_MADE:
        raise OverflowError
    return text * times


_METHODS: dict[str, Callable[..., str | bool | int | list[str]]] = {
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
    "trim": str.strip,
    "trimStart": str.lstrip,
    "trimEnd": str.rstrip,
    "concat": lambda text, *rest: text + "".join(rest),
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "includes": lambda text, part: part in text,
    "indexOf": lambda text, part, start=0: text.find(part, max(start, 0)),
    "lastIndexOf": lambda text, part: text.rfind(part),
    "replace": lambda text, old, new: text.replace(old, new, 1),
    "replaceAll": lambda text, old, new: text.replace(old, new),
    "split": lambda text, by: text.split(by) if by else list(text),
    "slice": lambda text, start=0, end=None: text[start:end],
    "substring": lambda text, start, end=None: _between(text, start, len(text) if end is None else end),
    "charAt": lambda text, index: text[index : index + 1],
    "toString": lambda text: text,
    "valueOf": lambda text: text,
    "padStart": lambda text, width, fill=" ": _padding(text, width, fill) + text,
    "padEnd": lambda text, width, fill=" ": text + _padding(text, width, fill),
    "repeat": _repeated,
}

_KEEPS_UNKNOWN = {"trim", "toString", "valueOf", "toLowerCase", "toUpperCase", "trimStart", "trimEnd"}
"""Methods that leave what is known of a partly known text as it is, near enough for a path or a host."""


TESTING = frozenset(("endsWith", "includes", "indexOf", "lastIndexOf", "match", "search", "startsWith"))
"""Methods that ask what is in a text."""


def string_member(owner: Constant | Text | Environment, name: str, site: Site) -> Value:
    """A property or method of a string, or of a number or boolean."""
    if isinstance(owner, Constant) and isinstance(owner.value, str):
        if name == "length":
            return Constant(len(owner.value))
        if name.isdigit():
            character = owner.value[int(name) : int(name) + 1]
            return Constant(character) if character else UNDEFINED
        if name in _METHODS:
            text = owner.value
            return NativeFunction(lambda _i, arguments, s: _apply(text, name, arguments, s))
    if name in {"toString", "valueOf"} and isinstance(owner, Constant):
        return NativeFunction(lambda _i, _a, _s: Constant(printed(owner)))
    if name in _KEEPS_UNKNOWN:
        return NativeFunction(lambda _i, _a, _s: owner)
    if name == "concat":
        return NativeFunction(lambda _i, arguments, _s: _concat(owner, arguments))
    if name == "split" and isinstance(owner, Text | Environment):
        return NativeFunction(lambda _i, _a, _s: ArrayValue((), is_open=True))
    if name in _METHODS:
        return NativeFunction(lambda i, arguments, s: _on_unknown(i, owner, name, arguments, s))
    return Unknown(f".{name} of a text is not modelled", site.place)


def _apply(text: str, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
    constants = [item.value.value for item in arguments if isinstance(item.value, Constant)]
    if len(constants) != len(arguments):
        return Unknown(f"the result of .{name}() with values that are not known", site.place)
    try:
        result = _METHODS[name](text, *constants)
    except (TypeError, ValueError, OverflowError):
        return Unknown(f"the result of .{name}()", site.place)
    if isinstance(result, bool):
        return TRUE if result else FALSE
    if isinstance(result, list):
        return ArrayValue([Item(Constant(part)) for part in result])
    return Constant(result)


def concatenated(parts: Sequence[str | Value]) -> Value:
    """A string put together from parts; constant when all of them are."""
    flat: list[str | Value] = []
    for part in parts:
        inner = part.parts if isinstance(part, Text) else (printed(part) if isinstance(part, Constant) else part,)
        for piece in inner:
            if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                flat[-1] += piece
            else:
                flat.append(piece)
    if len(flat) > _MAX_PARTS or sum(len(piece) for piece in flat if isinstance(piece, str)) > _MAX_TEXT:
        return Unknown("the text is too long to be followed")
    if not flat:
        return Constant("")
    if len(flat) == 1 and isinstance(flat[0], str):
        return Constant(flat[0], parts)
    return JoinedPath(flat) if _ends_path(parts) else Text(flat)


def _ends_path(parts: Sequence[str | Value]) -> bool:
    """Whether only known text follows a path in which ``..`` has been followed: ``path.join(…) + '.pdf'``."""
    unknown = [part for part in parts if not isinstance(part, str | Constant)]
    return bool(unknown) and isinstance(unknown[-1], JoinedPath)


def _concat(owner: Value, arguments: tuple[Item, ...]) -> Value:
    return concatenated([owner, *(item.value for item in arguments)])


def _on_unknown(interpreter: Interpreter, owner: Value, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
    hand_over(interpreter, arguments, site)
    if name in TESTING and interpreter.request is not None:
        interpreter.request.tested(owner)
    return Unknown(f"the result of .{name}() of a text that is not known", site.place)
