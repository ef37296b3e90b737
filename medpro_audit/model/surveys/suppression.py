"""Comments that accept findings: where they stand, what they accept, and how far they reach.

``// medpro-audit-ignore <rule>[, <rule>]: <reason>`` speaks of its own line or, alone on a line, of the next line that
has code; ``medpro-audit-ignore-start`` of everything up to ``medpro-audit-ignore-end`` or the end of the file, and
``medpro-audit-ignore-file`` of the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.model.subjects.suppression import Suppression

if TYPE_CHECKING:
    from medpro_audit.facts.file import FileFacts, TextFact
    from medpro_audit.model.known import Known

_DIRECTIVE = re.compile(
    r"^(?:/[/*]+|<!--|\*)?[\s*]*medpro-audit-ignore(?P<scope>-start|-end|-file)?(?![\w-])\s*"
    r"(?P<rules>[^:\n]*?)\s*(?::\s*(?P<reason>.*?))?\s*(?:\*/|-->)?\s*\Z",
    re.DOTALL,
)
_BLANK = re.compile(r"^\s*(?://.*|/\*.*\*/\s*|\*.*|\})?\s*$")


class _Directive(NamedTuple):
    at: int
    line: int
    end_line: int
    scope: str
    rules: tuple[str, ...]
    reason: str


def survey(known: Known) -> Iterator[Suppression]:
    """All that is accepted in all files, by place."""
    for path, facts in known.base.facts.items():
        found = [each for text in facts.texts.get("suppression", ()) if (each := _directive(facts, text)) is not None]
        if found:
            lines = known.base.interpreter.code.snippet(path, 0, facts.size).split("\n")
            yield from _suppressions(path, known.base.backend_of(path), found, lines)


def _directive(facts: FileFacts, text: TextFact) -> _Directive | None:
    match = _DIRECTIVE.match(text.text)
    if match is None:
        return None
    rules = tuple(name for part in match["rules"].split(",") if (name := part.strip()))
    reason = " ".join((match["reason"] or "").split())
    return _Directive(text.at, facts.line_of(text.at), facts.line_of(text.end - 1), match["scope"] or "", rules, reason)


def _suppressions(
    path: str, backend: str, directives: Sequence[_Directive], lines: Sequence[str]
) -> Iterator[Suppression]:
    ends = [directive.line for directive in directives if directive.scope == "-end"]
    for directive in directives:
        if directive.scope == "-end":
            continue
        first, last = _reach(directive, ends, lines)
        for rule in directive.rules or ("",):
            yield Suppression(
                file=path,
                line=directive.line,
                backend=backend,
                rule=rule,
                reason=directive.reason,
                scope={"-start": "block", "-file": "file"}.get(directive.scope, "line"),  # type: ignore[arg-type]
                first=first,
                last=last,
            )


def _reach(directive: _Directive, ends: Sequence[int], lines: Sequence[str]) -> tuple[int, int]:
    """First and last line of what a comment speaks of."""
    if directive.scope == "-file":
        return 1, len(lines)
    if directive.scope == "-start":
        return directive.line, next((end for end in ends if end > directive.line), len(lines))
    before = lines[directive.line - 1].split("medpro-audit-ignore")[0]
    if before.strip(" \t/*{<!-"):
        return directive.line, directive.line
    following = range(directive.end_line + 1, len(lines) + 1)
    line = next((number for number in following if not _BLANK.match(lines[number - 1])), directive.line)
    return line, line
