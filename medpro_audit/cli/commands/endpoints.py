"""``medpro-audit endpoints``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from medpro_audit.cli import options
from medpro_audit.core.errors import UsageError

if TYPE_CHECKING:
    from medpro_audit.model.explaining.target import Target
    from medpro_audit.model.repository import RepositoryBuilder
    from medpro_audit.model.subjects import Endpoint, Repository

MAX_EXPLAINED = 12
"""More endpoints are not explained at once: nobody would read it."""


@click.command("endpoints")
@options.directory
@options.config_file
@options.cache
@click.option("-f", "--format", "format_name", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option(
    "--explain",
    "target",
    metavar="TARGET",
    help="Show how one endpoint came to its path, middleware, handler and verdicts: "
    "'POST /api/x', a path, or the name of a handler.",
)
@click.option("--by-role", is_flag=True, help="Group by who may call: public, authenticated, each role, unknown.")
def command(  # noqa: PLR0913 - one parameter an option
    directory: Path,
    config_file: Path | None,
    format_name: str,
    target: str | None,
    cache_dir: Path | None,
    *,
    by_role: bool,
    no_cache: bool,
) -> None:
    """List every endpoint with its path, middleware, handler and validation."""
    from medpro_audit.pipeline import Means, completeness_of, model, model_of  # noqa: PLC0415 - heavy
    from medpro_audit.reporters.endpoints import render_endpoints, render_endpoints_json  # noqa: PLC0415 - heavy

    project = options.open_project(directory, config_file)
    with options.open_cache(cache_dir, no_cache=no_cache) as cache, options.progress_bar(project) as progress:
        if target is not None:
            with model_of(project, Means(cache, progress)) as builder:
                options.write(_explained(builder, target, format_name))
            return
        repository = model(project, Means(cache, progress)).repository
    if by_role:
        options.write(_by_role(repository, format_name))
        return
    completeness = completeness_of(project.inventory, repository)
    if format_name == "json":
        options.write(render_endpoints_json(repository.endpoints, repository.unresolved_routes, completeness))
    else:
        options.write(
            render_endpoints(repository.endpoints, repository.unresolved_routes, options.render_options(), completeness)
        )


def _by_role(repository: Repository, format_name: str) -> str:
    from medpro_audit.reporters.roles import render_roles, render_roles_json  # noqa: PLC0415 - heavy

    if format_name == "json":
        return render_roles_json(repository.endpoints)
    return render_roles(repository.endpoints, options.render_options())


def _explained(builder: RepositoryBuilder, text: str, format_name: str) -> str:
    from medpro_audit.model.explaining.explainer import explain  # noqa: PLC0415 - heavy
    from medpro_audit.model.explaining.target import Target  # noqa: PLC0415 - heavy
    from medpro_audit.reporters.endpoint_words import in_order  # noqa: PLC0415 - heavy
    from medpro_audit.reporters.explanation import render_explanations, render_explanations_json  # noqa: PLC0415 - heavy

    repository = builder.build()
    target = Target.of(text)
    chosen = in_order(target.endpoints(repository.endpoints))
    _insist_on_a_few(target, chosen, repository)
    explanations = explain(builder, repository, chosen)
    if format_name == "json":
        return render_explanations_json(target.shown, explanations)
    return render_explanations(explanations, options.render_options())


def _insist_on_a_few(target: Target, chosen: Sequence[Endpoint], repository: Repository) -> None:
    """Refuse a target that names no endpoint, or too many to read about.

    Raises:
        UsageError: says which ones may be meant.
    """
    if not chosen:
        wanted = f"endpoint {target.shown}" if target.path else f"handler called {target.shown}"
        near = target.nearest(repository.endpoints)
        nearest = f"; nearest: {', '.join(near)}" if near else ""
        gaps = len(repository.unresolved_routes)
        unresolved = f", and {gaps} that are not resolved" if gaps else ""
        raise UsageError(
            f"there is no {wanted}{nearest} (medpro-audit endpoints lists all {len(repository.endpoints)}{unresolved})"
        )
    if len(chosen) > MAX_EXPLAINED:
        some = ", ".join(endpoint.identity for endpoint in chosen[:MAX_EXPLAINED])
        raise UsageError(f"{target.shown} means {len(chosen)} endpoints; name one of them: {some}, …")
