"""Watches the calls that leave the program while a request is followed, and notes what of the request reaches them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.facts import ir
from medpro_audit.model.database.collector import member_path, opening_of
from medpro_audit.model.database.settings import read_settings
from medpro_audit.model.evaluation.patterns import bound_names
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    Constant,
    External,
    Form,
    FunctionValue,
    Item,
    ObjectValue,
    Site,
    Unknown,
    Value,
    options_of,
)
from medpro_audit.model.flows.arrival import RESPONSE, Arrival, Call, Carried, Reach
from medpro_audit.model.flows.asking import SIGNED, Asked, is_signature, key_of, last_name
from medpro_audit.model.flows.cleaning import cleaned_by, mark_of, takes_one
from medpro_audit.model.flows.contents import data_in, spellings, written
from medpro_audit.model.flows.merging import merges_deeply
from medpro_audit.model.flows.sinks import sinks
from medpro_audit.model.request.data import Data
from medpro_audit.model.request.records import PUT, Holding
from medpro_audit.model.subjects import RequestPart
from medpro_audit.model.subjects.flow import FlowKind

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.frames import Frame
    from medpro_audit.model.request.analysis import Analysis

_TRIED = re.compile(r"new\s+RegExp\((?:[^()]|\([^()]*\))*\)\s*[;}]")
_DECLARED = re.compile(r"\b(?:const|let|var)\s+[\w$]+\s*(?::[^=;]*)?=\s*(?:await\s+)?[\w$.]*$")
_SHORT, _LONG = 80, 400
"""Bytes around a call in which is seen what becomes of its result."""
_ORM = frozenset(("mongoose", "mongodb", "objection", "sequelize", "sequelize-typescript", "typeorm"))
_TYPE_HEADERS = frozenset(("header", "set", "setHeader"))
MAX_ARRIVALS = 200
"""Calls of one function that are noted."""


class Comparison(NamedTuple):
    """Request data is compared with something of the program's own."""

    data: Data
    other: Value
    site: Site


class Equal(NamedTuple):
    """Request data is a constant on the present path of execution."""

    key: str


