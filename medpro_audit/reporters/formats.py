"""Finds the formats there are and renders one of them.

A format is a module of this package with a function ``render(result: AuditResult, options: RenderOptions) -> str``,
or a template ``NAME.EXTENSION.j2``; it is registered nowhere else. A template wins over a module of its name, and what
begins with an underscore is only there for others. A module whose texts are large may have a function ``pieces`` beside
it, which yields the same text in pieces of whole lines.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import cast

import medpro_audit.reporters as package
from medpro_audit.core.errors import UsageError
from medpro_audit.core.nearest import suggest
from medpro_audit.core.stages import stage
from medpro_audit.reporters import templating
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult

Render = Callable[[AuditResult, RenderOptions], str]
Pieces = Callable[[AuditResult, RenderOptions], Iterator[str]]


def formats(templates: Iterable[str]) -> tuple[str, ...]:
    """Names of all formats, given the file names of the templates; sorted."""
    computed = (name for name in _modules() if _function(name))
    return tuple(sorted({*computed, *templating.templates_by_format(templates)}))


@stage("rendering")
def render(name: str, result: AuditResult, options: RenderOptions) -> str:
    """Write a result in the named format.

    Raises:
        UsageError: there is no such format.
        ConfigurationError: a template is faulty.
    """
    return renderer(name, options.templates)(result, options)


def rendered(name: str, result: AuditResult, options: RenderOptions) -> Iterable[str]:
    """The same in pieces, to be written one after the other.

    Raises: what `render` does, before the first piece is asked for.
    """
    is_template = name in templating.templates_by_format(options.templates)
    pieces = _pieces(name) if not is_template and name in _modules() else None
    return _timed(pieces(result, options)) if pieces is not None else (render(name, result, options),)


def _timed(pieces: Iterator[str]) -> Iterator[str]:
    while True:
        with stage("rendering"):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def renderer(name: str, templates: Mapping[str, str]) -> Render:
    """What writes results in the named format.

    Raises:
        UsageError: there is no such format.
    """
    template = templating.templates_by_format(templates).get(name)
    if template:
        return partial(templating.render_template, template)
    function = _function(name) if name in _modules() else None
    if function:
        return function
    raise UsageError(f'there is no report format "{name}"{suggest(name, formats(templates))}')


def _modules() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(package.__path__) if not module.name.startswith("_")]


def _function(module: str) -> Render | None:
    """The function that makes a module a format; modules of other formats need not be imported."""
    found = getattr(importlib.import_module(f"{package.__name__}.{module}"), "render", None)
    return cast("Render", found) if _takes_result(found) else None


def _pieces(module: str) -> Pieces | None:
    """The function by which a module writes in pieces."""
    found = getattr(importlib.import_module(f"{package.__name__}.{module}"), "pieces", None)
    return cast("Pieces | None", found)


def _takes_result(function: object) -> bool:
    wanted = {"result": AuditResult, "options": RenderOptions, "return": str}
    return getattr(function, "__annotations__", None) == wanted
