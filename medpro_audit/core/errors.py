"""Faults of the caller or of ours, each with the exit code it leads to.

Faults in the scanned code are never exceptions: they are `Finding` and `Notice`.
"""

from collections.abc import Sequence
from typing import ClassVar

EXIT_PASSED = 0
EXIT_GATE_FAILED = 1
EXIT_USAGE = 2
EXIT_INCOMPLETE = 3
EXIT_INTERNAL = 70


class MedproAuditError(Exception):
    """A fault with a message for the user: what, where, and what to do next."""

    exit_code: ClassVar[int] = EXIT_INTERNAL


class UsageError(MedproAuditError):
    """The command line asks for something that can't be done."""

    exit_code = EXIT_USAGE


class ConfigurationError(MedproAuditError):
    """One or more problems in configuration files or rule packs, all of them at once."""

    exit_code = EXIT_USAGE

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)
