"""``medpro-audit consistency``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from medpro_audit.cli import options
from medpro_audit.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medpro_audit.model.subjects import Endpoint
    from medpro_audit.pipeline import Project


@click.command("consistency")
@options.directory
@options.config_file
@options.cache
@click.option("-f", "--format", "format_name", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option(
    "--like", metavar="FILE", help="Route file that shows how the others should be, in place of the configured."
)
def command(  # noqa: PLR0913 - one parameter an option
    directory: Path,
    config_file: Path | None,
    format_name: str,
    like: str | None,
    cache_dir: Path | None,
    *,
    no_cache: bool,
) -> None:
    """Show how far each route file follows the pattern that one of them sets."""
    from medpro_audit.pipeline import Means, model  # noqa: PLC0415 - heavy
    from medpro_audit.reporters.consistency import (  # noqa: PLC0415 - heavy
        render_consistency,
        render_consistency_json,
    )

    project = options.open_project(directory, config_file)
    if like is not None:
        like = _relative(like, directory)
        project = _alike(project, like)
    with options.open_cache(cache_dir, no_cache=no_cache) as cache, options.progress_bar(project) as progress:
        endpoints = model(project, Means(cache, progress)).repository.endpoints
    example = like if like is not None else project.config.consistency.like
    if example is not None and not project.config.consistency.pattern:
        _insist_on_routes(example.removeprefix("./"), endpoints)
    if format_name == "json":
        options.write(render_consistency_json(endpoints))
    else:
        options.write(render_consistency(endpoints, options.render_options()))


def _relative(like: str, directory: Path) -> str:
    """A path as the model has it, also where it is given from the working directory."""
    path = Path(like)
    base = directory.resolve()
    if not (base / path).exists() and path.resolve().is_relative_to(base):
        path = path.resolve().relative_to(base)
    elif path.is_absolute() and path.is_relative_to(base):
        path = path.relative_to(base)
    return path.as_posix()


def _alike(project: Project, like: str) -> Project:
    """The project with this file as its example."""
    from msgspec.structs import replace  # noqa: PLC0415 - heavy

    config = replace(project.config, consistency=replace(project.config.consistency, like=like, pattern=()))
    return replace(project, loaded=replace(project.loaded, config=config))


def _insist_on_routes(example: str, endpoints: Sequence[Endpoint]) -> None:
    """Refuse an example that registers nothing.

    Raises:
        UsageError: names the nearest route files.
    """
    from medpro_audit.core.nearest import suggest  # noqa: PLC0415 - rarely needed

    files = sorted({endpoint.file for endpoint in endpoints})
    if example not in files:
        raise UsageError(f"{example} registers no endpoint{suggest(example, files)} (medpro-audit endpoints lists all)")
