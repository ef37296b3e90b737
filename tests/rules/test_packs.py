"""The shipped packs: each rule asked of hand-made subjects, and held to the house style."""

import json
from pathlib import PurePosixPath
from typing import Any, Literal

import pytest
import tree_sitter
import tree_sitter_javascript
from msgspec import structs

from medpro_audit.adapters.rule_files import read_packs
from medpro_audit.model.subjects import EnvironmentValue, Input, Subject
from medpro_audit.model.subjects.facets.access import Access
from medpro_audit.model.subjects.facets.shadow import Shadow
from medpro_audit.model.subjects.facets.usage import Treatment, Usage
from medpro_audit.model.subjects.suppression import Suppression
from medpro_audit.rules.loading import load_packs
from medpro_audit.rules.rule import Rule
from rules import documentation_cases as documentation
from rules import failure_cases as failures
from rules import injection_cases as injection
from rules import operation_cases as operations
from rules import performance_cases as performance
from rules import security_cases as security
from rules import structure_cases as structure
from rules import testing_cases as testing
from rules.builders import build

RULES = {rule.id: rule for rule in load_packs(read_packs()).rules}


def _suppression(reason: str = "seen by nobody", **changes: Any) -> Suppression:
    return Suppression("a.js", 3, ".", "logging/console-call", reason, "line", 4, 4, **changes)


def _uncovered(kind: Literal["lookup", "checked", "used", "more"]) -> Input:
    left_out = build.input("missing", schema="s", uncovered=["role"])
    return structs.replace(left_out, treatment=Treatment(kind))


_LOOKUP = Usage(Treatment("lookup"), Treatment("lookup"))
_CHECKED = Usage(query=Treatment("checked"), body=Treatment("checked"))
_USED = Usage(body=Treatment("used"))
_SOUGHT = Usage(body=Treatment("lookup"))
_SIGNED = Access(authentication="yes", schemes=("signature",))
_MORE = Usage(Treatment("more", "it becomes part of a path"), Treatment("more"))

_HOLDS: list[tuple[str, Subject]] = [
    ("suppressions/missing-reason", _suppression()),
    ("suppressions/unknown-rule", _suppression()),
    ("suppressions/unused-suppression", _suppression()),
    ("zod/unvalidated-body", build.endpoint_reading("body", "validated")),
    ("zod/hand-checked-body", structs.replace(build.endpoint_reading("body", "validated"), usage=_CHECKED)),
    ("zod/unchecked-body", structs.replace(build.endpoint_reading("body", "validated"), usage=_USED)),
    ("zod/unvalidated-criteria", structs.replace(build.endpoint_reading("body", "validated"), usage=_SOUGHT)),
    ("zod/unvalidated-params", build.endpoint_reading("params", "validated")),
    ("zod/unvalidated-query", build.endpoint_reading("query", "validated")),
    ("zod/unvalidated-identifier", structs.replace(build.endpoint_reading("params", "validated"), usage=_LOOKUP)),
    ("zod/unvalidated-flag", structs.replace(build.endpoint_reading("query", "validated"), usage=_LOOKUP)),
    ("zod/hand-checked-query", structs.replace(build.endpoint_reading("query", "validated"), usage=_CHECKED)),
    ("zod/foreign-validator", build.input("validated", by="zod", convention="zod")),
    ("database/duplicate-connection", build.backend()),
    ("database/stray-connection", build.connection(sites=2)),
    ("database/hardcoded-password", build.connection(hardcoded=("host",))),
    ("database/hardcoded-password", build.connection(hardcoded=())),
    ("database/development-password", build.connection(role="script", hardcoded=("user",))),
    ("database/hardcoded-setting", build.connection(hardcoded=("password",))),
    ("database/hardcoded-setting", build.connection(hardcoded=("database",))),
    ("database/unexpected-port", build.connection(port_expected=3306)),
    ("database/unexpected-port", build.connection(port=EnvironmentValue("DB_PORT"), port_expected=3306)),
    ("database/unexpected-port", build.connection(port=None, port_expected=3306)),
    ("database/conflicting-port", build.connection()),
    ("database/unexpected-port-setting", build.settings(port_expected=3307)),
    ("database/conflicting-port-setting", build.settings()),
    ("database/connection-per-request", build.connection(scope="function")),
    ("database/connection-in-helper", build.connection(canonical=False, is_stray=True)),
    ("database/unshared-pool", build.connection()),
    ("logging/console-call", build.log_call(logger="other", has_logger=True)),
    ("logging/progress-on-console", build.log_call(logger="other")),
    ("logging/console-call-at-start", build.log_call(logger="other", at_start=True)),
    ("logging/ignored-failure", build.catch(swallows=True)),
    ("logging/foreign-logger", build.log_call()),
    ("logging/swallowed-error", build.catch()),
    ("logging/omitted-error", build.log_call(in_catch=True, level="error")),
    ("logging/concatenated-message", build.log_call(takes_fields=True)),
    ("logging/sensitive-data", build.log_call()),
    ("logging/sensitive-debug-line", build.log_call(level="debug")),
    ("logging/missing-correlation", build.log_call(in_request=True, expects_correlation=True)),
    *documentation.HOLDS,
    *failures.HOLDS,
    *injection.HOLDS,
    *operations.HOLDS,
    *performance.HOLDS,
    *security.HOLDS,
    *structure.HOLDS,
    *testing.HOLDS,
]

