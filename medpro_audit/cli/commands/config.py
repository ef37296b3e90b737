"""``medpro-audit config``."""

from __future__ import annotations

from pathlib import Path

import click

from medpro_audit.cli import options


@click.command("config")
@options.directory
@options.config_file
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the configuration instead.")
def command(directory: Path, config_file: Path | None, *, schema: bool) -> None:
    """Print the effective configuration and where each value comes from."""
    from medpro_audit.adapters.config import load_config  # noqa: PLC0415 - heavy
    from medpro_audit.adapters.config_rendering import render_effective  # noqa: PLC0415 - heavy
    from medpro_audit.adapters.discovery import existing_folder  # noqa: PLC0415 - heavy

    if schema:
        import json  # noqa: PLC0415 - only here

        from medpro_audit.adapters.config_schema import config_schema  # noqa: PLC0415 - heavy

        options.write(json.dumps(config_schema(), indent=2, ensure_ascii=False) + "\n")
    else:
        existing_folder(directory)
        options.write(render_effective(load_config(directory, config_file)))
