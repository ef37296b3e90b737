"""``medpro-audit scan``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from medpro_audit.cli import options
from medpro_audit.core.errors import UsageError
from medpro_audit.core.finding import SEVERITIES, Severity

if TYPE_CHECKING:
    from medpro_audit.pipeline import Project


@click.command("scan")
@options.directory
@options.config_file
@options.rules
@click.option("-f", "--format", "format_name", default="console", show_default=True, help="Format to print.")
@click.option("-o", "--output", "outputs", multiple=True, metavar="FORMAT:FILE", help="Also write a format to a file.")
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="Fail on findings of this severity or worse.")
@click.option("--all", "show_all", is_flag=True, help="Show every finding, not only the first of each rule.")
@click.option("--explain-files", is_flag=True, help="Only say which files are read, and why others are not.")
def command(  # noqa: PLR0913 - one parameter an option
    directory: Path,
    config_file: Path | None,
    folders: tuple[Path, ...],
    format_name: str,
    outputs: tuple[str, ...],
    fail_on: Severity | None,
    *,
    show_all: bool,
    explain_files: bool,
) -> int:
    """Audit a directory and report scorecard, findings and verdict."""
    from msgspec.structs import replace  # noqa: PLC0415 - heavy, as all below

    from medpro_audit import pipeline  # noqa: PLC0415
    from medpro_audit.core.config import GateConfig  # noqa: PLC0415
    from medpro_audit.gate.policy import exit_code  # noqa: PLC0415
    from medpro_audit.reporters.formats import render  # noqa: PLC0415

    wanted = [_target(output) for output in outputs]
    project = options.open_project(directory, config_file)
    if explain_files:
        options.write(_explained(project))
        return 0
    rules = pipeline.load_rules(project, folders)
    gate = replace(project.config.gate or GateConfig(), fail_on=fail_on) if fail_on else None
    chosen = options.render_options(show_all=show_all)
    with options.progress_bar(project) as progress:
        result = pipeline.audit(project, rules, gate, progress)
    rendered = [(file, render(name, result, chosen)) for name, file in wanted]
    printed = render(format_name, result, chosen)
    for file, text in rendered:
        _save(file, text)
    options.write(printed)
    return exit_code(result.verdict)


def _target(output: str) -> tuple[str, Path]:
    name, colon, file = output.partition(":")
    if not colon or not file:
        raise UsageError(f"-o {output}: write it as FORMAT:FILE, such as -o html:report.html")
    return name, Path(file)


def _save(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as fault:
        raise UsageError(f"{file} can't be written: {fault.strerror}; name a file in an existing folder") from fault


def _explained(project: Project) -> str:
    """Which files are read, and why others are not."""
    from medpro_audit.reporters.escaping import visible  # noqa: PLC0415 - heavy

    inventory = project.inventory
    lines = [f"read      {visible(source.path)}" for source in inventory.sources if not source.linked]
    lines += [f"on demand {visible(source.path)}" for source in inventory.sources if source.linked]
    lines += [f"left out  {visible(each.path)}: {visible(each.reason)}" for each in inventory.exclusions]
    lines += [f"notice    {notice.place or '.'}: {visible(notice.message)}" for notice in inventory.notices]
    return "\n".join([*lines, f"{len(inventory.sources)} files, {len(inventory.exclusions)} left out", ""])
