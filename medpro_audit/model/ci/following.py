"""Which programs a command starts in the end: through npm scripts, workspaces, task runners, make and shell scripts."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct
from msgspec.structs import replace

from medpro_audit.model.ci.package_managers import MANAGERS, Asked, asked_of
from medpro_audit.model.ci.shell import shell_commands
from medpro_audit.model.modules.manifest import Manifest
from medpro_audit.model.modules.paths import joined, relative_to

MAX_DEPTH = 8
MAX_RUNS = 2_000
"""Further programs of one text are not followed."""

_DOWNLOADING = frozenset(("npx", "pnpx", "bunx"))
_WRAPPERS = frozenset(("cross-env", "cross-env-shell", "env", "sudo", "dotenv", "dotenvx", "xvfb-run", "env-cmd"))
_BUILT_IN = frozenset(
    (
        *(":", "true", "false", "set", "unset", "export", "local", "exit", "return", "shift", "trap", "wait", "echo"),
        *("fi", "done", "esac", "for", "case", "break", "continue", "}", "[", "[[", "test", "printf", "read"),
    )
)
"""Words of the shell, which start nothing of interest."""
_SHEBANG = re.compile(rb"#!\s*\S*/(?:env\s+(?:-S\s+)?)?(?:ba|da|k|z)?sh\b")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_INSTALLED = re.compile(r"(?:^|/)node_modules/(?:\.bin/)?((?:@[^/]+/)?[^/]+)")
_TARGET = re.compile(
    r"^(?P<names>[\w./ -]+):(?!=)(?P<needs>[^#\n]*)(?:#.*)?\n(?P<recipe>(?:\t.*\n|[ \t]*\n|#.*\n)*)", re.MULTILINE
)
_MAKE = re.compile(r"\$\(MAKE\)|\$\{MAKE\}")
"""How a recipe asks for other targets."""
_CONTINUED = re.compile(r"\\\n\s*")
"""A line of a recipe that goes on in the next one."""

Asset = Callable[[str], bytes | None]


class Run(Struct, frozen=True):
    """A program that is started, and how it comes to that."""

    program: str
    """``eslint``, ``jest``, ``npm`` for what is no script."""
    arguments: tuple[str, ...]
    folder: str
    """Relative to the repository's root, empty for itself."""
    line: int
    """From 0, within the text that it began with."""
    scripts: tuple[str, ...] = ()
    """npm scripts and targets on the way, outermost first."""
    is_binding: bool = True
    """Nothing on the way overlooks its failure."""

    @property
    def is_script(self) -> bool:
        """It is a script of a package.json that does not exist, or can't be found."""
        return self.program in MANAGERS and self.arguments[:1] == ("run",)


