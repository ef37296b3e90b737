"""Small questions on expressions: what they begin with, what they load, what they are assigned to."""

from __future__ import annotations

from medpro_audit.facts import ir

MAX_LINKS = 100
"""Links of a chain that are followed to its beginning."""


def assigned(value: ir.Expression) -> ir.Expression:
    """The value at the end of ``a = b = value``."""
    while isinstance(value, ir.Assign):
        value = value.value
    return value


def is_exports(target: ir.Pattern) -> bool:
    """Whether it is ``module.exports``, ``exports`` or a property of one of them."""
    match target:
        case ir.Member(object=ir.Name(id="module"), name="exports") | ir.Member(object=ir.Name(id="exports")):
            return True
        case ir.Member(object=ir.Member(object=ir.Name(id="module"), name="exports")):
            return True
    return False


def is_loading(value: ir.Expression) -> bool:
    """Whether it is the ``require`` or ``import`` of a call."""
    return isinstance(value, ir.Name) and value.id in {"require", "import"}


def loaded(value: ir.Node | None) -> str | None:
    """The specifier where a chain begins with ``require(…)`` or ``import(…)``."""
    match _start(value):
        case ir.Call(arguments=(ir.Literal(value=str() as specifier), *_)):
            return specifier
    return None


def root_name(value: ir.Node | None) -> str:
    """The name that a chain of members and calls begins with; empty where it begins with something else."""
    start = _start(value)
    return start.id if isinstance(start, ir.Name) else ""


def last_name(value: ir.Node | None) -> str:
    """The name by which a chain ends, its last call left out: ``Schema`` of ``mongoose.Schema()``."""
    while isinstance(value, ir.Call | ir.New):
        value = value.callee
    match value:
        case ir.Name(id=name) | ir.Member(name=name):
            return name
    return ""


def _start(value: ir.Node | None) -> ir.Node | None:
    """What a chain begins with: a name, a call of ``require`` or ``import``, or something else; None for a long one."""
    for _ in range(MAX_LINKS):
        match value:
            case ir.Call(callee=ir.Name(id="require" | "import")):
                return value
            case ir.Call(callee=inner) | ir.New(callee=inner) | ir.Tagged(tag=inner):
                value = inner
            case ir.Member(object=inner) | ir.Index(object=inner) | ir.Await(value=inner):
                value = inner
            case _:
                return value
    return None
