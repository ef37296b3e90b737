"""Test cases, and suites that are focused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from medpro_audit.facts.tests import TestBlock
from medpro_audit.model.known import Known
from medpro_audit.model.subjects.test_case import TestCase
from medpro_audit.model.testing.asserting import asserts
from medpro_audit.model.testing.files import Tests, test_files
from medpro_audit.model.testing.suite import Case


def survey(known: Known) -> Iterable[TestCase]:
    """Every case of every test file, in the order of files and lines."""
    for tests in known.shared(test_files).values():
        yield from sorted(_of(known, tests), key=lambda case: (case.line, case.title))


def _of(known: Known, tests: Tests) -> Iterator[TestCase]:
    backend = known.base.backend_of(tests.path)
    for case in tests.suite.cases:
        yield TestCase(
            file=tests.path,
            line=tests.facts.line_of(case.block.at),
            backend=backend,
            title=" > ".join(title for title in case.titles if title),
            name=case.block.name,
            kind="case",
            state=_state(case),
            is_focused="only" in case.block.marks,
            is_skipped_itself="skip" in case.block.marks,
            asserts=asserts(known, tests, case),
            assertions=case.block.assertions,
        )
    for block in tests.blocks:
        if block.kind == "suite" and {"only", "skip"}.intersection(block.marks):
            yield _suite(tests, block, backend)


def _suite(tests: Tests, block: TestBlock, backend: str) -> TestCase:
    return TestCase(
        file=tests.path,
        line=tests.facts.line_of(block.at),
        backend=backend,
        title=block.title,
        name=block.name,
        kind="suite",
        state="skipped" if "skip" in block.marks else "runs",
        is_focused="only" in block.marks,
        is_skipped_itself="skip" in block.marks,
        asserts=None,
    )


def _state(case: Case) -> Literal["runs", "skipped", "todo", "conditional"]:
    if "skip" in case.marks:
        return "skipped"
    if case.is_skipped:
        return "todo"
    return "conditional" if case.may_be_skipped else "runs"
