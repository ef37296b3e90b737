"""Tests rules against code: the ``bad`` and ``good`` of each rule, and fixtures whose comments say what must be found.

A fixture is a folder of source files. A comment speaks of its own line or, where it stands alone on a line, of the next
line that has code. Ids are separated by commas; an id twice means two findings; ``<id> in package.json`` speaks of a
file that can't have comments, on whatever line. In files without ``//`` comments, ``#`` does the same.

``// expect: zod/unvalidated-body``
    It is found. All findings in a fixture together must be equal to what its comments say: those of the packs that they
    name, or of all packs where they name none.
``// expect-missing: zod/unvalidated-body``
    A known gap: it should be found and is not. Fails when the gap has closed.
``// expect-noisy: zod/unvalidated-body``
    A known false alarm: it is found and should not be. Fails when the alarm is gone.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Literal, cast

from msgspec import Struct

from medpro_audit.core.finding import Finding
from medpro_audit.core.nearest import suggest
from medpro_audit.rules.rule import Rule, RuleSet

Files = Mapping[str, bytes]
Audit = Callable[[Files], Iterable[Finding]]
"""Audits a project that is held in memory, by path."""

Outcome = Literal["validated", "missing", "noisy"]
"""As expected; not found and should be; found and should not be."""


class Problem(Struct, frozen=True, order=True):
    """One difference between what is expected and what is found."""

    file: str
    line: int
    rule: str
    outcome: Outcome
    text: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.outcome}: {self.rule}: {self.text}"


class Case(Struct, frozen=True):
    """The result of one test."""

    name: str
    problems: tuple[Problem, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """Validated without a problem; missing when anything is, else noisy."""
        return min((problem.outcome for problem in self.problems), default="validated")


class Expectation(Struct, frozen=True):
    """What a comment says of one finding."""

    kind: Literal["expect", "expect-missing", "expect-noisy"]
    rule: str
    file: str
    line: int
    """0: on whatever line."""


def check_rules(ruleset: RuleSet, fixtures: Mapping[str, Files], audit: Audit) -> tuple[Case, ...]:
    """Run the examples of all rules, and all fixtures."""
    rules = {rule.id for rule in ruleset.rules}
    examples = [case for rule in ruleset.rules for case in check_examples(rule, audit)]
    return (*examples, *(check_fixture(name, fixtures[name], rules, audit) for name in sorted(fixtures)))


def check_examples(rule: Rule, audit: Audit) -> tuple[Case, Case]:
    """Run the rule's bad code, in which it must fire, and its good code, in which it must not."""
    bad, good = (
        [finding for finding in audit(example.contents) if finding.rule == rule.id] for example in (rule.bad, rule.good)
    )
    silent = Problem(min(rule.bad.files), 0, rule.id, "missing", "it finds nothing in its bad code")
    alarms = [_noisy(finding, "it fires in its good code") for finding in good]
    return Case(f"{rule.id} bad", () if bad else (silent,)), Case(f"{rule.id} good", tuple(sorted(alarms)))


def check_fixture(name: str, files: Files, rules: Collection[str], audit: Audit) -> Case:
    """Compare what is found in a fixture with what its comments say, of the packs that they name."""
    expectations = sorted(read_expectations(files), key=lambda each: (each.kind == "expect-missing", not each.line))
    named = {_pack_of(expectation.rule) for expectation in expectations}
    found = [finding for finding in audit(files) if not named or _pack_of(finding.rule) in named]
    problems: list[Problem] = []
    for expectation in expectations:
        finding = next((finding for finding in found if _is_meant(finding, expectation)), None)
        if finding:
            found.remove(finding)
        problems += _compare(expectation, finding, rules)
    problems += [_noisy(finding, "no comment expects it") for finding in found]
    return Case(name, tuple(sorted(problems)))


def _pack_of(rule: str) -> str:
    return rule.partition("/")[0]


def render_cases(cases: Iterable[Case]) -> str:
    """List what went wrong, and count the outcomes."""
    cases = list(cases)
    counts = Counter(case.outcome for case in cases)
    lines = [
        f"{case.name}\n" + "".join(f"  {problem}\n" for problem in case.problems) for case in cases if case.problems
    ]
    lines.append(", ".join(f"{counts[outcome]} {outcome}" for outcome in ("validated", "missing", "noisy")) + "\n")
    return "".join(lines)


_COMMENT = re.compile(r"(?://|#|/\*)\s*(?P<kind>expect(?:-missing|-noisy)?):(?P<items>[^*\n]*)")
_ITEM = re.compile(r"(?P<rule>\S+)(?:\s+in\s+(?P<file>\S+))?")


def read_expectations(files: Files) -> Iterator[Expectation]:
    """Read the comments of a fixture."""
    for path in sorted(files):
        lines = files[path].decode(errors="replace").splitlines()
        for index, line in enumerate(lines):
            for comment in _COMMENT.finditer(line):
                kind = cast('Literal["expect", "expect-missing", "expect-noisy"]', comment["kind"])
                spoken_of = _line_spoken_of(lines, index)
                for item in _ITEM.finditer(comment["items"].replace(",", "\n")):
                    yield Expectation(kind, item["rule"], item["file"] or path, 0 if item["file"] else spoken_of)


def _line_spoken_of(lines: list[str], index: int) -> int:
    """Return the line that a comment speaks of: its own, or the next with code."""
    if _has_code(lines[index]):
        return index + 1
    return next((at + 1 for at in range(index + 1, len(lines)) if _has_code(lines[at])), index + 1)


def _has_code(line: str) -> bool:
    comment = _COMMENT.search(line)
    return bool((line[: comment.start()] if comment else line).strip())


def _is_meant(finding: Finding, expectation: Expectation) -> bool:
    return (finding.rule, finding.file) == (expectation.rule, expectation.file) and (
        expectation.line in (0, finding.line)
    )


def _compare(expectation: Expectation, finding: Finding | None, rules: Collection[str]) -> Iterator[Problem]:
    if expectation.rule not in rules:
        text = f"there is no such rule{suggest(expectation.rule, rules)}"
        yield Problem(expectation.file, expectation.line, expectation.rule, "missing", text)
    elif finding is not None and expectation.kind == "expect-missing":
        yield _noisy(finding, "this gap has closed; write expect")
    elif finding is None and expectation.kind != "expect-missing":
        is_gone = expectation.kind == "expect-noisy"
        text = "this false alarm is gone; delete the comment" if is_gone else "it is not found"
        yield Problem(expectation.file, expectation.line, expectation.rule, "missing", text)


def _noisy(finding: Finding, text: str) -> Problem:
    return Problem(finding.file, finding.line, finding.rule, "noisy", f"{text}: {finding.message}")
