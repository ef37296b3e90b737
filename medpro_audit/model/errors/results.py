"""Promises that tell of a failure by what they resolve to, and are never rejected.

Sources: the README of neverthrow ("ResultAsync": awaiting one yields Ok or Err), of true-myth ("Task"), of
@swan-io/boxed ("Future"), and of await-to-js, which yields a pair of the error and the data.
"""

from __future__ import annotations

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.values import External, Value

_PACKAGES = frozenset(
    (  # noqa: SIM905 - a table of words
        "@open-draft/until @swan-io/boxed await-of await-to-js neverthrow oxide.ts p-reflect true-myth ts-results"
        " ts-results-es"
    ).split()
)
_STEPS = frozenset(
    (  # noqa: SIM905 - a table of words
        "andTee andThen andThrough asyncAndThen asyncAndThrough asyncMap flatMap flatMapOk map mapErr mapError"
        " mapOk match orElse orTee tap tapError tapOk unwrapOr unwrapOrElse"
    ).split()
)
"""Methods that make another such promise of one."""
_QUESTIONS = frozenset(("isErr", "isError", "isOk"))


def makes_result(callee: Value) -> bool:
    """Whether what a package's function yields is such a promise: ``ResultAsync.fromPromise(…)``, ``okAsync(…)``."""
    return isinstance(callee, External) and callee.package in _PACKAGES


def step_before(call: ir.Call) -> ir.Expression | None:
    """What ``.map(…)`` and the like are called on; None where the call is none of them."""
    is_step = isinstance(call.callee, ir.Member) and call.callee.name in _STEPS
    return call.callee.object if is_step and isinstance(call.callee, ir.Member) else None


def first_of(call: ir.Call) -> ir.Call:
    """The call that a chain of such methods begins with."""
    before = step_before(call)
    return first_of(before) if isinstance(before, ir.Call) else call


def asks_for_failure(node: ir.Node, name: str) -> bool:
    """``name.isErr()``, ``name.isOk()``: what is asked of a result, and of nothing else."""
    match node:
        case ir.Call(callee=ir.Member(object=ir.Name(id=asked), name=method)):
            return asked == name and method in _QUESTIONS
    return False
