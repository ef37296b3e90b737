"""The parts of an import specifier."""

import re

_BARE = re.compile(r"((?:@[\w~-][\w.~-]*/)?[\w-][\w.~-]*)(?:/(.*))?", re.ASCII | re.DOTALL)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)

MAX_LENGTH = 4_096
"""Longer specifiers are no paths on any system."""


def package_and_subpath(specifier: str) -> tuple[str, str] | None:
    """Split a bare specifier into package and subpath; None when it doesn't begin with a package's name."""
    found = _BARE.fullmatch(specifier)
    return (found[1], found[2] or "") if found else None


def is_relative(specifier: str) -> bool:
    """Whether it names a path seen from the importing file."""
    return specifier.startswith(("./", "../")) or specifier in {".", ".."}


def is_folder(specifier: str) -> bool:
    """Whether a relative specifier can only name a folder."""
    return specifier.endswith("/") or specifier.rpartition("/")[2] in {".", ".."}


def is_url(specifier: str) -> bool:
    """Whether it begins with a scheme such as ``https:`` or ``data:``; a single letter is a Windows drive."""
    return _SCHEME.match(specifier) is not None


def without_query(specifier: str) -> str:
    """The specifier up to its ``?`` or ``#``; one at the very beginning belongs to the name."""
    return re.split(r"(?<=.)[?#]", specifier, maxsplit=1)[0]
