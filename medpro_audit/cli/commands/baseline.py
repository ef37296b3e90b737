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
    from medpro_audit.core.finding import Finding
    from medpro_audit.gate.baseline import Baseline, Match, Minimum
    from medpro_audit.result import AuditResult
    from medpro_audit.result.baseline import Entry


class _Scanned(NamedTuple):
    """What is found today, and the baseline that it may be held against."""

    file: BaselineFile
    result: AuditResult
    day: date
    ratchets: bool
    """What metrics have reached becomes their minimum."""

    def held(self) -> _Held:
        """The baseline held against what is found.

        Raises:
            UsageError: There is none.
        """
        baseline = self.file.read()
        if baseline is None:
            raise UsageError(
                f"there is no {self.file.name}; medpro-audit baseline write makes one of what is found today"
            )
        return _Held(baseline, self.file.match(baseline, self.result.findings, self.day))

    def keep(self, baseline: Baseline) -> tuple[Minimum, ...]:
        """Write a baseline, with what metrics have reached; the minimums that are higher than they were."""
        from medpro_audit.gate.baseline import with_minimums  # noqa: PLC0415 - heavy

        kept = with_minimums(baseline, self.result.metrics) if self.ratchets else baseline
        self.file.write(kept)
        before = {each.metric: each.minimum for each in baseline.minimums}
        return tuple(each for each in kept.minimums if each.minimum > before.get(each.metric, 0.0))


class _Held(NamedTuple):
    """A baseline held against what is found today."""

    baseline: Baseline
    match: Match


@click.group("baseline")
def command() -> None:
    """Keep the findings that are accepted for now, one line each."""


def _scanning(function: Callable[..., None]) -> Callable[..., None]:
    """Adds the options of a scan to a command, and gives it what is found."""

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

        project = options.open_project(directory, config_file)
        rules = pipeline.load_rules(project, folders)
        with options.open_cache(cache_dir, no_cache=no_cache) as cache, options.progress_bar(project) as progress:
            result = pipeline.audit(project, rules, means=pipeline.Means(cache, progress))
        ratchets = project.config.gate is not None and project.config.gate.ratchet
        function(_Scanned(File(project.loaded, project.root), result, options.day(today), ratchets), **others)

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
def write(scanned: _Scanned, *, reason: str, owner: str, expires: datetime | None, force: bool) -> None:
    """Accept everything that is found today."""
    from medpro_audit.gate.baseline import Baseline as Empty  # noqa: PLC0415 - heavy

    name = scanned.file.name
    if scanned.file.path.exists() and not force:
        raise UsageError(f"{name} exists; medpro-audit baseline update changes it, --force replaces it")
    accept = _accepting(scanned, reason, owner, expires)
    raised = scanned.keep(Empty(tuple(map(accept, scanned.result.findings))))
    options.write(f"{name}: {_count(len(scanned.result.findings), 'finding')} accepted\n{_reached(raised)}")
    attributes = f"{scanned.file.path.name} merge=union"
    options.write(f"Add this line to .gitattributes, so that branches merge it by themselves:\n{attributes}\n")


@command.command("update")
@_scanning
@_described
@click.option("--add", "adds", is_flag=True, help="Accept new findings too.")
def update(scanned: _Scanned, *, reason: str, owner: str, expires: datetime | None, adds: bool) -> None:
    """Follow findings that have moved, drop those that are fixed, and raise what metrics have reached."""
    from medpro_audit.gate.baseline import updated  # noqa: PLC0415 - heavy

    if not adds and (reason or owner or expires):
        raise UsageError("--reason, --owner and --expires are for new lines, which only --add makes")
    accept = _accepting(scanned, reason, owner, expires)
    baseline, match = scanned.held()
    raised = scanned.keep(updated(baseline, match, add=accept if adds else None))
    added = len(match.new) if adds else 0
    left = "" if adds or not match.new else f"; {_count(len(match.new), 'new finding')} not accepted (--add)"
    options.write(f"{scanned.file.name}: {len(match.stale)} dropped, {added} added{left}\n{_reached(raised)}")


@command.command("prune")
@_scanning
def prune(scanned: _Scanned) -> None:
    """Drop the lines whose findings are fixed; change nothing else."""
    from msgspec.structs import replace  # noqa: PLC0415 - heavy

    baseline, match = scanned.held()
    stale = set(match.stale)
    scanned.file.write(replace(baseline, entries=tuple(each for each in baseline.entries if each not in stale)))
    options.write(f"{scanned.file.name}: {len(stale)} dropped\n")


@command.command("show")
@_scanning
def show(scanned: _Scanned) -> None:
    """Show what is accepted, and what of it is over or fixed."""
    from medpro_audit.reporters.baseline import render_baseline  # noqa: PLC0415 - heavy

    options.write(render_baseline(scanned.file.name, scanned.held().match, options.render_options()))


@command.command("explain")
@click.argument("fingerprint")
@_scanning
def explain(scanned: _Scanned, fingerprint: str) -> None:
    """Say what a line of the baseline, or a finding, is about."""
    from medpro_audit.reporters.baseline import render_line  # noqa: PLC0415 - heavy

    options.write(render_line(fingerprint, scanned.held().match, options.render_options()))


def _accepting(scanned: _Scanned, reason: str, owner: str, expires: datetime | None) -> Callable[[Finding], Entry]:
    """What makes the line that accepts a finding.

    Raises:
        UsageError: It would be over already.
    """
    from medpro_audit.gate.baseline import entry_of  # noqa: PLC0415 - heavy

    until = expires.date() if expires is not None else None
    if until is not None and until <= scanned.day:
        raise UsageError(f"--expires {until} is not after today, {scanned.day}: from that day on nothing is accepted")

    def accepted(finding: Finding) -> Entry:
        return entry_of(finding, reason=reason, owner=owner, expires=until)

    return accepted


def _reached(raised: tuple[Minimum, ...]) -> str:
    """The minimums that a metric has reached only now, in a line; nothing for none."""
    told = ", ".join(f"{each.metric} {each.minimum:.1f} %" for each in raised)
    return f"not below this any more: {told}\n" if told else ""


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"
