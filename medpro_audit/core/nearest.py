"""The nearest known word, for messages about a word that isn't known."""

from collections.abc import Iterable

_LISTED = 16


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the known word that is most like ``word``; None when none is like it."""
    return next(iter(nearest_few(word, known, most=1)), None)


def nearest_few(word: str, known: Iterable[str], most: int) -> list[str]:
    """Known words that are like ``word``, the nearest first."""
    from difflib import get_close_matches  # noqa: PLC0415 - only needed when something is wrong

    candidates = sorted(known)
    by_lower = {candidate.lower(): candidate for candidate in reversed(candidates)}
    return [by_lower[match] for match in get_close_matches(word.lower(), by_lower, n=most, cutoff=0.5)]


def suggest(word: str, known: Iterable[str]) -> str:
    """Say which known word is meant, or, when none is like it, which there are; to be put after what is wrong."""
    candidates = sorted(known)
    match = nearest(word, candidates)
    if match is not None:
        return f'; did you mean "{match}"?'
    return f"; there are: {', '.join(candidates)}" if 0 < len(candidates) <= _LISTED else ""
