"""Branches: alternatives of which any may happen, jumps, and the state that is joined where their paths meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.control import NOTHING, Branch, Completion, Landing, Thrown
from medpro_audit.model.evaluation.journal import Changes, joined, states_of
from medpro_audit.model.evaluation.values import UNDEFINED, Value, now

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

_UNCHANGED: tuple[Completion, Changes, str] = (Completion.NORMAL, {}, "")
"""What a branch leaves behind in which nothing happens."""


Outcomes = list[tuple[Completion | None, Changes, str]]
"""How branches ended, what they leave behind, and their conditions; without a completion they have thrown."""


def fork(interpreter: Interpreter, branches: Sequence[Branch]) -> Completion:
    """Run alternatives of which any may happen, and join what they leave behind."""
    return _settle(interpreter, _run(interpreter, branches))


def _run(interpreter: Interpreter, branches: Sequence[Branch]) -> Outcomes:
    """Run each of some branches from the present state, and return to it."""
    depth = len(interpreter.conditions)
    outcomes: Outcomes = []
    journal = interpreter.journal
    for branch in branches:
        if branch is NOTHING:
            outcomes.append(_UNCHANGED)
            continue
        mark, born = journal.mark, now()
        interpreter.forks += 1
        if branch.condition:
            interpreter.conditions.append(branch.condition)
        try:
            completion: Completion | None = branch.run()
        except Thrown:
            completion = None
        finally:
            interpreter.forks -= 1
            del interpreter.conditions[depth:]
        changes = journal.changes_since(mark, born)
        journal.undo(mark, born)
        outcomes.append((completion, changes, branch.condition))
    return outcomes


def _settle(interpreter: Interpreter, outcomes: Outcomes) -> Completion:
    live: list[tuple[Changes, str]] = []
    left: Completion | None = None
    for completion, changes, condition in outcomes:
        if completion is Completion.NORMAL:
            live.append((changes, condition))
        elif completion is not None and left is not Completion.JUMP:
            left = completion
    if not live:
        if left is None:
            raise Thrown
        return left
    interpreter.journal.apply(live)
    if left is not None and len(live) == 1 and live[0][1]:
        interpreter.conditions.append(live[0][1])  # what follows only happens on the path that did not leave
    return Completion.NORMAL


def attempt(interpreter: Interpreter, body: Callable[[], Completion], handler: Callable[[], Completion]) -> Completion:
    """Run something that may fail and what handles its failure, from the state before it but for what came first."""
    attempts = interpreter.request.attempts if interpreter.request is not None else 0
    journal, early = interpreter.journal, Changes()

    def tried() -> Completion:
        mark, born = journal.mark, now()
        try:
            return body()
        finally:
            early.update(journal.changes_before_proof(mark, born))

    def failed() -> Completion:
        if early:  # ``try { ok = true; verify(token); } catch {}``
            journal.apply([(early, ""), ({}, "")])
        if interpreter.request is not None and interpreter.request.attempts > attempts:
            interpreter.request.reject()
        return handler()

    return fork(interpreter, [Branch("", tried), Branch("", failed)])


def ways_out(interpreter: Interpreter) -> int:
    """Paths on which what runs now was left by ``break`` or ``return``."""
    arrivals = len(interpreter.landings[-1].arrivals) if interpreter.landings else 0
    return arrivals + (len(interpreter.frames[-1].exits) if interpreter.frames else 0)


def rescue(interpreter: Interpreter, mark: int, born: int, value: Value, handler: Callable[[], Value]) -> Value:
    """What has yielded a value since a moment, or else has failed there, so that something else is the value."""
    journal = interpreter.journal
    happened = journal.changes_since(mark, born)
    journal.undo(mark, born)

    def done() -> Value:
        journal.apply([(happened, "")])
        return value

    def failed() -> Value:
        if interpreter.request is not None:
            interpreter.request.reject()
        return handler()

    return fork_values(interpreter, [("", done), ("", failed)])


def jump(interpreter: Interpreter, keyword: str, label: str) -> Completion:
    """``break`` or ``continue``: keep what it leaves behind for where it goes on."""
    for index in reversed(range(len(interpreter.landings))):
        landing = interpreter.landings[index]
        if landing.takes(keyword, label):
            has_left = any(inner.arrivals for inner in interpreter.landings[index + 1 :])
            is_final = interpreter.forks == landing.forks and not has_left
            landing.arrivals.append(None if is_final else interpreter.journal.changes_since(landing.mark, landing.born))
            return Completion.JUMP
    return Completion.NORMAL


def land(interpreter: Interpreter, keyword: str, label: str, run: Callable[[], Completion]) -> Completion:
    """Run something that jumps may leave, and join the paths that go on after it."""
    journal = interpreter.journal
    depth = len(interpreter.conditions)
    landing = Landing(keyword, label, mark=journal.mark, born=now(), forks=interpreter.forks, depth=depth)
    interpreter.landings.append(landing)
    try:
        completion = run()
    except Thrown:
        if not landing.arrivals:
            raise
        completion = Completion.RETURN
    finally:
        interpreter.landings.pop()
    arrivals = landing.arrivals
    if not arrivals:
        return completion
    if completion is Completion.NORMAL:
        arrivals.append(None)
    del interpreter.conditions[landing.depth :]
    if len(arrivals) > 1 or arrivals[0] is not None:
        last = journal.changes_since(landing.mark, landing.born)
        journal.undo(landing.mark, landing.born)
        journal.apply([(last if changes is None else changes, "") for changes in arrivals])
    return Completion.NORMAL


def maybe(interpreter: Interpreter, condition: str, run: Callable[[], Completion]) -> Completion:
    """Run something that may not happen, and join what it leaves behind with what was there before."""
    return fork(interpreter, [Branch(condition, run), NOTHING])


def fork_values(interpreter: Interpreter, options: Sequence[tuple[str, Callable[[], Value]]]) -> Value:
    """Evaluate alternatives of which any may happen; the result is one of their values."""
    values: list[tuple[Value, str]] = []

    def branch(condition: str, compute: Callable[[], Value]) -> Branch:
        def run() -> Completion:
            values.append((compute(), condition))
            return Completion.NORMAL

        return Branch(condition, run)

    outcomes = _run(interpreter, [branch(condition, compute) for condition, compute in options])
    _settle(interpreter, outcomes)
    return joined(values, states_of([changes for completion, changes, _ in outcomes if completion is not None]))


def value_under(interpreter: Interpreter, condition: str, compute: Callable[[], Value]) -> Value:
    """What something yields that may only happen under a condition; undefined when it fails."""
    if not condition:
        return compute()
    values: list[Value] = []

    def run() -> Completion:
        values.append(compute())
        return Completion.NORMAL

    maybe(interpreter, condition, run)
    return values[0] if values else UNDEFINED
