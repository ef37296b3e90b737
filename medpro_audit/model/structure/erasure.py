"""Imports that are not there when modules load: of types only, though they don't say ``type``, and within functions."""

from __future__ import annotations

import re

from medpro_audit.facts import ir
from medpro_audit.model.known import Base
from medpro_audit.model.modules.resolution import SourceModule

_TYPE_BEFORE = re.compile(
    r"(?:[:<|&]|\b(?:as|implements|keyof|is|satisfies|infer|extends\s+keyof))\s*(?:readonly\s+)?$"
)
_TYPE_AFTER = re.compile(r"\s*(?:\[\])*\s*>")
_COMMENT = re.compile(r"(?:(?<=[\s;,{}()])|\A)(?://[^\n]*|/\*.*?\*/)", re.DOTALL)
"""What stands in a comment is used by nobody; without a space before it, it may be a part of a text."""
_BASE = re.compile(r"(?<=\bextends\s)\s*[\w$]+")
_DECLARED = r"\b(type|interface|const|let|var|function\*?|class|enum|namespace|module)\s+{}(?![\w$])"
"""What declares a name; in what ``import type`` says as well."""
_TYPES = frozenset(("type", "interface"))
_UNCHECKED = re.compile(r"^\s*(?://|/\*)\s*@ts-nocheck\b", re.MULTILINE)
_HEAD = 4_000
"""Bytes in which ``@ts-nocheck`` is looked for: it counts only above all code."""
_BEFORE = 40
_TYPED = (".ts", ".tsx", ".mts", ".cts")


class Erasure:
    """Answers for imports of one module by another; reads each source once."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def is_checked(self, path: str) -> bool:
        """Whether the compiler looks at a module, whatever loads it: TypeScript that doesn't ask it not to."""
        if not path.endswith(_TYPED):
            return False
        return _UNCHECKED.search(self._base.interpreter.code.snippet(path, 0, _HEAD)) is None

    def is_erased(self, source: str, target: str) -> bool:
        """Whether all that a module imports from another is used as types only, as far as its text tells."""
        if not source.endswith(_TYPED):
            return False
        is_imported = False
        names: list[str] = []
        declared = self._text(target)
        for statement in self._base.interpreter.code.module(source):
            match statement:
                case ir.Import(specifier=specifier, bindings=pairs) if self._leads(source, specifier, target):
                    if not pairs:
                        return False
                    is_imported = True
                    names += [local for imported, local in pairs if not _is_type(imported, declared)]
                case ir.Export(specifier=specifier) if specifier and self._leads(source, specifier, target):
                    return False
        text = self._text(source)
        return is_imported and not any(_is_used(name, text) for name in names)

    def is_late(self, source: str, target: str) -> bool:
        """Whether a module loads another one only when a function runs, as is done to break a circle."""
        stack: list[ir.Node] = list(self._base.interpreter.code.module(source))
        while stack:
            node = stack.pop()
            match node:
                case ir.Import(specifier=specifier) | ir.Export(specifier=str() as specifier) if specifier:
                    if self._leads(source, specifier, target):
                        return False
                case ir.Call(callee=ir.Name(id="require"), arguments=(ir.Literal(value=str() as specifier), *_)):
                    if self._leads(source, specifier, target):
                        return False
            stack += [inner for inner in ir.children(node) if not isinstance(inner, ir.Function)]
        return True

    def is_base(self, source: str, target: str) -> bool:
        """Whether all that a module imports from another are the bases of its classes."""
        names = [
            local
            for statement in self._base.interpreter.code.module(source)
            if isinstance(statement, ir.Import) and self._leads(source, statement.specifier, target)
            for _, local in statement.bindings
        ]
        text = self._text(source)
        used = [name for name in names if _is_used(name, text)]
        return bool(used) and not any(_is_used(name, _BASE.sub("", text)) for name in used)

    def _leads(self, source: str, specifier: str, target: str) -> bool:
        answer = self._base.resolver.resolve(source, specifier, "import")
        return isinstance(answer, SourceModule) and answer.path == target

    def _text(self, path: str) -> str:
        """The code after its imports, without comments."""
        text = self._base.interpreter.code.snippet(path, 0, self._base.facts[path].size)
        text = _COMMENT.sub("", text)
        return re.sub(r"^import\b[^;'\"]*?from\s*['\"][^'\"\n]*['\"];?", "", text, flags=re.MULTILINE)


def _is_type(name: str, text: str) -> bool:
    """Whether a module declares a name as a type, and as nothing else."""
    words = {match[1] for match in re.finditer(_DECLARED.format(re.escape(name)), text)}
    return bool(words) and words <= _TYPES


def _is_used(name: str, text: str) -> bool:
    """Whether a name stands where a value does; what follows a colon may be either, and types begin with a capital."""
    for match in re.finditer(rf"(?<![\w$.]){re.escape(name)}(?![\w$])", text):
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        is_typed = _TYPE_BEFORE.search(before) is not None or _TYPE_AFTER.match(text, match.end()) is not None
        if not is_typed or (name[0].islower() and before.rstrip().endswith(":")):
            return True
    return False
