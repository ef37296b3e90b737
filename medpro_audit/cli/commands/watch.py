"""``medpro-audit watch``."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from medpro_audit.cli import options
from medpro_audit.core.errors import ConfigurationError
from medpro_audit.core.finding import Severity

if TYPE_CHECKING:
    from medpro_audit.adapters.cache import Cache
    from medpro_audit.adapters.watching import Watched, Watcher
    from medpro_audit.pipeline import Project
    from medpro_audit.result import AuditResult


class _Wanted(NamedTuple):
    """What the command line asks for."""

    directory: Path
    config_file: Path | None
    folders: tuple[Path, ...]
    """Of further rule packs."""
    fail_on: Severity | None


@click.command("watch")
@options.directory
@options.config_file
@options.rules
@options.cache
@options.fail_on
def command(  # noqa: PLR0913 - one parameter an option
    directory: Path,
    config_file: Path | None,
    folders: tuple[Path, ...],
    cache_dir: Path | None,
    fail_on: Severity | None,
    *,
    no_cache: bool,
) -> None:
    """Audit a directory on every change and show what is different, until Ctrl-C."""
    from medpro_audit.adapters.watching import Watcher  # noqa: PLC0415 - heavy

    wanted = _Wanted(directory, config_file, folders, fail_on)
    try:
        with _cache(cache_dir, no_cache=no_cache) as cache, closing(Watcher()) as watcher:
            session = _Session(wanted, cache, watcher)
            options.write(session.begin())
            while True:
                _collect_garbage()  # while there is time: else it would be done in the middle of the next scan
                options.write(session.go_on())
    except KeyboardInterrupt:  # this is how it is meant to end
        if sys.stdout.isatty():
            options.write("\n")


def _collect_garbage() -> None:
    """Free what the last scan has left; a Ctrl-C meanwhile waits, since what weak references call would swallow it.

    Raises:
        KeyboardInterrupt: There was one.
    """
    interrupts: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: interrupts.append(number))
    try:
        gc.collect()
    finally:
        signal.signal(signal.SIGINT, before)
    if interrupts:
        raise KeyboardInterrupt


@contextmanager
def _cache(folder: Path | None, *, no_cache: bool) -> Iterator[Cache | None]:
    """The user's cache, or one that lasts as long as this command: a scan takes unchanged files from it."""
    if not no_cache:
        with options.open_cache(folder, no_cache=False) as cache:
            yield cache
        return
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - heavy

    with TemporaryDirectory(prefix="medpro-audit-") as own, options.open_cache(Path(own), no_cache=False) as cache:
        yield cache


class _Session:
    """What was found last, and how to look again."""

    def __init__(self, wanted: _Wanted, cache: Cache | None, watcher: Watcher) -> None:
        self._wanted = wanted
        self._cache = cache
        self._watcher = watcher
        self._watched: Watched
        self._result: AuditResult
        """What the next result is compared with."""
        self._changed: set[str] = set()
        """Files that have changed since that result."""

    def begin(self) -> str:
        """Scan for the first time; what to print of it."""
        from medpro_audit.reporters.watching import render_start  # noqa: PLC0415 - heavy

        self._result = self._scan(is_first=True)
        return render_start(self._result, options.render_options())

    def go_on(self) -> str:
        """Wait for a change and scan again; what to print of it."""
        from medpro_audit.difference import compare  # noqa: PLC0415 - heavy, as all below
        from medpro_audit.reporters.watching import render_difference, render_fault, render_held  # noqa: PLC0415

        latest = self._next_change()
        self._changed |= latest
        try:
            result = self._scan()
        except ConfigurationError as fault:
            return render_fault(sorted(latest), fault.problems, options.render_options())
        difference = compare(self._result, result)
        faults = [each for each in difference.notices.new if each.kind == "syntax-error"]
        if any(fault.place and fault.place.file in latest for fault in faults):
            # In the middle of an edit, what the file said before is neither fixed nor removed.
            return render_held(sorted(latest), faults, options.render_options())
        changed, self._changed, self._result = sorted(self._changed), set(), result
        return render_difference(changed, difference, result, options.render_options())

    def _next_change(self) -> frozenset[str]:
        while True:
            changed = self._watched.concerned(self._watcher.wait())
            if changed:
                return changed

    def _scan(self, *, is_first: bool = False) -> AuditResult:
        from medpro_audit import pipeline  # noqa: PLC0415 - heavy

        project = self._open()
        rules = pipeline.load_rules(project, self._wanted.folders)
        gate = options.gate_of(project, self._wanted.fail_on)
        if not is_first:
            return pipeline.audit(project, rules, gate, pipeline.Means(self._cache, keeps_model=False))
        with options.progress_bar(project) as progress:
            return pipeline.audit(project, rules, gate, pipeline.Means(self._cache, progress))

    def _open(self) -> Project:
        """Read the configuration and list the files, again until all folders were watched before that."""
        from medpro_audit.adapters.watching import Watched  # noqa: PLC0415 - heavy
        from medpro_audit.pipeline import rule_folders  # noqa: PLC0415 - heavy

        while True:
            project = options.open_project(self._wanted.directory, self._wanted.config_file)
            named = [self._wanted.config_file] if self._wanted.config_file else []
            others = tuple(path.resolve() for path in (*named, *rule_folders(project, self._wanted.folders)))
            self._watched = Watched(project.root.resolve(), project.inventory, others)
            if not self._watcher.cover(self._watched.folders):
                return project
