"""Runs small programs in the interpreter, and under Node for comparison.

A program assigns to ``out``, which is declared; ``maybe()`` is true or false, nobody knows which.
"""

import json
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from medpro_audit.model.evaluation.imports import export_of
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    Choice,
    ClassValue,
    Constant,
    Deferred,
    Environment,
    FunctionValue,
    Item,
    Method,
    NativeFunction,
    ObjectValue,
    Site,
    Text,
    Value,
)
from model.memory import builder

STEPS = 20_000
SOMETHING = "?"
"""Stands for what isn't known."""
VARIABLE = "$"
"""Before the name of an environment variable, whose value isn't known."""
NOTHING = "undefined"
FUNCTION = "function"
MORE = "..."
"""As the last element of a list: there may be more."""


class Either(NamedTuple):
    """One of several values."""

    options: tuple[object, ...]


class Perhaps(NamedTuple):
    """An element that may be missing from its list."""

    value: object


class Program(NamedTuple):
    """A program and what is known of ``out`` when it has run."""

    source: str
    expected: object


def either(*options: object) -> Either:
    """One of these, in any order."""
    return Either(tuple(sorted(options, key=repr)))


def out_of(source: str) -> object:
    """What is known of ``out`` after a program has run."""
    interpreter = builder({"main.js": f"let out;\n{source}"}).interpreter
    interpreter.budget = STEPS
    module = interpreter.module("main.js")
    assert module is not None
    interpreter.start(module)
    interpreter.run_callbacks()
    return shown(interpreter, module.scope.names["out"])


def exported(files: Mapping[str, str], main: str) -> object:
    """What is known of the export ``out`` of a program of several modules."""
    interpreter = builder(files).interpreter
    module = interpreter.module(main)
    assert module is not None
    interpreter.start(module)
    interpreter.run_callbacks()
    return shown(interpreter, export_of(interpreter, module, "out", Site(module, 0)))


def shown(interpreter: Interpreter, value: Value) -> object:
    """A value in plain words."""
    match value:
        case Constant(value=constant):
            return int(constant) if isinstance(constant, float) and constant.is_integer() else constant
        case Deferred():
            return shown(interpreter, value.force())
        case Choice(options=options):
            return either(*(shown(interpreter, option) for option, _ in options))
        case ArrayValue(items=items):
            return [*(_item(interpreter, item) for item in items), *([MORE] if value.is_open else [])]
        case ObjectValue(properties=properties):
            known = {name: shown(interpreter, inner) for name, inner in properties.items()}
            return {**known, MORE: SOMETHING} if value.is_open else known
        case FunctionValue() | ClassValue() | NativeFunction() | Method():
            return FUNCTION
        case Text(parts=parts):
            return "".join(part if isinstance(part, str) else str(shown(interpreter, part)) for part in parts)
        case Environment(name=name):
            return f"{VARIABLE}{name}"
    return NOTHING if value is UNDEFINED else SOMETHING


def _item(interpreter: Interpreter, item: Item) -> object:
    value = shown(interpreter, item.value)
    return Perhaps(value) if item.condition else value


def admits(expected: object, real: object) -> bool:
    """Whether what is known of a value leaves room for what it really is."""
    match expected:
        case Either(options=options):
            return any(admits(option, real) for option in options)
        case [*items]:
            return isinstance(real, list) and _admits_items(items, real)
        case {**known}:
            is_open = MORE in known
            names = {name for name in known if name != MORE}
            return (
                isinstance(real, dict)
                and (is_open or set(real) <= names)
                and all(admits(known[name], real.get(name, NOTHING)) for name in names)
            )
        case str() if SOMETHING in expected or expected.startswith(VARIABLE):
            return expected == SOMETHING or expected.startswith(VARIABLE) or _admits_text(expected, real)
    return type(expected) is type(real) and expected == real


def _admits_text(expected: str, real: object) -> bool:
    """A text with parts that are not known."""
    start, _, end = expected.partition(SOMETHING)
    return isinstance(real, str) and real.startswith(start) and real.endswith(end.rpartition(SOMETHING)[2])


def _admits_items(items: Sequence[object], real: Sequence[object]) -> bool:
    if not items:
        return not real
    first, *rest = items
    if first == MORE:
        return True
    if isinstance(first, Perhaps):
        taken = bool(real) and admits(first.value, real[0]) and _admits_items(rest, real[1:])
        return taken or _admits_items(rest, real)
    return bool(real) and admits(first, real[0]) and _admits_items(rest, real[1:])


@cache
def really(sources: tuple[str, ...]) -> list[list[object]]:
    """What ``out`` is after each program, for every answer that ``maybe()`` can give."""
    script = Path(__file__).with_name("run.cjs")
    done = subprocess.run(["node", script], input=json.dumps(sources), capture_output=True, text=True, check=True)
    found: list[list[object]] = json.loads(done.stdout)
    return found
