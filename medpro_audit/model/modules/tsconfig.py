"""What tsconfig.json and jsconfig.json say about where modules are and where their build goes."""

from collections.abc import Callable, Iterator, Mapping
from posixpath import commonpath

from msgspec import Struct

from medpro_audit.model.modules.jsonc import Json, as_object, as_text, as_texts
from medpro_audit.model.modules.paths import folder_of, joined

MAX_PARENTS = 32
"""Of the files that one extends, directly or not, no more are looked at."""
MAX_TARGETS = 16
"""Nor are further entries of one alias, of ``rootDirs``, ``references`` and ``extends``."""

_OPTIONS = ("baseUrl", "paths", "rootDir", "rootDirs", "outDir", "declarationDir")
_LISTS = ("include", "files")
_CONFIG_FOLDER = "${configDir}"

TsConfigFiles = Mapping[str, dict[str, Json]]
"""Contents of tsconfig files by path."""

FindParent = Callable[[str, str], str | None]
"""Path of the file that a folder's tsconfig extends under a name; None when it isn't among the files read."""


class Output(Struct, frozen=True):
    """Where a TypeScript project writes, and the folders that may be the root of what it reads, likeliest first."""

    folder: str
    roots: tuple[str, ...]


class TsConfig(Struct, frozen=True):
    """A tsconfig.json together with all it extends."""

    path: str
    base_url: str | None
    paths: dict[str, tuple[str, ...]]
    """Paths to try by specifier pattern, both with at most one ``*``."""
    root_dirs: tuple[str, ...]
    outputs: tuple[Output, ...]
    references: tuple[str, ...]
    """Paths of the tsconfig.json files of the projects that it refers to."""


def tsconfig_of(path: str, files: TsConfigFiles, find_parent: FindParent) -> TsConfig:
    """Join a tsconfig.json with what it extends: an option of its own wins, then one of a later parent."""
    options = _Options(folder_of(path), _inherited(path, files, find_parent, {}))
    return TsConfig(
        path=path,
        base_url=options.folder("baseUrl"),
        paths=options.paths(),
        root_dirs=options.folders("rootDirs"),
        outputs=tuple(options.outputs()),
        references=tuple(_references(files[path], folder_of(path))),
    )


def extended_names(fields: dict[str, Json]) -> tuple[str, ...]:
    """What a tsconfig.json extends, as written."""
    return as_texts(fields.get("extends"))[:MAX_TARGETS]


def parent_paths(folder: str, name: str) -> tuple[str, ...]:
    """Paths that a path in ``extends`` may stand for."""
    path = joined(folder, name)
    return (path, f"{path}.json", f"{path}/tsconfig.json")


_Written = dict[str, tuple[Json, str]]
"""Value by option, with the folder of the file it was written in."""


def _inherited(path: str, files: TsConfigFiles, find_parent: FindParent, known: dict[str, _Written]) -> _Written:
    """Options of a file and those it extends; ``known`` collects them by path, and ends circles."""
    if path in known or len(known) > MAX_PARENTS:
        return known.get(path, {})
    fields, folder = files[path], folder_of(path)
    found: _Written = {}
    known[path] = found
    for name in extended_names(fields):
        parent = find_parent(folder, name)
        if parent is not None:
            found |= _inherited(parent, files, find_parent, known)
    compiler = as_object(fields.get("compilerOptions"))
    found |= {name: (compiler[name], folder) for name in _OPTIONS if name in compiler}
    found |= {name: (fields[name], folder) for name in _LISTS if name in fields}
    return found


class _Options:
    """Options in effect, read as folders."""

    def __init__(self, config_folder: str, written: _Written) -> None:
        self._config_folder = config_folder
        self._written = written

    def folder(self, name: str) -> str | None:
        value, base = self._written.get(name, (None, ""))
        return self._located(value, base) if isinstance(value, str) else None

    def folders(self, name: str) -> tuple[str, ...]:
        value, base = self._written.get(name, (None, ""))
        return tuple(self._located(text, base) for text in as_texts(value)[:MAX_TARGETS])

    def paths(self) -> dict[str, tuple[str, ...]]:
        """``paths``, relative to ``baseUrl`` or else to the file they were written in."""
        value, base = self._written.get("paths", (None, ""))
        base_url = self.folder("baseUrl")
        start = base if base_url is None else base_url
        return {
            pattern: tuple(self._located(text, start) for text in as_texts(targets)[:MAX_TARGETS])
            for pattern, targets in as_object(value).items()
        }

    def outputs(self) -> Iterator[Output]:
        """The folders written to; the root of what is read is often not given and then has several candidates."""
        given = self.folder("rootDir")
        guesses = (self._included_root(), self._config_folder, joined(self._config_folder, "src"))
        roots = tuple(dict.fromkeys(guesses)) if given is None else (given,)
        for folder in (self.folder("outDir"), self.folder("declarationDir")):
            if folder is not None and folder not in roots:
                yield Output(folder, roots)

    def _included_root(self) -> str:
        """The deepest folder above everything included, which is the compiler's own guess."""
        value, base = self._written.get("include") or self._written.get("files") or (None, self._config_folder)
        included = [self._located(_fixed_part(glob), base) for glob in as_texts(value)]
        return commonpath(included) if all(included) and included else base

    def _located(self, written: str, base: str) -> str:
        """A written path; ``${configDir}`` is the folder of the file that extends, not of the one extended."""
        if written.startswith(_CONFIG_FOLDER):
            return joined(self._config_folder, f".{written.removeprefix(_CONFIG_FOLDER)}")
        return joined(base, written)


def _fixed_part(glob: str) -> str:
    """The folders of a glob before its first wildcard or file name."""
    parts = glob.split("/")
    fixed = next((index for index, part in enumerate(parts) if "*" in part or "?" in part), len(parts))
    if fixed == len(parts) and "." in parts[-1].lstrip("."):
        fixed -= 1
    return "/".join(parts[:fixed]) or "."


def _references(fields: dict[str, Json], folder: str) -> Iterator[str]:
    references = fields.get("references")
    for reference in references[:MAX_TARGETS] if isinstance(references, list) else []:
        written = as_text(as_object(reference).get("path"))
        if written:
            yield joined(folder, written if written.endswith(".json") else f"{written}/tsconfig.json")
