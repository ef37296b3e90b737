"""Reads a result that an earlier run has written; nobody vouches for it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from medpro_audit.core.errors import UsageError
from medpro_audit.result import AuditResult

MAX_BYTES = 100_000_000


def read_result(file: Path) -> AuditResult:
    """A result as it was written by ``-f json``.

    Raises:
        UsageError: It can't be read, is too large, or is no result.
    """
    try:
        if file.stat().st_size > MAX_BYTES:
            raise UsageError(f"{file}: larger than {MAX_BYTES:,} bytes; this is no result of ours")
        return msgspec.json.decode(file.read_bytes(), type=AuditResult)
    except OSError as fault:
        raise UsageError(f"{file} can't be read: {fault.strerror}; check the name") from fault
    except (msgspec.DecodeError, RecursionError, ValueError) as fault:
        raise UsageError(f"{file} is no result of this version: {fault}") from fault