_BROKEN: list[tuple[str, Subject]] = [
    ("suppressions/missing-reason", _suppression("")),
    ("suppressions/unknown-rule", _suppression(is_known=False)),
    ("suppressions/unused-suppression", _suppression(is_used=False)),
    ("zod/unvalidated-body", build.endpoint_reading("body", "missing")),
    ("zod/unvalidated-params", build.endpoint_reading("params", "missing")),
    ("zod/unvalidated-query", build.endpoint_reading("query", "missing")),
    ("zod/hand-checked-body", structs.replace(build.endpoint_reading("body", "missing"), usage=_CHECKED)),
    ("zod/unchecked-body", structs.replace(build.endpoint_reading("body", "missing"), usage=_USED)),
    ("zod/unvalidated-criteria", structs.replace(build.endpoint_reading("body", "missing"), usage=_SOUGHT)),
    ("zod/unvalidated-identifier", structs.replace(build.endpoint_reading("params", "missing"), usage=_LOOKUP)),
    ("zod/unvalidated-flag", structs.replace(build.endpoint_reading("query", "missing"), usage=_LOOKUP)),
    ("zod/hand-checked-query", structs.replace(build.endpoint_reading("query", "missing"), usage=_CHECKED)),
    ("zod/uncovered-field", _uncovered("more")),
    ("zod/uncovered-field", _uncovered("used")),
    ("zod/hand-checked-field", _uncovered("lookup")),
    ("zod/hand-checked-field", _uncovered("checked")),
    ("structure/shadowed-route", build.endpoint(shadow=Shadow("GET /:id", "a.js:1"))),
    ("zod/permissive-schema", build.input("validated", is_permissive=True)),
    ("zod/permissive-schema", build.input("missing", is_permissive=True)),
    ("zod/ignored-parse-result", build.input("missing", is_ignored=True)),
    ("zod/late-validation", build.input("missing", is_late=True)),
    ("zod/foreign-validator", build.input("validated", by="joi", convention="zod")),
    ("database/duplicate-connection", build.backend(connection_sites=2)),
    ("database/stray-connection", build.connection(sites=2, canonical=False, is_stray=True)),
    ("database/hardcoded-password", build.connection(hardcoded=("password",), reason="the rest is computed")),
    ("database/development-password", build.connection(hardcoded=("password",), has_spare_password=True)),
    ("database/development-password", build.connection(hardcoded=("password",), role="script")),
    ("database/hardcoded-setting", build.connection(hardcoded=("host", "password"))),
    ("database/unexpected-port", build.connection(port=3306, port_expected=3307, port_conflict=True)),
    ("database/conflicting-port", build.connection(port_conflict=True)),
    ("database/unexpected-port-setting", build.settings(port=3306, port_expected=3307, port_conflict=True)),
    ("database/conflicting-port-setting", build.settings(port_conflict=True)),
    ("database/connection-per-request", build.connection(scope="handler")),
    ("database/connection-in-helper", build.connection(canonical=False, scope="function", is_stray=True)),
    ("database/unshared-pool", build.connection(is_shared=False)),
    ("logging/console-call", build.log_call(logger="console", logger_name="console.log", has_logger=True)),
    ("logging/console-call", build.log_call(logger="console", logger_name="console.log", tells_failure=True)),
    ("logging/progress-on-console", build.log_call(logger="console", logger_name="console.log")),
    ("logging/foreign-logger", build.log_call(logger="other")),
    ("logging/console-call-at-start", build.log_call(logger="console", logger_name="console.log", at_start=True)),
    ("logging/swallowed-error", build.catch(swallows=True)),
    ("logging/ignored-failure", build.catch(ignores=True)),
    ("logging/omitted-error", build.log_call(in_catch=True, level="error", logs_error=False)),
    ("logging/concatenated-message", build.log_call(takes_fields=True, concatenates=True)),
    ("logging/sensitive-data", build.log_call(sensitive=("password",), role="script")),
    ("logging/sensitive-data", build.log_call(sensitive=("password",), logger="console")),
    ("logging/sensitive-data", build.log_call(sensitive=("password",), logger="console", level="debug")),
    ("logging/sensitive-debug-line", build.log_call(sensitive=("password",), level="debug")),
    (
        "logging/missing-correlation",
        build.log_call(in_request=True, expects_correlation=True, has_correlation=False),
    ),
    *documentation.BROKEN,
    *failures.BROKEN,
    *injection.BROKEN,
    *operations.BROKEN,
    *performance.BROKEN,
    *security.BROKEN,
    *structure.BROKEN,
    *testing.BROKEN,
]

