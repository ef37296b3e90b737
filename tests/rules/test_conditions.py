"""Conditions: what they mean, what is unknown, and what is refused when they are loaded."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from medpro_audit.core.errors import ConfigurationError
from medpro_audit.core.place import Step
from medpro_audit.model.subjects import Connection, Endpoint, EnvironmentValue, MiddlewareUse, Validation
from medpro_audit.rules.conditions import compile_condition
from medpro_audit.rules.operators import OPERATORS, Condition
from medpro_audit.rules.problems import FileProblems, Problems
from medpro_audit.rules.truth import Truth
from medpro_audit.rules.yaml_reader import read_yaml
from rules.builders import build


def _compile(condition: str, declared: type[Struct]) -> Condition:
    problems = Problems()
    tree = read_yaml(condition.encode(), FileProblems(problems, "x.yaml"))
    problems.raise_any()
    assert tree is not None
    compiled = compile_condition(tree, declared, FileProblems(problems, "x.yaml"))
    problems.raise_any()
    return compiled


def _ask(condition: str, subject: Struct) -> Truth:
    return _compile(condition, type(subject))(subject)


_TABLE: list[tuple[str, dict[str, Any], Truth]] = [
    ("driver: mysql2", {}, True),
    ("driver: pg", {}, False),
    ("driver: [pg, mysql2]", {}, True),
    ("driver: {in: [pg]}", {}, False),
    ("driver: {equals: mysql2}", {}, True),
    ("driver: {contains: sql}", {}, True),
    ("driver: {starts-with: my}", {}, True),
    ("driver: {ends-with: my}", {}, False),
    ("driver: {matches: '^mysql\\d$'}", {}, True),
    ("driver: {empty: true}", {"driver": ""}, True),
    ("driver: {starts-with: m, ends-with: x}", {}, False),
    ("canonical: true", {}, True),
    ("canonical: false", {}, False),
    ("sites: {gt: 1}", {"sites": 1}, False),
    ("sites: {gte: 1, lt: 2}", {"sites": 1}, True),
    ("sites: {lte: 1}", {"sites": 2}, False),
    ("hardcoded: {contains: password}", {"hardcoded": ("host", "password")}, True),
    ("hardcoded: {contains-any: [user, host]}", {"hardcoded": ("host", "password")}, True),
    ("hardcoded: {contains-any: [user]}", {"hardcoded": ("host", "password")}, False),
    ("hardcoded: {contains-all: [password, host]}", {"hardcoded": ("host", "password")}, True),
    ("hardcoded: {contains-all: [user, host]}", {"hardcoded": ("host", "password")}, False),
    ("hardcoded: {empty: true}", {}, True),
    ("hardcoded: {empty: false}", {}, False),
    ("port: {exists: true}", {}, True),
    ("port: {exists: false}", {"port": None}, True),
    ("port: 3306", {}, True),
    ("port: '3306'", {}, False),
    ("port: 3306", {"port": None}, None),
    ("port: {gt: 1}", {"port": "text"}, None),
    ("port: 3306", {"port": EnvironmentValue("DB_PORT")}, None),
    ("port: {exists: true}", {"port": EnvironmentValue("DB_PORT")}, True),
    ("port.env: DB_PORT", {"port": EnvironmentValue("DB_PORT")}, True),
    ("port.env: DB_PORT", {}, None),
    ("driver: mysql2\nkind: single", {}, False),
    ("all: [{driver: mysql2}, {kind: pool}]", {}, True),
    ("any: [{driver: pg}, {kind: pool}]", {}, True),
    ("any: [{driver: pg}, {port: 1}]", {"port": None}, None),
    ("all: [{driver: pg}, {port: 1}]", {"port": None}, False),
    ("not: {driver: pg}", {}, True),
    ("not: {port: 1}", {"port": None}, None),
    ("all: [{port: {exists: true}}, {port: 1}]", {"port": None}, False),
    ("trail: {empty: true}", {}, True),
    ("trail: {some: {file: a.js, line: {gt: 1}}}", {"trail": (Step("a.js", 1, ""), Step("b.js", 2, ""))}, False),
    ("trail: {some: {file: b.js, line: {gt: 1}}}", {"trail": (Step("a.js", 1, ""), Step("b.js", 2, ""))}, True),
    ("trail: {every: {line: {gt: 0}}}", {"trail": (Step("a.js", 1, ""), Step("b.js", 2, ""))}, True),
    ("trail: {every: {line: 1}}", {"trail": (Step("a.js", 1, ""), Step("b.js", 2, ""))}, False),
]


@pytest.mark.parametrize(("condition", "changes", "expected"), _TABLE)
def test_what_a_condition_means(condition: str, changes: dict[str, Any], expected: Truth) -> None:
    """Each operator and combination, with its answer where a value is missing."""
    assert _ask(condition, build.connection(**changes)) is expected


def test_every_operator_is_in_the_table() -> None:
    """No operator is left untested."""
    tested = {name for condition, _, _ in _TABLE for name in OPERATORS if f"{name}:" in condition}
    assert tested == set(OPERATORS)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("validation.body.status: validated", None),
        ("validation.body.status: [validated, missing]", None),
        ("not: {validation.body.status: missing}", None),
        ("validation.body.status: unknown", True),
        ("validation.body.status: [validated, unknown]", True),
        ("not: {validation.body.status: unknown}", False),
    ],
)
def test_the_word_unknown_is_undecided_unless_it_is_asked_for(condition: str, expected: Truth) -> None:
    """A status that isn't known is neither validated nor anything else; a rule can ask for unknown itself."""
    assert _ask(condition, build.endpoint(body=Validation("unknown", reason="the schema is computed"))) is expected


