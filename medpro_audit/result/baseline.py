"""Findings that were there when a team began to gate: one line each in a file that they keep."""

from __future__ import annotations

from datetime import date

from msgspec import Struct


class Entry(Struct, frozen=True):
    """A finding that is accepted for now."""

    fingerprint: str
    rule: str
    file: str
    subject: str
    """What it is about, for people who read the line: an endpoint, or the first line of the code."""
    content: str
    """Fingerprint without the file."""
    reason: str = ""
    owner: str = ""
    expires: date | None = None
    """From this day on it is accepted no longer."""


class BaselineReport(Struct, frozen=True):
    """A baseline held against what was found."""

    file: str
    """Of the baseline, as it was named."""
    known: tuple[str, ...]
    """Fingerprints of the findings that it accepts, as they are now."""
    new: int
    """Findings that it does not know."""
    moved: int
    """Known findings that stand in another file than the baseline says."""
    stale: tuple[Entry, ...]
    """Accepted findings that are not there any more."""
    expired: tuple[Entry, ...]
    """Accepted findings whose time is over; they count again."""
