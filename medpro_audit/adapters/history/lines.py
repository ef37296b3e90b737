"""Records as JSON Lines: a history that a branch or an artifact can carry."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from medpro_audit.core.errors import UsageError
from medpro_audit.history.record import RECORD_VERSION, Record


class _Version(msgspec.Struct):
    version: int


def write_lines(records: Iterable[Record], file: Path | None) -> None:
    """Write records, one a line; to standard output without a file. A file is replaced when all of it is written.

    Raises:
        UsageError: The file can't be written.
    """
    if file is None:
        for record in records:
            sys.stdout.buffer.write(msgspec.json.encode(record) + b"\n")
        return
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with partial.open("wb") as opened:
            for record in records:
                opened.write(msgspec.json.encode(record) + b"\n")
        partial.replace(file)
    except OSError as fault:
        partial.unlink(missing_ok=True)
        raise UsageError(f"{file} can't be written: {fault.strerror}; name a file in an existing folder") from fault


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
            yield decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
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
