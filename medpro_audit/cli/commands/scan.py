"""``medpro-audit scan``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from medpro_audit.cli import options
from medpro_audit.core.errors import EXIT_PASSED, UsageError
from medpro_audit.core.stages import stage

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from medpro_audit.core.finding import Severity
    from medpro_audit.pipeline import Project
    from medpro_audit.result import AuditResult
    from medpro_audit.rules.rule import RuleSet


@click.command("scan")
@options.directory
@options.config_file
@options.rules
@options.cache
@click.option("-f", "--format", "format_name", default="console", show_default=True, help="Format to print.")
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="[FORMAT:]FILE", help="Also write a format to a file."
)
@click.option("-j", "--jobs", type=click.IntRange(1, 64), help="Processes that read files (else what pays off).")
@options.fail_on
@options.base
@options.today
@click.option("--dry-run", is_flag=True, help="Say what would fail, and exit with 0 all the same.")
@click.option("--all", "show_all", is_flag=True, help="Show every finding, not only the first of each rule.")
@click.option("--suppressed", "show_suppressed", is_flag=True, help="Also show the findings that comments accept.")
@click.option("--explain-files", is_flag=True, help="Only say which files are read, and why others are not.")
@click.option("--prefix", default="", metavar="PATH", help="Put this path before those in formats for CI systems.")
@click.option("--record", "records", is_flag=True, help="Record what is measured; see medpro-audit history.")
@options.history
@options.project_name
@options.timings
def command(  # noqa: PLR0913 - one parameter an option
    directory: Path,
    config_file: Path | None,
    folders: tuple[Path, ...],
    format_name: str,
    outputs: tuple[str, ...],
    fail_on: Severity | None,
    cache_dir: Path | None,
    jobs: int | None,
    base: str | None,
    today: datetime | None,
    prefix: str,
    location: str | None,
    project_name: str | None,
    *,
    records: bool,
    dry_run: bool,
    no_cache: bool,
    show_all: bool,
    show_suppressed: bool,
    explain_files: bool,
) -> int:
    """Audit a directory and report scorecard, findings and verdict."""
    with stage("start-up"):
        from medpro_audit import pipeline  # noqa: PLC0415 - heavy, as all below
        from medpro_audit.gate.policy import exit_code  # noqa: PLC0415
        from medpro_audit.reporters.formats import rendered, renderer  # noqa: PLC0415

    wanted = [_target(output) for output in outputs]
    chosen = options.render_options(show_all=show_all, show_suppressed=show_suppressed, prefix=_folder(prefix))
    for name in (format_name, *(name for name, _ in wanted)):
        renderer(name, chosen.templates)  # to refuse an unknown one before the work
    project = options.open_project(directory, config_file)
    if explain_files:
        options.write(_explained(project))
        return 0
    rules = pipeline.load_rules(project, folders)
    gate = options.gate_of(project, fail_on)
    record = _recording(project, rules, location, project_name) if records else None
    with options.open_cache(cache_dir, no_cache=no_cache) as cache, options.progress_bar(project) as progress:
        result = pipeline.audit(
            project, rules, gate, pipeline.Means(cache, progress, jobs), pipeline.Reference(base, options.day(today))
        )
    texts = [(file, rendered(name, result, chosen)) for name, file in wanted]
    printed = rendered(format_name, result, chosen)
    for file, text in texts:
        options.save(file, text)
    options.write(printed, has_commands=format_name == "github")
    if record is not None:
        record(result)
    return EXIT_PASSED if dry_run else exit_code(result.verdict)


@stage("recording")
def _recording(
    project: Project, rules: RuleSet, location: str | None, name: str | None
) -> Callable[[AuditResult], None]:
    """What keeps the result; a history that can't be written, or a state that can't be told, ends the run here."""
    from medpro_audit.adapters.history.recording import present_epoch, present_revision  # noqa: PLC0415 - heavy
    from medpro_audit.history.record import record_of  # noqa: PLC0415

    history = options.new_history(location, project.root)
    revision, epoch = present_revision(project.root, project.inventory), present_epoch(rules, project.config)

    @stage("recording")
    def record(result: AuditResult) -> None:
        history.keep([record_of(result, revision, epoch, name)])
        click.echo(f"medpro-audit: recorded {revision.name} in {history.name}", err=True)

    return record


def _folder(prefix: str) -> str:
    """A path that others can be put behind."""
    trimmed = prefix.removeprefix("./").rstrip("/")
    return f"{trimmed}/" if trimmed not in {"", "."} else ""


_BY_ENDING = {
    ".csv": "csv",
    ".html": "html",
    ".json": "json",
    ".md": "markdown",
    ".sarif": "sarif",
    ".svg": "badge",
}


def _target(output: str) -> tuple[str, Path]:
    """The format and file of ``-o``; without a format, the one that the file's ending says.

    Raises:
        UsageError: No file is named, or its ending stands for no format or for several.
    """
    name, colon, file = output.partition(":")
    if colon and file:
        return name, Path(file)
    found = _BY_ENDING.get(Path(output).suffix)
    if colon or found is None:
        several = f"{', '.join(_BY_ENDING)} say the format by themselves"
        raise UsageError(f"-o {output}: write it as FORMAT:FILE, such as -o junit:report.xml; {several}")
    return found, Path(output)


def _explained(project: Project) -> str:
    """Which files are read, and why others are not."""
    from medpro_audit.reporters.escaping import visible  # noqa: PLC0415 - heavy

    inventory = project.inventory
    lines = [f"read      {visible(source.path)}" for source in inventory.sources if not source.linked]
    lines += [f"on demand {visible(source.path)}" for source in inventory.sources if source.linked]
    lines += [f"left out  {visible(each.path)}: {visible(each.reason)}" for each in inventory.exclusions]
    lines += [f"notice    {notice.place or '.'}: {visible(notice.message)}" for notice in inventory.notices]
    return "\n".join([*lines, f"{len(inventory.sources)} files, {len(inventory.exclusions)} left out", ""])
