"""Methods of the program that finish a statement which they are handed: some add a LIMIT to it."""

from __future__ import annotations

import re

from medpro_audit.model.known import Known

_LIMIT = re.compile(r"""['"`]\s*(?:LIMIT|OFFSET|FETCH\s+(?:FIRST|NEXT))\s|\}\s*LIMIT\s""")
"""A LIMIT that is put together: at the start of a text, or behind another part of it."""


class Finishing:
    """Remembers what each file may get from the modules that it imports."""

    def __init__(self, known: Known) -> None:
        self._code = known.base.interpreter.code
        self._files = known.base.facts
        self._imports: dict[str, list[str]] = {}
        for source, target, kind in known.base.graph.edges:
            if kind == "import" and target in known.base.facts:
                self._imports.setdefault(source, []).append(target)
        self._sources: dict[str, str] = {}

    def may_limit(self, path: str, method: str) -> bool:
        """Whether a method that a file hands a statement to stands in a module of the program that adds a LIMIT."""
        defined = re.compile(
            rf"(?:\bfunction\s+|(?:^|[{{}};])\s*(?:async\s+|static\s+|public\s+)*){re.escape(method)}\s*\([^()]*\)[^;{{}}\n]*\{{"
            rf"|\b{re.escape(method)}\s*[:=]\s*(?:async\s*)?(?:function\b|\()",
            re.MULTILINE,
        )
        for target in (path, *self._imports.get(path, ())):
            source = self._source(target)
            if method in source and defined.search(source) and _LIMIT.search(source):
                return True
        return False

    def _source(self, path: str) -> str:
        if path not in self._sources:
            self._sources[path] = self._code.snippet(path, 0, self._files[path].size)
        return self._sources[path]
