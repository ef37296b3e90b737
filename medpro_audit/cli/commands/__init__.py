"""One file a command, found by being there; each has a ``command``. Heavy imports stand inside the functions."""

from importlib import import_module
from pkgutil import iter_modules
from typing import cast

import click


class CommandFolder(click.Group):
    """The commands of this folder: only the one that is called is imported, and all of them for the list of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name all commands."""
        return sorted(module.name for module in iter_modules(__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None when there is none of that name."""
        names = self.list_commands(ctx)
        if cmd_name in names:
            return _imported(cmd_name)
        self.commands.update({name: _imported(name) for name in names})  # click suggests the nearest of these
        return None


def _imported(name: str) -> click.Command:
    return cast("click.Command", import_module(f"{__name__}.{name}").command)
