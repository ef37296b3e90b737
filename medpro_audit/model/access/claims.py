"""Which claims the tokens hold that a program signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.values import External
from medpro_audit.model.performance.routines import callee_of, name_of_callee
from medpro_audit.model.performance.walking import Visit, visits
from medpro_audit.model.protection.calls import calls_of
from medpro_audit.model.protection.choices import forced

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

_FEWEST_ARGUMENTS = 2


def signed_claims(known: Known) -> dict[str, frozenset[str]]:
    """Names of all claims that are signed, by the folder of the package; none for one that isn't known to the last."""
    found: dict[str, set[str]] = {}
    unsure: set[str] = set()
    lines: dict[str, set[int]] = {}
    for call in calls_of(known, "token"):
        callee = forced(call.callee)
        if isinstance(callee, External) and callee.name.rpartition(".")[2] == "sign":
            lines.setdefault(call.path, set()).add(call.line)
            if callee.package != "jsonwebtoken":
                unsure.add(known.base.backend_of(call.path))
    for path, wanted in sorted(lines.items()):
        backend = known.base.backend_of(path)
        for names in _signed(known, path, wanted):
            if names is None:
                unsure.add(backend)
            else:
                found.setdefault(backend, set()).update(names)
    return {backend: frozenset(names) for backend, names in found.items() if backend not in unsure}


def _signed(known: Known, path: str, lines: set[int]) -> Iterator[frozenset[str] | None]:
    code, facts = known.base.interpreter.code, known.base.facts[path]

    def body(function: ir.Function) -> Sequence[ir.Statement]:
        return code.body(path, function.start, function.end)

    seen = list(visits(code.module(path), body))
    for visit in seen:
        node = visit.node
        if not isinstance(node, ir.Call) or name_of_callee(callee_of(node)) != "sign":
            continue
        if len(node.arguments) >= _FEWEST_ARGUMENTS and facts.line_of(node.at) in lines:
            yield _names(_written(node.arguments[0], visit, seen))


def _written(payload: ir.Expression, call: Visit, seen: Sequence[Visit]) -> ir.Expression | None:
    """A payload, or what the variable was declared with that holds it, if nothing is put into that afterwards."""
    if not isinstance(payload, ir.Name):
        return payload
    declared: list[ir.Expression | None] = []
    for visit in seen:
        if visit.functions != call.functions:
            continue
        match visit.node:
            case ir.Declare(target=ir.Name(id=name), value=value) if name == payload.id:
                declared.append(value)
            case ir.Assign(target=ir.Name(id=name) | ir.Member(object=ir.Name(id=name)) | ir.Index(ir.Name(id=name))):
                if name == payload.id:
                    return None
    return declared[0] if len(declared) == 1 else None


def _names(payload: ir.Expression | None) -> frozenset[str] | None:
    """Names of the claims of an object that is written out."""
    if not isinstance(payload, ir.Object):
        return None
    names = [each.key for each in payload.properties]
    known = [name for name in names if isinstance(name, str)]
    spread = any(isinstance(each.value, ir.Spread) or each.kind != "value" for each in payload.properties)
    return frozenset(known) if len(known) == len(names) and not spread else None
