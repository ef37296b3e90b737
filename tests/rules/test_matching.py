"""Rules asked of subjects: findings, measures, fingerprints."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pytest

from medpro_audit.core.finding import Finding, Measure
from medpro_audit.core.place import Place, Step
from medpro_audit.model.subjects import SUBJECTS, Subject, SyntaxMatch, Validation
from medpro_audit.model.subjects.token import Token
from medpro_audit.rules.loading import load_packs
from medpro_audit.rules.matching import Matches, match_rules
from rules.builders import LOG_CALL, build, pack_files

_VALIDATED = Validation("validated", by="zod")
_UNKNOWN = Validation("unknown", reason="the schema is computed")


def _match(subjects: Mapping[str, Sequence[Subject]], **changes: str | None) -> Matches:
    everything = {kind: subjects.get(kind, ()) for kind in SUBJECTS}
    return match_rules(load_packs(pack_files(**changes)), everything)


def _findings(*subjects: Subject, **changes: str | None) -> tuple[Finding, ...]:
    kind = next(kind for kind, declared in SUBJECTS.items() if isinstance(subjects[0], declared))
    return _match({kind: subjects}, **changes).findings


def test_a_finding_says_everything_about_its_endpoint() -> None:
    """Message, place, method, path and back end, and the trail of the endpoint with that of its validation."""
    (finding,) = _findings(build.endpoint(backend="api"))
    assert finding == Finding(
        rule="demo/bad-thing",
        severity="error",
        message="POST /patients is bad",
        file="routes.js",
        line=7,
        column=1,
        end_line=7,
        fingerprint=finding.fingerprint,
        trail=(Step("server.js", 5, "app.use('/', routes)"), Step("routes.js", 10, "reads req.body")),
        backend="api",
        method="POST",
        path="/patients",
        content=finding.content,
    )
    assert finding.content


def test_the_trail_of_what_where_looks_into_is_told_too() -> None:
    """A rule without ``require`` explains itself as well, and a step that is known twice is told once."""
    body = Validation("missing", trail=(Step("server.js", 5, "app.use('/', routes)"), Step("routes.js", 10, "late")))
    (finding,) = _findings(build.endpoint(body=body), where="{validation.body.status: missing}", require=None)
    assert [step.line for step in finding.trail] == [5, 10]


def test_a_measure_counts_each_answer_once() -> None:
    """Conforming, broken and unknown make up what the rule applies to; what it does not apply to is left out."""
    endpoints = [
        build.endpoint(),
        build.endpoint(body=_VALIDATED),
        build.endpoint(body=_VALIDATED),
        build.endpoint(body=_UNKNOWN),
        build.endpoint(reads=()),
    ]
    matches = _match({"endpoint": endpoints})
    assert matches.measures == (Measure("demo/bad-thing", "code-quality", conforming=2, applicable=4, unknown=1),)
    assert len(matches.findings) == 1


@pytest.mark.parametrize(("cause", "found"), [(Place("config.js", 3), 0), (Place("config.js", 4), 1), (None, 1)])
def test_what_another_rule_tells_at_its_cause_is_only_counted(cause: Place | None, found: int) -> None:
    """One finding for one cause: the measure stays what it is."""
    changes = {"subject": "token", "where": None, "message": "A", "require": "{secret: environment}"}
    told = {"subject": "log-call", "where": "{level: info}", "message": "B", "id": "demo/telling", "require": None}
    files = pack_files(**changes, told_by="demo/telling")
    files["rules/demo/telling.yaml"] = pack_files(**told)["rules/demo/bad-thing.yaml"]
    token = Token("server.js", 9, ".", "sign", "jsonwebtoken", secret="literal", cause=cause)  # noqa: S106 - a word of ours
    call = msgspec.structs.replace(LOG_CALL, file="config.js", line=3)
    everything: dict[str, Sequence[Subject]] = {**dict.fromkeys(SUBJECTS, ()), "token": [token], "log-call": [call]}
    matches = match_rules(load_packs(files), everything)
    assert [each.rule for each in matches.findings].count("demo/bad-thing") == found
    assert Measure("demo/bad-thing", "code-quality", conforming=0, applicable=1) in matches.measures


@pytest.mark.parametrize(
    ("port", "sites", "expected"),
    [
        (None, 1, "n/a"),  # whether it applies is unknown, but nothing is broken
        (None, 2, "unknown"),
        (3306, 2, "broken"),
        (3306, 1, "holds"),
        (3307, 2, "n/a"),
    ],
)
def test_an_unknown_that_can_not_matter_is_not_counted(port: int | None, sites: int, expected: str) -> None:
    """Where it is unknown whether a rule applies, the subject is unknown only if it might be broken."""
    (rule,) = load_packs(
        pack_files(subject="connection", where="{port: 3306}", require="{sites: 1}", message="x")
    ).rules
    assert rule.ask(build.connection(port=port, sites=sites)) == expected


def test_a_rule_without_where_asks_every_subject() -> None:
    """Left out, it means all."""
    matches = _match({"endpoint": [build.endpoint(reads=())]}, where=None)
    assert matches.measures[0].applicable == 1


def test_without_require_every_subject_that_it_applies_to_is_a_finding() -> None:
    """Where applying is being broken, nothing can conform."""
    matches = _match({"endpoint": [build.endpoint(), build.endpoint(reads=())]}, require=None)
    assert len(matches.findings) == 1
    assert (matches.measures[0].conforming, matches.measures[0].applicable) == (0, 1)


def test_back_ends_are_measured_one_by_one() -> None:
    """Each back end with subjects has its own measures, and they add up to the whole."""
    endpoints = [build.endpoint(backend="a"), build.endpoint(backend="b", body=_VALIDATED), build.endpoint(backend="b")]
    matches = _match({"endpoint": endpoints, "catch": [build.catch(backend="c")]})
    measures = {backend: measures[0] for backend, measures in matches.by_backend.items()}
    assert {backend: (each.conforming, each.applicable) for backend, each in measures.items()} == {
        "a": (0, 1),
        "b": (1, 2),
        "c": (0, 0),
    }
    assert (matches.measures[0].conforming, matches.measures[0].applicable) == (1, 3)


def test_a_fingerprint_survives_moved_code() -> None:
    """File, line, message, severity and trail may change; method, path, rule and source may not."""
    (before,) = _findings(build.endpoint())
    (after,) = _findings(build.endpoint(file="moved/routes.js", line=70, trail=()), message="Changed", severity="note")
    (other,) = _findings(build.endpoint(path="/visits"))
    assert before.fingerprint == after.fingerprint != other.fingerprint
    assert len(before.fingerprint) == 16


def test_a_fingerprint_is_permanent() -> None:
    """Baselines are kept by it: a release that changes it turns every old finding into a new one."""
    (finding,) = _findings(build.endpoint())
    assert finding.fingerprint == "62cb2158decf7316"


def test_two_rules_about_one_subject_have_two_fingerprints() -> None:
    """The rule is part of it."""
    files = pack_files() | {
        "rules/demo/worse-thing.yaml": pack_files(id="demo/worse-thing")["rules/demo/bad-thing.yaml"]
    }
    matches = match_rules(load_packs(files), {"endpoint": [build.endpoint()]})
    assert len({finding.fingerprint for finding in matches.findings}) == 2


def test_a_fingerprint_ignores_white_space_and_nothing_else_of_the_source() -> None:
    """Reformatted code is the same finding, changed code is another."""
    rule: dict[str, str | None] = {
        "subject": "log-call",
        "where": None,
        "require": "{level: debug}",
        "message": "x",
    }
    (before,) = _findings(build.log_call(snippet="log.info( 'a',\n  b)"), **rule)
    (reformatted,) = _findings(build.log_call(snippet="log.info( 'a', b)", line=80), **rule)
    (by_a_formatter,) = _findings(build.log_call(snippet="log.info(\n  'a',\n  b,\n)"), **rule)
    (changed,) = _findings(build.log_call(snippet="log.info( 'a', c)"), **rule)
    assert before.fingerprint == reformatted.fingerprint == by_a_formatter.fingerprint != changed.fingerprint
    (spaced, joined) = (_findings(build.log_call(snippet=text), **rule)[0] for text in ("await x", "awaitx"))
    assert spaced.fingerprint != joined.fingerprint
    assert before.snippet == "log.info( 'a',"


def test_equal_subjects_are_told_apart_by_their_order() -> None:
    """The same endpoint twice has two fingerprints, the first that of a single one, whatever order they come in."""
    first, second = build.endpoint(line=3), build.endpoint(line=30)
    (single,) = _findings(first)
    both = _findings(first, second)
    assert both == _findings(second, first)
    assert len({finding.fingerprint for finding in both}) == 2
    assert both[0].fingerprint == single.fingerprint
    moved = _findings(build.endpoint(line=5), build.endpoint(line=50))
    assert [finding.fingerprint for finding in moved] == [finding.fingerprint for finding in both]


def test_an_endpoint_of_several_applications_is_one_finding() -> None:
    """The same line of code registers it in each: one thing to mend, and measured as often as it is there."""
    endpoint = build.endpoint(line=3)
    other = msgspec.structs.replace(endpoint, application="worker.js:1")
    found = _match({"endpoint": (endpoint, other)})
    assert found.findings == _findings(endpoint)
    assert found.measures[0].applicable == 2


def test_findings_come_worst_first_in_a_fixed_order() -> None:
    """The order of the subjects leaves no trace."""
    endpoints = [build.endpoint(path=f"/{name}", line=line) for line, name in enumerate("cab", 1)]
    assert _findings(*endpoints) == _findings(*reversed(endpoints))


class _Faulty(msgspec.Struct, frozen=True):
    """Raises when it is asked for its method."""

    backend: str = "."
    file: str = "x.js"
    line: int = 3

    @property
    def reads(self) -> tuple[str, ...]:
        """Break down."""
        raise RuntimeError("out of\nluck")


def test_a_rule_that_breaks_down_hides_nothing() -> None:
    """The fault is a notice, its subject is unknown, and the others are judged."""
    faulty: Any = _Faulty()
    matches = _match({"endpoint": [faulty, build.endpoint()]})
    assert len(matches.findings) == 1
    assert (matches.measures[0].applicable, matches.measures[0].unknown) == (2, 1)
    (notice,) = matches.notices
    assert (notice.kind, str(notice.place)) == ("internal", "x.js:3")
    assert notice.message == "demo/bad-thing broke down here: RuntimeError: out of luck"


def test_a_rule_whose_subjects_nobody_looked_for_is_reported() -> None:
    """A missing list is not an empty one: the analysis is then incomplete."""
    matches = match_rules(load_packs(pack_files()), {"catch": []})
    (notice,) = matches.notices
    assert notice.kind == "internal"
    assert "demo/bad-thing was not asked" in notice.message


def test_a_syntax_rule_sees_its_own_matches_only() -> None:
    """Every match is a finding with its columns, and feeds no metric."""
    mine = SyntaxMatch("demo/bad-thing", "a.js", 4, 3, 6, ".", "server", "debugger;")
    other = msgspec.structs.replace(mine, rule="demo/other")
    test = msgspec.structs.replace(mine, role="test")
    changes = {"subject": "syntax", "metric": "none", "require": None, "message": "Bad", "query": "(identifier) @x"}
    matches = _match({"syntax": [mine, other, test]}, where="{role: server}", **changes)
    (finding,) = matches.findings
    assert (finding.line, finding.column, finding.end_line, finding.snippet) == (4, 3, 6, "debugger;")
    assert matches.measures == (Measure("demo/bad-thing", None, conforming=0, applicable=1, unknown=0),)
