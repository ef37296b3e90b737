"""Whether a file that an import names is surely missing."""

from __future__ import annotations

import re
from functools import cached_property

from medpro_audit.facts.file import ImportFact
from medpro_audit.model.known import Base
from medpro_audit.model.modules.paths import folder_of, joined
from medpro_audit.model.modules.patterns import matches_glob
from medpro_audit.model.modules.specifier import is_relative, without_query

_MADE = re.compile(r"(?:^|/)(?:\.\w[\w-]*|__generated__|build|coverage|dist|generated|gen|out|output|prisma)(?:/|$)")
"""Folders that a build writes."""
_TRIED = re.compile(rb"\btry\s*\{[^{}]{0,120}$")
MAX_PATTERNS = 1_000
MAX_STARS = 4
_BEFORE = 160
"""Bytes before an import in which a ``try`` is looked for."""


class Absence:
    """Answers for imports that lead nowhere."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._excluded = {exclusion.path for exclusion in base.inventory.exclusions}

    def judge(self, path: str, fact: ImportFact, reason: str) -> tuple[bool | None, str | None]:
        """False when the import surely fails; None when it may not, with the reason."""
        specifier = without_query(fact.specifier)
        if "differs in upper and lower case" in reason:
            return False, None
        if not is_relative(specifier):
            if specifier.startswith("#"):
                return False, None
            return None, f"{reason}; a build tool may know it"
        wanted = joined(folder_of(path), specifier)
        if wanted.startswith(".."):
            return None, reason
        if _MADE.search(specifier):
            return None, "a build may make it"
        if self._is_left_out(wanted):
            return None, "it is left out of the scan, or ignored by git"
        if self._is_tried(path, fact):
            return None, "it stands in a try block, so it may be missing on purpose"
        return False, None

    def _is_left_out(self, wanted: str) -> bool:
        around = wanted
        while around:
            if around in self._excluded:
                return True
            around = folder_of(around)
        if any(excluded.rpartition(".")[0] == wanted for excluded in self._excluded):
            return True
        written = [f"{wanted}{suffix}" for suffix in ("", ".js", ".ts", ".json")]
        return any(_is_ignored(path, pattern) for path in written for pattern in self._ignored)

    @cached_property
    def _ignored(self) -> tuple[str, ...]:
        """Patterns of the outermost .gitignore, those that take back left out."""
        content = self._base.read_asset(".gitignore") or b""
        lines = [line.strip() for line in content.decode("utf-8", "replace").splitlines()[:MAX_PATTERNS]]
        return tuple(
            line.rstrip("/") for line in lines if line and line[0] not in "#!" and line.count("*") <= MAX_STARS
        )

    def _is_tried(self, path: str, fact: ImportFact) -> bool:
        before = self._base.interpreter.code.snippet(path, max(0, fact.start - _BEFORE), fact.start)
        return fact.kind != "import" and _TRIED.search(before.encode()) is not None


def _is_ignored(path: str, pattern: str) -> bool:
    """Whether a pattern of a .gitignore selects a path or a folder around it."""
    if "/" not in pattern:
        return any(matches_glob(name, pattern) for name in path.split("/"))
    parts = path.split("/")
    return any(matches_glob("/".join(parts[:depth]), pattern.lstrip("/")) for depth in range(1, len(parts) + 1))