class Follower:
    """Follows commands through the files of a repository; all paths are relative to its root."""

    def __init__(self, packages: Mapping[str, Manifest], read_asset: Asset) -> None:
        """``packages`` are the package.json files by folder."""
        self._packages = packages
        self._read_asset = read_asset
        self._followers: dict[str, Callable[[str, Sequence[str], Run], Iterator[Run]]] = {
            **dict.fromkeys(MANAGERS, self._manager),
            **dict.fromkeys(("npx", "pnpx", "bunx"), self._downloaded),
            **dict.fromkeys(("run-s", "run-p", "npm-run-all", "npm-run-all2"), self._listed),
            **dict.fromkeys(("concurrently", "conc"), self._concurrently),
            **dict.fromkeys(("turbo", "lerna", "nx"), self._tasks),
            "make": self._make,
            **dict.fromkeys(("sh", "bash"), self._shell),
            **dict.fromkeys(("find", "xargs"), self._each),
            **dict.fromkeys(("docker", "docker-compose", "podman"), self._inside),
        }

    def runs(self, text: str, folder: str = "") -> tuple[Run, ...]:
        """Every program that a text starts in a folder, those in between left out."""
        found: list[Run] = []
        for run in self._text(text, Run("", (), folder, 0)):
            found.append(run)
            if len(found) == MAX_RUNS:
                break
        return tuple(found)

    def script(self, name: str, folder: str) -> tuple[Run, ...]:
        """Every program that a script of the package in a folder starts."""
        return self.runs(f"npm run {name}", folder)

    def _text(self, text: str, at: Run) -> Iterator[Run]:
        """The programs of a text that ``at`` leads to."""
        if len(at.scripts) > MAX_DEPTH:
            return
        for command in shell_commands(text):
            inner = replace(
                at,
                folder=joined(at.folder, command.folder),
                line=at.line if at.scripts else command.line,
                is_binding=at.is_binding and command.is_binding,
            )
            yield from self._command(command.words, inner)

    def _command(self, words: Sequence[str], at: Run) -> Iterator[Run]:
        words = _unwrapped(words)
        if not words:
            return
        program, rest = _program(words)
        follow = self._followers.get("sh" if self._is_shell_script(words[0], at) else program)
        if program.startswith("$") and program != "$":
            yield from self._inside("sh", rest, at)
        elif follow is not None:
            yield from follow(program, rest if program in self._followers else words, at)
        elif program and program not in _BUILT_IN:
            yield replace(at, program=program, arguments=tuple(rest))

    def _is_shell_script(self, path: str, at: Run) -> bool:
        """Whether a command is a file of the repository that the shell reads, whatever it is called."""
        if path.endswith(".sh") or "/" not in path:
            return path.endswith(".sh")
        file = joined(at.folder, path)
        content = None if file.startswith("..") else self._read_asset(file)
        return content is not None and _SHEBANG.match(content) is not None

    def _downloaded(self, _program: str, words: Sequence[str], at: Run) -> Iterator[Run]:
        """``npx``."""
        yield from self._command(_after_flags(words, ("-p", "--package")), at)

    def _listed(self, _program: str, words: Sequence[str], at: Run) -> Iterator[Run]:
        """``npm-run-all``: scripts by name or pattern."""
        for word in words:
            if not word.startswith("-"):
                yield from self._scripts_like(word, at)

    def _concurrently(self, _program: str, words: Sequence[str], at: Run) -> Iterator[Run]:
        """Commands, or scripts as ``npm:NAME``."""
        for word in words:
            if word.startswith("npm:"):
                yield from self._scripts_like(word.removeprefix("npm:"), at)
            elif not word.startswith("-"):
                yield from self._text(word, at)

    def _manager(self, name: str, words: Sequence[str], at: Run) -> Iterator[Run]:
        asked = asked_of(name, words)
        targets = list(self._targets(asked, at.folder))
        for folder in targets:
            inner = replace(at, folder=folder)
            package_folder, scripts = self._scripts(folder)
            if asked.program:
                yield from self._command((asked.program, *asked.arguments), inner)
            elif asked.script and asked.script in scripts:
                yield from self._script(asked, replace(inner, folder=package_folder), scripts)
            elif asked.script and asked.may_be_program:
                yield from self._command((asked.script, *asked.arguments), inner)
            elif asked.script and not (asked.is_optional or len(targets) > 1):
                yield replace(inner, program=name, arguments=("run", asked.script))
        if not (asked.program or asked.script):
            yield replace(at, program=name, arguments=tuple(words))

    def _script(self, asked: Asked, at: Run, scripts: Mapping[str, str]) -> Iterator[Run]:
        """A script with what npm runs before and after it; arguments go to the end of its own text."""
        for name in (f"pre{asked.script}", asked.script, f"post{asked.script}"):
            label = f"{joined(at.folder, 'package.json')}: {name}"
            if name in scripts and label not in at.scripts:
                text = scripts[name]
                if name == asked.script and asked.arguments:
                    text = f"{text} {shlex.join(asked.arguments)}"
                yield from self._text(text, replace(at, scripts=(*at.scripts, label)))

    def _scripts_like(self, pattern: str, at: Run) -> Iterator[Run]:
        for name in self._scripts(at.folder)[1]:
            if name == pattern or fnmatchcase(name, pattern):
                yield from self._manager("npm", ("run", name), at)

    def _targets(self, asked: Asked, folder: str) -> Iterator[str]:
        """Folders of the packages that a package manager is asked to work in."""
        folder = joined(folder, asked.folder)
        if asked.is_everywhere:
            yield from (one for one in sorted(self._packages) if one != folder and relative_to(one, folder) is not None)
        elif asked.packages:
            for name in asked.packages:
                plain = name.strip("{}.").removesuffix("...").removeprefix("./")
                yield from sorted(
                    one
                    for one, package in self._packages.items()
                    if fnmatchcase(package.name, plain) or one == joined(folder, plain)
                )
        else:
            yield folder

    def _tasks(self, program: str, words: Sequence[str], at: Run) -> Iterator[Run]:
        """Turborepo, Nx and Lerna run the scripts of these names in all packages."""
        found = False
        listed = [part for word in words for part in re.split("[,=]", word)]
        names = [word for word in listed if not word.startswith("-") and word not in {"run", "run-many", "affected"}]
        for folder in sorted(self._packages):
            if relative_to(folder, at.folder) is None or (folder == at.folder and len(self._packages) > 1):
                continue
            for name in names:
                is_on_way = f"{joined(folder, 'package.json')}: {name}" in at.scripts
                if name in self._packages[folder].scripts and not is_on_way:
                    found = True
                    yield from self._manager("npm", ("run", name), replace(at, folder=folder))
        if not found:
            yield replace(at, program=program, arguments=tuple(words))

    def _make(self, _program: str, words: Sequence[str], at: Run) -> Iterator[Run]:
        targets = self._makefile(at.folder)
        for word in words:
            label = f"Makefile: {word}"
            if word in targets and label not in at.scripts:
                inner = replace(at, scripts=(*at.scripts, label))
                yield from self._make(
                    _program, [need for need in targets[word]["needs"].split() if need in targets], inner
                )
                for line in _CONTINUED.sub(" ", targets[word]["recipe"]).splitlines():
                    excused = line.strip().startswith("-")
                    yield from self._text(
                        line.strip().lstrip("@-"), replace(inner, is_binding=inner.is_binding and not excused)
                    )
            elif word not in targets and not word.startswith("-") and "=" not in word:
                yield replace(at, program="make", arguments=(word,))

    def targets(self, folder: str) -> Sequence[str]:
        """What ``make`` can be asked for in a folder, in order."""
        return [name for name in self._makefile(folder) if not name.startswith(".")]

    def _makefile(self, folder: str) -> Mapping[str, re.Match[str]]:
        text = (self._read_asset(joined(folder, "Makefile")) or b"").decode("utf-8", "replace")
        called = _MAKE.sub("make", text)
        return {name: found for found in _TARGET.finditer(called + "\n") for name in found["names"].split()}

    def _shell(self, _program: str, words: Sequence[str], at: Run) -> Iterator[Run]:
        """``sh -c TEXT``, or a script of the repository."""
        if words and words[0].startswith("-") and words[0].endswith("c"):
            yield from self._text(" ".join(words[1:2]), at)
            return
        rest = [word for word in words if not word.startswith("-")]
        path = joined(at.folder, rest[0]) if rest else ""
        content = self._read_asset(path) if path and not path.startswith("..") else None
        if content is None or path in at.scripts:
            yield replace(at, program="sh", arguments=tuple(rest))
        else:
            yield from self._text(content.decode("utf-8", "replace"), replace(at, scripts=(*at.scripts, path)))

    def _each(self, program: str, words: Sequence[str], at: Run) -> Iterator[Run]:
        """A command for each of some files, which are named by a variable: ``find … -exec``, ``xargs``."""
        if program == "xargs":
            words = (*_after_flags(words, ("-I", "-n", "-P", "-L", "-d")), "{}")
        else:
            start = next((index for index, word in enumerate(words, 1) if word in {"-exec", "-execdir"}), len(words))
            words = words[start:]
        yield from self._command(["$FILES" if word == "{}" else word for word in words], at)

    def _inside(self, program: str, words: Sequence[str], at: Run) -> Iterator[Run]:
        """A command inside a container: what follows ``run`` or ``exec`` and a service."""
        words = _with_entrypoint(words)
        starts = [at for at, word in enumerate(words) if word in MANAGERS or word in _DOWNLOADING]
        if starts and not {"run", "exec"}.isdisjoint(words[: starts[0]]):
            yield from self._command(words[starts[0] :], at)
        else:
            yield replace(at, program=program, arguments=tuple(words))

    def _scripts(self, folder: str) -> tuple[str, Mapping[str, str]]:
        """The folder of the nearest package.json above, as npm looks for it, with its scripts."""
        while folder and folder not in self._packages:
            folder = folder.rpartition("/")[0]
        found = self._packages.get(folder)
        return folder, found.scripts if found is not None else {}


