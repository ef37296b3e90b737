"""``medpro-audit github record``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from medpro_audit.cli import options
from medpro_audit.core.errors import UsageError

if TYPE_CHECKING:
    from datetime import date, datetime

    from medpro_audit.adapters.history.store import History
    from medpro_audit.adapters.history_branch import HistoryBranch
    from medpro_audit.history.record import Record

WEEKS_IN_FULL = 4
"""Of what is older the branch keeps the last scan of each week."""


@click.command("record")
@options.directory
@options.config_file
@options.rules
@options.cache
@options.history
@options.project_name
@options.branch
@options.today
@click.option("--if-allowed", is_flag=True, help="Where the token may not write the branch, say so and exit with 0.")
def record(  # noqa: PLR0913 - one parameter an option
    directory: Path,
    config_file: Path | None,
    folders: tuple[Path, ...],
    cache_dir: Path | None,
    location: str | None,
    project_name: str | None,
    branch: str | None,
    today: datetime | None,
    *,
    no_cache: bool,
    if_allowed: bool,
) -> None:
    """Record the present state: in the history that --history names, else in a branch of the repository."""
    from medpro_audit import pipeline  # noqa: PLC0415 - heavy, as below
    from medpro_audit.cli.present import present_record  # noqa: PLC0415

    project = options.open_project(directory, config_file)
    rules = pipeline.load_rules(project, folders)
    history = options.new_history(location, project.root)
    carrier = options.history_branch(project.root, branch) if location is None else None
    with options.open_cache(cache_dir, no_cache=no_cache) as cache:
        result = pipeline.audit(project, rules, None, pipeline.Means(cache))
    now = present_record(project, rules, result, project_name)
    try:
        where = _kept(now, history, carrier, options.day(today))
    except UsageError as fault:
        if not if_allowed:
            raise
        options.write(f"Not recorded: {fault}\n")
        return
    options.write(f"Recorded {now.scan.revision.name} in {where}.\n")


def _kept(now: Record, history: History, carrier: HistoryBranch | None, today: date) -> str:
    """Keep a record; where."""
    from medpro_audit.adapters.history.store import thinned  # noqa: PLC0415 - heavy

    if carrier is None:
        history.keep([now])
        return history.name
    history.keep(carrier.records())
    history.keep([now])
    gone = thinned(history.scans(), today, WEEKS_IN_FULL)
    carrier.add([now], (kept.scan for kept in gone))
    return carrier.name
