"""``medpro-audit github``: what the action runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medpro_audit.cli import options
from medpro_audit.cli.recording import record
from medpro_audit.core.errors import EXIT_PASSED, MedproAuditError, UsageError

if TYPE_CHECKING:
    from medpro_audit.adapters.github_api import GitHub
    from medpro_audit.adapters.github_event import Runner
    from medpro_audit.core.finding import Severity
    from medpro_audit.result import AuditResult

_FILES = {"html": "report.html", "json": "result.json", "sarif": "results.sarif", "comment": "comment.md"}


_section = click.option(
    "--section", default="", help="Folder that the report is about: several back ends share the comment."
)


@click.group("github")
def command() -> None:
    """Run in GitHub Actions: annotations, summary, outputs, comment, record."""


command.add_command(record)


@command.command("run")
@options.directory
@options.config_file
@options.rules
@options.cache
@options.fail_on
@click.option("--base", default="", help="Commit to compare with (else that of the event); none: compare with nothing.")
@click.option("--output", type=click.Path(path_type=Path), required=True, help="Folder for the reports.")
def run(  # noqa: PLR0913 - one parameter an option
    directory: Path,
    config_file: Path | None,
    folders: tuple[Path, ...],
    cache_dir: Path | None,
    fail_on: Severity | None,
    base: str,
    output: Path,
    *,
    no_cache: bool,
) -> int:
    """Audit, annotate, and write summary, outputs and reports; the exit code is that of a scan."""
    from medpro_audit import pipeline  # noqa: PLC0415 - heavy, as all below
    from medpro_audit.adapters.github_event import Runner  # noqa: PLC0415

    runner = Runner(os.environ)
    with _annotated(runner):
        event = runner.event()
        project = options.open_project(directory, config_file)
        rules = pipeline.load_rules(project, folders)
        reference = pipeline.Reference(None if base == "none" else base or event.base, options.day(None))
        with options.open_cache(cache_dir, no_cache=no_cache) as cache:
            gate = options.gate_of(project, fail_on)
            result = pipeline.audit(project, rules, gate, pipeline.Means(cache), reference)
        code = _report(runner, result, output, _prefix(project.root))
    if event.is_fork:
        options.write("This is a pull request of a fork, whose token may only read: no comment, no SARIF upload.\n")
    return code


@contextmanager
def _annotated(runner: Runner) -> Iterator[None]:
    """Tells what ends the run in an annotation too: few people look for it in the log."""
    from medpro_audit.reporters.github import command as annotation  # noqa: PLC0415 - heavy

    try:
        yield
    except MedproAuditError as fault:
        options.write(f"{annotation('error', str(fault))}\n", has_commands=True)
        runner.set_outputs({"exit-code": str(fault.exit_code)})
        raise


def _report(runner: Runner, result: AuditResult, folder: Path, prefix: str) -> int:
    """Write everything there is to tell; the exit code."""
    from medpro_audit.gate.policy import exit_code  # noqa: PLC0415 - heavy, as below
    from medpro_audit.reporters.formats import render  # noqa: PLC0415

    chosen = options.render_options(prefix=prefix)
    _make(folder)
    for name, file in _FILES.items():
        options.save(folder / file, render(name, result, chosen))
    code = exit_code(result.verdict)
    runner.add_summary(render("summary", result, chosen))
    reports = {name: str(folder / file) for name, file in _FILES.items()}
    runner.set_outputs({**_outputs(result), **reports, "exit-code": str(code)})
    options.write(render("github", result, chosen), has_commands=True)
    return code


@command.command("comment")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--pull-request", type=click.IntRange(1), help="Its number (else that of the event).")
@_section
def comment(file: Path, pull_request: int | None, section: str) -> int:
    """Put a file into our one comment on a pull request; GITHUB_TOKEN and GITHUB_REPOSITORY say where."""
    from medpro_audit.adapters.github_event import Runner  # noqa: PLC0415 - heavy

    event = Runner(os.environ).event() if pull_request is None else None
    number = pull_request if event is None else event.pull_request
    commit = event.head if event is not None else ""
    if number is None:
        raise UsageError("a comment needs the number of a pull request")
    return _commented(_github(), number, options.read_text(file), _name(section), commit)


@command.command("comment-for-fork")
@click.argument("result", type=click.Path(path_type=Path))
@_section
def comment_for_fork(result: Path, section: str) -> int:
    """Comment on the pull request of a fork: from the result that its run has left, which nobody vouches for."""
    from medpro_audit.adapters.github_event import Runner  # noqa: PLC0415 - heavy, as below
    from medpro_audit.adapters.result_file import read_result  # noqa: PLC0415
    from medpro_audit.reporters.formats import render  # noqa: PLC0415

    audited = read_result(result)
    commit = Runner(os.environ).finished_head()
    github = _github()
    number = github.pull_request_of(commit)
    if number is None:
        options.write(f"No comment: {commit} is the head of no open pull request any more.\n")
        return EXIT_PASSED
    text = render("comment", audited, options.render_options())
    return _commented(github, number, text, _name(section), commit)


def _github() -> GitHub:
    """The repository that the run is about, as its token may see it."""
    from medpro_audit.adapters.github_api import GitHub as GitHub_  # noqa: PLC0415 - heavy

    token, repository = os.environ.get("GITHUB_TOKEN", ""), os.environ.get("GITHUB_REPOSITORY", "")
    if not token or not repository:
        raise UsageError("a comment needs GITHUB_TOKEN and GITHUB_REPOSITORY")
    return GitHub_(repository, token, os.environ.get("GITHUB_API_URL", "https://api.github.com"))


def _commented(github: GitHub, number: int, text: str, section: str, commit: str) -> int:
    """Comment; where GitHub does not take it, say so: the gate has answered, and a comment only tells of it."""
    from medpro_audit.adapters.github_api import ForbiddenError  # noqa: PLC0415 - heavy, as below
    from medpro_audit.reporters.github import command as annotation  # noqa: PLC0415

    try:
        options.write(f"{github.upsert_comment(number, text, section, commit)}\n")
    except ForbiddenError as fault:
        options.write(f"No comment: {fault}. The workflow needs the permission pull-requests: write.\n")
    except UsageError as fault:
        options.write(f"{annotation('warning', f'No comment: {fault}.')}\n", has_commands=True)
    return EXIT_PASSED


def _name(section: str) -> str:
    """A folder, however it is written; empty for the repository itself."""
    return section.strip().removeprefix("./").strip("/").removeprefix(".")


def _prefix(root: Path) -> str:
    """Path of the audited folder within its repository: annotations and SARIF are relative to that."""
    from medpro_audit.adapters.git import Git  # noqa: PLC0415 - heavy

    try:
        inside = Git(root).prefix
    except UsageError:
        return ""
    return f"{inside}/" if inside else ""


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise UsageError(f"{folder} can't be made: {fault.strerror}; name another folder by --output") from fault


def _outputs(result: AuditResult) -> dict[str, str]:
    """What later steps may ask."""
    from medpro_audit.metrics.scorecard import aggregate  # noqa: PLC0415 - heavy, as below
    from medpro_audit.reporters.fresh import fresh_findings  # noqa: PLC0415

    difference = result.comparison.difference if result.comparison is not None else None
    share = aggregate(result.metrics)
    return {
        "verdict": result.verdict.status,
        "findings": str(len(result.findings)),
        "new": str(len(fresh_findings(result))),
        "fixed": str(len(difference.fixed)) if difference is not None else "",
        "share": "" if share is None else f"{share:g}",
    }
