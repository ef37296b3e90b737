"""The gate's verdicts, and that it fails closed."""

from typing import Any

import msgspec
import pytest

from medpro_audit.core.config import GateConfig
from medpro_audit.core.finding import SEVERITIES, Finding, Measure, Severity
from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.gate.baseline import Minimum, entry_of
from medpro_audit.gate.policy import Evidence, exit_code, judge
from medpro_audit.metrics.scorecard import weighted_share
from medpro_audit.model.subjects import Endpoint, EndpointValidation, Handler, MiddlewareUse, Validation
from medpro_audit.result import Comparison, Completeness, Metric, Verdict
from medpro_audit.result.baseline import BaselineReport
from medpro_audit.result.difference import Difference, EndpointChange, Gaps, MetricChange

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


def _compared(**parts: Any) -> Comparison:
    """A comparison in which nothing is different but these parts."""
    empty: dict[str, Any] = dict.fromkeys(Difference.__struct_fields__, ())
    gaps: dict[str, Any] = {name: Gaps((), ()) for name in ("notices", "unresolved_imports", "unresolved_routes")}
    verdict = Verdict("not-gated")
    return Comparison(
        "main", "c" * 40, Difference(**{**empty, **gaps, "verdict_before": verdict, "verdict": verdict, **parts})
    )


def _accepting(*fingerprints: str, stale: int = 0, expired: int = 0) -> BaselineReport:
    entry = entry_of(_finding("error"))
    return BaselineReport("base.jsonl", fingerprints, 0, 0, (entry,) * stale, (entry,) * expired)


def test_a_rule_fails_whatever_its_severity() -> None:
    """Or never, whatever its severity; the others go by theirs."""
    fails = judge(_evidence("note", "note"), GateConfig(rules={"demo/bad-thing": "fail"}))
    assert fails == Verdict("failed", ("2 of demo/bad-thing, on which the gate fails",))
    ignored = judge(_evidence("error"), GateConfig(fail_on="note", rules={"demo/bad-thing": "ignore"}))
    assert ignored == Verdict("passed")
    other = msgspec.structs.replace(_finding("error"), rule="demo/other", fingerprint="g")
    both = judge(
        _evidence("error", findings=[_finding("error"), other]),
        GateConfig(fail_on="error", rules={"demo/bad-thing": "ignore"}),
    )
    assert both.reasons == ("1 error, and the gate fails on error",)


def test_a_finding_is_counted_once() -> None:
    """By its rule, where that is named, and not by its severity as well."""
    verdict = judge(_evidence("error"), GateConfig(fail_on="error", rules={"demo/bad-thing": "fail"}))
    assert verdict.reasons == ("1 of demo/bad-thing, on which the gate fails",)


@pytest.mark.parametrize(
    "known", [{"baseline": _accepting("f")}, {"comparison": _compared(unchanged=(_finding("error"),))}]
)
def test_the_scope_says_what_counts(known: dict[str, Any]) -> None:
    """By default what neither baseline nor base knows; for all, everything."""
    new = msgspec.structs.replace(_finding("error"), fingerprint="g")
    new_only, everything = GateConfig(fail_on="error"), GateConfig(fail_on="error", scope="all")
    assert judge(_evidence("error", **known), new_only) == Verdict("passed")
    assert judge(_evidence("error", **known), everything).reasons == ("1 error, and the gate fails on error",)
    more = _evidence(**known, findings=[_finding("error"), new])
    assert judge(more, new_only).reasons == ("1 new error, and the gate fails on error",)
    assert judge(more, everything).reasons == ("2 errors, and the gate fails on error",)


def test_without_baseline_and_base_everything_counts() -> None:
    """Nothing is known of earlier, so nothing is called new."""
    assert judge(_evidence("error"), GateConfig(fail_on="error")).reasons[0].startswith("1 error,")


def test_what_is_over_counts_again() -> None:
    """A line of the baseline whose time is over accepts nothing."""
    verdict = judge(_evidence("error", baseline=_accepting(expired=1)), GateConfig(fail_on="error"))
    assert verdict.reasons == ("1 new error, and the gate fails on error",)


def test_stale_lines_fail_until_they_are_pruned() -> None:
    """Or are only told."""
    evidence = _evidence(baseline=_accepting(stale=2))
    (reason,) = judge(evidence, GateConfig(fail_on="error")).reasons
    assert reason.startswith("base.jsonl has 2 lines for findings that are not there any more")
    assert reason.endswith("run medpro-audit baseline prune")
    assert judge(evidence, GateConfig(fail_on="error", stale="report")) == Verdict("passed")


def test_a_target_must_be_reached() -> None:
    """By those metrics that are named; what is not measured leaves the question open."""
    verdict = judge(_evidence(), GateConfig(targets=("code-quality",)))
    reason = "Code quality consistency is 61.2 % (98 of 160 checks, 4 unknown), below its target of 90 %"
    assert verdict == Verdict("failed", (reason,))
    good = msgspec.structs.replace(_QUALITY, share=90.0)
    assert judge(_evidence(metrics=[good, _TESTING]), GateConfig(targets=("code-quality",))).status == "passed"
    assert judge(_evidence(), GateConfig(targets=("testing",))) == Verdict(
        "incomplete", ("Testing framework has a target and is not measured: no rule measures it yet",)
    )


