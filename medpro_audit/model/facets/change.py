"""Whether endpoints change anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from medpro_audit.core.place import Place, Step
from medpro_audit.model.access.account import Account
from medpro_audit.model.changes.seeking import Found, Seeker
from medpro_audit.model.changes.vocabulary import SAID, change_of
from medpro_audit.model.evaluation.clauses import holds_by_default
from medpro_audit.model.evaluation.values import External, FunctionValue, ObjectValue, Value
from medpro_audit.model.packages import roles_of_package
from medpro_audit.model.performance.reach import Reach, functions_of
from medpro_audit.model.subjects.facets.change import Change

if TYPE_CHECKING:
    from medpro_audit.model.known import Known
    from medpro_audit.model.request.records import Summary
    from medpro_audit.model.routing import Layer, Row

_ASIDE = frozenset(
    (
        "authentication",
        "authorization",
        "body-parser",
        "csrf",
        "logging",
        "metrics",
        "rate-limit",
        "sanitising",
        "validation",
    )
)
"""Roles of middleware that changes nothing but what it keeps for itself."""


def facet(known: Known) -> Iterator[Change]:
    """One for each endpoint."""
    seeker = Seeker(known, known.shared(Reach).routines)
    for row in known.base.rows:
        yield _change(known, seeker, row)


def _change(known: Known, seeker: Seeker, row: Row) -> Change:
    absent = next((condition for condition in row.conditions if holds_by_default(condition) is False), None)
    if absent is not None:
        return Change("unknown", reason=f"it is only there if {absent}, which does not hold by default")
    own = list(_own(known, row))
    if own and own[-1][1].passes and not own[-1][1].responds:
        return Change("unknown", reason="its handler passes requests on, and what serves them then is not known")
    functions = [function for layer, summary in own for function in _functions(layer, summary)]
    found = seeker.seek(functions)
    if found is not None:
        return Change("yes", found[0].kind, SAID[found[0].kind], trail=found[1])
    looked_at = seeker.calls(functions)
    seen = next((one for layer, summary in own for one in (*_uploaded(layer), *_seen(summary, looked_at))), None)
    if seen is not None:
        step = Step(seen.place.file, seen.place.line, f"here it does: {seen.text}")
        return Change("yes", seen.kind, SAID[seen.kind], trail=(step,))
    if own and not any(_acts(layer, summary) for layer, summary in own):
        return Change("no")
    return Change("unknown", reason=_reason(seeker, own, functions))


def _own(known: Known, row: Row) -> Iterator[tuple[Layer, Summary]]:
    """The functions of the route, without those that only stand guard; the handler is the last."""
    builder = known.base.endpoint_builder
    for layer, summary in builder.chain(row):
        is_handler = bool(row.items) and layer is row.items[-1]
        if is_handler or (layer in row.items and not _guards(summary) and not _ASIDE & set(builder.roles(layer))):
            yield layer, summary


def _guards(summary: Summary) -> bool:
    account = summary.account
    return isinstance(account, Account) and account.authentication.status != "no"


def _acts(layer: Layer, summary: Summary) -> bool:
    """Whether it may do anything at all besides answering, or can't be told to do nothing."""
    account, value = summary.account, layer.value
    if isinstance(value, External) and roles_of_package(value.package, value.name) is not None:
        return False
    return summary.reason is not None or not isinstance(account, Account) or account.acts or bool(summary.escapes)


def _functions(layer: Layer, summary: Summary) -> Iterator[FunctionValue]:
    yield from functions_of(layer.value)
    yield from (function for _, function in summary.delegations)


def _seen(summary: Summary, looked_at: AbstractSet[tuple[str, int]]) -> Iterator[Found]:
    """Calls that leave the program where the request was followed to, but for those that were looked at already."""
    for call in summary.calls:
        kind = change_of(call.callee) if isinstance(call.callee, External) else None
        is_new = (call.site.module.path, call.site.at) not in looked_at
        if kind is not None and is_new and isinstance(call.callee, External):
            yield Found(kind, call.site.place, f"{call.callee.name or call.callee.package}()")


def _uploaded(layer: Layer) -> Iterator[Found]:
    """What keeps files that are sent: ``multer({ dest })``, ``multer({ storage: multer.diskStorage() })``."""
    calls = list(layer.value.calls()) if isinstance(layer.value, External) else []
    for call in calls:
        callee = call.callee
        if isinstance(callee, External) and callee.package.startswith("multer"):
            for item in call.arguments:
                if isinstance(item.value, ObjectValue) and _keeps(item.value.properties):
                    yield Found("file", layer.site.place, f"{layer.name}()")


def _keeps(options: dict[str, Value]) -> bool:
    storage = options.get("storage")
    return "dest" in options or (isinstance(storage, External) and not storage.name.endswith("memoryStorage"))


def _reason(seeker: Seeker, own: Sequence[tuple[Layer, Summary]], functions: Sequence[FunctionValue]) -> str:
    handler = own[-1][0].value if own else None
    if isinstance(handler, External) and not functions:
        return f"its handler is code of the package {handler.package}, and what that changes is not known"
    asked: Place | None = seeker.asked(functions)
    if asked is not None:
        return f"at {asked.file}:{asked.line} another service is asked, and what that changes is not known"
    return "nothing in its handler is seen to change anything"