_UNKNOWN: list[tuple[str, Subject]] = [
    ("zod/unvalidated-body", build.endpoint_reading("body", "unknown")),
    ("zod/unvalidated-params", build.endpoint_reading("params", "unknown")),
    ("zod/unvalidated-query", build.endpoint_reading("query", "unknown")),
    ("zod/unvalidated-query", build.endpoint_reading("query", "unknown", schema="s")),
    ("database/hardcoded-password", build.connection(reason="the options are computed")),
    ("database/development-password", build.connection(reason="the options are computed", role="script")),
    ("database/hardcoded-setting", build.connection(reason="the options are computed")),
    ("database/unexpected-port", build.connection(port=None, port_expected=3307, reason="the options are computed")),
    ("database/conflicting-port", build.connection(port=None, reason="the options are computed")),
    ("logging/console-call", build.log_call(logger="unknown", has_logger=True)),
    ("logging/progress-on-console", build.log_call(logger="unknown")),
    ("logging/foreign-logger", build.log_call(logger="unknown")),
    ("logging/concatenated-message", build.log_call(logger="unknown", takes_fields=None, concatenates=True)),
    *documentation.UNKNOWN,
    *failures.UNKNOWN,
    *injection.UNKNOWN,
    *operations.UNKNOWN,
    *performance.UNKNOWN,
    *security.UNKNOWN,
    *structure.UNKNOWN,
    *testing.UNKNOWN,
]

