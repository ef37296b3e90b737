"""``medpro-audit init``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import click

from medpro_audit.cli import options
from medpro_audit.core.errors import UsageError

FILE = "medpro-audit.toml"
_ACTION = re.compile(r"[\w.-]+/[\w.-]+@[\w./-]+", re.ASCII)


@click.command("init")
@options.directory
@click.option("--github", "is_workflow", is_flag=True, help="Write the workflows of a gate on GitHub instead.")
@click.option("--weekly", "is_weekly", is_flag=True, help="Write the workflow of a weekly report on GitHub instead.")
@click.option("--action", metavar="OWNER/REPO@COMMIT", help="With --github or --weekly, where the action is.")
@click.option("--stdout", "is_printed", is_flag=True, help="Print what would be written instead of writing it.")
def command(directory: Path, *, is_workflow: bool, is_weekly: bool, action: str | None, is_printed: bool) -> None:
    """Write a commented medpro-audit.toml from what the directory holds."""
    is_for_github = is_workflow or is_weekly
    if action is not None and not is_for_github:
        raise UsageError("--action is for --github and --weekly")
    top, files = (
        _workflows(directory, action, is_gate=is_workflow, is_weekly=is_weekly)
        if is_for_github
        else (directory, _configuration(directory))
    )
    if is_printed:
        options.write("\n".join(f"# {name}\n{text}" if is_for_github else text for name, text in files.items()))
        return
    _create(top, files)
    for name in files:
        click.echo(f"{top / name} written")
    click.echo(_next(directory, files, is_placed=action is not None))


def _configuration(directory: Path) -> dict[str, str]:
    from medpro_audit.adapters.discovery import discover  # noqa: PLC0415 - heavy, as below
    from medpro_audit.adapters.initial_config import initial_config  # noqa: PLC0415
    from medpro_audit.core.config import ScanConfig  # noqa: PLC0415

    return {FILE: initial_config(discover(directory, ScanConfig()))}


def _workflows(directory: Path, action: str | None, *, is_gate: bool, is_weekly: bool) -> tuple[Path, dict[str, str]]:
    """Where workflows are looked for, the top of the repository, and those for this directory."""
    from medpro_audit.adapters.config import load_config  # noqa: PLC0415 - heavy, as below
    from medpro_audit.adapters.discovery import existing_folder  # noqa: PLC0415
    from medpro_audit.adapters.git import Git  # noqa: PLC0415
    from medpro_audit.adapters.github_weekly import weekly_workflow  # noqa: PLC0415
    from medpro_audit.adapters.github_workflow import ACTION, workflows  # noqa: PLC0415

    if action is not None and not _ACTION.fullmatch(action):
        raise UsageError(f"--action {action}: write it as OWNER/REPO@COMMIT")
    existing_folder(directory)
    git = Git(directory)
    is_gated = load_config(directory, None).config.gate is not None
    place = (git.prefix, git.main_branch)
    gate = workflows(*place, is_gated=is_gated, action=action or ACTION) if is_gate else {}
    return git.top, gate | (weekly_workflow(*place, action or ACTION) if is_weekly else {})


def _create(top: Path, files: Mapping[str, str]) -> None:
    """Write files that are not there yet: all of them, or none."""
    for name in files:
        if (top / name).exists():
            raise UsageError(f"{top / name} exists; medpro-audit init --stdout prints what would be written")
    for name, text in files.items():
        try:
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            with (top / name).open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except OSError as fault:
            raise UsageError(f"{top / name} can't be written: {fault.strerror}") from fault


def _next(directory: Path, files: Mapping[str, str], *, is_placed: bool) -> str:
    """What to do then."""
    if FILE in files:
        return f"next: medpro-audit scan {directory}"
    from medpro_audit.adapters.baseline_file import BaselineFile  # noqa: PLC0415 - heavy, as below
    from medpro_audit.adapters.config import load_config  # noqa: PLC0415
    from medpro_audit.adapters.github_workflow import ACTION, AUDIT_FILE  # noqa: PLC0415

    place = "" if is_placed else f"put the repository and commit of the action in place of {ACTION}; then "
    if AUDIT_FILE not in files:
        return f"next: {place}medpro-audit history backfill {directory}"
    if BaselineFile(load_config(directory, None), directory).read() is not None:
        return f"next: {place}commit all of it, and open a pull request"
    return f"next: {place}medpro-audit baseline write {directory}"