class Watcher:
    """What one analysis notes of the ways that request data takes."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._types: list[str] = []
        self.asked = Asked(analysis.interpreter)
        self._cleaned: set[tuple[FlowKind, RequestPart]] = set()
        self.arrivals: list[Arrival] = []
        self.comparisons: list[Comparison] = []

    def rewritten(self, data: Data, pattern: Value, *, is_every: bool) -> Form:
        """What a pattern matches is taken out of a value, or something else is put in its place; what is left of it."""
        if not is_every and takes_one(pattern):
            return "text"
        self._cleaned.update((kind, data.part) for kind in cleaned_by(pattern))
        return "rewritten"

    def replaced(self, part: RequestPart, value: Value) -> None:
        """A part of the request is replaced by something: by what is left of its texts, or by something else."""
        left = [option for option, _ in options_of(value) if isinstance(option, Data)]
        if any(data.part == part and data.form == "rewritten" for data in left):
            self.asked.marks.update(mark_of(kind, part) for kind, cleaned in self._cleaned if cleaned == part)

    def put(self, key: str, value: Value) -> None:
        """A field of what was sent is replaced: by something of the program's own, if nothing sent is in it."""
        if not any(data_in(value)):
            self._analysis.interpreter.journal.write(self._analysis.facts, f"{PUT}{key}", f"{PUT}{key}")

    def compared(self, left: Value, right: Value, site: Site) -> None:
        """Where data equals a value of the program's own, it is that value."""
        for data, other in ((left, right), (right, left)):
            if isinstance(data, Data) and other is not UNDEFINED and not isinstance(other, Constant | Data):
                self.asked.tested(data)
                if is_signature(other):
                    self.asked.marks.add(SIGNED)
                self.comparisons.append(Comparison(data, other, site))

    def equal(self, left: Value, right: Value) -> Equal | None:
        """What is known where two values are equal."""
        for data, other in ((left, right), (right, left)):
            if isinstance(data, Data) and isinstance(other, Constant):
                return Equal(key_of(data))
        return None

    def entered(self, function: FunctionValue, arguments: tuple[Item, ...]) -> None:
        """A function of the program is called."""
        self.asked.by_name(function, arguments)
        self._merged(function, arguments)

    def _merged(self, function: FunctionValue, arguments: tuple[Item, ...]) -> None:
        """Request data goes into a function that follows whatever fields it has; that function is the place to act."""
        bodies = [data for item in arguments[1:] for data in data_in(item.value, 2) if data.part == "body"]
        if not bodies or len(self.arrivals) >= MAX_ARRIVALS:
            return
        if any(frame.function is function for frame in self._analysis.interpreter.frames):
            return
        if merges_deeply(self._analysis.interpreter, function):
            site = Site(function.module, function.node.start)
            call = Call("", f".{function.node.name}", function.node.name, tuple(item.value for item in arguments), site)
            self.arrivals.append(self._arrival(call, [Reach("prototype", "fields", data) for data in bodies], None))

    def responded(self, name: str, arguments: tuple[Item, ...], site: Site) -> None:
        """A method of the response is called."""
        self._types.extend(_types_given(name, [item.value for item in arguments]))
        self._note(RESPONSE, f".{name}", name, arguments, site, UNDEFINED)

    def called(self, callee: Value, arguments: tuple[Item, ...], site: Site) -> None:
        """Something that isn't part of the program is called."""
        name = last_name(callee)
        self.asked.by_call(callee, name, arguments)
        if name not in sinks():
            return
        if isinstance(callee, External):
            root, path = member_path(callee)
            if root.package != "Object" or _is_record(arguments):
                self._note(root.package, path, name, arguments, site, callee)
        elif isinstance(callee, Unknown):
            self._note("", _unknown_path(callee), name, arguments, site, callee)

    def _note(  # noqa: PLR0913 - a call, and what is called
        self, package: str, path: str, name: str, arguments: tuple[Item, ...], site: Site, callee: Value
    ) -> None:
        families = sinks().get(name)
        if families is None or len(self.arrivals) >= MAX_ARRIVALS:
            return
        call = Call(package, path, name, tuple(item.value for item in arguments), site, tuple(self._types))
        reaches = [reach for family in families for reach in family(call)]
        if any(reach.kind == "sql" and reach.need == "text" for reach in reaches) and self._is_of_users(callee):
            reaches = [Reach("sql", "text", None, "it runs on a database that users of the program name")]
        if name == "RegExp" and self._is_only_tried(site):
            return
        model = model_of(callee)
        for kind in sorted({reach.kind for reach in reaches}):
            alike = [reach for reach in reaches if reach.kind == kind]
            source = _source_of(arguments, alike)
            arrival = self._arrival(call, alike, source)
            self.arrivals.append(arrival._replace(model=model, is_declared=self._is_declared(site)))

    def _is_declared(self, site: Site) -> bool:
        before = self._analysis.interpreter.code.snippet(site.module.path, max(0, site.at - _SHORT), site.at)
        return _DECLARED.search(before) is not None

    def _is_only_tried(self, site: Site) -> bool:
        """Whether a pattern is only made to see whether it is one: nothing is held against it."""
        snippet, path = self._analysis.interpreter.code.snippet, site.module.path
        before = snippet(path, max(0, site.at - _SHORT), site.at)
        return (
            before.rstrip().endswith(("{", ";")) and _TRIED.match(snippet(path, site.at, site.at + _LONG)) is not None
        )

    def _carried(self, reach: Reach, data: Data) -> Carried:
        checked = self._analysis.standing(data.checked)
        return Carried(data.part, data.path, data.form, reach.need, checked, data.place, reach.is_start)

    def _is_of_users(self, callee: Value) -> bool:
        """Whether something is called on a connection to a database that isn't the program's own: a tool for SQL."""
        for call in callee.calls() if isinstance(callee, External) else ():
            found = opening_of(call.callee)
            if found is not None:
                settings = read_settings(self._analysis.interpreter, *found, call.arguments, call.site)
                return settings.are_of_users(is_serving=True)
        return False

    def _arrival(self, call: Call, reaches: list[Reach], source: ir.Expression | None) -> Arrival:
        frames = self._analysis.interpreter.frames
        carried = (self._carried(reach, reach.data) for reach in reaches if reach.data is not None)
        return Arrival(
            kind=reaches[0].kind,
            sink=f"res.{call.name}()" if call.package == RESPONSE else f"{call.name}()",
            package="" if call.package == RESPONSE else call.package,
            site=_where_made(frames, source, call.site),
            end=call.site,
            carried=tuple(dict.fromkeys(carried)),
            lost=next((reach.reason for reach in reaches if reach.data is None), ""),
            holdings=tuple(fact for fact in self._analysis.facts.values() if isinstance(fact, Holding)),
            tested=self.asked.before()
            | {fact.key for fact in self._analysis.facts.values() if isinstance(fact, Equal)},
            calls=tuple((frame.function, frame.site) for frame in frames),
            statement=next(map(written, spellings(call.argument(0))), "") if reaches[0].kind == "sql" else "",
        )


