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
        sources = [self._limiting(target) for target in (path, *self._imports.get(path, ()))]
        return any(method in source and _definition_of(method).search(source) for source in sources)

    def _limiting(self, path: str) -> str:
        """The source of a file that puts a LIMIT together, which few do; nothing of the others."""
        if path not in self._sources:
            source = self._code.snippet(path, 0, self._files[path].size)
            self._sources[path] = source if _LIMIT.search(source) else ""
        return self._sources[path]


def _definition_of(method: str) -> re.Pattern[str]:
    name = re.escape(method)
    return re.compile(
        rf"(?:\bfunction\s+|(?:^|[{{}};])\s*(?:async\s+|static\s+|public\s+)*){name}\s*\([^()]*\)[^;{{}}\n]*\{{"
        rf"|\b{name}\s*[:=]\s*(?:async\s*)?(?:function\b|\()",
        re.MULTILINE,
    )
