"""``medpro-audit status``."""

from __future__ import annotations

from pathlib import Path

import click

from medpro_audit.cli import options
from medpro_audit.core.errors import EXIT_GATE_FAILED, EXIT_PASSED, UsageError


@click.command("status")
@options.directory
@options.config_file
@options.rules
@options.cache
@click.option(
    "--write", "file", type=click.Path(path_type=Path), help="Put it into this Markdown file, between markers."
)
@click.option("--check", "checked", type=click.Path(path_type=Path), help="Fail when this file would be written anew.")
def command(  # noqa: PLR0913 - one parameter an option
    directory: Path,
    config_file: Path | None,
    folders: tuple[Path, ...],
    file: Path | None,
    checked: Path | None,
    cache_dir: Path | None,
    *,
    no_cache: bool,
) -> int:
    """Write the status document from measurements: shares, tasks, and a plan of weeks."""
    from medpro_audit import pipeline  # noqa: PLC0415 - heavy, as all below
    from medpro_audit.claims.insertion import inserted  # noqa: PLC0415
    from medpro_audit.reporters.formats import render  # noqa: PLC0415

    if file is not None and checked is not None:
        raise UsageError("--write and --check exclude each other: the first writes what the second only compares")
    project = options.open_project(directory, config_file)
    rules = pipeline.load_rules(project, folders)
    with options.open_cache(cache_dir, no_cache=no_cache) as cache, options.progress_bar(project) as progress:
        result = pipeline.audit(project, rules, means=pipeline.Means(cache, progress))
    status = render("status", result, options.render_options())
    target = file or checked
    if target is None:
        options.write(status)
        return EXIT_PASSED
    before = options.read_text(target) if target.exists() else ""
    after = inserted(before, status, name=str(target))
    if checked is not None:
        is_same = before == after
        options.write(f"{checked} is {'as measured' if is_same else 'out of date: run medpro-audit status --write'}\n")
        return EXIT_PASSED if is_same else EXIT_GATE_FAILED
    if before != after:
        options.save(target, after)
    options.write(f"{target} {'written' if before != after else 'is as measured'}\n")
    return EXIT_PASSED
