"""Builds the explanation of an endpoint from its row in the routing tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from medpro_audit.core.place import Place
from medpro_audit.model.endpoints import EndpointBuilder
from medpro_audit.model.explaining.evidence import Evidence, evidence_of
from medpro_audit.model.explaining.functions import FunctionTracer
from medpro_audit.model.explaining.lines import SourceLines
from medpro_audit.model.explaining.path import path_steps
from medpro_audit.model.explanation import Explanation, SourceStep, ValidationSteps
from medpro_audit.model.repository import RepositoryBuilder
from medpro_audit.model.request.records import Summary
from medpro_audit.model.routing import Row
from medpro_audit.model.subjects import PARTS, Endpoint, Repository, RequestPart
from medpro_audit.model.validation import Ledger, Link


def explain(builder: RepositoryBuilder, repository: Repository, chosen: Sequence[Endpoint]) -> list[Explanation]:
    """Explain endpoints of a repository; the builder is the one that has built it."""
    lines = SourceLines(builder.interpreter.code)
    explainer = Explainer(builder.endpoint_builder, lines, _remarks(repository))
    rows = {id(endpoint): row for endpoint, row in zip(repository.endpoints, builder.rows, strict=True)}
    return [explainer.explain(endpoint, rows[id(endpoint)]) for endpoint in chosen]


_Function = TypeVar("_Function")


class Explainer:
    """Explains endpoints of one repository; ``remarks`` are what was not read or not followed anywhere in it."""

    def __init__(self, builder: EndpointBuilder, lines: SourceLines, remarks: Iterable[Evidence]) -> None:
        self._builder = builder
        self._lines = lines
        self._functions = FunctionTracer(builder, lines)
        self._remarks = sorted(set(remarks))

    def explain(self, endpoint: Endpoint, row: Row) -> Explanation:
        """Everything that led to an endpoint and its verdicts."""
        passage = self._builder.passage(row)
        links = passage.ledger.links
        first, rest = links[: len(row.guards)], links[len(row.guards) :]
        guards = [self._functions.parameter_function(*one) for one in _with_summaries(row.guards, first)]
        layers = (*row.active, *row.items)
        chain = [self._functions.middleware(*one) for one in _with_summaries(layers, rest)]
        path = path_steps(row, self._lines)
        handler = self._functions.handler(row, passage)
        validation = ValidationSteps(*(self._part(passage.ledger, endpoint, part) for part in PARTS))
        told = [*path, *handler, *(step for one in (*guards, *chain) for step in one.steps), *_steps_of(validation)]
        return Explanation(
            endpoint=endpoint,
            path=path,
            parameter_functions=tuple(guards),
            middleware=tuple(chain[: len(layers) - len(row.items[-1:])]),
            inactive_middleware=tuple(self._functions.middleware(layer) for layer in row.inactive),
            handler=handler,
            validation=validation,
            open_questions=tuple(self._open_questions(links, {step.file for step in told})),
        )

    def _part(self, ledger: Ledger, endpoint: Endpoint, part: RequestPart) -> tuple[SourceStep, ...]:
        verdict = getattr(endpoint.validation, part)
        return tuple(map(self._step, evidence_of(ledger.basis(part), verdict)))

    def _open_questions(self, links: Sequence[Link], files: set[str]) -> Iterator[SourceStep]:
        """What can't be followed in the chain, then what is not understood in its files."""
        found = [*_lost(links), *(remark for remark in self._remarks if remark.place.file in files)]
        yield from map(self._step, dict.fromkeys(found))

    def _step(self, evidence: Evidence) -> SourceStep:
        place: Place = evidence.place
        return SourceStep(place.file, place.line, evidence.text, self._lines.text(place))


def _with_summaries(functions: Sequence[_Function], links: Sequence[Link]) -> Iterator[tuple[_Function, Summary]]:
    yield from zip(functions, (link.summary for link in links), strict=True)


def _lost(links: Sequence[Link]) -> Iterator[Evidence]:
    """Functions that can't be followed, and calls that take the whole request out of the program."""
    for link in links:
        if link.summary.reason is not None:
            yield Evidence(link.site.place, f"{link.name} can't be followed: {link.summary.reason}")
        for escape in link.summary.escapes if link.counts else ():
            yield Evidence(
                escape.place, "the whole request goes to code outside the program: what it reads is not seen"
            )


def _steps_of(validation: ValidationSteps) -> Iterator[SourceStep]:
    for part in PARTS:
        yield from getattr(validation, part)


def _remarks(repository: Repository) -> Iterator[Evidence]:
    """What was not read or not resolved, with its place."""
    for notice in repository.notices:
        if notice.place is not None:
            yield Evidence(notice.place, notice.message)
    for fact in repository.graph.unresolved:
        yield Evidence(Place(fact.file, fact.line), f"the import of {fact.specifier} leads nowhere: {fact.reason}")
    for route in repository.unresolved_routes:
        yield Evidence(route.place, f"a registration ({route.method}) is not resolved: {route.reason}")
