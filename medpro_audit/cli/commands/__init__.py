"""One file a command, found by being there; each has a ``command``. Heavy imports stand inside the functions."""

from importlib import import_module
from pkgutil import iter_modules

import click

COMMANDS: tuple[click.Command, ...] = tuple(
    import_module(f"{__name__}.{module.name}").command
    for module in sorted(iter_modules(__path__), key=lambda m: m.name)
)
