"""Strings: what their methods do to known text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.values import (
    FALSE,
    TRUE,
    UNDEFINED,
    ArrayValue,
    Constant,
    Environment,
    Item,
    NativeFunction,
    Site,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

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
    "indexOf": lambda text, part: text.find(part),
    "lastIndexOf": lambda text, part: text.rfind(part),
    "replace": lambda text, old, new: text.replace(old, new, 1),
    "replaceAll": lambda text, old, new: text.replace(old, new),
    "split": lambda text, by: text.split(by) if by else list(text),
    "slice": lambda text, start=0, end=None: text[start:end],
    "substring": lambda text, start, end=None: text[max(start, 0) : end if end is None else max(end, 0)],
    "charAt": lambda text, index: text[index : index + 1],
    "toString": lambda text: text,
    "valueOf": lambda text: text,
    "padStart": lambda text, width, fill=" ": text.rjust(width, fill[:1]) if width < 100 else text,  # noqa: PLR2004
    "repeat": lambda text, times: text * times if len(text) * times < 1000 else text,  # noqa: PLR2004
}

_KEEPS_UNKNOWN = {"trim", "toString", "valueOf", "toLowerCase", "toUpperCase", "trimStart", "trimEnd"}
"""Methods that leave what is known of a partly known text as it is, near enough for a path or a host."""


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
        return NativeFunction(lambda _i, _a, _s: Constant(str(owner.value)))
    if name in _KEEPS_UNKNOWN:
        return NativeFunction(lambda _i, _a, _s: owner)
    if name == "split" and isinstance(owner, Text | Environment):
        return NativeFunction(lambda _i, _a, _s: ArrayValue((), is_open=True))
    if name in _METHODS:
        return NativeFunction(lambda i, arguments, s: _on_unknown(i, name, arguments, s))
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


def _on_unknown(interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
    interpreter.hand_over(arguments, site)
    return Unknown(f"the result of .{name}() of a text that is not known", site.place)
