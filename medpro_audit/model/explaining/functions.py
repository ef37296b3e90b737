"""Where the functions of an endpoint come from: registration, factories, wrappers, and what gives them their roles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from medpro_audit.core.place import Place
from medpro_audit.facts import ir
from medpro_audit.model.endpoints import EndpointBuilder, Passage, RoleOrigin
from medpro_audit.model.evaluation.text import name_of, start_of, text_of
from medpro_audit.model.evaluation.values import Choice, External, FunctionValue, Site, Unknown, Value
from medpro_audit.model.explaining.lines import SourceLines
from medpro_audit.model.explaining.path import contains
from medpro_audit.model.explanation import MiddlewareSteps, SourceStep
from medpro_audit.model.handlers import Found, find_handler
from medpro_audit.model.request.records import Summary
from medpro_audit.model.routing import Guard, Layer, Row
from medpro_audit.model.subjects import MiddlewareUse
from medpro_audit.model.verdicts import spoken

_INLINE = "<inline>"
_NAMES = 6
"""Names of one kind that are listed."""


class FunctionTracer:
    """Tells where functions come from."""

    def __init__(self, builder: EndpointBuilder, lines: SourceLines) -> None:
        self._builder = builder
        self._lines = lines

    def middleware(self, layer: Layer, summary: Summary | None = None) -> MiddlewareSteps:
        """One middleware; ``summary`` is what it does on this endpoint."""
        does = summary or self._builder.summary(layer.value, layer)
        found = find_handler(layer.item, layer.value, lambda value: self._builder.summary(value, layer))
        registered = "given to the route" if layer.scope == "route" else "registered"
        below = f" for what is below {layer.mount}" if layer.mount != "/" else ""
        steps = _without_echo((self._step(layer.site.place, registered + below), *self._chain(found, "runs")))
        origins = _first_of_each(self._builder.role_origins(layer))
        return MiddlewareSteps(
            middleware=self._builder.middleware(layer),
            written=self._written(layer),
            steps=(
                _with_remarks(steps[0], [*_bare_package(layer), *(_why(one) for one in origins if one.site is None)]),
                *steps[1:],
                *(self._step(origin.site.place, _why(origin)) for origin in origins if origin.site is not None),
            ),
            does=tuple(_deeds(does)),
            reason=does.reason,
        )

    def parameter_function(self, guard: Guard, summary: Summary) -> MiddlewareSteps:
        """A function of ``param()``: it is called with more than a middleware, and has no role."""
        layer = guard.layer
        place = layer.site.place
        steps = (
            self._step(place, f"registered for the parameter {guard.name}"),
            *self._function(layer.name, layer.value, "runs"),
        )
        return MiddlewareSteps(
            middleware=MiddlewareUse(
                name=layer.name,
                file=place.file,
                line=place.line,
                scope=layer.scope,
                mount=layer.mount,
                conditional=bool(layer.condition),
                condition=str(layer.condition) or None,
            ),
            written=self._written(layer),
            steps=_without_echo(steps),
            does=tuple(_deeds(summary)),
            reason=summary.reason,
        )

    def _written(self, layer: Layer) -> str:
        """Its source expression with its arguments."""
        source, module = layer.item.source, layer.item.module
        if module is not None and isinstance(source, ir.Call | ir.New):
            return self._lines.expression(module.path, start_of(source), source.end)
        if source is None and isinstance(layer.value, External):
            return f"{layer.value.package} {layer.value.name}".rstrip()
        name = name_of(source)
        return name if name == _INLINE else text_of(source)

    def handler(self, row: Row, passage: Passage) -> tuple[SourceStep, ...]:
        """From the outermost wrapper to the function that does the work."""
        found = passage.found
        if found is None:
            return (self._step(row.site.place, "there is no handler"),)
        steps = [*self._chain(found, "does the work")]
        if found.handler.reason is not None:
            steps.append(self._step(row.items[-1].site.place, "what does the work is not known"))
        return _without_echo(steps)

    def _chain(self, found: Found, does: str) -> Iterator[SourceStep]:
        for wrapper in found.wrappers:
            yield from self._function(wrapper.name, wrapper.value, "calls the next one")
        yield from self._function(found.handler.name, found.value, does)

    def _function(self, name: str, value: Value, does: str) -> Iterator[SourceStep]:
        """Where a function is made, and where it stands."""
        match value:
            case FunctionValue():
                made = tuple(self._factory(value))
                yield from made
                yield self._step(value.place, f"{'it' if made else _spoken_name(name)} {does}")
            case External():
                for call in reversed(list(value.calls())):
                    yield self._step(call.site.place, f"from the package {value.package}")
            case Choice(options=options):
                for option, condition in options:
                    role = f"{does}, if {condition}" if condition else f"may be what {does}"
                    yield from self._function(name, option, role)
            case Unknown(place=Place() as place, reason=reason):
                yield self._step(place, reason)

    def _factory(self, function: FunctionValue) -> Iterator[SourceStep]:
        """The call of a factory and the factory itself, when the function stands in it."""
        made = function.made_by
        factory = made.callee if made is not None else None
        if made is None or not isinstance(factory, FunctionValue):
            return
        if contains(factory, Site(function.module, function.node.start)):
            yield self._step(made.site.place, "made by this call")
            yield self._step(factory.place, f"{_spoken_name(factory.node.name or _INLINE)} makes it")

    def _step(self, place: Place, text: str) -> SourceStep:
        return SourceStep(place.file, place.line, text, self._lines.text(place))


def _spoken_name(name: str) -> str:
    return "a function written in place" if name == _INLINE else name


def _without_echo(steps: Iterable[SourceStep]) -> tuple[SourceStep, ...]:
    """Steps in one line that follow each other told as one; what is said twice of one line told once."""
    told: list[SourceStep] = []
    for step in steps:
        places = {(before.file, before.line) for before in told}
        if (step.file, step.line) in places and any(before.text == step.text for before in told):
            continue
        if told and (told[-1].file, told[-1].line) == (step.file, step.line):
            text = dict.fromkeys((told[-1].text, step.text))
            told[-1] = SourceStep(step.file, step.line, "; ".join(text), step.source)
        else:
            told.append(step)
    return tuple(told)


def _first_of_each(origins: Iterable[RoleOrigin]) -> list[RoleOrigin]:
    """Reasons for roles without those that say again what another says; all schemas of a validation in one."""
    every = [origin for origin in origins if origin.roles]
    schemas = " and ".join(dict.fromkeys(one.name for one in every if one.kind == "validation"))
    first: dict[object, RoleOrigin] = {}
    for origin in every:
        told = origin._replace(name=schemas) if origin.kind == "validation" else origin
        first.setdefault((told.roles, told.kind, told.name), told)
    return list(first.values())


def _with_remarks(step: SourceStep, remarks: Sequence[str]) -> SourceStep:
    return SourceStep(step.file, step.line, "; ".join((step.text, *remarks)), step.source)


def _bare_package(layer: Layer) -> Iterator[str]:
    """The package of a middleware that no call of the program makes."""
    value = layer.value
    if isinstance(value, External) and not any(value.calls()):
        yield f"from the package {value.package}"


def _why(origin: RoleOrigin) -> str:
    """Roles, and what gives them."""
    roles = ", ".join(origin.roles)
    match origin.kind:
        case "configuration":
            return f"{roles}, as {origin.name} is configured"
        case "package":
            return f"known for {roles}"
        case "validation":
            return f"{roles}, since it passes on only what {origin.name} accept{'' if ' and ' in origin.name else 's'}"
        case "behaviour":
            return f"{roles}, since it lets nobody else pass{f': {origin.name}' if origin.name else ''}"
        case "call":
            return f"{roles}, since it calls the package {origin.name}"


def _deeds(summary: Summary) -> Iterator[str]:
    """What a middleware does with a request, in words."""
    reads = dict.fromkeys(spoken(use) for use in summary.uses)
    if reads:
        yield f"reads {_listed(reads)}"
    written = [f"req.{name}" for name, _ in summary.writes if name.isidentifier()]
    if written:
        yield f"sets {_listed(written)}"
    if summary.statuses:
        yield f"may answer {_listed(map(str, summary.statuses))}"


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    more = f" and {len(every) - _NAMES} more" if len(every) > _NAMES else ""
    return ", ".join(every[:_NAMES]) + more
