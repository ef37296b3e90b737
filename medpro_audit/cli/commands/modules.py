"""``medpro-audit modules``."""

from __future__ import annotations

from pathlib import Path

import click

from medpro_audit.cli import options


@click.command("modules")
@options.directory
@options.config_file
@options.cache
@click.option("-f", "--format", "format_name", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--all", "show_all", is_flag=True, help="Show every module out of place, not only the first.")
def command(  # noqa: PLR0913 - one parameter an option
    directory: Path,
    config_file: Path | None,
    format_name: str,
    cache_dir: Path | None,
    *,
    no_cache: bool,
    show_all: bool,
) -> None:
    """Show what each folder holds, what stands in the wrong place, and where it belongs."""
    from medpro_audit.model.subjects.directory import Directory  # noqa: PLC0415 - heavy
    from medpro_audit.model.subjects.module import Module  # noqa: PLC0415 - heavy
    from medpro_audit.pipeline import Means, model  # noqa: PLC0415 - heavy
    from medpro_audit.reporters.modules import render_modules, render_modules_json  # noqa: PLC0415 - heavy

    project = options.open_project(directory, config_file)
    with options.open_cache(cache_dir, no_cache=no_cache) as cache, options.progress_bar(project) as progress:
        repository = model(project, Means(cache, progress)).repository
    modules = [each for each in repository.found("module") if isinstance(each, Module)]
    directories = [each for each in repository.found("directory") if isinstance(each, Directory)]
    if format_name == "json":
        options.write(render_modules_json(modules, directories))
    else:
        options.write(render_modules(modules, directories, options.render_options(show_all=show_all)))
