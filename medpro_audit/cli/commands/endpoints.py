"""``medpro-audit endpoints``."""

from __future__ import annotations

from pathlib import Path

import click

from medpro_audit.cli import options


@click.command("endpoints")
@options.directory
@options.config_file
@click.option("-f", "--format", "format_name", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(directory: Path, config_file: Path | None, format_name: str) -> None:
    """List every endpoint with its path, middleware, handler and validation."""
    from medpro_audit.pipeline import model_of  # noqa: PLC0415 - heavy
    from medpro_audit.reporters.endpoints import render_endpoints, render_endpoints_json  # noqa: PLC0415 - heavy

    project = options.open_project(directory, config_file)
    with options.progress_bar(project) as progress, model_of(project, progress) as (builder, _):
        repository = builder.build()
    if format_name == "json":
        options.write(render_endpoints_json(repository.endpoints, repository.unresolved_routes))
    else:
        options.write(render_endpoints(repository.endpoints, repository.unresolved_routes, options.render_options()))
