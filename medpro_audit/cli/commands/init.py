"""``medpro-audit init``."""

from __future__ import annotations

from pathlib import Path

import click

from medpro_audit.cli import options
from medpro_audit.core.errors import UsageError

FILE = "medpro-audit.toml"


@click.command("init")
@options.directory
@click.option("--stdout", "is_printed", is_flag=True, help="Print the configuration instead of writing it.")
def command(directory: Path, *, is_printed: bool) -> None:
    """Write a commented medpro-audit.toml from what the directory holds."""
    from medpro_audit.adapters.discovery import discover  # noqa: PLC0415 - heavy
    from medpro_audit.adapters.initial_config import initial_config  # noqa: PLC0415 - heavy
    from medpro_audit.core.config import ScanConfig  # noqa: PLC0415 - heavy

    text = initial_config(discover(directory, ScanConfig()))
    if is_printed:
        options.write(text)
        return
    target = directory / FILE
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as fault:
        raise UsageError(f"{target} exists; `medpro-audit init --stdout` prints what would be written") from fault
    except OSError as fault:
        raise UsageError(f"{target} can't be written: {fault.strerror}") from fault
    click.echo(f"{target} written; next: medpro-audit scan {directory}")
