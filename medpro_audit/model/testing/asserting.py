"""Whether a test case asserts anything, by itself or by what it calls."""

from __future__ import annotations

import re
from collections.abc import Iterable

from medpro_audit.facts.tests import TestBlock
from medpro_audit.model.known import Known
from medpro_audit.model.testing.files import Tests
from medpro_audit.model.testing.suite import Case

_SPEAKING = re.compile(
    r"(?:^|\.)(?:expect|assert|should|verify|check|ensure|validate|compare|test|must|confirm|matches?|snapshot)",
    re.IGNORECASE,
)
"""Names of helpers that may assert."""
_WAITING = frozenset(
    ("page", "cy", "browser", "screen", "scope", "t", "tap", "nock", "sinon", "pactum", "spec", "frisby")
)
"""What fails by itself when something is not as it should be, or asserts under names of its own."""
_SURVIVES = (
    r"(?:\bwithout (?:an? )?(?:any )?(?:error|exception|throwing|crashing|failing)"
    r"|\b(?:should|must) (?:pass|succeed|be (?:accepted|allowed))(?=['\"`]|$| (?:if|when|for|with|on|validation)\b)"
    r"|(?:\bnot|n't|\bnever) (?:throw|fail|crash|reject|raise|error)|\bgracefully\b)"
)
_SURVIVING = re.compile(_SURVIVES, re.IGNORECASE)
"""Titles of cases that are there to run through: whatever throws fails them."""
_UNWRITTEN = re.compile(r"\W*(?:todo|tbd|placeholder|not (?:yet )?implemented|unimplemented)\b", re.IGNORECASE)
"""Titles of cases that say themselves that nothing is there yet."""
_SAID_TO_SURVIVE = re.compile(rf"(?:/[/*]|\n\s*\*)[^\n]*{_SURVIVES}", re.IGNORECASE)
"""The same in a comment of a case."""
_REFUSED = re.compile(r"\b(?:toThrow\w*|throws?|rejects?|rejected(?:With)?|doesNotReject|doesNotThrow)\b")
"""States that something throws, or that it doesn't."""
_ONCE = frozenset(("before", "beforeAll"))
"""Hooks that run once for their suite."""
_THERE = frozenset(("up", "latest", "migrate", "runMigrations"))
_BACK = frozenset(("down", "revert", "rollback", "undo", "undoLastMigration"))
"""Methods that migrate a database there and back: a migration that doesn't fit what stands in it throws."""


def asserts(known: Known, tests: Tests, case: Case) -> bool | None:
    """False only when nothing in a case, and nothing that it calls, can assert; None when that can't be told.

    A function of the tests may assert, wherever it stands, and so may a method of what they have put into a variable;
    what is imported from the program, or from a package, is what is tested.
    """
    block = case.block
    if block.assertions or any(_first(name) in tests.asserting for name in block.calls):
        return True
    if block.function < 0 or block.takes_callback or {"failing", "each"} & {*block.marks}:
        return None
    if any(_may_assert(name) for name in block.calls) or _SURVIVING.search(block.title):
        return None
    if not block.calls and _UNWRITTEN.match(block.title):
        return None
    if tests.has_helpers(block.calls) or _migrates_both_ways(block.calls):
        return None
    if _is_of_a_hook(tests, block) or _is_counterpart(known, tests, block):
        return None
    return None if _SAID_TO_SURVIVE.search(_source(known, tests, block)) else False


def _is_of_a_hook(tests: Tests, block: TestBlock) -> bool:
    """Whether a case only names what a hook of its suite does once, and that fails the suite where it throws."""
    around = [one for one in tests.blocks if one.kind == "suite" and one.at < block.at and block.end <= one.end]
    start, end = (around[-1].at, around[-1].end) if around else (0, tests.facts.size)
    return not block.calls and any(
        one.kind == "hook" and one.name in _ONCE and start <= one.at < end for one in tests.blocks
    )


def _is_counterpart(known: Known, tests: Tests, block: TestBlock) -> bool:
    """Whether another case states that what is called here throws: that it doesn't is the assertion here."""
    called = "|".join(re.escape(name.rpartition(".")[2]) for name in block.calls)
    call = re.compile(rf"\b(?:{called})\(")
    others = (_source(known, tests, one) for one in tests.blocks if one.kind == "case" and one.assertions)
    return bool(called) and any(_REFUSED.search(other) and call.search(other) for other in others)


def _source(known: Known, tests: Tests, block: TestBlock) -> str:
    return known.base.interpreter.code.snippet(tests.path, block.at, block.end)


def _may_assert(name: str) -> bool:
    return _first(name) in _WAITING or _SPEAKING.search(name) is not None


def _migrates_both_ways(calls: Iterable[str]) -> bool:
    last = {name.rpartition(".")[2] for name in calls}
    return not last.isdisjoint(_THERE) and not last.isdisjoint(_BACK)


def _first(name: str) -> str:
    return name.partition(".")[0]
