"""``medpro-audit baseline``."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from medpro_audit.cli import options
from medpro_audit.core.errors import UsageError

if TYPE_CHECKING:
    from datetime import date, datetime

    from medpro_audit.adapters.baseline_file import BaselineFile
    from medpro_audit.gate.baseline import Baseline, Match
    from medpro_audit.result import AuditResult


class _Held(NamedTuple):
    """A baseline held against what is found today."""

    file: BaselineFile
    baseline: Baseline
    match: Match
    result: AuditResult
    day: date


@click.group("baseline")
def command() -> None:
    """Keep the findings that are accepted for now, one line each."""


def _scanning(function: Callable[..., None]) -> Callable[..., None]:
    """Adds the options of a scan to a command, and gives it the baseline held against what is found."""

    @options.directory
    @options.config_file
    @options.rules
    @options.cache
    @options.today
    @wraps(function)
    def scanning(  # noqa: PLR0913 - one parameter an option
        directory: Path,
        config_file: Path | None,
        folders: tuple[Path, ...],
        cache_dir: Path | None,
        today: datetime | None,
        *,
        no_cache: bool,
        **others: object,
    ) -> None:
        from medpro_audit import pipeline  # noqa: PLC0415 - heavy, as all below
        from medpro_audit.adapters.baseline_file import BaselineFile as File  # noqa: PLC0415
        from medpro_audit.gate.baseline import Baseline as Empty  # noqa: PLC0415

        project = options.open_project(directory, config_file)
        rules = pipeline.load_rules(project, folders)
        with options.open_cache(cache_dir, no_cache=no_cache) as cache, options.progress_bar(project) as progress:
            result = pipeline.audit(project, rules, means=pipeline.Means(cache, progress))
        file = File(project.loaded, project.root)
        baseline, day = file.read() or Empty(), options.day(today)
        function(_Held(file, baseline, file.match(baseline, result.findings, day), result, day), **others)

    return scanning


def _described(function: Callable[..., None]) -> Callable[..., None]:
    """Adds the options that say why findings are accepted."""
    for option in (
        click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="Day from which they count again."),
        click.option("--owner", default="", help="Who will mend them."),
        click.option("--reason", default="", help="Why they are accepted."),
    ):
        function = option(function)
    return function


@command.command("write")
@_scanning
@_described
@click.option("--force", is_flag=True, help="Replace a baseline that is there.")
def write(held: _Held, *, reason: str, owner: str, expires: datetime | None, force: bool) -> None:
    """Accept everything that is found today."""
    from medpro_audit.gate.baseline import Baseline as Empty  # noqa: PLC0415 - heavy, as below
    from medpro_audit.gate.baseline import entry_of, with_minimums  # noqa: PLC0415

    if held.file.path.exists() and not force:
        raise UsageError(f"{held.file.name} exists; medpro-audit baseline update changes it, --force replaces it")
    until = expires.date() if expires is not None else None
    entries = tuple(entry_of(finding, reason=reason, owner=owner, expires=until) for finding in held.result.findings)
    held.file.write(with_minimums(Empty(entries), held.result.metrics))
    options.write(f"{held.file.name}: {_count(len(entries), 'finding')} accepted\n")
    attributes = f"{held.file.name} merge=union"
    options.write(f"Add this line to .gitattributes, so that branches merge it by themselves:\n{attributes}\n")


@command.command("update")
@_scanning
@_described
@click.option("--add", "adds", is_flag=True, help="Accept new findings too.")
def update(held: _Held, *, reason: str, owner: str, expires: datetime | None, adds: bool) -> None:
    """Follow findings that have moved, drop those that are fixed, and raise what metrics have reached."""
    from medpro_audit.gate.baseline import entry_of, updated, with_minimums  # noqa: PLC0415 - heavy

    until = expires.date() if expires is not None else None

    def accepted(finding: Finding) -> Entry:
        return entry_of(finding, reason=reason, owner=owner, expires=until)

    after = updated(held.baseline, held.match, add=accepted if adds else None)
    held.file.write(with_minimums(after, held.result.metrics))
    added = len(held.match.new) if adds else 0
    left = "" if adds or not held.match.new else f"; {_count(len(held.match.new), 'new finding')} not accepted (--add)"
    options.write(f"{held.file.name}: {len(held.match.stale)} dropped, {added} added{left}\n")


@command.command("prune")
@_scanning
def prune(held: _Held) -> None:
    """Drop the lines whose findings are fixed; change nothing else."""
    from msgspec.structs import replace  # noqa: PLC0415 - heavy

    stale = set(held.match.stale)
    held.file.write(replace(held.baseline, entries=tuple(each for each in held.baseline.entries if each not in stale)))
    options.write(f"{held.file.name}: {len(stale)} dropped\n")


@command.command("show")
@_scanning
def show(held: _Held) -> None:
    """Show what is accepted, and what of it is over or fixed."""
    from medpro_audit.reporters.baseline import render_baseline  # noqa: PLC0415 - heavy

    options.write(render_baseline(held.file.name, held.match, options.render_options()))


@command.command("explain")
@click.argument("fingerprint")
@_scanning
def explain(held: _Held, fingerprint: str) -> None:
    """Say what a line of the baseline, or a finding, is about."""
    from medpro_audit.reporters.baseline import render_line  # noqa: PLC0415 - heavy

    options.write(render_line(fingerprint, held.match, options.render_options()))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"


if TYPE_CHECKING:
    from medpro_audit.core.finding import Finding
    from medpro_audit.result.baseline import Entry
