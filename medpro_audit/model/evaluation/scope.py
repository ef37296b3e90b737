"""Scopes: where names are looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.values import Cells, ClassValue, FunctionValue, Value

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.program import Module


class Scope:
    """Names of one function, block or module, and the scope around it."""

    __slots__ = ("function", "home", "is_function", "module", "names", "parent", "promises", "this")

    def __init__(self, module: Module, parent: Scope | None, *, is_function: bool = False) -> None:
        self.module = module
        self.parent = parent
        self.names: Cells[Value] = Cells()
        self.promises: frozenset[str] = frozenset()
        """Constants that hold what an asynchronous function has returned, for which nobody has waited."""
        self.is_function = is_function
        self.this: Value | None = parent.this if parent is not None else None
        self.function: FunctionValue | None = None
        """The function whose call made this scope; it can name itself."""
        self.home: ClassValue | None = parent.home if parent is not None else None
        """The class whose method runs here; what ``super`` starts from."""

    def find(self, name: str) -> Scope | None:
        """The nearest scope that declares a name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope
            scope = scope.parent
        return None

    def self_named(self, name: str) -> FunctionValue | None:
        """The function around this scope that bears a name: a named function expression knows itself by it."""
        scope: Scope | None = self
        while scope is not None:
            if scope.function is not None and scope.function.node.name == name:
                return scope.function
            scope = scope.parent
        return None

    @property
    def function_scope(self) -> Scope:
        """Where ``var`` declares."""
        scope = self
        while not scope.is_function and scope.parent is not None:
            scope = scope.parent
        return scope
