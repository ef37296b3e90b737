"""The grammar's core: how a value of some kind comes about, is carried to where it is used, and how functions are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple, Protocol, TypeVar

from hypothesis import strategies as st

from oracle.fixtures import ExpressVersion
from oracle.programs.source import STEMS, Block, Kind, Module, braced, is_name

T = TypeVar("T")
Write = Callable[[Block], str]
"""Writes what an expression needs into a block, and returns the expression."""

MAX_DEPTH = 6
"""Idioms within idioms."""
FUEL = 14
"""Registrations of one program, about."""
MAX_FLAGS = 2
"""Environment variables of one program that are set and not set: it is run with every combination."""

_WORDS = ("ants", "bees", "cats", "dogs", "emus", "fish", "gnus", "hens", "ibex", "jays", "kiwi", "lynx")
_INJECTED = (Kind.CONTROLLER, Kind.HANDLER, Kind.MIDDLEWARE, Kind.PATH)
_REUSED = frozenset(Kind) - {Kind.FLAG, Kind.APPLICATION, Kind.METHOD, Kind.REGISTRAR}
"""Kinds of which one value may stand in several places; nobody registers the same twice on one router."""


class Draw(Protocol):
    """What hypothesis gives a composite strategy."""

    def __call__(self, strategy: st.SearchStrategy[T]) -> T:
        """Draw an example."""


@cache
def _below(bound: int) -> st.SearchStrategy[int]:
    return st.integers(0, bound - 1)


class Parameters(NamedTuple):
    """Parameters through which values are injected: one by one, or as the properties of one object."""

    names: tuple[tuple[Kind, str], ...] = ()
    is_object: bool = False

    @property
    def text(self) -> str:
        """As declared."""
        names = ", ".join(name for _, name in self.names)
        return f"{{ {names} }}" if self.is_object and names else names

    def arguments(self, values: Sequence[str]) -> str:
        """As given in a call."""
        if not self.is_object or not values:
            return ", ".join(values)
        pairs = zip(self.names, values, strict=True)
        return f"{{ {', '.join(name if name == value else f'{name}: {value}' for (_, name), value in pairs)} }}"


class Grammar:
    """Writes one program; every choice is drawn, the first of several alternatives is the simplest."""

    def __init__(self, draw: Draw, express: ExpressVersion) -> None:
        self._draw = draw
        self.express = express
        self.is_esm = self.flag()
        self.modules: list[Module] = []
        self.assets: dict[str, str] = {}
        self.flags: list[str] = []
        self.fuel = FUEL
        self._depth = 0
        self._word = 0

    # Choices

    def pick(self, options: Sequence[T]) -> T:
        """One of several."""
        return options[self._draw(_below(len(options)))] if len(options) > 1 else options[0]

    def flag(self) -> bool:
        """Yes or no; no is simpler."""
        return self._draw(st.booleans())

    def count(self, low: int, high: int) -> int:
        """A number, both bounds included."""
        return low + self._draw(_below(high - low + 1))

    def word(self) -> str:
        """A word that the program has not used."""
        self._word += 1
        turn, index = divmod(self._word - 1, len(_WORDS))
        return f"{_WORDS[index]}{turn + 1 if turn else ''}"

    def environment_flag(self) -> str | None:
        """An environment variable that is set in some runs; each is asked for once, so that none contradict."""
        if len(self.flags) >= MAX_FLAGS:
            return None
        self.flags.append(f"WITH_{self.word().upper()}")
        return self.flags[-1]

    # Depth

    @property
    def may_nest(self) -> bool:
        """Whether another idiom may go into this one."""
        return self._depth < MAX_DEPTH

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Count one more idiom around what is written."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    # Values

    def value(self, kind: Kind, block: Block) -> str:
        """An expression of a kind."""
        known = block.knows(kind) if kind in _REUSED else []
        if known and self.flag():
            return self.pick(known)
        return self.carried(STEMS[kind], lambda inner: self._made(kind, inner), block, kind)

    def _made(self, kind: Kind, block: Block) -> str:
        from oracle.programs.makers import MAKERS

        makers = MAKERS[kind]
        with self.deeper():
            return self.pick(makers if self.may_nest else makers[:1])(self, block)

    def carried(self, stem: str, write: Write, block: Block, kind: Kind | None = None) -> str:
        """What is written, perhaps by way of a variable, a function, another module, a class, a collection."""
        from oracle.programs.carriers import carriers_of

        if not self.may_nest or not self.flag():
            return write(block)
        carrier = self.pick(carriers_of(kind, block))
        with self.deeper():
            return carrier(self, stem, lambda inner: self.carried(stem, write, inner, kind), block)

    def constant(self, kind: Kind, block: Block, stem: str | None = None) -> str:
        """The name of a variable that holds a value of a kind; the block knows it from now on."""
        value = self.value(kind, block)
        if is_name(value):
            return value
        return self.bound(stem or STEMS[kind], value, block, kind)

    def bound(self, stem: str, value: str, block: Block, kind: Kind | None = None) -> str:
        """Bind an expression to a new name."""
        name = block.name(stem)
        block.add(f"const {name} = {value};")
        if kind is not None:
            block.known.append((kind, name))
        return name

    # Functions and modules

    def parameters(self, block: Block) -> Parameters:
        """Parameters for what is injected into a function or class."""
        kinds = [self.pick(_INJECTED) for _ in range(self.count(0, 2))]
        return Parameters(tuple((kind, block.name(STEMS[kind])) for kind in kinds), is_object=self.flag())

    def arguments(self, parameters: Parameters, block: Block) -> str:
        """What is given for parameters."""
        return parameters.arguments([self.value(kind, block) for kind, _ in parameters.names])

    def function(self, block: Block, parameters: Parameters, write: Write, *, is_async: bool = False) -> str:
        """A function expression that returns what is written; its parameters are known within."""
        is_arrow = not self.flag()
        inner = block.child(is_async=is_async, keeps_this=is_arrow)
        inner.known += parameters.names
        block.module.takes(name for _, name in parameters.names)
        result = write(inner)
        prefix = "async " if is_async else ""
        if is_arrow and inner.is_empty and result:
            body = f"({result})" if result.startswith("{") else result
            return f"{prefix}({parameters.text}) => {body}"
        statements = [inner.text] if not inner.is_empty else []
        statements += [f"return {result};"] if result else []
        head = f"{prefix}({parameters.text}) => " if is_arrow else f"{prefix}function ({parameters.text}) "
        return braced(head, statements)

    def declared(self, stem: str, function: str, block: Block) -> str:
        """Name a function expression: as a constant, or as a declaration, at the end of the module if it is hoisted."""
        name = block.name(stem)
        match = re.match(r"(async )?function (?=\()", function)
        if match is None or not self.flag():
            block.add(f"const {name} = {function};")
            return name
        declaration = f"{match[0]}{name}{function[match.end() :]}"
        if block.is_module and self.flag():
            block.module.finally_(declaration)
        else:
            block.add(declaration)
        return name

    def entry(self) -> Module:
        """The file that is started."""
        made = Module(f"server.{self._suffix}", is_esm=self.is_esm)
        self.modules.append(made)
        return made

    @property
    def _suffix(self) -> str:
        return "mjs" if self.is_esm else "js"

    def module(self, stem: str) -> Module:
        """A new file; its name is free, its folder is drawn."""
        folder = self.pick(("", "src/", "api/routes/"))
        taken = {module.path for module in self.modules}
        names = (f"{folder}{stem}{number or ''}.{self._suffix}" for number in range(len(taken) + 1))
        return self.module_at(next(name for name in names if name not in taken))

    def module_at(self, path: str) -> Module:
        """A new file at a place."""
        made = Module(path, is_esm=self.is_esm)
        self.modules.append(made)
        return made

    def asset(self, name: str, text: str) -> str:
        """A new file that is no code; its path."""
        path = f"{self.word()}-{name}"
        self.assets[path] = text
        return path


def in_parentheses(expression: str) -> str:
    """An expression of which a member can be read and that can be called."""
    return expression if re.fullmatch(r"[\w.]+(\([\w., ]*\))?", expression) else f"({expression})"


def member(expression: str, name: str) -> str:
    """``expression.name``."""
    return f"{in_parentheses(expression)}.{name}"