def test_a_metric_may_not_fall() -> None:
    """Below what it is at the base; without a base nobody knows, and what is not measured any more is no success."""
    policy = GateConfig(may_not_fall=("code-quality",))
    better, gone = (msgspec.structs.replace(_QUALITY, share=share) for share in (61.3, None))
    fell = _evidence(comparison=_compared(metrics=(MetricChange(better, _QUALITY),)))
    assert judge(fell, policy) == Verdict(
        "failed",
        ("Code quality consistency falls from 61.3 to 61.2 % (98 of 160 checks, 4 unknown), and may not",),
    )
    assert judge(fell, GateConfig(may_not_fall=("testing",))) == Verdict("passed")
    assert judge(_evidence(comparison=_compared(metrics=(MetricChange(_QUALITY, better),))), policy).status == "passed"
    assert judge(_evidence(), policy) == Verdict(
        "incomplete", ("metrics may not fall, and there is no base to compare with: give one with --base",)
    )
    lost = judge(_evidence(comparison=_compared(metrics=(MetricChange(_QUALITY, gone),))), policy)
    assert lost.status == "incomplete"
    assert lost.reasons[0].startswith("Code quality consistency may not fall and is not measured any more")


def test_what_was_once_reached_is_the_minimum() -> None:
    """With a ratchet; a higher configured minimum stays one."""
    evidence = _evidence(minimums=[Minimum("code-quality", 65.0)])
    assert judge(evidence, GateConfig(fail_on="error")) == Verdict("passed")
    assert judge(evidence, GateConfig(ratchet=True)).reasons == (
        "Code quality consistency is 61.2 % (98 of 160 checks, 4 unknown), below what it has once reached, 65 %",
    )
    configured = judge(evidence, GateConfig(ratchet=True, minimum={"code-quality": 70}))
    assert configured.reasons[0].endswith("below its minimum of 70 %")
    assert judge(_evidence(minimums=[Minimum("code-quality", 61.2)]), GateConfig(ratchet=True)) == Verdict("passed")


def test_a_ratchet_on_what_is_not_measured_any_more_does_not_pass() -> None:
    """Whoever takes the rules away has not reached it."""
    verdict = judge(_evidence(minimums=[Minimum("testing", 10.0)]), GateConfig(ratchet=True))
    assert verdict == Verdict(
        "incomplete", ("Testing framework has once reached 10 % and is not measured: no rule measures it yet",)
    )


def _endpoint(*, guarded: bool) -> Endpoint:
    none = Validation("not-read")
    use = MiddlewareUse("login", "a.js", 1, "route", "/", ("authentication",))
    return Endpoint(
        method="GET",
        path="/x",
        file="a.js",
        line=3,
        kind="route",
        mounted=True,
        conditional=False,
        condition=None,
        framework="express",
        application="a.js:1",
        backend=".",
        middleware=(use,) if guarded else (),
        handler=Handler("h", "a.js", 3),
        reads=(),
        validation=EndpointValidation(none, none, none, none),
        trail=(),
    )


def test_lost_protection_fails() -> None:
    """Though there is no finding; or is only told."""
    change = EndpointChange(_endpoint(guarded=True), _endpoint(guarded=False), (), (), ())
    evidence = _evidence(comparison=_compared(endpoints_changed=(change, change)))
    assert judge(evidence, GateConfig(fail_on="error")) == Verdict(
        "failed", ("protection is lost since main: GET /x has lost its authentication, and 1 more",)
    )
    assert judge(evidence, GateConfig(fail_on="error", protection="report")) == Verdict("passed")


def _quality(*measures: tuple[int, int]) -> Metric:
    """A metric of rules with these fractions."""
    made = tuple(Measure(f"demo/{index}", "code-quality", *each) for index, each in enumerate(measures))
    share = weighted_share(made)
    numbers = sum(each[0] for each in measures), sum(each[1] for each in measures)
    return msgspec.structs.replace(
        _QUALITY, share=share, numerator=numbers[0], denominator=numbers[1], unknown=0, measures=made
    )


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ([(1999, 2000)], [(1998, 2000)], "falls from 99.95 to 99.90 % (1998 of 2000 checks)"),
        ([(1, 2)], [(1, 3)], "falls from 50.0 to 33.3 % (1 of 3 checks)"),
        ([(1, 3), (1, 3), (1, 3)], [(33, 99), (1, 3)], ""),
        ([(1, 3), (2, 3)], [(2, 3), (1, 3)], ""),
        ([(1, 2000)], [(2, 2000)], ""),
    ],
)
def test_a_fall_is_seen_however_small(before: list[tuple[int, int]], after: list[tuple[int, int]], words: str) -> None:
    """Of one endpoint in two thousand; what only floating-point numbers would differ in is none."""
    change = MetricChange(_quality(*before), _quality(*after))
    verdict = judge(_evidence(comparison=_compared(metrics=(change,))), GateConfig(may_not_fall=("code-quality",)))
    assert verdict.reasons == ((f"Code quality consistency {words}, and may not",) if words else ())


def test_a_base_that_can_not_be_compared_with_leaves_the_answer_open() -> None:
    """Nothing is called new, fallen or lost then; what fails without a base fails all the same."""
    comparison = _compared(new=(_finding("error"),), doubt="a.js is followed only in part")
    evidence = _evidence("error", comparison=comparison)
    reason = "the base can't be compared with: a.js is followed only in part"
    assert judge(evidence, GateConfig(fail_on="error")) == Verdict("incomplete", (reason,))
    assert judge(evidence, GateConfig(fail_on="error", scope="all")).status == "failed"
