"""Records as JSON Lines: a history that a branch or an artifact can carry."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import msgspec

from medpro_audit.core.errors import UsageError
from medpro_audit.history.record import RECORD_VERSION, Record, canonical


class _Version(msgspec.Struct):
    version: int


def write_lines(records: Iterable[Record], file: Path | None) -> None:
    """Write records, one a line; to standard output without a file. A file is replaced when all of it is written.

    Raises:
        UsageError: The file can't be written.
    """
    if file is None:
        sys.stdout.buffer.writelines(map(encoded, records))
        sys.stdout.buffer.flush()
        return
    partial = file.with_name(f".medpro-audit-export.{os.getpid()}")
    try:
        with partial.open("wb") as opened:
            opened.writelines(map(encoded, records))
        partial.replace(file)
    except OSError as fault:
        raise UsageError(f"{file} can't be written: {fault.strerror}; name a file in an existing folder") from fault
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def encoded(record: Record) -> bytes:
    """A record as one line."""
    return msgspec.json.encode(record, order="deterministic") + b"\n"


def read_lines(file: Path) -> Iterator[Record]:
    """Read records; ``-`` stands for standard input.

    Raises:
        UsageError: A line is no record, or a newer medpro-audit wrote it.
    """
    with _opened(file) as opened:
        yield from decode_lines(str(file), opened)


def decode_lines(name: str, lines: Iterable[bytes]) -> Iterator[Record]:
    """Read records of lines.

    Raises:
        UsageError: A line is no record, or a newer medpro-audit wrote it.
    """
    decoder, version = msgspec.json.Decoder(Record), msgspec.json.Decoder(_Version)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            if version.decode(line).version > RECORD_VERSION:
                raise UsageError(
                    f"{name}:{number}: a newer medpro-audit has written it; "
                    "update medpro-audit (pip install --upgrade medpro-audit)"
                )
            yield canonical(decoder.decode(line))
        except (ValueError, OverflowError) as fault:
            advice = "nothing was imported; export it again"
            raise UsageError(f"{name}:{number}: this is no record of a scan: {fault}; {advice}") from fault


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    try:
        with file.open("rb") as opened:
            yield opened
    except OSError as fault:
        raise UsageError(f"{file} can't be read: {fault.strerror}") from fault
