"""Why an endpoint is what it is: a stack trace of places for people, the same as JSON for programs."""

from collections.abc import Iterator, Sequence

import msgspec

from medpro_audit.model.explanation import Explanation, Explanations, MiddlewareSteps, PathStep, SourceStep
from medpro_audit.model.subjects import PARTS, Endpoint, RequestPart, Validation
from medpro_audit.reporters.document import encode
from medpro_audit.reporters.endpoint_words import caveat
from medpro_audit.reporters.escaping import shortened, visible
from medpro_audit.reporters.marks import UNKNOWN, validation_mark
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.summary import at
from medpro_audit.reporters.terminal import Terminal, columns, joined

SCHEMA_VERSION = 1

_LONGEST_PLACE = 240
_STEPS = 20
"""Steps of one kind that are shown."""
_LEAST_ROOM = 28
"""Columns beside a place in which a text is worth beginning."""
_INDENT = "  "


def render_explanations(explanations: Sequence[Explanation], options: RenderOptions) -> str:
    """Path, middleware, handler and validation of each endpoint, every step with its place and its source line."""
    terminal = Terminal.of(options)
    lines: list[str] = []
    for explanation in explanations:
        lines += ["", terminal.paint("─" * terminal.width, "none"), ""] if lines else []
        lines += _explanation(terminal, explanation)
    return joined(lines)


def render_explanations_json(target: str, explanations: Sequence[Explanation]) -> str:
    """The same as `Explanations`."""
    return encode(Explanations(SCHEMA_VERSION, target, tuple(explanations)))


