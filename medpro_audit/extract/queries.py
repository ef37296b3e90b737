"""Tree-sitter queries of syntax rules: all of them joined into one, run once over the tree of each file.

Queries come with rule packs, which in a pull request a stranger writes. So what one can keep busy is bounded: matches
under way at once, matches kept of a file, and regular expressions only as `rules.patterns` has proved them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from medpro_audit.core.errors import UsageError
from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.extract.syntax import GRAMMARS, Node, Query, QueryCursor, QueryError, Tree, grammar
from medpro_audit.facts.file import QueryMatch
from medpro_audit.facts.inventory import Language

MAX_TEXT = 256
"""Characters of a node's text that ``#match?`` looks at; what `rules.patterns` assumes when it proves a pattern."""
_MAX_UNDER_WAY = 64
"""Matches that are followed at once; more take time that grows with a power of a file's size."""
_MAX_MATCHES = 1_000
_MAX_SNIPPET = 160
_MATCH = re.compile(r"#(not-)?match\?")

Queries = Mapping[str, str]
"""Query by the id of the rule that asks."""
NO_QUERIES: Queries = MappingProxyType({})


class _Joined(NamedTuple):
    """The queries that a grammar understands, as one."""

    query: Query
    rules: Sequence[str]
    """By the index of each pattern."""


def run_queries(queries: Queries, tree: Tree, language: Language, path: str) -> tuple[list[QueryMatch], list[Notice]]:
    """Run all queries over a tree; a match is shown where the first node that it captures begins.

    Raises:
        UsageError: No grammar understands a query.
    """
    joined = _joined(tuple(sorted(queries.items())), language)
    if joined is None:
        return [], []
    cursor = QueryCursor(joined.query, match_limit=_MAX_UNDER_WAY)
    found: list[QueryMatch] = []
    for index, captures in cursor.matches(tree.root_node, _holds):
        nodes = [node for several in captures.values() for node in several]
        if nodes and len(found) < _MAX_MATCHES:
            found.append(_match(joined.rules[index], min(nodes, key=lambda node: (node.start_byte, -node.end_byte))))
    notices = []
    if cursor.did_exceed_match_limit or len(found) == _MAX_MATCHES:
        notices.append(
            Notice("limit", "the queries of syntax rules match too often here; some were given up", Place(path, 0))
        )
    return sorted(set(found)), notices


def _match(rule: str, node: Node) -> QueryMatch:
    text = (node.text or b"").decode("utf-8", "replace")
    row, column = node.start_point
    return QueryMatch(row + 1, column + 1, rule, node.end_point[0] + 1, " ".join(text.split())[:_MAX_SNIPPET])


@cache
def _joined(queries: tuple[tuple[str, str], ...], language: Language) -> _Joined | None:
    understood = [(rule, query) for rule, query in queries if language in languages_of(rule, query)]
    if not understood:
        return None
    texts = [_MATCH.sub(r"#\1matches?", query) for _, query in understood]
    rules = [rule for rule, query in understood for _ in range(_patterns(query, language))]
    return _Joined(Query(grammar(language), "\n".join(texts)), rules)


def _patterns(query: str, language: Language) -> int:
    return Query(grammar(language), query).pattern_count


@cache
def languages_of(rule: str, query: str) -> frozenset[Language]:
    """The languages whose grammar understands a query: one about types has nothing to say of JavaScript.

    Raises:
        UsageError: There is none.
    """
    understood: list[Language] = []
    faults: list[str] = []
    for language in GRAMMARS:
        try:
            Query(grammar(language), query)
            understood.append(language)
        except (QueryError, ValueError, SyntaxError) as error:
            faults.append(str(error))
    if not understood:
        raise UsageError(f'{rule}: no grammar understands its "query": {faults[0][:1].lower()}{faults[0][1:]}')
    return frozenset(understood)


def _holds(
    predicate: str,
    args: list[tuple[str, Literal["capture", "string"]]],
    pattern_index: int,  # noqa: ARG001 - part of tree-sitter's protocol
    captures: dict[str, list[Node]],
) -> bool:
    """Evaluate ``#match?`` and ``#not-match?`` on the beginning of a node's text; others are tree-sitter's own."""
    if predicate not in {"matches?", "not-matches?"}:
        return True
    (captured, _), (pattern, _) = args
    compiled = re.compile(pattern)
    texts = [(node.text or b"").decode("utf-8", "replace")[:MAX_TEXT] for node in captures.get(captured, ())]
    is_wanted = predicate == "matches?"
    return all((compiled.search(text) is not None) is is_wanted for text in texts)
