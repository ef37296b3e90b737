"""``medpro-audit diff``."""

from __future__ import annotations

from pathlib import Path

import click

from medpro_audit.cli import options
from medpro_audit.core.errors import EXIT_GATE_FAILED, EXIT_INCOMPLETE, EXIT_PASSED


@click.command("diff")
@click.argument("base")
@click.argument("head", required=False)
@click.option("-C", "--directory", type=click.Path(path_type=Path), default=Path(), help="What to audit (else here).")
@options.config_file
@options.rules
@options.cache
@click.option("-f", "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--allow-loss", is_flag=True, help="Exit with 0 although protection is lost or clients break.")
def command(  # noqa: PLR0913 - one parameter an option
    base: str,
    head: str | None,
    directory: Path,
    config_file: Path | None,
    folders: tuple[Path, ...],
    format_name: str,
    cache_dir: Path | None,
    *,
    no_cache: bool,
    allow_loss: bool,
) -> int:
    """Show which endpoints HEAD, or what is on disk, adds, removes and changes since it has parted from BASE."""
    from medpro_audit import pipeline  # noqa: PLC0415 - heavy, as all below
    from medpro_audit.core.config import GateConfig  # noqa: PLC0415
    from medpro_audit.gate.protection import lost_protection  # noqa: PLC0415
    from medpro_audit.reporters.diff import render_diff, render_diff_json  # noqa: PLC0415

    project = options.open_project(directory, config_file)
    rules = pipeline.load_rules(project, folders)
    with options.open_cache(cache_dir, no_cache=no_cache) as cache:
        comparison = pipeline.compared(project, rules, base, head, pipeline.Means(cache))
    if format_name == "json":
        options.write(render_diff_json(comparison))
    else:
        options.write(render_diff(comparison, options.render_options()))
    gate = project.config.gate or GateConfig()
    if comparison.difference.doubt and not allow_loss:
        return EXIT_INCOMPLETE
    is_lost = gate.protection == "fail" and bool(lost_protection(comparison.difference))
    is_broken = gate.breaking == "fail" and bool(comparison.difference.breaks)
    return EXIT_GATE_FAILED if (is_lost or is_broken) and not allow_loss else EXIT_PASSED