_LEFT_ALONE: list[tuple[str, Subject]] = [
    ("logging/sensitive-data", build.log_call(sensitive=("token",), level="debug")),
    ("logging/sensitive-debug-line", build.log_call(sensitive=("token",))),
    ("logging/sensitive-debug-line", build.log_call(sensitive=("token",), logger="console", level="debug")),
    ("logging/sensitive-data", build.log_call(sensitive=("token",), logger="console", role="script")),
    ("logging/sensitive-data", build.log_call(sensitive=("token",), logger="console", is_for_terminal=True)),
    *(
        (f"zod/unvalidated-{part}", structs.replace(build.endpoint_reading(part, "missing"), method="OPTIONS"))
        for part in ("body", "params", "query")
    ),
    ("suppressions/missing-reason", _suppression("", is_known=False)),
    ("suppressions/unused-suppression", _suppression(is_known=False, is_used=False)),
    ("zod/unvalidated-body", build.endpoint(reads=())),
    ("zod/unvalidated-params", structs.replace(build.endpoint_reading("params", "missing"), usage=_LOOKUP)),
    ("zod/unvalidated-query", structs.replace(build.endpoint_reading("query", "missing"), usage=_LOOKUP)),
    ("zod/unvalidated-identifier", build.endpoint_reading("params", "validated")),
    ("zod/unvalidated-flag", build.endpoint_reading("query", "validated")),
    ("zod/unvalidated-body", structs.replace(build.endpoint_reading("body", "missing"), usage=_CHECKED)),
    ("zod/hand-checked-body", build.endpoint_reading("body", "missing")),
    ("zod/unchecked-body", structs.replace(build.endpoint_reading("body", "missing"), usage=_SOUGHT)),
    ("zod/unvalidated-criteria", structs.replace(build.endpoint_reading("body", "missing"), usage=_USED)),
    ("zod/unvalidated-body", structs.replace(build.endpoint_reading("body", "missing"), usage=_USED)),
    ("zod/unvalidated-identifier", structs.replace(build.endpoint_reading("params", "missing"), usage=_MORE)),
    ("zod/unvalidated-flag", structs.replace(build.endpoint_reading("query", "missing"), usage=_MORE)),
    (
        "zod/unvalidated-body",
        structs.replace(build.endpoint_reading("body", "missing"), access=_SIGNED),
    ),
    ("zod/unvalidated-body", build.endpoint_reading("body", "missing", schema="s")),
    ("zod/unvalidated-query", structs.replace(build.endpoint_reading("query", "missing"), usage=_CHECKED)),
    ("zod/hand-checked-query", structs.replace(build.endpoint_reading("query", "missing"), usage=_MORE)),
    ("zod/uncovered-field", _uncovered("checked")),
    ("zod/hand-checked-field", _uncovered("more")),
    ("zod/hand-checked-field", build.input("missing")),
    ("structure/shadowed-route", build.endpoint()),
    ("structure/shadowed-route", build.endpoint(shadow=Shadow("GET /:id", "a.js:1", has_same_handler=True))),
    ("zod/uncovered-field", build.input("missing")),
    ("zod/uncovered-field", build.input("validated", schema="s")),
    ("zod/uncovered-field", build.input("missing", schema="s", is_late=True)),
    ("zod/permissive-schema", build.input("validated")),
    ("zod/permissive-schema", build.input("validated", is_permissive=True, part="headers")),
    ("zod/permissive-schema", build.input("missing", is_permissive=True, is_ignored=True)),
    ("zod/ignored-parse-result", build.input("unknown")),
    ("zod/late-validation", build.input("validated")),
    ("zod/foreign-validator", build.input("validated", by="joi")),
    ("database/duplicate-connection", build.backend(connection_sites=0)),
    ("database/connection-per-request", build.connection(scope="handler", is_of_caller=True)),
    ("database/connection-per-request", build.connection(scope="handler", is_file=True)),
    ("database/stray-connection", build.connection(canonical=False)),
    ("database/stray-connection", build.connection(sites=2, is_stray=True, scope="handler")),
    ("database/stray-connection", build.connection(sites=2, is_stray=True, purpose="cache")),
    ("database/hardcoded-password", build.connection(hardcoded=("password",), role="test")),
    ("database/hardcoded-password", build.connection(hardcoded=("password",), has_spare_password=True)),
    ("database/development-password", build.connection(hardcoded=("password",))),
    ("database/hardcoded-setting", build.connection(hardcoded=("host",), role="script")),
    ("database/unexpected-port", build.connection(port_conflict=True)),
    ("database/conflicting-port", build.connection(port_expected=3307, port_conflict=True)),
    ("database/unexpected-port-setting", build.settings(port=None, port_expected=3307)),
    ("database/connection-in-helper", build.connection(scope="function")),
    ("database/unshared-pool", build.connection(kind="single", is_shared=False)),
    ("logging/console-call", build.log_call(logger="console", has_logger=True, role="script")),
    ("logging/console-call", build.log_call(logger="console", has_logger=True, is_beyond_logger=True)),
    ("logging/console-call", build.log_call(logger="console")),
    ("logging/progress-on-console", build.log_call(logger="console", has_logger=True)),
    ("logging/progress-on-console", build.log_call(logger="console", tells_failure=True)),
    ("logging/progress-on-console", build.log_call(logger="console", at_start=True)),
    ("logging/foreign-logger", build.log_call(logger="console")),
    ("logging/swallowed-error", build.catch(swallows=True, role="test")),
    ("logging/console-call", build.log_call(logger="console", has_logger=True, is_structured=True)),
    ("logging/console-call", build.log_call(logger="console", has_logger=True, is_switched_on=True)),
    ("logging/console-call", build.log_call(logger="console", has_logger=True, at_start=True)),
    ("logging/console-call-at-start", build.log_call(logger="console")),
    ("logging/swallowed-error", build.catch(swallows=True, is_explained=True)),
    ("logging/ignored-failure", build.catch(ignores=True, is_explained=True)),
    ("logging/ignored-failure", build.catch(ignores=True, role="script")),
    ("logging/omitted-error", build.log_call(in_catch=True, level="info", logs_error=True)),
    ("logging/concatenated-message", build.log_call(logger="console", concatenates=True)),
    ("logging/concatenated-message", build.log_call(takes_fields=False)),
    ("logging/missing-correlation", build.log_call(in_request=True)),
    (
        "logging/missing-correlation",
        build.log_call(logger="console", in_request=True, expects_correlation=True, has_correlation=False),
    ),
    *documentation.LEFT_ALONE,
    *failures.LEFT_ALONE,
    *injection.LEFT_ALONE,
    *operations.LEFT_ALONE,
    *performance.LEFT_ALONE,
    *security.LEFT_ALONE,
    *structure.LEFT_ALONE,
    *testing.LEFT_ALONE,
]


