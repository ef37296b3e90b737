"""Source text under construction: modules, the blocks in them, and classes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum, auto
from itertools import chain, count
from textwrap import indent


class Kind(Enum):
    """What an expression yields."""

    HANDLER = auto()
    MIDDLEWARE = auto()
    CONTROLLER = auto()
    """An object with handlers: `METHODS_OF_CONTROLLERS`."""
    WRAPPER = auto()
    """A function from a handler to a handler."""
    GUARD_FACTORY = auto()
    """A function from a text to a middleware."""
    CHAIN = auto()
    """A list of middleware."""
    ROUTER = auto()
    APPLICATION = auto()
    REGISTRAR = auto()
    """A function that registers on the router it is given."""
    MOUNTS = auto()
    """A list of ``{ path, router }``."""
    PATH = auto()
    PREFIX = auto()
    """A path that goes on: without a slash at its end."""
    METHOD = auto()
    FLAG = auto()


STEMS = {
    Kind.HANDLER: "handler",
    Kind.MIDDLEWARE: "guard",
    Kind.CONTROLLER: "controller",
    Kind.WRAPPER: "wrap",
    Kind.GUARD_FACTORY: "allow",
    Kind.CHAIN: "guards",
    Kind.ROUTER: "router",
    Kind.APPLICATION: "app",
    Kind.REGISTRAR: "register",
    Kind.MOUNTS: "mounts",
    Kind.PATH: "path",
    Kind.PREFIX: "prefix",
    Kind.METHOD: "method",
    Kind.FLAG: "enabled",
}
"""What names of each kind begin with."""


class Module:
    """A file: imports, body, exports."""

    def __init__(self, path: str, *, is_esm: bool) -> None:
        self.path = path
        self.is_esm = is_esm
        self._imports: dict[str, str] = {}
        self._last: list[str] = []
        self._names: set[str] = set()
        self._libraries: dict[str, str] = {}
        self.body = Block(self)

    def name(self, stem: str) -> str:
        """A name that the module has not used: names of other modules may well be the same."""
        numbered = (f"{stem}{number}" for number in count(2))
        name = next(name for name in chain((stem,), numbered) if name not in self._names)
        self._names.add(name)
        return name

    def takes(self, names: Iterable[str]) -> None:
        """Names that come from elsewhere, such as parameters of a function, are in use here."""
        self._names.update(names)

    def imports(self, statement: str, key: str | None = None) -> None:
        """Add an import, unless the module has it."""
        self._imports.setdefault(key or statement, statement)

    def finally_(self, statement: str) -> None:
        """Add a statement after all others: exports, functions that are hoisted."""
        self._last.append(statement)

    @property
    def express(self) -> str:
        """The name of Express."""
        return self.library("express")

    def library(self, package: str) -> str:
        """The name of a package."""
        if package not in self._libraries:
            name = self._libraries[package] = self.name(package)
            self.imports(f"import {name} from '{package}';" if self.is_esm else f"const {name} = require('{package}');")
        return self._libraries[package]

    def specifier(self, other: Module) -> str:
        """How this module names another."""
        return self.specifier_of(other.path if other.is_esm else other.path.removesuffix(".js").removesuffix("/index"))

    def specifier_of(self, path: str) -> str:
        """How this module names a file or folder."""
        return f"{'../' * self.path.count('/') or './'}{path}"

    @property
    def text(self) -> str:
        """The file's content."""
        parts = ["\n".join(self._imports.values()), self.body.text, "\n".join(self._last)]
        return "\n\n".join(part for part in parts if part) + "\n"


class ClassText:
    """Members of a class under construction."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.fields: list[str] = []
        self.methods: list[str] = []
        self.is_late = False
        """Its methods are called before its fields are there."""
        self._names: dict[str, int] = {}

    def member(self, stem: str) -> str:
        """A name for a member."""
        count = self._names[stem] = self._names.get(stem, 0) + 1
        return stem if count == 1 else f"{stem}{count}"

    def text(self, base: str = "") -> str:
        """The declaration."""
        extends = f" extends {base}" if base else ""
        return braced(f"class {self.name}{extends} ", [*self.fields, *self.methods])


class Block:
    """Statements in order, and what expressions in it can name."""

    def __init__(
        self,
        module: Module,
        *,
        is_async: bool = False,
        cls: ClassText | None = None,
        lines: list[str] | None = None,
    ) -> None:
        self.module = module
        self.is_async = is_async
        self.cls = cls
        """The class whose ``this`` is in scope."""
        self.known: list[tuple[Kind, str]] = []
        """Expressions that yield something, without doing anything."""
        self._lines: list[str] = [] if lines is None else lines

    def add(self, statement: str) -> None:
        """Add a statement."""
        self._lines.append(statement)

    def name(self, stem: str) -> str:
        """A fresh name."""
        return self.module.name(stem)

    def knows(self, kind: Kind) -> list[str]:
        """Expressions of a kind."""
        return [expression for known, expression in self.known if known is kind]

    def child(self, *, is_async: bool | None = None, keeps_this: bool = True, lines: list[str] | None = None) -> Block:
        """A block within this one; of a ``function`` when ``this`` is another there."""
        made = Block(self.module, is_async=self.is_async if is_async is None else is_async, lines=lines)
        made.cls = self.cls if keeps_this else None
        made.known = [one for one in self.known if keeps_this or not one[1].startswith("this.")]
        return made

    def detached(self) -> Block:
        """A block that adds to this one, for an expression that stands where ``this`` and ``await`` mean nothing."""
        return self.child(is_async=False, keeps_this=False, lines=self._lines)

    @property
    def is_module(self) -> bool:
        """Whether it is the top level of its module."""
        return self is self.module.body

    @property
    def is_empty(self) -> bool:
        """Whether nothing was added."""
        return not self._lines

    @property
    def is_expression(self) -> bool:
        """Whether it is a single call."""
        return len(self._lines) == 1 and re.match(r"[\w.]+\.\w+\(", self._lines[0]) is not None

    @property
    def text(self) -> str:
        """All statements."""
        return "\n".join(self._lines)


def is_name(expression: str) -> bool:
    """Whether an expression is the name of a variable."""
    return re.fullmatch(r"\w+", expression) is not None and expression not in {"true", "false", "this"}


def braced(head: str, statements: Iterable[str]) -> str:
    """``head { statements }`` over several lines."""
    body = indent("\n".join(statements), "  ")
    return f"{head}{{\n{body}\n}}" if body else f"{head}{{}}"
