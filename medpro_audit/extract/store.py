"""The code of a repository: facts of every file, and what is lowered of it on demand.

Syntax trees take about twenty times the memory of their source, so only the last used ones are kept; a file that is
asked for again is parsed again. Facts and lowered code are kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping

from medpro_audit.core.notice import Notice
from medpro_audit.extract.scan import SourceText
from medpro_audit.facts.file import FileFacts
from medpro_audit.facts.inventory import SourceFile
from medpro_audit.facts.ir import Statement

Read = Callable[[SourceFile], bytes | Notice]

KEPT_BYTES = 3_000_000
"""Source bytes whose trees are kept."""


class CodeStore:
    """Reads, parses and lowers files when they are asked for."""

    def __init__(self, sources: Mapping[str, SourceFile], read: Read) -> None:
        self._sources = sources
        self._read = read
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
            text = self._text(path)
            self._facts[path] = text.facts() if text is not None else None
        return self._facts[path]

    def module(self, path: str) -> tuple[Statement, ...]:
        """Top level of a source file."""
        if path not in self._modules:
            text = self._text(path)
            self._modules[path] = text.module() if text is not None else ()
        return self._modules[path]

    def body(self, path: str, start: int, end: int) -> tuple[Statement, ...]:
        """Body of the function with this byte range."""
        key = (path, start)
        if key not in self._bodies:
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
            self._last_read = (path, content if isinstance(content, bytes) else b"")
        return self._last_read[1]

    def _text(self, path: str) -> SourceText | None:
        found = self._texts.get(path)
        if found is not None:
            self._texts.move_to_end(path)
            return found
        source = self._sources.get(path)
        content = self._read(source) if source is not None else None
        if source is None or content is None:
            return None
        if isinstance(content, Notice):
            if path not in self._facts:
                self.notices.append(content)
            return None
        return self._keep(SourceText(path, content, source.language))

    def _keep(self, text: SourceText) -> SourceText:
        self._texts[text.path] = text
        self._kept += len(text.source)
        while self._kept > KEPT_BYTES and len(self._texts) > 1:
            _, dropped = self._texts.popitem(last=False)
            self._kept -= len(dropped.source)
        return text
