"""The package ``async``: tasks that hand on by callback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.builtins import Namespace, argument, functions
from medpro_audit.model.evaluation.members import entries_of, items_of
from medpro_audit.model.evaluation.values import NULL, UNDEFINED, Item, NativeFunction, Site, Value

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter


def _run(interpreter: Interpreter, task: Value, given: tuple[Item, ...], site: Site) -> tuple[Item, ...]:
    """Call a task with what it is given and a callback; return what it calls back with, the error left out."""
    handed: list[tuple[Item, ...]] = []

    def callback(_interpreter: Interpreter, arguments: tuple[Item, ...], _site: Site) -> Value:
        handed.append(arguments[1:])
        return UNDEFINED

    interpreter.call(task, (*given, Item(NativeFunction(callback))), site)
    return handed[0] if handed else ()


def _finish(interpreter: Interpreter, arguments: tuple[Item, ...], results: tuple[Item, ...], site: Site) -> Value:
    last = arguments[-1].value if len(arguments) > 1 else UNDEFINED
    if last is not UNDEFINED:
        interpreter.call(last, (Item(NULL), *results), site)
    return UNDEFINED


def _waterfall(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    results: tuple[Item, ...] = ()
    for item in items_of(interpreter, argument(arguments), site) or ():
        results = _run(interpreter, item.value, results, site)
    return _finish(interpreter, arguments, results, site)


def _series(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    for _, item in entries_of(interpreter, argument(arguments), site) or ():
        _run(interpreter, item.value, (), site)
    return _finish(interpreter, arguments, (), site)


def _each(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    for item in items_of(interpreter, argument(arguments), site) or ():
        _run(interpreter, argument(arguments, 1), (item,), site)
    return _finish(interpreter, arguments, (), site) if len(arguments) > 2 else UNDEFINED  # noqa: PLR2004 - list, task, end


def _async() -> Value:
    return Namespace(
        "async",
        functions(
            waterfall=_waterfall,
            series=_series,
            parallel=_series,
            auto=_series,
            each=_each,
            eachSeries=_each,
            forEach=_each,
            map=_each,
            eachOf=_each,
        ),
    )


PACKAGES = {"async": _async}
