"""Asks every rule of every subject it is about: findings for what is broken, and a measure for each rule."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from operator import attrgetter

from msgspec import Struct

from medpro_audit.core.finding import Finding, Measure
from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place, Step
from medpro_audit.core.stages import stage
from medpro_audit.model.subjects import Endpoint, Input, Subject
from medpro_audit.rules.attributes import attributes_of
from medpro_audit.rules.problems import shorten
from medpro_audit.rules.rule import Answer, Rule, RuleSet
from medpro_audit.rules.rule_file import SYNTAX

_SNIPPET_LENGTH = 160
_BLANKS = re.compile(r" ?([()\[\]{},;]) ?")
_LAST_COMMA = re.compile(r",(?=[)\]}])")
_FINGERPRINT_LENGTH = 16


class Matches(Struct, frozen=True):
    """What the rules say of the subjects."""

    findings: tuple[Finding, ...]
    """Worst first."""
    measures: tuple[Measure, ...]
    """One for each rule, by its id."""
    by_backend: dict[str, tuple[Measure, ...]]
    """The same for each back end that has subjects; over all back ends they add up to ``measures``."""
    notices: tuple[Notice, ...]
    """Rules that could not be asked; with any of them the analysis is incomplete."""


@stage("rules")
def match_rules(ruleset: RuleSet, subjects: Mapping[str, Sequence[Subject]]) -> Matches:
    """Ask all rules; ``subjects`` holds a sequence for every kind that a rule is about, if only an empty one."""
    questions = [_Question(rule, subjects) for rule in ruleset.rules]
    backends = sorted({subject.backend for kind in subjects.values() for subject in kind})
    return Matches(
        findings=tuple(sorted(_findings(questions), key=_ORDER)),
        measures=tuple(question.measure(backends) for question in questions),
        by_backend={backend: tuple(question.measure([backend]) for question in questions) for backend in backends},
        notices=tuple(notice for question in questions for notice in question.notices),
    )


_ORDER = attrgetter("order")


def _findings(questions: Sequence["_Question"]) -> Iterator[Finding]:
    """One for one cause: where another rule tells of it, at the place where it stands, that is enough."""
    telling = {question.rule.told_by for question in questions}
    told = {question.rule.id: question.places() for question in questions if question.rule.id in telling}
    for question in questions:
        yield from question.findings(told.get(question.rule.told_by or "", frozenset()))


def joined(one: Matches, other: Matches) -> Matches:
    """What two sets of rules say of the same subjects."""
    by_rule = attrgetter("rule")
    return Matches(
        findings=tuple(sorted((*one.findings, *other.findings), key=_ORDER)),
        measures=tuple(sorted((*one.measures, *other.measures), key=by_rule)),
        by_backend={
            backend: tuple(sorted((*one.by_backend.get(backend, ()), *other.by_backend.get(backend, ())), key=by_rule))
            for backend in sorted({*one.by_backend, *other.by_backend})
        },
        notices=(*one.notices, *other.notices),
    )


class _Question:
    """One rule with the answers to it."""

    def __init__(self, rule: Rule, subjects: Mapping[str, Sequence[Subject]]) -> None:
        self.notices: list[Notice] = []
        self.rule = rule
        self._broken: list[Subject] = []
        self._answers: Counter[tuple[str, Answer]] = Counter()
        self._faults: list[tuple[Subject, Exception]] = []
        asked = subjects.get(rule.subject)
        if asked is None:
            self.notices.append(Notice("internal", f"{rule.id} was not asked: nothing looked for its subjects"))
        for subject in asked or ():
            if rule.subject != SYNTAX or getattr(subject, "rule", None) == rule.id:
                self._ask(subject)
        if self._faults:
            self.notices.append(self._fault_notice())

    def _ask(self, subject: Subject) -> None:
        try:
            answer = self.rule.ask(subject)
        except Exception as error:  # noqa: BLE001 - a fault in one rule must not hide what the others find
            answer = "unknown"
            self._faults.append((subject, error))
        self._answers[subject.backend, answer] += 1
        if answer == "broken":
            self._broken.append(subject)

    def _fault_notice(self) -> Notice:
        subject, error = min(self._faults, key=lambda fault: _place(fault[0]))
        others = f" and {len(self._faults) - 1} times more" if len(self._faults) > 1 else ""
        text = f"{self.rule.id} broke down here{others}: {type(error).__name__}: {shorten(str(error))}"
        return Notice("internal", text, Place(subject.file, subject.line))

    def measure(self, backends: Iterable[str]) -> Measure:
        """Count the answers in some back ends."""
        holds, broken, unknown = (
            sum(self._answers[backend, answer] for backend in backends) for answer in ("holds", "broken", "unknown")
        )
        return Measure(self.rule.id, self.rule.metric, holds, holds + broken + unknown, unknown, self.rule.weight)

    def places(self) -> frozenset[tuple[str, int]]:
        """File and line of what is broken."""
        return frozenset((subject.file, subject.line) for subject in self._broken)

    def findings(self, told: AbstractSet[tuple[str, int]]) -> Iterator[Finding]:
        """Report what is broken; of equal subjects the second and later ones, in order of place, are numbered.

        What is caused at a place that another rule has told of is left out.
        An endpoint that several applications register by the same line of code has one finding.
        """
        seen: Counter[tuple[str, str]] = Counter()
        registered: set[tuple[object, ...]] = set()
        for subject in sorted(self._broken, key=_place):
            cause = getattr(subject, "cause", None)
            if isinstance(cause, Place) and (cause.file, cause.line) in told:
                continue
            if isinstance(subject, Endpoint | Input):
                registration = (*_place(subject), subject.identity)
                if registration in registered:
                    continue
                registered.add(registration)
            key = _normalised(subject.identity), _normalised(_snippet(subject))
            yield _finding(self.rule, subject, _fingerprint(self.rule.id, *key, ordinal=seen[key]))
            seen[key] += 1


def _finding(rule: Rule, subject: Subject, fingerprint: str) -> Finding:
    snippet = _normalised(_snippet(subject))
    endpoint = subject if isinstance(subject, Endpoint | Input) else None
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        message=rule.message.render(subject),
        file=subject.file,
        line=subject.line,
        column=getattr(subject, "column", 1),
        end_line=getattr(subject, "end_line", subject.line),
        fingerprint=fingerprint,
        content=_fingerprint(rule.id, _normalised(subject.identity.replace(subject.file, "")), snippet, ordinal=0),
        trail=_trail(rule, subject),
        backend=subject.backend,
        method=endpoint.method if endpoint else None,
        path=endpoint.path if endpoint else None,
        snippet=next(iter(_snippet(subject).strip().splitlines()), "")[:_SNIPPET_LENGTH],
    )


def _trail(rule: Rule, subject: Subject) -> tuple[Step, ...]:
    """Join the subject's own trail and those of the structures that decided, each step once."""
    steps = list(subject.trail)
    for reason in rule.reasons:
        trail = attributes_of(type(subject))[reason].read(subject)
        steps += trail if isinstance(trail, tuple) else ()
    return tuple(dict.fromkeys(steps))


def _fingerprint(rule: str, identity: str, snippet: str, *, ordinal: int) -> str:
    parts = [rule, identity, snippet, *([str(ordinal)] if ordinal else [])]
    return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()[:_FINGERPRINT_LENGTH]


def _snippet(subject: Subject) -> str:
    return getattr(subject, "snippet", "")


def _normalised(source: str) -> str:
    """Code as every formatter leaves it: without blanks that mean nothing, and without commas at the end of a list."""
    return _LAST_COMMA.sub("", _BLANKS.sub(r"\1", " ".join(source.split())))


def _place(subject: Subject) -> tuple[str, str, int, int]:
    return subject.backend, subject.file, subject.line, getattr(subject, "column", 1)