def explanations_schema() -> dict[str, object]:
    """JSON Schema of what `render_explanations_json` writes."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Result of medpro-audit endpoints --explain",
        **msgspec.json.schema(Explanations),
    }


def _explanation(terminal: Terminal, told: Explanation) -> Iterator[str]:
    yield from _head(terminal, told.endpoint)
    yield from _section(terminal, "Path", _steps(terminal, told.path))
    yield from _chain(terminal, "Functions for its parameters, which run first", told.parameter_functions)
    yield from _chain(terminal, "Middleware, outermost first", told.middleware)
    yield from _chain(terminal, "Middleware of another configuration, not in effect", told.inactive_middleware)
    yield from _section(terminal, "Handler", _handler(terminal, told))
    yield from _section(terminal, "Validation", _validation(terminal, told))
    questions = "Not understood, so that there may be more"
    yield from _section(terminal, questions, _steps(terminal, told.open_questions))


def _section(terminal: Terminal, title: str, body: Iterator[str]) -> Iterator[str]:
    lines = list(body)
    if lines:
        yield from ("", terminal.paint(title, "strong"), *lines)


def _head(terminal: Terminal, endpoint: Endpoint) -> Iterator[str]:
    yield from terminal.paragraph(endpoint.identity, style="strong")
    answered = "answered by a function under use()" if endpoint.kind == "use" else "registered"
    on = "application" if endpoint.mounted else "router"
    text = f"{answered} on the {endpoint.framework} {on} of {endpoint.application}"
    yield from _beside(terminal, _place(endpoint.file, endpoint.line), text, "")
    if not endpoint.reached:
        yield from terminal.paragraph(endpoint.hindrance, first="  ", rest="  ", style="unknown")
    if endpoint.conditional:
        yield from _condition(terminal, endpoint.condition, _INDENT)


def _chain(terminal: Terminal, title: str, chain: Sequence[MiddlewareSteps]) -> Iterator[str]:
    def body() -> Iterator[str]:
        for number, one in enumerate(chain, 1):
            yield from _middleware(terminal, number, one)

    yield from _section(terminal, title, body())


def _middleware(terminal: Terminal, number: int, told: MiddlewareSteps) -> Iterator[str]:
    use = told.middleware
    roles = f": {', '.join(use.roles)}" if use.roles else ""
    first = f"{number:>3} "
    yield from terminal.paragraph(f"{told.written} · {use.scope}{roles}", first=first, rest="    ", style="strong")
    if use.conditional:
        yield from _condition(terminal, use.condition, "    ")
    if told.does:
        yield from terminal.paragraph("; ".join(told.does), first="    ", rest="    ")
    if told.reason is not None:
        mark = terminal.mark(UNKNOWN)
        yield from terminal.paragraph(f"can't be followed: {told.reason}", first=f"    {mark} ", rest="      ")
    yield from _steps(terminal, told.steps, "    ")


def _handler(terminal: Terminal, told: Explanation) -> Iterator[str]:
    handler = told.endpoint.handler
    if handler.file is None:
        first = f"{_INDENT}{terminal.mark(UNKNOWN)} "
        yield from terminal.paragraph(f"{UNKNOWN.word}: {handler.reason}", first=first, rest="    ")
    yield from _steps(terminal, told.handler)


def _validation(terminal: Terminal, told: Explanation) -> Iterator[str]:
    for part in PARTS:
        verdict: Validation = getattr(told.endpoint.validation, part)
        mark = validation_mark(verdict)
        first = f"{_INDENT}{terminal.mark(mark)} "
        yield from terminal.paragraph(f"{part}: {_verdict(verdict, mark.word)}", first=first, rest="    ")
        yield from _steps(terminal, _steps_of(told, part), "    ")


def _steps_of(told: Explanation, part: RequestPart) -> tuple[SourceStep, ...]:
    steps: tuple[SourceStep, ...] = getattr(told.validation, part)
    return steps


def _verdict(verdict: Validation, word: str) -> str:
    """The verdict in a few words with what it rests on."""
    if verdict.status == "validated":
        open_ = caveat(verdict)
        return f"{word} by {verdict.schema} ({verdict.by})" + (f", but {open_}" if open_ else "")
    return f"{word}: {verdict.reason}" if verdict.reason else word


def _steps(terminal: Terminal, steps: Sequence[SourceStep], indent: str = _INDENT) -> Iterator[str]:
    before = None
    for step in steps[:_STEPS]:
        yield from _step(terminal, step, indent, with_source=before != (step.file, step.line))
        before = (step.file, step.line)
    if len(steps) > _STEPS:
        yield terminal.paint(f"{indent}and {len(steps) - _STEPS:,} more (--format json)", "none")


def _step(terminal: Terminal, step: SourceStep, indent: str, *, with_source: bool) -> Iterator[str]:
    """The place and what happens there, then the line of source."""
    yield from _beside(terminal, _place(step.file, step.line), _text(step), indent)
    if isinstance(step, PathStep) and step.condition:
        yield from _condition(terminal, step.condition, f"{indent}  ")
    if step.source and with_source:
        room = terminal.width - len(indent) - 4
        yield f"{indent}    {terminal.paint(terminal.cut(step.source, room), 'none')}"


def _beside(terminal: Terminal, place: str, text: str, indent: str) -> list[str]:
    """A text beside its place, or below it where the place is long."""
    shown = indent + terminal.paint(place, "accent")
    rest = f"{indent}  "
    if terminal.width - columns(indent + place) < _LEAST_ROOM:
        return [shown, *terminal.paragraph(text, first=rest, rest=rest)]
    return terminal.paragraph(text, first=f"{shown}  ", rest=rest)


def _text(step: SourceStep) -> str:
    adds = step.adds if isinstance(step, PathStep) else None
    return f"{step.text}, adds {adds}" if adds not in (None, "/") else step.text


def _condition(terminal: Terminal, condition: str | None, indent: str) -> list[str]:
    text = f"only if {condition or 'a condition holds'}"
    return terminal.paragraph(text, first=indent, rest=f"{indent}  ", style="unknown")


def _place(file: str, line: int) -> str:
    """Never wrapped, so that an editor can jump to it; only absurd paths are cut."""
    return at(shortened(visible(file), _LONGEST_PLACE), line)
