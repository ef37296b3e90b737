"""What is said of an endpoint in one word a question: the columns of the endpoint matrix, and what history keeps."""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from medpro_audit.model.subjects import Endpoint

Answer = Literal["yes", "no", "unknown", "n/a"]
"""``n/a`` where the question does not arise: a part that is not read, an endpoint that nobody would look up."""

_WORDS: dict[str, Answer] = {
    "validated": "yes",
    "missing": "no",
    "not-read": "n/a",
    "documented": "yes",
    "undocumented": "no",
    "tested": "yes",
    "untested": "no",
    "cached": "yes",
    "uncached": "no",
    "not-needed": "n/a",
    "yes": "yes",
    "no": "no",
}


class Question(Struct, frozen=True):
    """One question that is asked of every endpoint."""

    id: str
    title: str
    answer: Callable[[Endpoint], Answer]


def _answer(word: str) -> Answer:
    return _WORDS.get(word, "unknown")


def _authentication(endpoint: Endpoint) -> Answer:
    """Who makes strangers known can't ask for callers that are."""
    return "n/a" if endpoint.access.is_entrance else _answer(endpoint.access.authentication)


def _authorization(endpoint: Endpoint) -> Answer:
    return "n/a" if endpoint.access.is_entrance else _answer(endpoint.access.authorization)


def _documented(endpoint: Endpoint) -> Answer:
    return _answer(endpoint.documentation.status) if endpoint.documentation.is_expected else "n/a"


QUESTIONS: tuple[Question, ...] = (
    Question("body", "Body", lambda endpoint: _answer(endpoint.validation.body.status)),
    Question("params", "Params", lambda endpoint: _answer(endpoint.validation.params.status)),
    Question("query", "Query", lambda endpoint: _answer(endpoint.validation.query.status)),
    Question("headers", "Headers", lambda endpoint: _answer(endpoint.validation.headers.status)),
    Question("authentication", "Authentication", _authentication),
    Question("authorization", "Authorization", _authorization),
    Question("rate-limit", "Rate limit", lambda endpoint: _answer(endpoint.rate_limit.status)),
    Question("documented", "Documented", _documented),
    Question("tested", "Tested", lambda endpoint: _answer(endpoint.testing.status)),
    Question("logged", "Logged", lambda endpoint: _answer(endpoint.tracking.logged)),
    Question("cached", "Cached", lambda endpoint: _answer(endpoint.caching.status)),
)
"""In the order in which a request meets what they ask about."""


def verdicts(endpoint: Endpoint) -> dict[str, Answer]:
    """The answers for an endpoint, by the id of the question."""
    return {question.id: question.answer(endpoint) for question in QUESTIONS}
