"""Arguments and options that several commands share, and how text leaves the program."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import click

from medpro_audit.core.errors import UsageError
from medpro_audit.core.finding import SEVERITIES

if TYPE_CHECKING:
    from datetime import date, datetime

    from medpro_audit.adapters.cache import Cache
    from medpro_audit.adapters.history.store import History
    from medpro_audit.adapters.history_branch import HistoryBranch
    from medpro_audit.core.config import GateConfig
    from medpro_audit.core.finding import Severity
    from medpro_audit.pipeline import Progress, Project
    from medpro_audit.reporters.options import RenderOptions

Command = TypeVar("Command", bound=Callable[..., object])

MAX_WIDTH = 160
MIN_FILES_SHOWN = 200
"""Scans of fewer files are over before a progress bar is read."""

directory = click.argument("directory", type=click.Path(path_type=Path), default=Path())
config_file = click.option(
    "-c", "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file to use."
)
rules = click.option(
    "--rules", "folders", type=click.Path(path_type=Path), multiple=True, help="Folder of further rule packs."
)


fail_on = click.option("--fail-on", type=click.Choice(SEVERITIES), help="Fail on findings of this severity or worse.")
base = click.option(
    "--base", metavar="REF", help="Compare with where the present commit has parted from this branch, tag or commit."
)
today = click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day by which lines of the baseline are over.",
)
history = click.option(
    "--history",
    "location",
    metavar="FILE|URL",
    envvar="MEDPRO_AUDIT_HISTORY",
    help="Where scans are recorded: a SQLite file or postgresql://… (else .medpro-audit/history.sqlite, or "
    "MEDPRO_AUDIT_HISTORY).",
)
project_name = click.option("--project", "project_name", help="Record under this name (else that of the package).")
branch = click.option("--branch", help="Branch of the repository that carries the history (else medpro-audit-history).")
_no_cache = click.option("--no-cache", is_flag=True, help="Remember nothing, and take over nothing from earlier scans.")
_cache_dir = click.option(
    "--cache-dir",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="MEDPRO_AUDIT_CACHE_DIR",
    help="Where to remember scans (else a folder of the user's, or MEDPRO_AUDIT_CACHE_DIR).",
)


def cache(command: Command) -> Command:
    """Options for what is remembered from one scan to the next."""
    return _no_cache(_cache_dir(command))


def timings(command: Command) -> Command:
    """An option that tells where the time went, on standard error after all else."""

    @click.option("--timings", "are_wanted", is_flag=True, help="Say afterwards, on stderr, where the time went.")
    @wraps(command)
    def timed(*arguments: object, are_wanted: bool, **named: object) -> object:
        if not are_wanted:
            return command(*arguments, **named)
        from medpro_audit.cli.timings import Stopwatch  # noqa: PLC0415 - rarely needed
        from medpro_audit.core.stages import recorded  # noqa: PLC0415

        stopwatch = Stopwatch()
        with recorded(stopwatch):
            outcome = command(*arguments, **named)
        from medpro_audit.reporters.terminal import Terminal  # noqa: PLC0415 - heavy, and not to be measured

        click.echo(stopwatch.table(Terminal(80, colour=False, unicode=True)), err=True, nl=False)
        return outcome

    return cast("Command", timed)


def day(chosen: datetime | None) -> date:
    """The day that ``--today`` names, else the present one: the only place where a clock is looked at."""
    from datetime import UTC  # noqa: PLC0415 - heavy
    from datetime import datetime as datetime_  # noqa: PLC0415 - heavy

    return (chosen or datetime_.now(UTC)).date()


def gate_of(project: Project, fail_on: Severity | None) -> GateConfig | None:
    """The configured policy with what ``--fail-on`` changes of it; None when it changes nothing."""
    if fail_on is None:
        return None
    from msgspec.structs import replace  # noqa: PLC0415 - heavy

    from medpro_audit.core.config import GateConfig as GateConfig_  # noqa: PLC0415 - heavy

    return replace(project.config.gate or GateConfig_(), fail_on=fail_on)


@contextmanager
def open_cache(folder: Path | None, *, no_cache: bool) -> Iterator[Cache | None]:
    """The cache that the options name."""
    if no_cache:
        yield None
        return
    from medpro_audit.adapters.cache import Cache as Cache_  # noqa: PLC0415 - heavy

    if folder is None:
        from platformdirs import user_cache_path  # noqa: PLC0415 - heavy

        folder = user_cache_path("medpro-audit", appauthor=False)
    with Cache_(folder, lambda message: click.echo(f"medpro-audit: {message}", err=True)) as opened:
        yield opened


def open_history(location: str | None, root: Path | None = None) -> History:
    """The history that the options name; it must be there."""
    from medpro_audit.adapters.history.store import History as History_  # noqa: PLC0415 - heavy

    return History_.opened(_history_at(location, root))


def history_if_any(location: str | None, root: Path) -> History | None:
    """The history that the options name, which must be there; without them that of the directory, if it has one."""
    if location is None and not Path(_history_at(None, root)).exists():
        return None
    return open_history(location, root)


def new_history(location: str | None, root: Path | None = None) -> History:
    """The history that the options name; it is begun where there is none."""
    from medpro_audit.adapters.history.store import History as History_  # noqa: PLC0415 - heavy

    begun = History_(_history_at(location, root))
    begun.prepare()
    return begun


def history_branch(root: Path, branch: str | None) -> HistoryBranch:
    """The branch that carries a history; a run of GitHub Actions signs in by its token."""
    from medpro_audit.adapters.history_branch import BRANCH  # noqa: PLC0415 - heavy, as below
    from medpro_audit.adapters.history_branch import HistoryBranch as HistoryBranch_  # noqa: PLC0415

    carrier = HistoryBranch_(root, branch or BRANCH)
    token, server = os.environ.get("GITHUB_TOKEN"), os.environ.get("GITHUB_SERVER_URL")
    if token and server:
        carrier.sign_in(token, server)
    return carrier


def _history_at(location: str | None, root: Path | None) -> str:
    """Where it is: without an option in the scanned directory, which is the present one where none is given."""
    if location:
        return location
    from medpro_audit.adapters.history.database import OWN_FOLDER  # noqa: PLC0415 - heavy

    file = (root or Path()) / OWN_FOLDER / "history.sqlite"
    if not file.resolve().is_relative_to((root or Path()).resolve()):
        raise UsageError(
            f"{file} leads out of the directory, and nobody knows whose file that is; name it by --history"
        )
    return str(file)


def open_project(directory: Path, config_file: Path | None) -> Project:
    """Read the configuration of a directory and list its files."""
    from medpro_audit.pipeline import open_project as open_  # noqa: PLC0415 - heavy

    return open_(directory, config_file)


def render_options(*, show_all: bool = False, show_suppressed: bool = False, prefix: str = "") -> RenderOptions:
    """What the terminal, or the lack of one, asks for."""
    from medpro_audit.adapters.templates import read_templates  # noqa: PLC0415 - heavy
    from medpro_audit.reporters.options import RenderOptions  # noqa: PLC0415 - heavy

    is_terminal = sys.stdout.isatty()
    return RenderOptions(
        width=_terminal_width() if is_terminal else 80,
        colour=is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
        unicode=(sys.stdout.encoding or "ascii").lower().replace("-", "").startswith("utf"),
        show_all=show_all,
        show_suppressed=show_suppressed,
        prefix=prefix,
        templates=read_templates(),
    )


def _terminal_width() -> int:
    from shutil import get_terminal_size  # noqa: PLC0415 - heavy

    return min(get_terminal_size((80, 24)).columns, MAX_WIDTH)


def write(text: str | Iterable[str], *, has_commands: bool = False) -> None:
    """Print text, or pieces of whole lines; what the terminal's encoding lacks is replaced.

    A runner of GitHub Actions finds commands in it only where they are ours. A reader that has read enough and left
    changes nothing of the outcome.
    """
    from medpro_audit.reporters.escaping import harmless_in_a_log  # noqa: PLC0415 - nothing else of the reporters

    try:
        for piece in (text,) if isinstance(text, str) else text:
            _print(piece if has_commands else harmless_in_a_log(piece))
    except BrokenPipeError:
        # What is still to be written, at exit at the latest, would complain once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print(text: str) -> None:
    try:
        sys.stdout.write(text)
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()


def warn(message: str) -> None:
    """Say on standard error what is wrong, in one line, whatever names of a stranger's files are in it."""
    from medpro_audit.reporters.escaping import harmless_in_a_log, visible  # noqa: PLC0415 - rarely needed

    # No line may begin with "::", and none hold "##[": a runner of GitHub Actions would obey it.
    click.echo(f"medpro-audit: {harmless_in_a_log(visible(message))}", err=True)


def save(file: Path, text: str | Iterable[str]) -> None:
    """Write text, or pieces of it, to a file.

    Raises:
        UsageError: It can't be written.
    """
    try:
        with file.open("w", encoding="utf-8", newline="\n") as opened:
            opened.writelines((text,) if isinstance(text, str) else text)
    except OSError as fault:
        raise UsageError(f"{file} can't be written: {fault.strerror}; name a file in an existing folder") from fault


def read_text(file: Path) -> str:
    """The text of a file that an argument names.

    Raises:
        UsageError: It can't be read, or is no UTF-8 text.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            return opened.read()
    except OSError as fault:
        raise UsageError(f"{file} can't be read: {fault.strerror}; check the name") from fault
    except UnicodeDecodeError as fault:
        raise UsageError(f"{file} is no UTF-8 text; save it as such") from fault


@contextmanager
def progress_bar(project: Project) -> Iterator[Progress | None]:
    """A progress bar on a terminal for long scans; none in a pipe."""
    total = sum(not source.linked for source in project.inventory.sources)
    if total < MIN_FILES_SHOWN or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=total, label="Reading", file=sys.stderr) as bar:
        yield lambda done, _total: bar.update(done - bar.pos)
