"""The code of a repository: facts of every file, and what is lowered of it on demand.

Syntax trees take about twenty times the memory of their source, so only the last used ones are kept; a file that is
asked for again is parsed again. Facts and lowered code are kept, also from one scan to the next if somebody remembers
them: a file whose `Extract` is known is not even parsed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from medpro_audit.core.notice import Notice
from medpro_audit.core.stages import stage
from medpro_audit.extract.decoding import decode_to_utf8
from medpro_audit.extract.queries import NO_QUERIES, Queries
from medpro_audit.extract.scan import SourceText
from medpro_audit.facts.file import FileFacts
from medpro_audit.facts.inventory import SourceFile
from medpro_audit.facts.ir import Statement

Read = Callable[[SourceFile], bytes | Notice]


class Extract(Struct, frozen=True, array_like=True):
    """What is known of one file: its facts, and as much of its code as anybody has asked for."""

    facts: FileFacts
    module: tuple[Statement, ...] | None
    """None when nobody has asked for its top level."""
    bodies: dict[int, tuple[Statement, ...]]
    """By the byte offset at which the function begins."""


Known = Callable[[SourceFile], Extract | None]

KEPT_BYTES = 2_000_000
"""Source bytes whose trees are kept."""


class CodeStore:
    """Reads, parses and lowers files when they are asked for."""

    def __init__(
        self,
        sources: Mapping[str, SourceFile],
        read: Read,
        known: Known = lambda _source: None,
        queries: Queries = NO_QUERIES,
    ) -> None:
        self._sources = sources
        self._read = read
        self._known = known
        self._queries = queries
        self._fresh: set[str] = set()
        """Files of which more is known now than at the beginning."""
        self._texts: OrderedDict[str, SourceText] = OrderedDict()
        self._kept = 0
        self._last_read = ("", b"")
        self._facts: dict[str, FileFacts | None] = {}
        self._modules: dict[str, tuple[Statement, ...]] = {}
        self._bodies: dict[tuple[str, int], tuple[Statement, ...]] = {}
        self.notices: list[Notice] = []
        """Files that could not be read."""

    def facts(self, path: str) -> FileFacts | None:
        """Facts of a source file; None when it can't be read."""
        if path not in self._facts:
            source = self._sources.get(path)
            known = self._known(source) if source is not None else None
            if known is None:
                with stage("reading and extraction", path):
                    text = self._text(path)
                    self._facts[path] = text.facts(self._queries) if text is not None else None
                if text is not None:
                    self._texts.move_to_end(path, last=False)  # the first to go, until somebody asks for its code
            else:
                self._facts[path] = known.facts
                self._bodies.update(((path, start), body) for start, body in known.bodies.items())
                if known.module is not None:
                    self._modules[path] = known.module
        return self._facts[path]

    def fresh(self) -> Iterator[tuple[SourceFile, Extract]]:
        """Files of which more is known now than at the beginning, sorted, with all of it."""
        bodies: dict[str, dict[int, tuple[Statement, ...]]] = {path: {} for path in sorted(self._fresh)}
        for (path, start), body in self._bodies.items():
            if path in bodies:
                bodies[path][start] = body
        for path, own in bodies.items():
            facts = self._facts.get(path)
            if facts is not None:
                yield self._sources[path], Extract(facts, self._modules.get(path), own)

    def module(self, path: str) -> tuple[Statement, ...]:
        """Top level of a source file."""
        if path not in self._modules:
            with stage("reading and extraction", path):
                text = self._text(path)
                self._modules[path] = text.module() if text is not None else ()
        return self._modules[path]

    def body(self, path: str, start: int, end: int) -> tuple[Statement, ...]:
        """Body of the function with this byte range."""
        key = (path, start)
        if key not in self._bodies:
            with stage("reading and extraction", path):
                text = self._text(path)
                self._bodies[key] = text.function_body(start, end) if text is not None else ()
        return self._bodies[key]

    def snippet(self, path: str, at: int, end: int) -> str:
        """Source text of a byte range; empty when the file can't be read. Nothing is parsed for it."""
        return self._source(path)[at:end].decode("utf-8", "replace")

    def _source(self, path: str) -> bytes:
        kept = self._texts.get(path)
        if kept is not None:
            return kept.source
        if self._last_read[0] != path:
            source = self._sources.get(path)
            content = self._read(source) if source is not None else b""
            text = decode_to_utf8(content).text if isinstance(content, bytes) else None
            self._last_read = (path, text or b"")
        return self._last_read[1]

    def _text(self, path: str) -> SourceText | None:
        found = self._texts.get(path)
        if found is not None:
            self._texts.move_to_end(path)
            self._fresh.add(path)
            return found
        source = self._sources.get(path)
        content = self._read(source) if source is not None else None
        if source is None or content is None:
            return None
        if isinstance(content, Notice):
            if path not in self._facts:
                self.notices.append(content)
            return None
        self._fresh.add(path)
        return self._keep(SourceText(path, content, source.language))

    def _keep(self, text: SourceText) -> SourceText:
        self._texts[text.path] = text
        self._kept += len(text.source)
        while self._kept > KEPT_BYTES and len(self._texts) > 1:
            _, dropped = self._texts.popitem(last=False)
            self._kept -= len(dropped.source)
        return text
