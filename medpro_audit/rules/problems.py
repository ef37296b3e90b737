"""What is wrong with rule packs, gathered so that all of it can be said at once."""

from collections.abc import Collection

from medpro_audit.core.errors import ConfigurationError
from medpro_audit.core.nearest import suggest


class Problems:
    """Gathers what is wrong in the files of rule packs."""

    def __init__(self) -> None:
        self._found: set[tuple[str, int, str]] = set()

    def add(self, file: str, line: int, text: str) -> None:
        """Note one problem; ``text`` says what is wrong and what to write instead."""
        self._found.add((file, line, text))

    def raise_any(self) -> None:
        """Raise everything that was found, in order of place, as one `ConfigurationError`."""
        if self._found:
            raise ConfigurationError([f"{file}:{line}: {text}" for file, line, text in sorted(self._found)])


class FileProblems:
    """Gathers what is wrong in one file."""

    def __init__(self, problems: Problems, file: str) -> None:
        self.file = file
        self._problems = problems

    def add(self, line: int, text: str) -> None:
        """Note one problem of this file."""
        self._problems.add(self.file, line, text)

    def add_unknown(self, line: int, kind: str, word: str, known: Collection[str]) -> None:
        """Note a word that isn't known, with the known one that is nearest."""
        self.add(line, f'unknown {kind} "{shorten(word)}"{suggest(word, known)}')


def shorten(text: str) -> str:
    """Put a stranger's text on one line of at most 80 characters, so that it can't flood a message."""
    line = " ".join("".join(character if character.isprintable() else " " for character in text[:500]).split())
    return line if len(line) <= 80 else f"{line[:79]}…"  # noqa: PLR2004 - said in the docstring
