"""``medpro-audit graph``."""

from __future__ import annotations

from pathlib import Path

import click

from medpro_audit.cli import options


@click.command("graph")
@options.directory
@options.config_file
@options.cache
@click.option(
    "-f",
    "--format",
    "format_name",
    type=click.Choice(["json", "dot", "mermaid", "cycles"]),
    default="json",
    show_default=True,
)
def command(
    directory: Path, config_file: Path | None, format_name: str, cache_dir: Path | None, *, no_cache: bool
) -> None:
    """Show which file imports which, what could not be resolved, and the cycles."""
    from medpro_audit.pipeline import Means, model_of  # noqa: PLC0415 - heavy
    from medpro_audit.reporters import graph as reporter  # noqa: PLC0415 - heavy

    project = options.open_project(directory, config_file)
    with (
        options.open_cache(cache_dir, no_cache=no_cache) as cache,
        options.progress_bar(project) as progress,
        model_of(project, Means(cache, progress)) as builder,
    ):
        graph = builder.graph()
    render = {
        "json": reporter.graph_json,
        "dot": reporter.dot,
        "mermaid": reporter.mermaid,
        "cycles": reporter.cycle_list,
    }
    options.write(render[format_name](graph))
