"""The gate's verdicts, and that it fails closed."""

from typing import Any

import msgspec
import pytest

from medpro_audit.core.config import GateConfig
from medpro_audit.core.finding import SEVERITIES, Finding, Severity
from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.gate.policy import Evidence, exit_code, judge
from medpro_audit.result import Completeness, Metric, Verdict

_QUALITY = Metric("code-quality", "Code quality consistency", 90, 61.2, 98, 160, 4, None)
_TESTING = Metric("testing", "Testing framework", 80, None, 0, 0, 0, "no rule measures it yet")
_WHOLE = Completeness(10, 10, 40, 40, 3, 3, 12, 12, 12, 12)


def _finding(severity: Severity) -> Finding:
    return Finding("demo/bad-thing", severity, "It is bad", "a.js", 1, 1, 1, "f")


def _evidence(*severities: Severity, **changes: Any) -> Evidence:
    """Make what a good run leaves, with findings."""
    evidence = Evidence([_finding(severity) for severity in severities], [_QUALITY, _TESTING], _WHOLE, [], 1)
    completeness = {key: changes.pop(key) for key in list(changes) if key in Completeness.__struct_fields__}
    evidence = msgspec.structs.replace(evidence, completeness=msgspec.structs.replace(_WHOLE, **completeness))
    return msgspec.structs.replace(evidence, **changes)


@pytest.mark.parametrize("policy", [None, GateConfig()])
def test_without_a_policy_nothing_is_gated(policy: GateConfig | None) -> None:
    """Whatever was found, and also when the policy asks for nothing."""
    assert judge(_evidence("error"), policy) == Verdict("not-gated")


@pytest.mark.parametrize("limit", SEVERITIES)
@pytest.mark.parametrize("severity", SEVERITIES)
def test_findings_of_the_severity_or_worse_fail(limit: Severity, severity: Severity) -> None:
    """Milder ones don't."""
    verdict = judge(_evidence(severity), GateConfig(fail_on=limit))
    is_worse = SEVERITIES.index(severity) <= SEVERITIES.index(limit)
    assert verdict.status == ("failed" if is_worse else "passed")


def test_the_reason_counts_the_findings() -> None:
    """Those that fail, by severity."""
    verdict = judge(_evidence("error", "warning", "warning", "note"), GateConfig(fail_on="warning"))
    assert verdict.reasons == ("1 error and 2 warnings, and the gate fails on warning or worse",)
    verdict = judge(_evidence("error", "warning"), GateConfig(fail_on="error"))
    assert verdict.reasons == ("1 error, and the gate fails on error",)


def test_a_metric_below_its_minimum_fails() -> None:
    """With its fraction; one that reaches it does not."""
    verdict = judge(_evidence(), GateConfig(minimum={"code-quality": 70}))
    assert verdict == Verdict(
        "failed", ("Code quality consistency is 61.2 % (98 of 160 checks, 4 unknown), below its minimum of 70 %",)
    )
    assert judge(_evidence(), GateConfig(minimum={"code-quality": 61.2})).status == "passed"


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        (
            GateConfig(minimum={"testing": 50}),
            "Testing framework has a minimum of 50 % and is not measured: no rule measures it yet",
        ),
        (
            GateConfig(minimum={"security": 50}),
            "security has a minimum of 50 % and is not measured: it is not on the scorecard",
        ),
    ],
)
def test_what_is_not_measured_can_not_pass(policy: GateConfig, reason: str) -> None:
    """A minimum for something unknown leaves the question open."""
    assert judge(_evidence(), policy) == Verdict("incomplete", (reason,))


@pytest.mark.parametrize(
    ("changes", "policy", "reason"),
    [
        (
            {"files_parsed": 9},
            GateConfig(min_parsed=95),
            "9 of 10 files could be parsed, less than the 95 % that the policy asks for",
        ),
        (
            {"imports_resolved": 39},
            GateConfig(min_resolved_imports=99),
            "39 of 40 imports could be resolved, less than the 99 % that the policy asks for",
        ),
        (
            {"handlers_known": 6},
            GateConfig(min_known_handlers=50.1),
            "6 of 12 handlers are known, less than the 50.1 % that the policy asks for",
        ),
    ],
)
def test_less_understood_than_the_policy_asks_is_incomplete(
    changes: dict[str, int], policy: GateConfig, reason: str
) -> None:
    """With the fraction that was understood; at the floor it passes."""
    assert judge(_evidence(**changes), policy) == Verdict("incomplete", (reason,))
    assert judge(_evidence(), policy).status == "passed"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"files": 0, "files_parsed": 0, "endpoints": 0, "backends": 0}, "no source file was read"),
        ({"backends": 0}, "no back end was found"),
        ({"endpoints": 0, "handlers_known": 0}, "a back end was found, but none of its endpoints"),
        (
            {"notices": [Notice("internal", "demo/bad-thing broke down here: E", Place("a.js", 3))]},
            "1 of its parts broke down, which is a fault of medpro-audit: a.js:3: demo/bad-thing broke down here: E",
        ),
    ],
)
def test_an_analysis_that_did_not_really_happen_never_passes(changes: dict[str, Any], reason: str) -> None:
    """No findings in nothing is no success, and neither is a run in which a rule broke down."""
    verdict = judge(_evidence(**changes), GateConfig(fail_on="error"))
    assert verdict.status == "incomplete"
    assert verdict.reasons[0].startswith(reason)


def test_ordinary_notices_leave_the_verdict_alone() -> None:
    """A file that could not be read is counted by the floors, not by itself."""
    notice = Notice("syntax-error", "x", Place("a.js", 3))
    assert judge(_evidence(notices=[notice]), GateConfig(fail_on="error")) == Verdict("passed")


def test_what_certainly_fails_has_failed_however_much_is_unknown() -> None:
    """Both are said, the failure first."""
    verdict = judge(_evidence("error", endpoints=0), GateConfig(fail_on="error"))
    assert verdict.status == "failed"
    assert len(verdict.reasons) == 2


@pytest.mark.parametrize(
    ("verdict", "code"),
    [(Verdict("passed"), 0), (Verdict("not-gated"), 0), (Verdict("failed"), 1), (Verdict("incomplete"), 3)],
)
def test_a_verdict_has_its_exit_code(verdict: Verdict, code: int) -> None:
    """As documented."""
    assert exit_code(verdict) == code
