"""Contents of source files, and their digests, without reading what has not changed.

As in git's index, a file counts as unchanged when its size, times and inode are those of the last scan. One that
changed shortly before it was looked at is not trusted, since it might change again within the same tick of the clock.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

import msgspec

from medpro_audit.adapters.cache import Cache
from medpro_audit.adapters.reading import below, read_below, read_source
from medpro_audit.core.notice import Notice
from medpro_audit.core.stages import stage
from medpro_audit.facts.inventory import SourceFile

Signature = tuple[int, int, int, int]
"""Size, modification and change time in nanoseconds, inode."""

_SETTLED = 2_000_000_000
"""Nanoseconds after its last change from which on a file's signature is trusted."""
_MAX_HELD = 16_000_000
"""Bytes of contents that are held from being hashed until they are asked for."""
_MAX_ASSET_BYTES = 1_000_000
_MAX_REPORT_BYTES = 32_000_000
"""A coverage report names every line of every file."""
_ABSENT = b""
"""Digest of what can't be read: once it can, what was made without it is out of date."""
_REPORT = re.compile(
    r"\.(?:info|lcov)\Z|(?:^|/)[^/]*cov[^/]*/|(?:cov[^/]*|clover)\.(?:json|xml)\Z|(?:^|/)(?:package-lock\.json|yarn\.lock)\Z"
)
"""Paths of coverage reports, and of lockfiles, which are as large."""

_Index = dict[str, tuple[Signature, bytes]]


class Contents:
    """Reads a project's files; knows the digest of each that it has read or that an index vouches for."""

    def __init__(self, root: Path, limit: int, cache: Cache | None = None) -> None:
        self._root = root
        self._limit = limit
        self._cache = cache
        self._key = sha256(b"index\0" + os.fsencode(root.resolve())).digest()
        self._index = self._load()
        self._fresh: _Index = {}
        self._held: dict[str, bytes] = {}
        self._held_bytes = 0
        self._count = 0
        self.digests: dict[str, bytes] = {}
        """Of every file that was read or asked for."""
        self.seen: Callable[[int], object] = lambda _count: None
        """Told how many files have been read or are known to be unchanged."""

    def read(self, source: SourceFile) -> bytes | Notice:
        """The content of a source file; a notice says why it can't be read."""
        held = self._held.pop(source.path, None)
        if held is not None:
            self._held_bytes -= len(held)
            return held
        self._see()
        with stage("reading and extraction", source.path):
            content = read_source(self._root, source, self._limit)
        if isinstance(content, bytes):
            self._note(source.path, content)
        return content

    def asset(self, path: str) -> bytes | None:
        """The content of a file that is no source code; None when it can't be read."""
        content = self._asset(path)
        if isinstance(content, Notice):
            self.digests.setdefault(path, _ABSENT)
            return None
        self._note(path, content)
        return content

    def _asset(self, path: str) -> bytes | Notice:
        return read_below(self._root, path, _MAX_REPORT_BYTES if _REPORT.search(path) else _MAX_ASSET_BYTES)

    def digest(self, source: SourceFile) -> bytes | None:
        """The digest of a source file, which is read if it has changed; None when it can't be read."""
        known = self.digests.get(source.path) or self._vouched(source.path)
        if known is None:
            content = self.read(source)
            if isinstance(content, Notice):
                return None
            known = self.digests[source.path]
            if self._held_bytes + len(content) <= _MAX_HELD:
                self._held[source.path] = content
                self._held_bytes += len(content)
        return known

    def is_as_it_was(self, path: str, digest: bytes) -> bool:
        """Whether a file, an asset or a source, still has a digest."""
        known = self.digests.get(path) or self._vouched(path)
        if known is None:
            limit = max(self._limit, _MAX_REPORT_BYTES)
            content = read_below(self._root, path, limit) if digest != _ABSENT else self._asset(path)
            known = self._note(path, content) if isinstance(content, bytes) else _ABSENT
        return known == digest

    def save(self) -> None:
        """Keep the index for the next scan, if it says more or other things than the last one."""
        if self._cache is None or not self._fresh:
            return
        vouched = {path: self._index[path] for path in self.digests if path in self._index}
        self._cache.put({self._key: msgspec.msgpack.encode(vouched | self._fresh)})

    def _load(self) -> _Index:
        kept = self._cache.get([self._key]).get(self._key) if self._cache is not None else None
        try:
            return msgspec.msgpack.decode(kept, type=_Index) if kept is not None else {}
        except msgspec.DecodeError:  # of another version
            return {}

    def _vouched(self, path: str) -> bytes | None:
        signature, digest = self._index.get(path, (None, None))
        if digest is None or self._signature(path) != signature:
            return None
        self.digests[path] = digest
        self._see()
        return digest

    def _see(self) -> None:
        self._count += 1
        self.seen(self._count)

    def _note(self, path: str, content: bytes) -> bytes:
        digest = self.digests[path] = sha256(content).digest()
        signature = self._signature(path) if self._cache is not None else None
        if signature is not None and max(signature[1:3]) + _SETTLED < time.time_ns() and signature[0] == len(content):
            self._fresh[path] = (signature, digest)
        return digest

    def _signature(self, path: str) -> Signature | None:
        try:
            status = os.lstat(below(self._root, path))
        except OSError:
            return None
        return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def digest_of(parts: Iterable[bytes]) -> bytes:
    """One digest for several things in order."""
    made = sha256()
    for part in parts:
        made.update(len(part).to_bytes(8, "big"))
        made.update(part)
    return made.digest()
