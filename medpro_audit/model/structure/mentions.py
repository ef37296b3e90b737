"""What texts say of modules that nothing imports: code that loads by computed names, paths in strings and settings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from medpro_audit.model.known import Base
from medpro_audit.model.modules.resolution import AssetFile, SourceModule

MAX_SETTINGS = 200
MAX_PAGES = 1_000

_COMPUTED = r"\s*\(\s*(?:(?![/*'\"`)\s])[^)]|`[^`]*\$\{|'[^'\n]*'\s*\+|\"[^\"\n]*\"\s*\+)"
_LOADS = (re.compile(rf"require{_COMPUTED}"), re.compile(rf"import{_COMPUTED}"))
"""A module is loaded whose name is computed. Each begins with a literal, which the engine skips to."""
_LOADERS = tuple(
    f"{quote}{name}{quote}"
    for name in (
        "awilix",
        "consign",
        "express-autoload",
        "express-load",
        "include-all",
        "require-all",
        "require-dir",
        "require-directory",
        "requireindex",
    )
    for quote in "'\""
)
"""Packages by which the files of a folder are loaded."""
_GLOBBED = tuple(
    re.compile(rf"{name}\s*:\s*\[[^\]]*\*") for name in ("entities", "migrations", "subscribers", "controllers")
)
"""Settings that say so, of TypeORM and routing-controllers."""
_SETTINGS = re.compile(
    r"(?:^|/)(?:Dockerfile[^/]*|Procfile|[^/]*\.(?:ya?ml|json|toml|sh)|ecosystem[^/]*\.[cm]?js|\.[\w-]+rc"
    r"|[^/]*\.config\.[cm]?[jt]s)$"
)
"""Files that may name a module that something starts."""
_LOCK = re.compile(r"(?:^|/)(?:package-lock|npm-shrinkwrap|composer)\.json$|lock\.ya?ml$")
_PAGES = (".astro", ".ejs", ".hbs", ".html", ".mdx", ".pug", ".svelte", ".vue")
"""Files with code in them that is not read as such."""
_SHORTEST_NAME = 3
_WORD = re.compile(r"\w+")
_FEW = 40
"""Words that are looked for one by one: of the size of a text that costs less than cutting it into words."""
_AROUND = 120
"""Characters around a name in which the path that it ends is looked for."""


class Texts(NamedTuple):
    """What was found in them."""

    loaders: Mapping[str, str]
    """Texts of modules that load others by computed names, by path."""
    mentions: Mapping[str, str]
    """The file that names a module, or its folder, by module."""


class Wanted(NamedTuple):
    """A module that nothing imports, and how a text would name it."""

    path: str
    stem: str
    folder: str
    pattern: re.Pattern[str]

    def found_in(self, text: str) -> Iterator[int]:
        """Where a text may hold it.

        The pattern is only asked around what a search for plain text finds, which is a hundred times faster.
        """
        for plain in (self.stem, f"/{self.folder}") if self.folder else (self.stem,):
            at = text.find(plain)
            while at >= 0:
                for match in self.pattern.finditer(text, max(0, at - _AROUND), at + len(plain) + _AROUND):
                    yield match.start(match.lastindex or 0)
                at = text.find(plain, at + len(plain))


class WantedByWord:
    """Modules by a word that a text holds if it names one, so that few are looked for in each text."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self._wanted = wanted
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        for at, each in enumerate(wanted):
            for name in filter(None, (each.stem, each.folder)):
                self._by_word[max(_WORD.findall(name), key=len, default="")].append(at)

    def near(self, text: str) -> list[Wanted]:
        """Those that a text may name, in their order."""
        if len(self._by_word) <= _FEW:
            words = {word for word in self._by_word if word in text}
        else:
            words = self._by_word.keys() & {"", *_WORD.findall(text)}
        return [self._wanted[at] for at in sorted({at for word in words for at in self._by_word[word]})]


def texts_of(base: Base, alone: Sequence[str]) -> Texts:
    """Go through all texts once for these modules, tests left out."""
    wanted = WantedByWord([wanted_of(path) for path in alone])
    loaders: dict[str, str] = {}
    mentions: dict[str, str] = {}
    for source, text in _texts(base) if alone else ():
        if base.roles.get(source) in {"server", "script"} and _is_loader(text):
            loaders[source] = text
        for each in wanted.near(text):
            is_open = each.path not in mentions and source != each.path
            if is_open and _is_mentioned(base, source, text, each):
                mentions[each.path] = source
    return Texts(loaders, mentions)


def _is_loader(text: str) -> bool:
    if any(name in text for name in _LOADERS):
        return True
    return any(pattern.search(text) is not None for pattern in (*_LOADS, *_GLOBBED))


def _texts(base: Base) -> Iterator[tuple[str, str]]:
    paths = sorted(base.inventory.paths)
    settings = [path for path in paths if _SETTINGS.search(path) and not _LOCK.search(path)]
    pages = [path for path in paths if path.endswith(_PAGES)]
    for path in [*settings[:MAX_SETTINGS], *pages[:MAX_PAGES]]:
        if path not in base.facts:
            yield path, (base.read_asset(path) or b"").decode("utf-8", "replace")
    for path, facts in sorted(base.facts.items()):
        if base.roles.get(path) != "test":
            yield path, base.interpreter.code.snippet(path, 0, facts.size)


def _is_mentioned(base: Base, source: str, text: str, wanted: Wanted) -> bool:
    """Whether a path stands in a text other than in imports that are resolved, which are known."""
    hits = set(wanted.found_in(text))
    if not hits:
        return False
    facts, resolve = base.facts.get(source), base.resolver.resolve
    known = [
        (fact.start, fact.end)
        for fact in (facts.imports if facts is not None else ())
        if isinstance(resolve(source, fact.specifier, fact.kind), SourceModule | AssetFile)
    ]
    offsets = hits if text.isascii() else (len(text[:hit].encode()) for hit in hits)
    return any(not any(start <= offset < end for start, end in known) for offset in offsets)


def wanted_of(path: str) -> Wanted:
    """What names a module: the end of its path, or its folder as a path, in quotes or after a slash."""
    *folders, name = path.split("/")
    stem = name.rpartition(".")[0]
    tail = re.escape("/".join([*folders[-1:], stem]))
    ending = "" if len(stem) >= _SHORTEST_NAME else r"[.]"
    pattern = rf"(?:['\"`/\s:])({tail}{ending})(?![\w/-])|['\"`]({re.escape(name)})['\"`]"
    if folders:
        outer = "".join(rf"(?:{re.escape(folder)}/)?" for folder in folders[-3:-1])
        pattern += rf"|['\"`](?:\.{{0,2}}/)+({outer}{re.escape(folders[-1])})/?(?:\*[^'\"`]*)?['\"`]"
    return Wanted(path, stem, folders[-1] if folders else "", re.compile(pattern))
