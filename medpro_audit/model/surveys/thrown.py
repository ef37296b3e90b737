"""Everything that server code throws anew, and texts that it hands to ``next``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import structs

from medpro_audit.facts import ir
from medpro_audit.facts.file import CallFact, FileFacts
from medpro_audit.model.errors.bodies import spots
from medpro_audit.model.errors.serving import servings
from medpro_audit.model.errors.unread import is_unread
from medpro_audit.model.evaluation.text import name_of, text_of
from medpro_audit.model.known import Base, Known
from medpro_audit.model.subjects.thrown import Thrown

_LANGUAGE = frozenset(
    ("AggregateError", "Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError")
)
_LENGTH = 60


def survey(known: Known) -> Iterable[Thrown]:
    """One for each place, sorted."""
    collector = _Collector(known.base)
    found = {each for facts in known.base.facts.values() for each in collector.thrown_in(facts)}
    found.update(collector.handed_on())
    typed = {each.backend for each in found if each.is_typed and each.role == "server"}
    complete = (structs.replace(each, has_types=each.backend in typed) for each in found)
    return sorted(complete, key=lambda each: (each.file, each.line, each.kind, each.what))


class _Collector:
    """Reads what is thrown from the facts of files, and what is handed to ``next`` from what was followed."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def thrown_in(self, facts: FileFacts) -> Iterator[Thrown]:
        """What a file throws."""
        for fact in facts.calls.get("thrown", ()):
            if isinstance(fact.call, ir.New):
                thrown = self._thrown(facts, fact.call.at, "error", name_of(fact.call.callee))
                in_request = any((facts.path, start) in self._base.interpreter.served for start in fact.enclosing)
                is_caught = in_request and not thrown.is_typed and self._is_caught(facts, fact)
                yield structs.replace(thrown, in_request=in_request, is_caught=is_caught)
        for text in facts.texts.get("thrown-text", ()):
            in_request = (facts.path, text.function) in self._base.interpreter.served
            thrown = self._thrown(facts, text.at, "text", text.text)
            is_caught = thrown.role == "server" and is_unread(self._base.interpreter.code, facts.path, text.at)
            yield structs.replace(thrown, in_request=in_request, is_caught=is_caught)

    def handed_on(self) -> Iterator[Thrown]:
        """``next('something went wrong')``."""
        for serving in servings(self._base):
            for record in serving.summary.failures:
                given = record.arguments[0].source
                if isinstance(given, ir.Template) or (isinstance(given, ir.Literal) and isinstance(given.value, str)):
                    thrown = self._thrown(record.site.module.facts, record.site.at, "text", text_of(given))
                    yield structs.replace(thrown, in_request=True)

    def _is_caught(self, facts: FileFacts, fact: CallFact) -> bool:
        """Whether a ``try`` of its own function deals with it; asked of few, since the function is looked into."""
        code = self._base.interpreter.code
        for node in ir.walk(code.module(facts.path)):
            if isinstance(node, ir.Function) and node.start == fact.function:
                body = code.body(facts.path, node.start, node.end)
                return any(spot.is_tried for spot in spots(body) if getattr(spot.node, "at", None) == fact.call.at)
        return False

    def _thrown(self, facts: FileFacts, at: int, kind: Literal["error", "text"], what: str) -> Thrown:
        return Thrown(
            file=facts.path,
            line=facts.line_of(at),
            backend=self._base.backend_of(facts.path),
            kind=kind,
            what=what[:_LENGTH],
            is_typed=kind == "error" and what.rpartition(".")[2] not in _LANGUAGE,
            in_request=False,
            has_types=False,
            role=self._base.roles.get(facts.path, "server"),
        )