def test_the_middleware_of_an_endpoint_can_be_asked_one_by_one() -> None:
    """Conditions on one item belong together: the same middleware has both properties."""
    first = MiddlewareUse("auth", "a.js", 1, "route", "/", ("authentication",), conditional=True)
    second = MiddlewareUse("log", "a.js", 2, "route", "/", ("logging",))
    endpoint = build.endpoint(middleware=(first, second))
    condition = "middleware: {{some: {{roles: {{contains: authentication}}, conditional: {}}}}}"
    assert _ask(condition.format("true"), endpoint) is True
    assert _ask(condition.format("false"), endpoint) is False


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ("methd: GET", 'x.yaml:1: unknown attribute "methd"; did you mean "method"?'),
        (
            "validation.body.stats: validated",
            'x.yaml:1: unknown attribute "validation.body.stats"; did you mean "validation.body.status"?',
        ),
        (
            "validation.body.status:\n  validate",
            'x.yaml:2: unknown value of "validation.body.status": "validate"; did you mean "validated"?',
        ),
        (
            "reads: {contains: bodi}",
            'x.yaml:1: unknown value of "reads": "bodi"; did you mean "body"?',
        ),
        ("reads: {contain: body}", 'x.yaml:1: unknown operator "contain"; did you mean "contains"?'),
        (
            "reads: body",
            'x.yaml:1: "reads" can not be tested by "equals"; use contains, contains-any, contains-all, empty',
        ),
        (
            "method: GET\nline:\n  matches: x",
            'x.yaml:3: "line" can not be tested by "matches"; use equals, in, gt, gte, lt, lte',
        ),
        ("method: {exists: true}", None),
        ("line: {gt: many}", 'x.yaml:1: "gt" needs a number, but this is a text'),
        ("line: {gt: true}", 'x.yaml:1: "gt" needs a number, but this is a boolean'),
        ("mounted: yes", 'x.yaml:1: "mounted" is true or false, but this is a text'),
        ("line: [1, x]", 'x.yaml:1: "line" is a whole number, but this is a text'),
        ("method: {in: GET}", 'x.yaml:1: "method" needs a list of values here'),
        ("method: []", 'x.yaml:1: "method" needs a list of values here'),
        ("method: {}", 'x.yaml:1: "method" needs a value or an operator'),
        ("method: {matches: 3}", 'x.yaml:1: "matches" needs a regular expression, but this is a number'),
        ("method: {matches: '(a+)+'}", "must not itself repeat"),
        ("condition: {exists: perhaps}", 'x.yaml:1: "exists" needs true or false, but this is a text'),
        ("validation: validated", 'x.yaml:1: "validation" can not be tested by "equals"; ask for what is in it'),
        ("all: {method: GET}", 'x.yaml:1: "all" needs a list of conditions'),
        ("any: []", 'x.yaml:1: "any" needs a list of conditions'),
        ("not: GET", "x.yaml:1: a condition is a mapping of attributes to values, but this is a text"),
        ("not: {}", "x.yaml:1: an empty condition says nothing; leave its key out to mean every subject"),
        ("middleware: {some: {nam: x}}", 'x.yaml:1: unknown attribute "nam"; did you mean "name"?'),
    ],
)
def test_a_wrong_condition_is_refused_with_its_line(condition: str, problem: str | None) -> None:
    """A typo is never a rule that silently finds nothing."""
    with pytest.raises(ConfigurationError) as raised:
        _compile(condition, Endpoint)
    assert (problem or '"method" can not be tested by "exists"') in str(raised.value)
    assert len(raised.value.problems) == 1


def test_all_problems_are_said_at_once() -> None:
    """Nobody has to mend one to learn of the next."""
    with pytest.raises(ConfigurationError) as raised:
        _compile("methd: GET\nline: x\nany:\n  - reads: body\n  - kind: rout\n", Endpoint)
    assert [problem.partition(": ")[0] for problem in raised.value.problems] == [f"x.yaml:{n}" for n in (1, 2, 4, 5)]


_LEAVES = st.sampled_from([{"driver": "mysql2"}, {"driver": "pg"}, {"port": 3306}])
_CONDITIONS = st.recursive(
    _LEAVES,
    lambda inner: (
        st.builds(lambda items: {"all": items}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda items: {"any": items}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda item: {"not": item}, inner)
    ),
    max_leaves=6,
)


@given(_CONDITIONS)
def test_an_answer_with_a_missing_value_holds_whatever_the_value_is(condition: dict[str, Any]) -> None:
    """What is said without knowing the port stays true for every port."""
    ask = _compile(json.dumps(condition), Connection)
    unknown = ask(build.connection(port=None))
    if unknown is not None:
        assert {ask(build.connection(port=port)) for port in (3306, 3307)} == {unknown}
