"""Whether anybody takes what is thrown for an error; a ``catch`` that binds or asks nothing of it does not."""

from __future__ import annotations

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.program import Code
from medpro_audit.model.performance.walking import Visit, visits


def is_unread(code: Code, path: str, at: int) -> bool:
    """Whether all that hears of the ``throw`` at a place are catches that need no error.

    They stand in its own function, or around its callers. Callers are followed once, and only where the function is
    neither handed on nor exported.
    """
    every = list(visits(code.module(path), lambda inner: code.body(path, inner.start, inner.end)))
    before = [(each.node.at, each) for each in every if isinstance(each.node, ir.Throw) and each.node.at <= at]
    if not before:
        return False
    nearest = _nearest(max(before, key=lambda found: found[0])[1])
    if isinstance(nearest, ir.Try):
        return _needs_none(nearest)
    name = nearest.name if isinstance(nearest, ir.Function) else ""
    named = [each for each in every if name and isinstance(each.node, ir.Name) and each.node.id == name]
    if not named or any(_exports(each.node, name) for each in every):
        return False
    return all(_is_called_unread(each) for each in named)


def _exports(node: ir.Node, name: str) -> bool:
    match node:
        case ir.Export(bindings=bindings, specifier=""):
            return any(local == name for local, _ in bindings)
        case ir.ExportDeclaration(body=body):
            return any(isinstance(one, ir.DeclareFunction) and one.function.name == name for one in body)
    return False


def _is_called_unread(named: Visit) -> bool:
    call = named.parent
    if call is None or not isinstance(call.node, ir.Call) or call.node.callee is not named.node:
        return False
    nearest = _nearest(call)
    return isinstance(nearest, ir.Try) and _needs_none(nearest)


def _needs_none(node: ir.Try) -> bool:
    """Whether a ``catch`` has no binding, or asks by ``instanceof`` whether it is an error."""
    match node.parameter:
        case None:
            return True
        case ir.Name(id=name):
            every = ir.walk(node.handler or ())
            return any(isinstance(each, ir.Binary) and _is_asked(each, name) for each in every)
    return False


def _is_asked(node: ir.Binary, name: str) -> bool:
    return node.operator == "instanceof" and isinstance(node.left, ir.Name) and node.left.id == name


def _nearest(visit: Visit) -> ir.Node | None:
    """The ``try`` that catches what happens at a place, or the function around it, whichever is nearer."""
    child = visit
    while child.parent is not None:
        node = child.parent.node
        if isinstance(node, ir.Function):
            return node
        if isinstance(node, ir.Try) and node.handler is not None and any(child.node is one for one in node.body):
            return node
        child = child.parent
    return None
