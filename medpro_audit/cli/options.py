"""Arguments and options that several commands share, and how text leaves the program."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from medpro_audit.pipeline import Progress, Project
    from medpro_audit.reporters.options import RenderOptions

Command = TypeVar("Command", bound=Callable[..., object])

MAX_WIDTH = 160
MIN_FILES_SHOWN = 200
"""Scans of fewer files are over before a progress bar is read."""

directory = click.argument("directory", type=click.Path(path_type=Path), default=Path())
config_file = click.option(
    "-c", "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file to use."
)
rules = click.option(
    "--rules", "folders", type=click.Path(path_type=Path), multiple=True, help="Folder of further rule packs."
)


def open_project(directory: Path, config_file: Path | None) -> Project:
    """Read the configuration of a directory and list its files."""
    from medpro_audit.pipeline import open_project as open_  # noqa: PLC0415 - heavy

    return open_(directory, config_file)


def render_options(*, show_all: bool = False) -> RenderOptions:
    """What the terminal, or the lack of one, asks for."""
    from medpro_audit.adapters.templates import read_templates  # noqa: PLC0415 - heavy
    from medpro_audit.reporters.options import RenderOptions  # noqa: PLC0415 - heavy

    is_terminal = sys.stdout.isatty()
    return RenderOptions(
        width=min(get_terminal_size((80, 24)).columns, MAX_WIDTH) if is_terminal else 80,
        colour=is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
        unicode=(sys.stdout.encoding or "ascii").lower().replace("-", "").startswith("utf"),
        show_all=show_all,
        templates=read_templates(),
    )


def write(text: str) -> None:
    """Print text as it is; what the terminal's encoding lacks is replaced."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()


@contextmanager
def progress_bar(project: Project) -> Iterator[Progress | None]:
    """A progress bar on a terminal for long scans; none in a pipe."""
    total = sum(not source.linked for source in project.inventory.sources)
    if total < MIN_FILES_SHOWN or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=total, label="Reading", file=sys.stderr) as bar:
        yield lambda done, _total: bar.update(done - bar.pos)