@pytest.mark.parametrize(
    ("rule", "subject", "answer"),
    [
        *((rule, subject, "holds") for rule, subject in _HOLDS),
        *((rule, subject, "broken") for rule, subject in _BROKEN),
        *((rule, subject, "unknown") for rule, subject in _UNKNOWN),
        *((rule, subject, "n/a") for rule, subject in _LEFT_ALONE),
    ],
)
def test_what_a_rule_says_of_a_subject(rule: str, subject: Subject, answer: str) -> None:
    """Good, bad, undecidable and foreign subjects of each rule."""
    assert RULES[rule].ask(subject) == answer
    assert "{{" not in RULES[rule].message.render(subject)


def test_every_rule_is_tried_on_good_and_bad_subjects() -> None:
    """No rule is added without a case of each; one that nothing can conform to has one that it leaves alone."""
    good = {rule for rule, _ in _HOLDS} | {rule for rule, _ in _LEFT_ALONE if RULES[rule].holds is None}
    assert good == {rule for rule, _ in _BROKEN} == set(RULES)


@pytest.mark.parametrize(
    "validation",
    [
        {},
        {"schema": "s"},
        {"schema": "s", "is_ignored": True},
        {"schema": "s", "is_late": True},
        {"schema": "s", "is_permissive": True},
        {"schema": "s", "is_permissive": True, "is_late": True},
    ],
)
def test_each_missing_validation_is_one_finding(validation: dict[str, Any]) -> None:
    """A body that is read and not validated is reported by exactly one rule, whatever is wrong with it."""
    endpoint, part = build.endpoint_reading("body", "missing", **validation), build.input("missing", **validation)
    zod = [rule for rule in RULES.values() if rule.pack == "zod"]
    answers = [rule.ask({"endpoint": endpoint, "input": part}[rule.subject]) for rule in zod]
    assert answers.count("broken") == 1


_JAVASCRIPT = tree_sitter.Parser(tree_sitter.Language(tree_sitter_javascript.language()))


_OTHER_FILES = {".editorconfig", ".env", "medpro-audit.toml", "pre-commit", "yarn.lock"}


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_is_written_as_the_others(rule: Rule) -> None:
    """Sentences end alike, the reason has a source, and the examples are code that parses."""
    assert rule.fix.endswith(".")
    assert rule.message.text[-1].isalnum() or rule.message.text.endswith("}}")
    assert not rule.title.endswith(".")
    assert "https://" in rule.why or "configuration" in rule.why
    assert rule.bad != rule.good
    for path, content in {**rule.bad.files, **rule.good.files}.items():
        if path.endswith(".js"):
            assert not _JAVASCRIPT.parse(content.encode()).root_node.has_error
        elif path.endswith(".json"):
            json.loads(content)
        else:
            assert (
                PurePosixPath(path).suffix in {".ejs", ".sql", ".ts", ".yml"}
                or PurePosixPath(path).name in _OTHER_FILES
            )
