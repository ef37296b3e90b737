"""Extracts many files in several processes at once; worth their start only for large repositories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from medpro_audit.adapters.reading import read_source
from medpro_audit.core.stack import with_room
from medpro_audit.extract.scan import SourceText
from medpro_audit.extract.store import Extract
from medpro_audit.facts.inventory import SourceFile

_FILES_AT_ONCE = 40


class Task(Struct, frozen=True):
    """A file to extract."""

    source: SourceFile
    digest: bytes | None
    """The content that is expected; None for any."""


def extracts(
    root: Path, limit: int, tasks: Sequence[Task], jobs: int, queries: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    """Path and encoded `Extract` of each file, in order; without those that can't be read or have changed meanwhile."""
    starts = range(0, len(tasks), _FILES_AT_ONCE)
    batches = [(root, limit, queries, tasks[start : start + _FILES_AT_ONCE]) for start in starts]
    with ProcessPoolExecutor(jobs) as pool:
        for found in pool.map(_extract_in_worker, batches):
            yield from found


def _extract_in_worker(work: tuple[Path, int, Mapping[str, str], Sequence[Task]]) -> list[tuple[str, bytes]]:
    return with_room(lambda: _extract(work))


def _extract(work: tuple[Path, int, Mapping[str, str], Sequence[Task]]) -> list[tuple[str, bytes]]:
    root, limit, queries, tasks = work
    encoder = msgspec.msgpack.Encoder()
    found = []
    for task in tasks:
        content = read_source(root, task.source, limit)
        if isinstance(content, bytes) and task.digest in {None, sha256(content).digest()}:
            text = SourceText(task.source.path, content, task.source.language)
            found.append((task.source.path, encoder.encode(Extract(text.facts(queries), text.module(), {}))))
    return found
