"""Which programs a script of a package.json starts."""

import re
import shlex
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import takewhile

from msgspec import Struct

MAX_LENGTH = 2_000
"""Longer scripts are not read."""
MAX_CALLED = 20
"""Further scripts that a script runs are not followed."""


class Program(Struct, frozen=True):
    """A program that a script hands to Node, or to something that runs it with Node."""

    path: str
    """As written; empty when the runner takes the package's own ``main``."""
    folder: str
    """Where ``cd`` led to before, relative to the package."""


_VALUED = frozenset(("-r", "--require", "--import", "--loader", "--experimental-loader", "--env-file", "--conditions"))
_RUNNERS: Mapping[str, frozenset[str]] = {
    "node": _VALUED | {"-C"},
    "nodejs": _VALUED | {"-C"},
    "nodemon": _VALUED
    | {"-w", "--watch", "-i", "--ignore", "-e", "--ext", "-d", "--delay", "--config", "-s", "--signal"},
    "ts-node": _VALUED | {"-P", "--project", "-C", "--compiler", "-O", "--compiler-options", "--cwd"},
    "ts-node-dev": _VALUED | {"-P", "--project", "--watch", "--ignore-watch"},
    "tsnd": _VALUED | {"-P", "--project", "--watch", "--ignore-watch"},
    "tsx": _VALUED | {"--tsconfig", "--include", "--exclude"},
    "node-dev": _VALUED,
    "babel-node": _VALUED | {"-x", "--extensions", "-c", "--config-file"},
    "swc-node": _VALUED,
    "esno": _VALUED,
    "esr": _VALUED,
    "vite-node": _VALUED | {"-c", "--config"},
    "bun": _VALUED,
    "pm2": _VALUED | {"-n", "--name", "-i", "--instances", "--interpreter", "-o", "-e", "-l", "--env"},
    "pm2-runtime": _VALUED | {"-n", "--name", "-i", "--instances", "--interpreter", "--env"},
    "forever": _VALUED | {"-l", "-o", "-e", "--uid", "-c"},
    "supervisor": _VALUED | {"-w", "-i", "-e", "-x"},
}
"""Options that take the next word as their value, by the name of what runs programs."""
_SUBCOMMANDS = frozenset(("start", "restart", "reload", "startOrReload", "startOrRestart", "run", "watch", "--"))
_NO_PROGRAM = frozenset(("-e", "--eval", "-p", "--print", "--test", "-v", "--version", "-h", "--help"))
_SCRIPT_RUNNERS = frozenset(("npm", "yarn", "pnpm", "bun", "npm-run-all", "run-s", "run-p", "npm-run-all2"))
_ONLY_TALK = frozenset(("echo", "printf", "docker", "docker-compose", "podman", "git", "ssh", "kubectl"))
_OPERATOR = re.compile(r"[();<>|&]+")


def programs(name: str, scripts: Mapping[str, str]) -> tuple[Program, ...]:
    """Every program that a script starts, also through other scripts and quoted commands, in order of the text."""
    return tuple(_Reading(scripts).script(name))


class _Reading:
    """Reads one script and those that it runs, each of them once."""

    def __init__(self, scripts: Mapping[str, str]) -> None:
        self._scripts = scripts
        self._seen: set[str] = set()

    def script(self, name: str) -> Iterator[Program]:
        if name not in self._seen and len(self._seen) < MAX_CALLED:
            self._seen.add(name)
            yield from self._text(self._scripts[name][:MAX_LENGTH])

    def _text(self, text: str) -> Iterator[Program]:
        folder = ""
        for words in _simple_commands(text):
            if words[0] == "cd" and len(words) > 1:
                folder = words[1]
            elif words[0] not in _ONLY_TALK:
                for program in self._command(words):
                    yield Program(program.path, "/".join(part for part in (folder, program.folder) if part))

    def _command(self, words: list[str]) -> Iterator[Program]:
        """One command, whatever stands before the runner: assignments, ``cross-env``, ``npx``, ``concurrently``."""
        for at, word in enumerate(words):
            name, rest = word.rpartition("/")[2], words[at + 1 :]
            called = _called(rest, self._scripts) if name in _SCRIPT_RUNNERS else ()
            if " " in word:
                yield from self._text(word)
            elif called:
                for script in called:
                    yield from self.script(script)
                return
            elif name in _RUNNERS:
                yield from self._run(name, rest)
                return
            elif name == "nest" and rest[:1] == ["start"]:
                yield Program("src/main", "")
                return

    def _run(self, runner: str, words: list[str]) -> Iterator[Program]:
        rest = iter(words)
        for word in rest:
            if word in _RUNNERS[runner]:
                next(rest, None)
            elif word in _NO_PROGRAM:
                return
            elif " " in word:
                quoted = [program for program in self._text(word) if program.path]
                if quoted:
                    yield from quoted
                    return
            elif not word.startswith("-") and word not in _SUBCOMMANDS and word.rpartition("/")[2] not in _RUNNERS:
                yield Program(word, "")
                return
        if runner == "nodemon":
            yield Program("", "")


def _simple_commands(text: str) -> Iterator[list[str]]:
    """The words of each command between operators such as ``&&``."""
    words: list[str] = []
    for word in (*shell_words(text), ";"):
        if not _OPERATOR.fullmatch(word):
            words.append(word)
        elif words:
            yield words
            words = []


@lru_cache(maxsize=1_000)
def shell_words(text: str) -> tuple[str, ...]:
    """The words and operators of one line of shell; where a quote is left open, what stands between blanks."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return tuple(lexer)
    except ValueError:  # an open quote
        return tuple(text.split())


def _called(words: list[str], scripts: Mapping[str, str]) -> list[str]:
    """The scripts that a package manager is asked to run, up to ``--``."""
    return [word for word in takewhile(lambda word: word != "--", words) if word in scripts]
