"""``medpro-audit queries``."""

from __future__ import annotations

from pathlib import Path

import click

from medpro_audit.cli import options


@click.command("queries")
@options.directory
@options.config_file
@options.cache
@click.option("-f", "--format", "format_name", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option(
    "--database-url",
    metavar="URL",
    envvar="MEDPRO_AUDIT_DATABASE_URL",
    help="Ask this server for plans (EXPLAIN), such as mysql://user:password@host:3307/clinic; needs "
    "medpro-audit[mysql]. Nothing is written, and no statement is run.",
)
def command(  # noqa: PLR0913 - its options
    directory: Path,
    config_file: Path | None,
    format_name: str,
    database_url: str | None,
    cache_dir: Path | None,
    *,
    no_cache: bool,
) -> None:
    """List the SQL statements of the code, with what each lacks."""
    from medpro_audit.adapters.explaining import explain  # noqa: PLC0415 - heavy
    from medpro_audit.model.subjects.query import Query  # noqa: PLC0415 - heavy
    from medpro_audit.pipeline import Means, model  # noqa: PLC0415 - heavy
    from medpro_audit.reporters.queries import render_queries, render_queries_json  # noqa: PLC0415 - heavy

    project = options.open_project(directory, config_file)
    with options.open_cache(cache_dir, no_cache=no_cache) as cache, options.progress_bar(project) as progress:
        found = model(project, Means(cache, progress)).repository.found("query")
    queries = [query for query in found if isinstance(query, Query)]
    plans = explain(database_url, queries) if database_url else {}
    if format_name == "json":
        options.write(render_queries_json(queries, plans))
    else:
        options.write(render_queries(queries, plans, options.render_options()))
