"""Messages: sentences with attributes in them."""

import pytest

from medpro_audit.core.errors import ConfigurationError
from medpro_audit.model.subjects import SUBJECTS, EnvironmentValue, Subject
from medpro_audit.rules.message import Message, compile_message
from medpro_audit.rules.problems import FileProblems, Problems
from rules.builders import build


def _compile(text: str, kind: str) -> Message:
    problems = Problems()
    message = compile_message(text, SUBJECTS[kind], 4, FileProblems(problems, "x.yaml"))
    problems.raise_any()
    return message


def _render(text: str, kind: str, subject: Subject) -> str:
    return _compile(text, kind).render(subject)


def test_values_are_written_as_a_reader_expects_them() -> None:
    """Text as it is, lists with commas, booleans as words, what is missing as unknown."""
    connection = build.connection(hardcoded=("host", "user"), port=EnvironmentValue("DB_PORT"))
    text = "{{driver}} {{ port }} {{ host }} {{ hardcoded }} {{ canonical }} {{ differs }} {{ sites }}"
    expected = "mysql2 process.env.DB_PORT unknown host, user yes nothing 1"
    assert _render(text, "connection", connection) == expected


def test_a_hostile_value_stays_short_and_on_one_line() -> None:
    """Line breaks and control characters become blanks, long texts are cut."""
    endpoint = build.endpoint(path="/a\n::error::x\x1b[31m" + "y" * 500)
    rendered = _render("{{ path }}", "endpoint", endpoint)
    assert rendered.startswith("/a ::error::x [31my")
    assert len(rendered) == 80


def test_a_value_is_not_a_template() -> None:
    """What a value looks like is never looked at."""
    assert _render("{{ path }}", "endpoint", build.endpoint(path="{{ method }}")) == "{{ method }}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{{ methd }}", 'x.yaml:4: unknown variable "methd"; did you mean "method"?'),
        ("{{ validation }}", 'x.yaml:4: unknown variable "validation"; did you mean'),
        ("{{ method | upper }}", 'a variable is written "{{ name }}" and has no filters'),
        ("{{ method", 'a variable is written "{{ name }}" and has no filters'),
        ("{{ 1 + 1 }}", 'a variable is written "{{ name }}" and has no filters'),
        ("{{ method.__class__ }}", 'unknown variable "method.__class__"'),
    ],
)
def test_a_wrong_variable_is_refused(text: str, problem: str) -> None:
    """Only attributes that can be written have a place in a message."""
    with pytest.raises(ConfigurationError) as raised:
        _compile(text, "endpoint")
    assert problem in str(raised.value)
