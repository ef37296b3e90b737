"""The program under evaluation: its modules, and what they export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from medpro_audit.core.place import Place
from medpro_audit.facts import ir
from medpro_audit.facts.file import FileFacts
from medpro_audit.model.evaluation.scope import Scope
from medpro_audit.model.evaluation.values import (
    ObjectValue,
    Value,
)

if TYPE_CHECKING:
    pass


class Code(Protocol):
    """Where the code of modules comes from, lowered on demand."""

    def facts(self, path: str) -> FileFacts | None:
        """Facts of a source file; None when it can't be read."""

    def module(self, path: str) -> tuple[ir.Statement, ...]:
        """Top level of a source file."""

    def body(self, path: str, start: int, end: int) -> tuple[ir.Statement, ...]:
        """Body of the function with this byte range."""

    def snippet(self, path: str, at: int, end: int) -> str:
        """Source text of a byte range; empty when the file can't be read."""


class Module:
    """One source file as the program sees it."""

    def __init__(self, facts: FileFacts) -> None:
        self.facts = facts
        self.path = facts.path
        self.scope = Scope(self, None, is_function=True)
        self.common = ObjectValue()
        """The ``module`` object of CommonJS."""
        self.own_exports = ObjectValue()
        """What ``exports`` is, whatever ``module.exports`` becomes."""
        self.common.properties["exports"] = self.own_exports
        self.variables: set[str] = set()
        """Names declared by ``let`` or ``var`` at the top: they may change after the module has loaded."""
        self.is_started = False
        self.is_ecmascript = False
        """It has an ``export`` (or only ``import``) statement."""
        self.exports: dict[str, Export] = {}
        self.stars: list[str] = []
        """Paths (or packages) whose exports are all exported too."""
        self._places: dict[int, Place] = {}

    def place(self, at: int) -> Place:
        """Line and column of a byte offset; the same ones are asked for again and again."""
        found = self._places.get(at)
        if found is None:
            found = self._places[at] = self.facts.place(at)
        return found

    @property
    def common_exports(self) -> Value:
        """What ``module.exports`` is now."""
        return self.common.properties["exports"]

    @property
    def is_replaced(self) -> bool:
        """Whether ``module.exports`` was set: compiled to CommonJS, that is the module, whatever it imports by."""
        return self.common_exports is not self.own_exports


class Export:
    """One exported name of an ECMAScript module: a live view of a local or imported binding."""

    __slots__ = ("local", "scope", "source", "value")

    def __init__(
        self, *, scope: Scope | None = None, local: str = "", source: str = "", value: Value | None = None
    ) -> None:
        self.scope = scope
        self.local = local
        """Local name, or the imported one when ``source`` is set."""
        self.source = source
        """Specifier of a re-export."""
        self.value = value
        """Value of an ``export default`` expression."""
