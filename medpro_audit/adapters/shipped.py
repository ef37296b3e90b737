"""Finds the rule packs and report templates that come with the program."""

from pathlib import Path
from typing import Literal

from medpro_audit.core.errors import MedproAuditError

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped(name: Literal["rules", "reports"]) -> Path:
    """Folder of the shipped rule packs or report templates: inside a wheel's package, else beside it in a checkout."""
    for folder in (_PACKAGE / "_shipped" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    message = f"the installation of medpro-audit is incomplete: its folder {name!r} is missing; install it again"
    raise MedproAuditError(message)
