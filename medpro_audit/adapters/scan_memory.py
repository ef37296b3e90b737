"""What a scan of a project may take over from earlier ones: the extract of each file, and the whole model.

An extract is known by the file's content, path and language; the model by everything that it is made from. Both belong
to one version of this program, the grammars included. Whatever of it can't be read any more is made again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache as once
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec import Struct

from medpro_audit import __version__
from medpro_audit.adapters.contents import Contents, digest_of
from medpro_audit.core.notice import Notice
from medpro_audit.core.stages import stage
from medpro_audit.model.subjects import Repository

if TYPE_CHECKING:
    from medpro_audit.adapters.cache import Cache
    from medpro_audit.core.config import Config
    from medpro_audit.extract.store import CodeStore, Extract
    from medpro_audit.facts.inventory import Inventory, SourceFile

Kind = TypeVar("Kind")

_GRAMMARS = ("tree_sitter", "tree_sitter_javascript", "tree_sitter_typescript")
_BINARIES = (".so", ".pyd", ".dylib")

_MAX_JOBS = 4
_MIN_BYTES_TO_SHARE = 30_000_000
"""Source bytes from which on several processes are worth their start."""


class Model(Struct, frozen=True):
    """A repository as it was understood, and what could not be read of it."""

    repository: Repository
    notices: tuple[Notice, ...]


class _Kept(Struct, frozen=True, array_like=True):
    """A model in the cache."""

    dependencies: dict[str, bytes]
    """Digests of the files it was made from besides those of its key: they are known only when it is made."""
    model: Model


class ScanMemory:
    """Takes over what earlier scans of a project found, and keeps what this one finds."""

    def __init__(
        self,
        root: Path,
        config: Config,
        inventory: Inventory,
        cache: Cache | None,
        queries: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.contents = Contents(root, config.scan.max_file_bytes, cache)
        self._cache = cache
        self._config = config
        self._inventory = inventory
        self._root = root
        self._queries = dict(sorted(queries.items()))
        self._asked = msgspec.msgpack.encode(self._queries)
        """Identifies the queries of syntax rules: extracts hold what they match."""
        self._ready: dict[str, bytes] = {}
        """Extracts from the cache by path; each is taken out when it is used."""
        self._made: dict[str, bytes] = {}
        """Extracts that were made in other processes."""

    @stage("cache")
    def model(self) -> Model | None:
        """The model that an earlier scan made of the very same input."""
        if self._cache is None:
            return None
        key = self._model_key()
        raw = self._cache.get([key]).get(key) if key is not None else None
        kept = _decoded(raw, _Kept)
        if kept is None:
            return None
        is_same = all(self.contents.is_as_it_was(path, digest) for path, digest in kept.dependencies.items())
        return kept.model if is_same else None

    @stage("cache")
    def prepare(self, jobs: int | None) -> None:
        """Fetch the extracts of the project's own files, and make those that are missing in several processes.

        Args:
            jobs: How many processes; None for what pays off.
        """
        if self._cache is not None:
            keys = {key: source.path for source in self._own_sources() if (key := self._extract_key(source))}
            self._ready = {keys[key]: raw for key, raw in self._cache.get([*keys]).items()}
        missing = [source for source in self._own_sources() if source.path not in self._ready]
        if jobs is None:
            jobs = min(_MAX_JOBS, os.cpu_count() or 1) if sum(map(_size, missing)) > _MIN_BYTES_TO_SHARE else 1
        if jobs > 1 and missing:
            from medpro_audit.adapters.extraction_pool import Task, extracts  # noqa: PLC0415 - heavy, and rarely needed

            tasks = [Task(source, self._digest(source)) for source in missing]
            with stage("reading and extraction"):
                self._made = dict(extracts(self._root, self._config.scan.max_file_bytes, tasks, jobs, self._queries))

    def _digest(self, source: SourceFile) -> bytes | None:
        return self.contents.digest(source) if self._cache is not None else None

    @stage("cache")
    def extract(self, source: SourceFile) -> Extract | None:
        """What an earlier scan, or a process of this one, found in the same file."""
        from medpro_audit.extract.store import Extract  # noqa: PLC0415 - heavy, and not needed for a known model

        raw = self._ready.pop(source.path, None) or self._made.get(source.path)
        if raw is None and source.linked and self._cache is not None:
            key = self._extract_key(source)
            raw = self._cache.get([key]).get(key) if key is not None else None
        return _decoded(raw, Extract)

    @stage("cache")
    def keep(self, store: CodeStore, model: Model | None) -> None:
        """Keep what was found for later scans."""
        if self._cache is None:
            return
        encoder = msgspec.msgpack.Encoder()
        found = self._made | {source.path: encoder.encode(extract) for source, extract in store.fresh()}
        sources = (source for source in self._inventory.sources if source.path in found)
        values = {key: found[source.path] for source in sources if (key := self._extract_key(source)) is not None}
        key = self._model_key() if model is not None else None
        if key is not None and model is not None:
            own = {source.path for source in self._own_sources()}
            dependencies = {path: digest for path, digest in self.contents.digests.items() if path not in own}
            values[key] = encoder.encode(_Kept(dict(sorted(dependencies.items())), model))
        self._cache.put(values)
        self.save()

    @stage("cache")
    def save(self) -> None:
        """Keep what is known of files that have not changed."""
        self.contents.save()

    def _own_sources(self) -> Iterator[SourceFile]:
        return (source for source in self._inventory.sources if not source.linked)

    def _extract_key(self, source: SourceFile) -> bytes | None:
        digest = self.contents.digest(source)
        if digest is None:
            return None
        identity = (source.path.encode(), source.language.encode(), digest)
        return digest_of((b"extract", program_digest(), self._asked, *identity))

    def _model_key(self) -> bytes | None:
        """None when a file can't be read: what is said of that is not for others."""
        digests = [self.contents.digest(source) for source in self._own_sources()]
        if None in digests:
            return None
        inventory = self._inventory
        parts = (
            self._config,
            inventory.sources,
            sorted(inventory.paths),
            sorted(inventory.settings.items()),
            sorted(inventory.links.items()),
            inventory.location,
            inventory.around,
            digests,
        )
        return digest_of((b"model", program_digest(), self._asked, *map(msgspec.msgpack.encode, parts)))


