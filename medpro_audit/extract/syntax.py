"""Parsing: the only module that knows tree-sitter.

A grammar that fails on a known construct gets a second chance with that construct masked by blanks of the same length,
so that every offset stays true; a JavaScript file that fails is tried as TSX too, which reads Flow annotations.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language as Grammar
from tree_sitter import Node, Parser, Query, QueryCursor, QueryError, Tree

from medpro_audit.facts.inventory import Language

__all__ = [
    "GRAMMARS",
    "TRANSPARENT",
    "Node",
    "Query",
    "QueryCursor",
    "QueryError",
    "Tree",
    "faults",
    "grammar",
    "parse",
]

GRAMMARS: dict[Language, Callable[[], object]] = {
    "javascript": tree_sitter_javascript.language,
    "typescript": tree_sitter_typescript.language_typescript,
    "tsx": tree_sitter_typescript.language_tsx,
}
"""What makes each grammar."""

TRANSPARENT = {
    "as_expression",
    "satisfies_expression",
    "non_null_expression",
    "type_assertion",
    "instantiation_expression",
    "parenthesized_expression",
}
"""Nodes that stand for the expression within them: parentheses, and what TypeScript says about a value."""

_FAULT_LIMIT = 50

_UNREADABLE: tuple[tuple[re.Pattern[bytes], bytes], ...] = (
    # What tree-sitter-typescript 0.23 can't read, and what stands in its place, filled up with blanks.
    (re.compile(rb"(?<=\bexport)\s+type(?=\s*\*)"), b""),
    (re.compile(rb"""(?<![\w$.])import\(\s*(?:'[^'\n]*'|"[^"\n]*")\s*\)(?:\.[\w$]+)+(?:\[\])+"""), b"any"),
    (re.compile(rb"&(?=\s[^<>{}&]*<)"), b""),
)

_OF_TYPES = rb"[\w\s.,:;?|&'\"(){}\[\]-]"
_TAG_TYPES = re.compile(
    rb"(?<=[\w$\])])<(?=[\w{(\['\"])(?:OF|<(?:OF|<[^<>`$]{0,80}>){0,120}>){1,200}>(?=`)".replace(b"OF", _OF_TYPES)
)
"""Types of a tagged template: ``sql<User[]>`…```. tree-sitter-typescript 0.23 takes them for comparisons, or for
faults; blanks stand in their place."""


@cache
def grammar(language: Language) -> Grammar:
    """The grammar of a language."""
    return Grammar(GRAMMARS[language]())


@cache
def _parser(language: Language) -> Parser:
    return Parser(grammar(language))


def parse(source: bytes, language: Language) -> tuple[Tree, Language]:
    """Parse UTF-8 source; return the tree with the fewest faults and the grammar that made it."""
    plain = _without_tag_types(source) if language != "javascript" else source
    tree = _parser(language).parse(plain)
    if not tree.root_node.has_error:
        return tree, language
    best, best_language, fewest = tree, language, _count(tree)
    for candidate, text in _second_chances(source, plain, language):
        tree = _parser(candidate).parse(text)
        count = _count(tree)
        if count < fewest:
            best, best_language, fewest = tree, candidate, count
        if not fewest:
            break
    return best, best_language


def _without_tag_types(source: bytes) -> bytes:
    return _TAG_TYPES.sub(lambda match: _filled(match.group(), b""), source) if b">`" in source else source


def _second_chances(source: bytes, plain: bytes, language: Language) -> Iterator[tuple[Language, bytes]]:
    """Other readings of a source that failed: constructs masked, all as it stands, another grammar."""
    masked = plain
    for pattern, filler in _UNREADABLE:
        masked = pattern.sub(lambda match, filler=filler: _filled(match.group(), filler), masked)  # type: ignore[misc]
    if masked != plain:
        yield language, masked
    if plain != source:
        yield language, source
    if language == "javascript":
        yield "tsx", masked
        yield "typescript", masked


def _filled(text: bytes, filler: bytes) -> bytes:
    return filler + re.sub(rb"[^\n]", b" ", text[len(filler) :])


def _count(tree: Tree) -> int:
    return sum(1 for _ in faults(tree))


def faults(tree: Tree) -> Iterator[Node]:
    """The outermost nodes that hold a syntax error, in order, at most 50."""
    found = 0
    stack = [tree.root_node]
    while stack and found < _FAULT_LIMIT:
        node = stack.pop()
        if node.is_error or node.is_missing:
            found += 1
            yield node
        elif node.has_error:
            stack.extend(reversed(node.children))
