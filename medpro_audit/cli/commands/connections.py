"""``medpro-audit connections``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from medpro_audit.cli import options

if TYPE_CHECKING:
    from medpro_audit.model.subjects.environment_variable import EnvironmentVariable


@click.command("connections")
@options.directory
@options.config_file
@options.cache
@click.option("-f", "--format", "format_name", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(
    directory: Path, config_file: Path | None, format_name: str, cache_dir: Path | None, *, no_cache: bool
) -> None:
    """Show every place that opens a database connection, side by side."""
    from medpro_audit.pipeline import Means, model  # noqa: PLC0415 - heavy
    from medpro_audit.reporters.connections import render_connections, render_connections_json  # noqa: PLC0415 - heavy

    project = options.open_project(directory, config_file)
    with options.open_cache(cache_dir, no_cache=no_cache) as cache, options.progress_bar(project) as progress:
        repository = model(project, Means(cache, progress)).repository
    found = (repository.connections, repository.settings_files)
    variables = cast("Sequence[EnvironmentVariable]", repository.found("environment-variable"))
    if format_name == "json":
        options.write(render_connections_json(*found, variables))
    else:
        options.write(render_connections(*found, options.render_options(), variables))
