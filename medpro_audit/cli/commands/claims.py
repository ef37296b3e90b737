"""``medpro-audit claims``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from medpro_audit.cli import options
from medpro_audit.core.errors import EXIT_GATE_FAILED, EXIT_INCOMPLETE, EXIT_PASSED, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from medpro_audit.claims.checking import ClaimReport


@click.command("claims")
@click.argument("file", type=click.Path(path_type=Path))
@options.directory
@options.config_file
@options.rules
@options.cache
@click.option("-f", "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--tolerance", type=click.FloatRange(0, 100), help="Points by which a claim may be off (else 5).")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Also say which periods are over on this day.")
@click.option("--gate", is_flag=True, help="Fail when a claim is off by more, or can't be said for want of analysis.")
def command(  # noqa: PLR0913 - one parameter an option
    file: Path,
    directory: Path,
    config_file: Path | None,
    folders: tuple[Path, ...],
    format_name: str,
    tolerance: float | None,
    today: datetime | None,
    cache_dir: Path | None,
    *,
    no_cache: bool,
    gate: bool,
) -> int:
    """Hold the claims of a Markdown status document against what is measured."""
    from medpro_audit import pipeline  # noqa: PLC0415 - heavy, as all below
    from medpro_audit.claims.checking import hold_against  # noqa: PLC0415
    from medpro_audit.claims.mapping import ClaimMapping  # noqa: PLC0415
    from medpro_audit.claims.markdown import read_document  # noqa: PLC0415
    from medpro_audit.gate.policy import Evidence, gaps_in  # noqa: PLC0415
    from medpro_audit.reporters.claims import render_claims, render_claims_json  # noqa: PLC0415

    document = read_document(file.name, options.read_text(file))
    if not document.claims:
        raise UsageError(f"{file}: it claims nothing; a claim reads like 'API documentation: 40 %' or '- [ ] task'")
    project = options.open_project(directory, config_file)
    rules = pipeline.load_rules(project, folders)
    with options.open_cache(cache_dir, no_cache=no_cache) as cache, options.progress_bar(project) as progress:
        result = pipeline.audit(project, rules, means=pipeline.Means(cache, progress))
    config = project.config.claims
    report = hold_against(
        document,
        ClaimMapping(rules, config.mapping),
        result.metrics,
        tolerance=config.tolerance if tolerance is None else tolerance,
        today=today.date() if today is not None else None,
    )
    if format_name == "json":
        options.write(render_claims_json(report))
    else:
        options.write(render_claims(report, options.render_options()))
    return _exit_code(report, is_incomplete=any(gaps_in(Evidence.of(result)))) if gate else EXIT_PASSED


def _exit_code(report: ClaimReport, *, is_incomplete: bool) -> int:
    if report.of("overstated") or report.of("understated"):
        return EXIT_GATE_FAILED
    return EXIT_INCOMPLETE if is_incomplete else EXIT_PASSED
