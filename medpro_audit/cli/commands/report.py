"""``medpro-audit report``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from medpro_audit.cli import options
from medpro_audit.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from medpro_audit.claims.checking import ClaimReport
    from medpro_audit.core.place import Place
    from medpro_audit.model.subjects import Repository
    from medpro_audit.pipeline import Project
    from medpro_audit.result import Metric
    from medpro_audit.rules.rule import RuleSet


@click.group("report")
def command() -> None:
    """Write reports for people: pages that are opened, printed and passed on."""


@command.command()
@options.directory
@options.config_file
@options.rules
@options.cache
@click.option("-o", "--output", "file", type=click.Path(path_type=Path), help="File to write (else it is printed).")
@click.option("--pdf", type=click.Path(path_type=Path), help="Also print it to this file, with an installed Chromium.")
@click.option(
    "--status", type=click.Path(path_type=Path), help="Status document to hold against it (else claims.document)."
)
@options.history
@options.project_name
@options.today
@options.timings
def weekly(  # noqa: PLR0913 - one parameter an option
    directory: Path,
    config_file: Path | None,
    folders: tuple[Path, ...],
    file: Path | None,
    pdf: Path | None,
    status: Path | None,
    location: str | None,
    project_name: str | None,
    today: datetime | None,
    cache_dir: Path | None,
    *,
    no_cache: bool,
) -> None:
    """Write the weekly report: one HTML page that needs nothing but a browser."""
    from medpro_audit import pipeline  # noqa: PLC0415 - heavy, as all below
    from medpro_audit.adapters import chromium  # noqa: PLC0415
    from medpro_audit.adapters.excerpts import read_excerpts  # noqa: PLC0415
    from medpro_audit.cli.present import present_news, present_record  # noqa: PLC0415
    from medpro_audit.reporters import weekly as reporter  # noqa: PLC0415

    if pdf is not None:
        chromium.require_browser()  # before the work
    project = options.open_project(directory, config_file)
    rules = pipeline.load_rules(project, folders)
    day = options.day(today)
    with options.open_cache(cache_dir, no_cache=no_cache) as cache, options.progress_bar(project) as progress:
        means = pipeline.Means(cache, progress)
        audited = pipeline.examine(project, rules, means=means, reference=pipeline.Reference(today=day))
    result, repository = audited
    history = options.history_if_any(location, project.root)
    beside = reporter.Beside(
        today=day,
        excerpts=read_excerpts(project.root, result.findings, _secrets(repository)),
        claims=_claims(project, rules, status, result.metrics, day),
        baseline=pipeline.baseline_of(project),
        news=present_news(project, present_record(project, rules, result, project_name), history, day)
        if history is not None
        else None,
    )
    page = reporter.render_weekly(reporter.weekly(result, repository, beside), options.render_options())
    if file is not None:
        options.save(file, page)
    if pdf is not None:
        chromium.print_page(page, pdf)
    if file is None and pdf is None:
        options.write(page)


def _secrets(repository: Repository) -> list[Place]:
    """Where secrets stand, which no excerpt shows."""
    from medpro_audit.core.place import Place as Place_  # noqa: PLC0415 - heavy

    return [Place_(each.file, each.line) for each in repository.found("secret")]


def _claims(
    project: Project, rules: RuleSet, status: Path | None, metrics: Sequence[Metric], today: date
) -> ClaimReport | None:
    """The status document held against what was measured; None where there is none.

    Raises:
        UsageError: The one that was named can't be read.
    """
    from medpro_audit.adapters.status_document import read_status  # noqa: PLC0415 - heavy, as all below
    from medpro_audit.claims.checking import hold_against  # noqa: PLC0415
    from medpro_audit.claims.mapping import ClaimMapping  # noqa: PLC0415
    from medpro_audit.claims.markdown import read_document  # noqa: PLC0415

    config = project.config.claims
    text = read_status(project.loaded, project.root) if status is None else options.read_text(status)
    if text is None:
        return None
    document = read_document(config.document if status is None else status.name, text)
    if not document.claims:
        if status is None:
            return None
        raise UsageError(f"{status}: it claims nothing; a claim reads like 'API documentation: 40 %' or '- [ ] task'")
    mapping = ClaimMapping(rules, config.mapping)
    return hold_against(document, mapping, metrics, tolerance=config.tolerance, today=today)
