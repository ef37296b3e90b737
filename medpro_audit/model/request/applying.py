"""A schema is applied to a value: what of the request it checks, and what it yields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.values import CallRecord, Choice, External, ObjectValue, Site, Unknown, Value
from medpro_audit.model.request.data import Data, Request
from medpro_audit.model.request.records import Holding, Origin
from medpro_audit.model.schemas import DOUBTFUL, Shape
from medpro_audit.model.subjects import PARTS

if TYPE_CHECKING:
    from medpro_audit.model.request.analysis import Analysis


class Applied:
    """One application of a schema."""

    def __init__(self, analysis: Analysis, origin: Origin, site: Site) -> None:
        self.holdings: list[Holding] = []
        """What it checks."""
        self._analysis = analysis
        self._origin = origin
        self._site = site

    def to(self, shape: Shape, value: Value) -> Value:
        """Check a value, or a part of it; return what the schema makes of it."""
        match value:
            case Data():
                return self._to_data(shape, value)
            case Request():
                return self._to_request(shape, value)
            case ObjectValue():
                return self._to_object(shape, value)
            case Choice(options=options):
                return self._to_choice(shape, [option for option, _ in options])
            case External(call=CallRecord() as call):
                self._to_made(call)
        return Unknown("what a schema makes of a value that isn't request data", self._site.place)

    def _to_data(self, shape: Shape, data: Data) -> Value:
        data.settle()
        holding = self._hold(data, shape)
        return Data(data.part, data.path, checked=holding, form=data.form, place=data.place)

    def _hold(self, data: Data, shape: Shape) -> Holding:
        library, name, made = self._origin
        holding = Holding(data.part, data.path, shape, library, name, self._site.place, made)
        self.holdings.append(holding)
        return holding

    def _to_request(self, shape: Shape, request: Request) -> Value:
        made = ObjectValue()
        for part in PARTS:
            field = shape.fields.get(part) if shape.fields is not None else None
            if field is not None:
                made.properties[part] = self.to(field, request.member(self._analysis.interpreter, part, self._site))
        return made

    def _to_made(self, call: CallRecord) -> None:
        """What a package has made of request data is validated: perhaps all of that; to make it was no use yet."""
        for data in (item.value for item in call.arguments if isinstance(item.value, Data)):
            self._hold(data, DOUBTFUL)
            self._analysis.forget_call(data, call.site)

    def _to_choice(self, shape: Shape, options: Sequence[Value]) -> Value:
        """Of several possible values only one is validated: it counts when it is the only one from the request."""
        tainted = [option for option in options if self._analysis.is_tainted(option)]
        if len(tainted) == 1:
            return self.to(shape, tainted[0])
        for option in tainted:
            self._analysis.interpreter.use(option, self._site)
        return Unknown("a schema is applied to one of several values", self._site.place)

    def _to_object(self, shape: Shape, value: ObjectValue) -> Value:
        made = ObjectValue()
        for key, inner in value.properties.items():
            field = shape.fields.get(key) if shape.fields is not None else None
            if field is not None:
                made.properties[key] = self.to(field, inner)
            elif isinstance(inner, Data):
                inner.settle()  # the schema drops it unseen
        for spread in value.unknown:
            if isinstance(spread, Data | External):
                made.unknown.append(self.to(_rest(shape, value), spread))
                made.is_open = True
        return made


def _rest(shape: Shape, value: ObjectValue) -> Shape:
    """What a schema checks of an object beside the properties that are written out."""
    return Shape(
        {key: field for key, field in (shape.fields or {}).items() if key not in value.properties},
        extra=shape.extra,
        is_certain=shape.is_certain,
        accepts_anything=shape.accepts_anything,
    )
