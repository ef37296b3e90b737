"""What is different between two results."""

from collections import Counter
from collections.abc import Mapping

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.core.finding import Finding, Severity
from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.difference import compare
from medpro_audit.model.subjects import (
    Endpoint,
    EndpointValidation,
    Handler,
    MiddlewareUse,
    Role,
    UnresolvedImport,
    UnresolvedRoute,
    Validation,
)
from medpro_audit.result import AuditResult, Completeness, Metric, RuleReport, Tool, Verdict
from medpro_audit.result.difference import Difference, PropertyChange

NOT_READ = Validation("not-read")
LOGIN = MiddlewareUse("authenticate", "app.js", 3, "application", "/", ("authentication",))
QUALITY = Metric("code-quality", "Code quality", 90, 50.0, 2, 4, 0, None)


def rule(name: str) -> RuleReport:
    """A rule that ran."""
    return RuleReport(name, name, "error", None, "", "", "", "1h")


EMPTY = AuditResult(
    schema_version=1,
    tool=Tool("medpro-audit", "1"),
    project="clinic",
    verdict=Verdict("passed"),
    metrics=(QUALITY,),
    backends=(),
    completeness=Completeness(1, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    findings=(),
    endpoints=(),
    connections=(),
    settings_files=(),
    unresolved_routes=(),
    unresolved_imports=(),
    unmounted_routers=(),
    notices=(),
    rules=(rule("demo/bad"),),
)


def finding(fingerprint: str, line: int = 1, *, severity: Severity = "error", of: str = "demo/bad") -> Finding:
    """A finding of which only its fingerprint tells what it is."""
    return Finding(of, severity, "It is bad", "a.js", line, 1, line, fingerprint)


def endpoint(method: str = "GET", path: str = "/x", *, body: Validation = NOT_READ, line: int = 1) -> Endpoint:
    """An endpoint that anybody may ask."""
    return Endpoint(
        method=method,
        path=path,
        file="a.js",
        line=line,
        kind="route",
        mounted=True,
        conditional=False,
        condition=None,
        framework="express",
        application="a.js:1",
        backend=".",
        middleware=(),
        handler=Handler("list", "a.js", line),
        reads=(),
        validation=EndpointValidation(body, NOT_READ, NOT_READ, NOT_READ),
        trail=(),
    )


def guarded(*roles: Role, conditional: bool = False) -> Endpoint:
    """An endpoint behind the login, which is taken to do this."""
    use = msgspec.structs.replace(LOGIN, roles=roles, conditional=conditional)
    return msgspec.structs.replace(endpoint(), middleware=(use,))


def difference(before: Mapping[str, object], after: Mapping[str, object]) -> Difference:
    """The difference between two results that differ in these fields only."""
    return compare(msgspec.structs.replace(EMPTY, **before), msgspec.structs.replace(EMPTY, **after))


def between(before: tuple[Endpoint, ...], after: tuple[Endpoint, ...]) -> Difference:
    """The difference between two lists of endpoints."""
    return difference({"endpoints": before}, {"endpoints": after})


def test_a_result_does_not_differ_from_itself() -> None:
    """Whatever is in it."""
    result = {"findings": (finding("a"), finding("a"), finding("b")), "endpoints": (endpoint(), endpoint())}
    same = difference(result, result)
    assert same.is_empty
    assert len(same.unchanged) == 3


def test_findings_are_matched_by_fingerprint() -> None:
    """A line, a message or a severity that has changed makes no new finding; the later one is shown."""
    moved = finding("same", 9, severity="note")
    found = difference({"findings": (finding("same"), finding("old"))}, {"findings": (moved, finding("new"))})
    assert [each.fingerprint for each in found.new] == ["new"]
    assert [each.fingerprint for each in found.fixed] == ["old"]
    assert found.unchanged == (moved,)


def test_a_swap_is_seen() -> None:
    """One fixed and one new are not the same as nothing."""
    found = difference({"findings": (finding("old"),)}, {"findings": (finding("new"),)})
    assert not found.is_empty


def test_findings_of_a_rule_that_does_not_run_are_not_fixed() -> None:
    """Nor are those of a rule that did not run before new."""
    one = {"findings": (finding("a", of="demo/other"),), "rules": (rule("demo/other"),)}
    found = difference(one, {})
    assert (found.fixed, found.no_longer_sought) == ((), one["findings"])
    assert not found.is_empty
    found = difference({}, one)
    assert (found.new, found.newly_sought) == ((), one["findings"])
    assert not found.is_empty


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_each_finding_is_counted_once(before: list[str], after: list[str]) -> None:
    """New, fixed and unchanged add up to the two results, also where fingerprints repeat."""
    old, new = tuple(map(finding, before)), tuple(map(finding, after))
    found = difference({"findings": old}, {"findings": new})
    assert Counter(found.new) + Counter(found.unchanged) == Counter(new)
    assert Counter(found.fixed) + Counter(found.unchanged) == Counter(old)
    assert not set(found.new) & set(found.fixed)


def test_endpoints_come_and_go() -> None:
    """By method and path."""
    found = between((endpoint("GET", "/old"), endpoint()), (endpoint(), endpoint("POST", "/old")))
    assert [each.identity for each in found.endpoints_added] == ["POST /old"]
    assert [each.identity for each in found.endpoints_removed] == ["GET /old"]
    assert found.endpoints_changed == ()


def test_another_line_is_no_change() -> None:
    """Code above it has grown."""
    assert between((endpoint(line=3),), (endpoint(line=30),)).is_empty


def test_a_verdict_that_changes_is_told() -> None:
    """Part, before and after."""
    before, after = endpoint(body=Validation("validated")), endpoint(body=Validation("missing"))
    (change,) = between((before,), (after,)).endpoints_changed
    assert change.changes == (PropertyChange("body", "validated", "missing"),)
    assert (change.before, change.after) == (before, after)


def test_an_endpoint_that_moves_or_comes_loose_is_told() -> None:
    """Another file; a router that is no longer mounted; a condition; a handler that can't be found."""
    handler = Handler("list", None, None, reason="it is imported from nowhere")
    after = msgspec.structs.replace(
        endpoint(), file="b.js", mounted=False, conditional=True, condition="process.env.X", handler=handler
    )
    (change,) = between((endpoint(),), (after,)).endpoints_changed
    assert change.changes == (
        PropertyChange("mounted", "yes", "no"),
        PropertyChange("condition", "none", "process.env.X"),
        PropertyChange("handler", "known", "unknown"),
        PropertyChange("file", "a.js", "b.js"),
    )


def test_middleware_that_loses_its_role_is_lost() -> None:
    """So it is when its name stays, and when it only runs under a condition."""
    for weaker in (guarded(), guarded("authentication", conditional=True)):
        (change,) = between((guarded("authentication"),), (weaker,)).endpoints_changed
        assert change.middleware_lost == (LOGIN,)
        assert change.middleware_added == weaker.middleware


def test_the_same_middleware_elsewhere_is_no_change() -> None:
    """It may be registered in another file, and at another line."""
    moved = msgspec.structs.replace(LOGIN, file="routes.js", line=20, scope="router")
    before = msgspec.structs.replace(endpoint(), middleware=(LOGIN,))
    assert between((before,), (msgspec.structs.replace(before, middleware=(moved,)),)).is_empty


def test_of_two_endpoints_of_one_path_that_of_the_same_file_stays() -> None:
    """Where the first of them goes, the second has not become another."""
    first = endpoint(body=Validation("validated"))
    second = msgspec.structs.replace(endpoint(body=Validation("missing")), file="b.js")
    found = between((first, second), (second,))
    assert found.endpoints_removed == (first,)
    assert found.endpoints_changed == ()


def test_a_metric_changes_with_its_numbers() -> None:
    """A larger denominator is worth telling though the share is the same."""
    more = msgspec.structs.replace(QUALITY, numerator=4, denominator=8)
    (change,) = difference({}, {"metrics": (more,)}).metrics
    assert (change.before, change.after) == (QUALITY, more)


def test_the_gate_changes_with_its_status() -> None:
    """Other reasons for the same answer are none."""
    failed, still = Verdict("failed", ("1 error",)), Verdict("failed", ("2 errors",))
    assert difference({}, {"verdict": failed}).gate_changed
    assert difference({"verdict": failed}, {"verdict": still}).is_empty


def test_gaps_are_matched_without_their_lines() -> None:
    """What could not be read or resolved before is not told again when it moves."""
    gaps = {
        "notices": (Notice("syntax-error", "unreadable", Place("a.js", 3)),),
        "unresolved_imports": (UnresolvedImport("a.js", 3, "./x", "no file"),),
        "unresolved_routes": (UnresolvedRoute(Place("a.js", 3), "GET", "a path from outside"),),
    }
    moved = {
        "notices": (Notice("syntax-error", "unreadable", Place("a.js", 9)),),
        "unresolved_imports": (UnresolvedImport("a.js", 9, "./x", "no file"),),
        "unresolved_routes": (UnresolvedRoute(Place("a.js", 9), "GET", "a path from outside"),),
    }
    assert difference(gaps, moved).is_empty
    opened, closed = difference({}, gaps), difference(gaps, {})
    for name, items in gaps.items():
        assert getattr(opened, name).new == items == getattr(closed, name).closed
        assert not getattr(opened, name).closed
        assert not getattr(closed, name).new


def test_it_can_be_written_as_json_and_read_again() -> None:
    """Reports of other formats need it as data."""
    found = between((endpoint(),), (guarded("authentication"), endpoint("POST", "/y")))
    assert msgspec.json.decode(msgspec.json.encode(found), type=Difference) == found


def test_what_was_followed_differently_can_not_be_compared() -> None:
    """The same routes under other paths, in a program that is left at some point: no news, and no removal."""
    partly = {"notices": (Notice("budget", "the code started here does more than is followed", Place("a.js", 0)),)}
    below, alone = (endpoint("GET", path) for path in ("/api/x", "/x"))
    found = difference({"endpoints": (below,), **partly}, {"endpoints": (alone,), **partly})
    assert found.doubt.startswith("a.js is followed only in part, and not as far as at the base: 1 of its endpoints")
    assert found.breaks == ()
    assert [each.reason for each in found.undecided] == ["it is not found, and a.js is followed only in part"]
    whole = difference({"endpoints": (below,)}, {"endpoints": (alone,)})
    assert (whole.doubt, [each.kind for each in whole.breaks]) == ("", ["endpoint-removed"])
    other = endpoint("GET", "/y")
    assert difference({"endpoints": (below,), **partly}, {"endpoints": (other,), **partly}).doubt == ""
