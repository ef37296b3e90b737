"""Sources that nobody would write: projects of ours, damaged in ways that a number decides."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from medpro_audit.adapters.settings import is_settings_file
from medpro_audit.facts.inventory import LANGUAGES

ROOT = Path(__file__).parent.parent
PROJECTS = (ROOT / "examples" / "clinic-api", *sorted((ROOT / "tests" / "fixtures" / "express").iterdir()))
LARGEST = 2_000
"""Lines that one damage may leave."""

BRACKETS = ((b"(", b")"), (b"[", b"]"), (b"{", b"}"), (b"!", b""), (b"f(", b")"), (b"`${", b"}`"))

Damage = Callable[[Random, bytes, bytes], bytes]
"""Damages a source, given another one of the same project."""


class Mutant(NamedTuple):
    """A damaged project."""

    title: str
    files: dict[str, bytes]


def mutant(number: int) -> Mutant:
    """The mutant of a number: the same each time."""
    random = Random(number)  # noqa: S311 - to be repeated, not to be secret
    project = random.choice(PROJECTS)
    files = dict(_files(project))
    names = [name for name in files if Path(name).suffix in LANGUAGES or is_settings_file(name)]
    steps = []
    for _ in range(random.randint(1, 3)):
        name, other = random.choice(names), random.choice(names)
        damage = random.choice(DAMAGES)
        files[name] = damage(random, files[name], files[other])
        steps.append(f"{damage.__name__} {name}")
    return Mutant(f"mutant {number}: {project.name}, {', '.join(steps)}", files)


@cache
def _files(project: Path) -> dict[str, bytes]:
    return {path.relative_to(project).as_posix(): path.read_bytes() for path in _below(project)}


def _below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "node_modules" not in path.relative_to(folder).parts:
            yield path


def cut(random: Random, source: bytes, _other: bytes) -> bytes:
    """Take out a stretch, or all from somewhere on."""
    start = random.randint(0, len(source))
    end = random.choice((len(source), min(len(source), start + random.randint(1, 60))))
    return source[:start] + source[end:]


def splice(random: Random, source: bytes, other: bytes) -> bytes:
    """Put a stretch of another file somewhere."""
    start, at = random.randint(0, len(other)), random.randint(0, len(source))
    return source[:at] + other[start : start + random.randint(1, 200)] + source[at:]


def flip(random: Random, source: bytes, _other: bytes) -> bytes:
    """Replace single bytes by any others."""
    damaged = bytearray(source)
    for _ in range(random.randint(1, 8) if source else 0):
        damaged[random.randrange(len(damaged))] = random.randrange(256)
    return bytes(damaged)


def shuffle(random: Random, source: bytes, _other: bytes) -> bytes:
    """Put some lines, or all, into another order."""
    lines = source.splitlines(keepends=True)
    start = random.randint(0, len(lines))
    some = lines[start : start + random.choice((3, 10, len(lines)))]
    random.shuffle(some)
    return b"".join((*lines[:start], *some, *lines[start + len(some) :]))


def duplicate(random: Random, source: bytes, _other: bytes) -> bytes:
    """Write a few lines many times."""
    lines = source.splitlines(keepends=True)[:LARGEST]
    start = random.randint(0, len(lines))
    some = lines[start : start + random.randint(1, 4)]
    return b"".join((*lines[:start], *some * random.choice((2, 3, 40)), *lines[start:]))


def drop_brackets(random: Random, source: bytes, _other: bytes) -> bytes:
    """Take out some of the brackets and quotes."""
    part = random.choice((0.02, 0.2, 1.0))
    return bytes(byte for byte in source if byte not in b"()[]{}'\"`" or random.random() > part)


def swap_words(random: Random, source: bytes, other: bytes) -> bytes:
    """Replace words by words of another file: most of what comes out is a program still."""
    words = re.findall(rb"[\w$]+", other) or [b"x"]
    part = random.choice((0.01, 0.05, 0.3))
    return re.sub(rb"[\w$]+", lambda match: random.choice(words) if random.random() < part else match[0], source)


def swap_pieces(random: Random, source: bytes, other: bytes) -> bytes:
    """Replace what stands between brackets or commas by what stands there in another file."""
    pieces = re.findall(rb"[(,\[{:]([^()\[\]{},:\n]+)", other) or [b"x"]
    part = random.choice((0.02, 0.2))
    return re.sub(
        rb"(?<=[(,\[{:])[^()\[\]{},:\n]+",
        lambda match: random.choice(pieces) if random.random() < part else match[0],
        source,
    )


def nest(random: Random, source: bytes, _other: bytes) -> bytes:
    """Wrap what follows a place into very many brackets."""
    at, depth = random.randint(0, len(source)), random.choice((3, 60, 500, 5_000))
    opening, closing = random.choice(BRACKETS)
    return source[:at] + opening * depth + source[at:] + closing * depth


DAMAGES: tuple[Damage, ...] = (
    cut,
    splice,
    flip,
    shuffle,
    duplicate,
    drop_brackets,
    swap_words,
    swap_words,
    swap_pieces,
    swap_pieces,
    nest,
)
"""What keeps most of a program a program comes twice: it gets furthest."""
