"""How messages are built."""

import pytest

from model.memory import repository


def concatenates(package: str, arguments: str) -> bool:
    """Whether a message of a logger is put together from values."""
    return (
        repository({"x.js": f"const log = require('{package}')();\nlog.info({arguments});"}).log_calls[0].concatenates
    )


@pytest.mark.parametrize("arguments", ["'visit ' + id", "`visit ${id}`", "{ a }, 'a' + b + 'c'", "id + ' booked'"])
def test_a_message_with_values_in_it_is_put_together(arguments: str) -> None:
    """By a plus sign or by a template."""
    assert concatenates("pino", arguments)


@pytest.mark.parametrize(
    "arguments", ["'visit'", "`visit`", "'a' + 'b'", "a + b", "{ id: a + 'x' }, 'visit'", "`${'x'}`"]
)
def test_a_constant_message_is_not(arguments: str) -> None:
    """However many lines it takes; fields are not the message."""
    assert not concatenates("pino", arguments)


def test_a_logger_without_fields_leaves_no_other_way() -> None:
    """Nothing is asked of it."""
    assert not concatenates("loglevel", "`visit ${id}`")


def test_a_logger_that_is_not_known() -> None:
    """Whether it takes fields is not known either, so a message that is put together may be right."""
    call = repository({"x.js": "function f(logger) { logger.info(`visit ${id}`); }"}).log_calls[0]
    assert (call.logger, call.takes_fields, call.concatenates) == ("unknown", None, True)
