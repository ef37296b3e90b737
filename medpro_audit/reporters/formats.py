"""Finds the formats there are and renders one of them.

A format is a module of this package with a function ``render(result: AuditResult, options: RenderOptions) -> str``,
or a template ``NAME.EXTENSION.j2``; it is registered nowhere else. A template wins over a module of its name, and what
begins with an underscore is only there for others.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from functools import cache
from typing import cast

import medpro_audit.reporters as package
from medpro_audit.core.errors import UsageError
from medpro_audit.core.nearest import suggest
from medpro_audit.reporters import templating
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult

Render = Callable[[AuditResult, RenderOptions], str]


def formats(templates: Iterable[str]) -> tuple[str, ...]:
    """Names of all formats, given the file names of the templates; sorted."""
    return tuple(sorted({*_computed(), *templating.templates_by_format(templates)}))


def render(name: str, result: AuditResult, options: RenderOptions) -> str:
    """Write a result in the named format.

    Raises:
        UsageError: there is no such format.
        ConfigurationError: a template is faulty.
    """
    template = templating.templates_by_format(options.templates).get(name)
    if template:
        return templating.render_template(template, result, options)
    if name in _computed():
        return _computed()[name](result, options)
    raise UsageError(f'there is no report format "{name}"{suggest(name, formats(options.templates))}')


@cache
def _computed() -> dict[str, Render]:
    names = [module.name for module in pkgutil.iter_modules(package.__path__) if not module.name.startswith("_")]
    found = {name: getattr(importlib.import_module(f"{package.__name__}.{name}"), "render", None) for name in names}
    return {name: cast("Render", function) for name, function in found.items() if _takes_result(function)}


def _takes_result(function: object) -> bool:
    wanted = {"result": AuditResult, "options": RenderOptions, "return": str}
    return getattr(function, "__annotations__", None) == wanted
