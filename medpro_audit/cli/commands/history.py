"""``medpro-audit history``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from medpro_audit.cli import options
from medpro_audit.core.errors import EXIT_INCOMPLETE, EXIT_PASSED, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from medpro_audit.adapters.history.store import Kept
    from medpro_audit.history.record import Record, Revision

FORMATS = click.Choice(["text", "json"])
_MOST_WEEKS = 520
_LEAST_DIGITS = 4
"""Of a commit: fewer are the number of a scan."""


@click.group("history")
def command() -> None:
    """Look at scans that were recorded, and record those of earlier commits."""


_format = click.option("-f", "--format", "format_name", type=FORMATS, default="text", show_default=True)
_project = click.option("--project", help="Only scans of the project of this name.")


@command.command("list")
@options.history
@_project
@_format
def list_scans(location: str | None, project: str | None, format_name: str) -> None:
    """List what was recorded, the latest last."""
    from medpro_audit.reporters import history as reporter  # noqa: PLC0415 - heavy

    history = options.open_history(location)
    scans = [(kept.id, kept.scan) for kept in history.scans(project)]
    text = reporter.scans_json(scans) if format_name == "json" else reporter.scans_text(scans, options.render_options())
    options.write(text)


@command.command("show")
@click.argument("scan", default="latest")
@options.history
@_project
@_format
def show(scan: str, location: str | None, project: str | None, format_name: str) -> None:
    """Show a recorded scan: SCAN is its number, its commit, or latest."""
    from medpro_audit.reporters import history as reporter  # noqa: PLC0415 - heavy

    history = options.open_history(location)
    record = history.record(_named(scan, history.scans(project)))
    text = (
        reporter.record_json(record)
        if format_name == "json"
        else reporter.record_text(record, options.render_options())
    )
    options.write(text)


@command.command("compare")
@click.argument("before", default="previous")
@click.argument("after", default="latest")
@options.history
@_project
@_format
def compare(before: str, after: str, location: str | None, project: str | None, format_name: str) -> None:
    """Hold two recorded scans against each other, by default the last two of a project."""
    from medpro_audit.history.comparison import compare as compare_  # noqa: PLC0415 - heavy
    from medpro_audit.reporters import history as reporter  # noqa: PLC0415

    history = options.open_history(location)
    scans = history.scans(project)
    later = _named(after, scans)
    same = [kept for kept in scans if kept.scan.project == later.scan.project]
    earlier = _previous(later, same) if before == "previous" else _named(before, same)
    found = compare_(history.record(earlier), history.record(later))
    text = (
        reporter.comparison_json(found)
        if format_name == "json"
        else reporter.comparison_text(found, options.render_options())
    )
    options.write(text)


@command.command("prune")
@options.history
@_project
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]), help="Remove all scans of states before this day.")
@click.option(
    "--thin",
    "weeks",
    type=click.IntRange(0, _MOST_WEEKS),
    help="Of what is older than so many weeks, keep the last scan of each week.",
)
@click.option("--dry-run", is_flag=True, help="Only say how many would be removed.")
@options.today
def prune(  # noqa: PLR0913 - one parameter an option
    location: str | None,
    project: str | None,
    before: datetime | None,
    weeks: int | None,
    today: datetime | None,
    *,
    dry_run: bool,
) -> None:
    """Remove old scans."""
    from medpro_audit.adapters.history.store import thinned  # noqa: PLC0415 - heavy

    if before is None and weeks is None:
        raise UsageError("say what to remove: --before YYYY-MM-DD, or --thin WEEKS")
    history = options.open_history(location)
    scans = history.scans(project)
    gone = {kept.id for kept in scans if before is not None and kept.scan.revision.at.date() < before.date()}
    if weeks is not None:
        gone |= {kept.id for kept in thinned(scans, options.day(today), weeks)}
    if not dry_run:
        history.remove(sorted(gone))
    removed = f"{len(gone):,} of {_count(len(scans), 'scan')}"
    options.write(f"{history.name}: {removed} {'would be removed' if dry_run else 'removed'}\n")


@command.command("export")
@options.history
@_project
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write, else it is printed."
)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a line instead.")
def export(location: str | None, project: str | None, output: Path | None, *, schema: bool) -> None:
    """Write all records as JSON Lines, one scan a line, the earliest first."""
    if schema:
        from medpro_audit.reporters.history import record_schema  # noqa: PLC0415 - heavy

        options.write(record_schema())
        return
    from medpro_audit.adapters.history.lines import write_lines  # noqa: PLC0415 - heavy

    history = options.open_history(location)
    scans = history.scans(project)
    write_lines((history.record(kept) for kept in scans), output)
    if output is not None:
        options.write(f"{output}: {_count(len(scans), 'scan')}\n")


@command.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True)
)
@options.history
def import_(files: tuple[Path, ...], location: str | None) -> None:
    """Keep the records of exported files; what is there already stays as it is."""
    from medpro_audit.adapters.history.lines import read_lines  # noqa: PLC0415 - heavy

    history = options.new_history(location)
    new, known = history.add(record for file in files for record in read_lines(file))
    options.write(f"{history.name}: {_count(new, 'scan')} added, {known:,} there already\n")


@command.command("backfill")
@options.directory
@options.config_file
@options.rules
@options.cache
@options.history
@options.project_name
@options.today
@click.option("--weeks", type=click.IntRange(1, _MOST_WEEKS), default=26, show_default=True, help="Weeks to look back.")
@click.option("--again", is_flag=True, help="Also scan what was recorded already.")
def backfill(  # noqa: PLR0913 - one parameter an option
    directory: Path,
    config_file: Path | None,
    folders: tuple[Path, ...],
    cache_dir: Path | None,
    location: str | None,
    project_name: str | None,
    today: datetime | None,
    weeks: int,
    *,
    no_cache: bool,
    again: bool,
) -> int:
    """Record earlier commits, the last of each week, with the rules and the configuration of today.

    They are read from git's objects; nothing is checked out.
    """
    from medpro_audit import pipeline  # noqa: PLC0415 - heavy, as all below
    from medpro_audit.adapters.git_log import GitLog  # noqa: PLC0415
    from medpro_audit.adapters.history.recording import present_epoch  # noqa: PLC0415
    from medpro_audit.cli.backfilling import Earlier, recorded_commits, weekly_states  # noqa: PLC0415

    project = options.open_project(directory, config_file)
    rules = pipeline.load_rules(project, folders)
    git, epoch = GitLog(project.root), present_epoch(rules, project.config)
    states = weekly_states(git, options.day(today), weeks)
    history = options.new_history(location, project.root)
    left_out = False
    with options.open_cache(cache_dir, no_cache=no_cache) as cache:
        name = project_name or pipeline.name_of(project, pipeline.Means(cache))
        known = frozenset() if again else recorded_commits(history, name, epoch)
        earlier = Earlier(project, rules, git, epoch, pipeline.Means(cache, keeps_model=False))
        for week, revision in states:
            told = f"{week.name}  {revision.name}  "
            if revision.commit in known:
                options.write(f"{told}recorded already\n")
                continue
            try:
                record = earlier.measured(revision, name)
            except UsageError as fault:
                left_out = True
                options.warn(f"{told}left out: {fault}")
                continue
            if record is not None:
                history.keep([record])
            options.write(f"{told}{_found(record)}\n")
    return EXIT_INCOMPLETE if left_out else EXIT_PASSED


@command.command("pull")
@options.directory
@options.history
@options.branch
def pull(directory: Path, location: str | None, branch: str | None) -> None:
    """Take over what a branch of the repository carries; without such a branch, nothing."""
    carrier = options.history_branch(directory, branch)
    history = options.new_history(location, directory)
    new, known = history.add(carrier.records())
    options.write(f"{history.name}: {_count(new, 'scan')} of {carrier.name} added, {known:,} there already\n")


@command.command("push")
@options.directory
@options.history
@options.today
@options.branch
@click.option(
    "--thin",
    "weeks",
    type=click.IntRange(0, _MOST_WEEKS),
    help="Of what is older than so many weeks, leave the last scan of each week in the branch.",
)
def push(directory: Path, location: str | None, today: datetime | None, branch: str | None, weeks: int | None) -> None:
    """Add what was recorded to a branch of the repository; it is begun where there is none.

    GITHUB_TOKEN and GITHUB_SERVER_URL sign in, where they are set.
    """
    from medpro_audit.adapters.history.store import thinned  # noqa: PLC0415 - heavy

    carrier = options.history_branch(directory, branch)
    history = options.open_history(location, directory)
    scans = history.scans()
    gone = thinned(scans, options.day(today), weeks) if weeks is not None else ()
    new = carrier.add((history.record(kept) for kept in scans), (kept.scan for kept in gone))
    options.write(f"{carrier.name}: {_count(new, 'scan')} added\n")


def _found(record: Record | None) -> str:
    if record is None:
        return "the directory was not there"
    return f"{_count(len(record.endpoints), 'endpoint')}, {_count(len(record.findings), 'finding')}"


def _named(name: str, scans: Sequence[Kept]) -> Kept:
    """The scan that a number, a commit or ``latest`` stands for.

    Raises:
        UsageError: There is none.
    """
    if name == "latest" and scans:
        return scans[-1]
    found = [kept for kept in scans if str(kept.id) == name]
    if not found and len(name) >= _LEAST_DIGITS:
        found = [kept for kept in scans if _is_named(kept.scan.revision, name.lower())]
    if not found:
        raise UsageError(f'no scan "{name}" was recorded; medpro-audit history list shows all')
    if len({kept.scan.revision.commit for kept in found}) > 1:
        raise UsageError(f'"{name}" is the beginning of several commits; write more of it, or the number of the scan')
    return found[-1]


def _is_named(revision: Revision, name: str) -> bool:
    """By its commit, however short, as the list writes it: with ``+`` where files were changed since."""
    return (revision.commit or "").startswith(name.removesuffix("+")) and (revision.is_dirty or name[-1] != "+")


def _previous(later: Kept, scans: Sequence[Kept]) -> Kept:
    earlier = [kept for kept in scans if kept.scan.revision.at <= later.scan.revision.at and kept.id != later.id]
    alike = [kept for kept in earlier if kept.scan.epoch.id == later.scan.epoch.id]
    if not earlier:
        raise UsageError(
            "only one scan of this project was recorded; medpro-audit history backfill records earlier ones"
        )
    return (alike or earlier)[-1]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"