def _with_entrypoint(words: Sequence[str]) -> Sequence[str]:
    """The words of a container's command, its ``--entrypoint`` put where the program would stand: after the service."""
    if "--entrypoint" not in words[:-1]:
        return words
    at = words.index("--entrypoint")
    service = next((later for later in range(at + 2, len(words)) if not words[later].startswith("-")), len(words))
    return (*words[:at], *words[at + 2 : service + 1], words[at + 1], *words[service + 1 :])


def _unwrapped(words: Sequence[str]) -> Sequence[str]:
    """A command without assignments and programs before it that only set its environment."""
    for at, word in enumerate(words):
        name = word.rpartition("/")[2]
        if not (_ASSIGNMENT.fullmatch(word) or name in _WRAPPERS):
            if at and name.startswith("-"):  # options of a wrapper, up to ``--``
                return words[words.index("--") + 1 :] if "--" in words else _after_flags(words[at:], ("-e", "-f"))
            return words[at:]
    return ()


def _program(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The name of a program; that of an installed package where its file is started."""
    own = _INSTALLED.search(words[0])
    if own is not None:
        return own[1], words[1:]
    if words[0] in {"node", "nodejs"}:
        for at, word in enumerate(words[1:], 2):
            installed = _INSTALLED.search(word)
            if installed is not None:
                return installed[1], words[at:]
            if not word.startswith("-"):
                break
    name = words[0].rstrip("/").rpartition("/")[2] or words[0]
    return name[:1] + name[1:].partition("@")[0], words[1:]  # without the version that npx is asked for


def _after_flags(words: Sequence[str], valued: Sequence[str]) -> Sequence[str]:
    """What follows the options at the front of a command."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in valued and words[at] not in {"-c", "--call"} else 1
    return words[at:]
