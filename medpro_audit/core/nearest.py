"""The nearest known word, for messages about a word that isn't known."""

from collections.abc import Iterable

_LISTED = 12


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the known word that is most like ``word``; None when none is like it."""
    from difflib import get_close_matches  # noqa: PLC0415 - only needed when something is wrong

    candidates = sorted(known)
    by_lower = {candidate.lower(): candidate for candidate in reversed(candidates)}
    match = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.5)
    return by_lower[match[0]] if match else None


def suggest(word: str, known: Iterable[str]) -> str:
    """Say which known word is meant, or, when none is like it, which there are; to be put after what is wrong."""
    candidates = sorted(known)
    match = nearest(word, candidates)
    if match is not None:
        return f'; did you mean "{match}"?'
    return f"; there are: {', '.join(candidates)}" if 0 < len(candidates) <= _LISTED else ""
