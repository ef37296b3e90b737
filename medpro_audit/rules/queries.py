"""Tree-sitter queries of strangers: proved when a rule is loaded, so that none can keep an audit busy.

The matching of a pattern takes time that grows with a power of the file's size, one more for each ``*`` or ``+``; so
a pattern has at most one. The regular expressions of ``#match?`` are proved as all others are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from medpro_audit.rules.patterns import UnsafePatternError, compile_pattern

_PREDICATES = ("eq?", "not-eq?", "any-of?", "not-any-of?", "match?", "not-match?")
_TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|;[^\n]*|#[\w.!?-]+|@[\w.-]+|[()\[\]]|[*+]|[^\s"#@()\[\]*+]+')
_MAX_QUERY = 2_000


def query_problems(query: str) -> Iterator[str]:
    """Say what is wrong with a query."""
    if len(query) > _MAX_QUERY:
        yield f'"query" is longer than {_MAX_QUERY} characters'
        return
    tokens = [token for token in _TOKEN.findall(query) if not token.startswith(";")]
    if not any(token.startswith("@") for token in tokens):
        yield '"query" captures nothing: put @here behind the node that a finding is shown at'
    yield from _predicate_problems(tokens)
    if any(repeats > 1 for repeats in _repeats(tokens)):
        yield 'a pattern of "query" has more than one of * and +, and would take too long on a large file'


def grammar_problem(rule: str, query: str) -> str | None:
    """Say why no grammar understands a query; None when one does."""
    from medpro_audit.core.errors import UsageError  # noqa: PLC0415 - with the next one, which is heavy
    from medpro_audit.extract.queries import languages_of  # noqa: PLC0415 - loads the grammars

    try:
        languages_of(rule, query)
    except UsageError as error:
        return str(error)
    return None


def _predicate_problems(tokens: list[str]) -> Iterator[str]:
    for index, token in enumerate(tokens):
        if not token.startswith("#"):
            continue
        name = token[1:]
        if name not in _PREDICATES:
            yield f'"query" has the predicate #{name}; known are {", ".join(f"#{each}" for each in _PREDICATES)}'
        elif name.endswith("match?"):
            yield from _match_problems(tokens[index + 1 : index + 3], name)


def _match_problems(arguments: list[str], name: str) -> Iterator[str]:
    captured, pattern = (*arguments, "", "")[:2]
    if not captured.startswith("@") or not pattern.startswith('"'):
        yield f'#{name} of "query" needs a capture and a regular expression, as in (#{name} @here "^eval$")'
        return
    try:
        compile_pattern(re.sub(r"\\(.)", r"\1", pattern[1:-1]))
    except UnsafePatternError as error:
        yield f'#{name} of "query": {error}'


def _repeats(tokens: list[str]) -> Iterator[int]:
    """How many ``*`` and ``+`` each outermost pattern has."""
    depth = repeats = 0
    for token in tokens:
        if token in {"(", "["}:
            if depth == 0:
                yield repeats
                repeats = 0
            depth += 1
        elif token in {")", "]"}:
            depth -= 1
        elif token in {"*", "+"}:
            repeats += 1
    yield repeats