def _size(source: SourceFile) -> int:
    return source.size


def _decoded(raw: bytes | None, kind: type[Kind]) -> Kind | None:
    """What was kept; None for nothing, and for what is of another shape or nested too deeply."""
    try:
        return msgspec.msgpack.decode(raw, type=kind) if raw is not None else None
    except (msgspec.DecodeError, RecursionError):
        return None


@once
def program_digest() -> bytes:
    """What identifies this program with Python and the grammars: names and sizes of files, and in a checkout, where
    somebody edits them, their times.
    """
    package = Path(__file__).parent.parent
    is_checkout = (package.parent / "pyproject.toml").is_file()
    lines = [__version__, sys.version, *_signatures(package, (".py",), with_times=is_checkout)]
    for grammar in map(_folder_of, _GRAMMARS):
        lines += _signatures(grammar, _BINARIES, with_times=False)
    return digest_of(line.encode() for line in lines)


def _folder_of(package: str) -> Path:
    """Where a package is installed; it is not imported for that."""
    spec = find_spec(package)
    assert spec is not None, f"{package} is not installed"
    assert spec.origin is not None
    return Path(spec.origin).parent


def _signatures(folder: Path, suffixes: tuple[str, ...], *, with_times: bool) -> list[str]:
    """Name and size of each file below a folder, sorted."""
    found: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                below = _signatures(Path(entry.path), suffixes, with_times=with_times)
                found += [f"{entry.name}/{line}" for line in below]
            elif entry.name.endswith(suffixes):
                status = entry.stat()
                found.append(f"{entry.name} {status.st_size} {status.st_mtime_ns if with_times else ''}")
    return sorted(found)