def _source_of(arguments: tuple[Item, ...], reaches: list[Reach]) -> ir.Expression | None:
    """The argument by which something comes that is more than a mere value, as it is written."""
    wanted = [reach.data for reach in reaches if reach.need != "nothing"]
    for item in arguments:
        if any(data is one for data in data_in(item.value) for one in wanted):
            return item.source
    return arguments[0].source if arguments else None


def _where_made(frames: Sequence[Frame], source: ir.Expression | None, site: Site) -> Site:
    """Where an argument is made: a function that only hands on its parameter is not the place to act."""
    for depth in range(len(frames) - 1, 0, -1):
        frame, outer = frames[depth], frames[depth - 1].function
        if not isinstance(source, ir.Name) or frame.function is None:
            break
        names = [next(iter(bound_names([parameter.target])), "") for parameter in frame.function.node.parameters]
        at = names.index(source.id) if source.id in names else -1
        if 0 <= at < len(frame.arguments):
            site, source = frame.site, frame.arguments[at].source
        elif outer is None or not _is_within(frame.function, outer):
            break
    return site


def _is_within(inner: FunctionValue, outer: FunctionValue) -> bool:
    return inner.module is outer.module and outer.node.start < inner.node.start < outer.node.end


def _unknown_path(callee: Unknown) -> str:
    """Members and calls on the way to something unknown, as far as they are known."""
    names: list[str] = []
    current: Unknown | None = callee
    while current is not None and len(names) < 6:  # noqa: PLR2004 - only the last ones are looked at
        names.append(f".{current.name}" if current.name else "()" if current.owner is not None else "")
        current = current.owner
    return "".join(reversed(names))


def _is_record(arguments: tuple[Item, ...]) -> bool:
    """Whether the first argument, which ``Object.assign`` changes, is a record from a database."""
    target = arguments[0].value if arguments else None
    return isinstance(target, External) and target.package in _ORM


def model_of(callee: Value) -> Site | None:
    """Where the model of Mongoose is made that is called, or a method of it."""
    records = callee.calls() if isinstance(callee, External) and callee.package == "mongoose" else ()
    return next((record.site for record in records if last_name(record.callee) == "model"), None)


def _types_given(name: str, values: list[Value]) -> Iterator[str]:
    """Content types that a method of the response sets, in lower case."""
    texts = [str(value.value).lower() if isinstance(value, Constant) else "" for value in values]
    if name in {"type", "contentType"}:
        yield from texts[:1]
    elif name in _TYPE_HEADERS and texts[:1] == ["content-type"]:
        yield from texts[1:2]
    elif name in {"writeHead", *_TYPE_HEADERS}:
        for value in values:
            for key, inner in value.properties.items() if isinstance(value, ObjectValue) else ():
                if key.lower() == "content-type" and isinstance(inner, Constant):
                    yield str(inner.value).lower()
