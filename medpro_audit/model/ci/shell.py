"""Takes the text of a CI step or of a package.json script apart into simple commands."""

import re
from collections.abc import Iterator

from msgspec import Struct

from medpro_audit.model.modules.commands import MAX_LENGTH, shell_words
from medpro_audit.model.modules.paths import joined

MAX_LINES = 500
"""Further lines of a step are not read."""

_OPERATOR = re.compile(r"[();<>|&]+")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_COMPUTED = re.compile(r"(^\s*|[;&|]\s*|\b(?:then|do|else)\s+)\$\([^()]*\)(?=\s+[\w-])")
"""A program that another one names: ``$(compose) run api npm test``."""
_KEYWORDS = frozenset(("if", "elif", "while", "until", "then", "else", "do", "!", "{", "time", "exec", "command"))
_ASKING = frozenset(("if", "elif", "while", "until"))
_HARMLESS = (("true",), (":",), ("echo",), ("exit", "0"))
"""What stands after ``||`` where a failure is to be overlooked."""


class ShellCommand(Struct, frozen=True):
    """One program with its arguments."""

    words: tuple[str, ...]
    folder: str
    """Where ``cd`` led to before, relative to where the text is run."""
    line: int
    """From 0, within the text."""
    is_binding: bool
    """Its failure is not overlooked, as by ``|| true``."""


def shell_commands(text: str) -> Iterator[ShellCommand]:
    """The commands of a text in their order; what is not shell yields nonsense, not errors."""
    folder = ""
    for line, joined_line in _lines(text):
        folders = [folder]
        for words, operator, following in _parts(_COMPUTED.sub(r"\1$COMPUTED", joined_line)):
            command, is_asked = _bare(words)
            if command[:1] == ("cd",) and len(command) > 1:
                folders[-1] = joined(folders[-1], command[1])
            elif command:
                is_excused = operator.startswith("||") and any(following[: len(one)] == one for one in _HARMLESS)
                yield ShellCommand(command, folders[-1], line, not (is_excused or is_asked))
            for bracket in operator:
                if bracket == "(":
                    folders.append(folders[-1])
                elif bracket == ")" and len(folders) > 1:
                    folders.pop()
        folder = folders[0]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines without comments, those that end in a backslash put together, each with the number of its first."""
    start, parts = 0, [""]
    for number, line in enumerate(text.split("\n")[:MAX_LINES]):
        stripped = line.strip()
        if parts == [""]:
            start = number
        if stripped.startswith("#"):
            continue
        parts.append(stripped.removesuffix("\\"))
        if not stripped.endswith("\\"):
            yield start, " ".join(parts).strip()[:MAX_LENGTH]
            parts = [""]
    if parts != [""]:
        yield start, " ".join(parts).strip()[:MAX_LENGTH]


def _parts(line: str) -> Iterator[tuple[list[str], str, tuple[str, ...]]]:
    """The words of each command of a line, the operator behind it, and the words that follow that."""
    tokens = (*shell_words(line), ";")
    words: list[str] = []
    is_target = False
    for at, token in enumerate(tokens):
        if is_target:
            is_target = False  # the file of a redirection
        elif not _OPERATOR.fullmatch(token):
            words.append(token)
        elif "<" in token or ">" in token:
            is_target = True
            if words and words[-1].isdigit():
                words.pop()
        else:
            yield words, token, tokens[at + 1 : at + 3]
            words = []


def _bare(words: list[str]) -> tuple[tuple[str, ...], bool]:
    """A command without keywords and assignments before it, and whether it is only the condition of an ``if``."""
    is_asked = False
    for at, word in enumerate(words):
        is_asked |= word in _ASKING
        if word not in _KEYWORDS and not _ASSIGNMENT.fullmatch(word):
            return tuple(words[at:]), is_asked
    return (), is_asked
