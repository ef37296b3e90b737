"""The baseline: findings that were there when a team began to gate, one line each.

Each line is a JSON object, and the lines are sorted, so that two branches that change different findings merge without
a conflict, and with ``merge=union`` in ``.gitattributes`` also where they change neighbouring lines. There are no
counts and no wildcards: one finding swapped for another is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

import msgspec
from msgspec import Struct

from medpro_audit.core.errors import ConfigurationError
from medpro_audit.core.finding import Finding, MetricId
from medpro_audit.result import Metric
from medpro_audit.result.baseline import BaselineReport, Entry
from medpro_audit.result.pairing import Renamed, no_renames, pair_findings

MAX_BYTES = 50_000_000
_MOST_PROBLEMS = 20
_CONFLICTS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


class Minimum(Struct, frozen=True, forbid_unknown_fields=True):
    """The share that a metric has once reached, and must not fall below."""

    metric: MetricId
    minimum: float


class Baseline(Struct, frozen=True):
    """What is accepted for now."""

    entries: tuple[Entry, ...] = ()
    minimums: tuple[Minimum, ...] = ()


class Match(NamedTuple):
    """A baseline held against what was found."""

    known: tuple[tuple[Entry, Finding], ...]
    """Accepted findings; where the two files differ, it has moved."""
    new: tuple[Finding, ...]
    stale: tuple[Entry, ...]
    expired: tuple[tuple[Entry, Finding], ...]

    def report(self, file: str) -> BaselineReport:
        """What a result says of it."""
        return BaselineReport(
            file=file,
            known=tuple(finding.fingerprint for _, finding in self.known),
            new=len(self.new),
            moved=sum(entry.file != finding.file for entry, finding in self.known),
            stale=self.stale,
            expired=tuple(entry for entry, _ in self.expired),
        )


def read_baseline(name: str, text: str) -> Baseline:
    """Read a baseline.

    Raises:
        ConfigurationError: Lines of it can't be read.
    """
    entries: dict[str, Entry] = {}
    minimums: dict[str, Minimum] = {}
    problems: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        if line.startswith(_CONFLICTS):
            advice = "keep the lines of both sides, delete the markers, then run medpro-audit baseline update"
            problems.append(f"{name}:{number}: a merge conflict; {advice}")
            continue
        try:
            if line.startswith('{"metric"'):
                minimum = msgspec.json.decode(line, type=Minimum)
                minimums[minimum.metric] = max(minimum, minimums.get(minimum.metric, minimum), key=_share)
            else:
                entry = msgspec.json.decode(line, type=Entry)
                # A union merge keeps both lines of one that was edited: the one that says more was written later.
                known = entries.get(entry.fingerprint, entry)
                entries[entry.fingerprint] = max(known, entry, key=_told)
        except msgspec.DecodeError as error:
            problems.append(f"{name}:{number}: no line of a baseline: {error}; take it from git again, or delete it")
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        raise ConfigurationError([*problems[:_MOST_PROBLEMS], *([f"and {more} more"] if more > 0 else [])])
    return Baseline(tuple(entries.values()), tuple(minimums.values()))


def write_baseline(baseline: Baseline) -> str:
    """A baseline as text: one line each, sorted by file, so that what belongs together stands together."""
    entries = sorted(
        baseline.entries, key=lambda entry: (entry.file, entry.rule, entry.subject, entry.fingerprint, entry.reason)
    )
    minimums = sorted(baseline.minimums, key=lambda minimum: minimum.metric)
    lines = [msgspec.json.encode(each).decode() for each in (*entries, *minimums)]
    return "".join(f"{line}\n" for line in lines)


def entry_of(finding: Finding, *, reason: str = "", owner: str = "", expires: date | None = None) -> Entry:
    """The line that accepts a finding."""
    endpoint = f"{finding.method} {finding.path}" if finding.method else ""
    return Entry(
        fingerprint=finding.fingerprint,
        rule=finding.rule,
        file=finding.file,
        subject=endpoint or finding.snippet or finding.message,
        content=finding.content,
        reason=reason,
        owner=owner,
        expires=expires,
    )


def match_baseline(
    baseline: Baseline, findings: Sequence[Finding], *, today: date, renamed: Renamed = no_renames
) -> Match:
    """Hold a baseline against findings; from the day of its expiry on, an entry accepts nothing."""
    found = pair_findings(baseline.entries, findings, renamed)
    return Match(
        known=tuple(each for each in found.pairs if not _is_over(each[0], today)),
        new=tuple(found.new),
        stale=tuple(found.gone),
        expired=tuple(each for each in found.pairs if _is_over(each[0], today)),
    )


def _is_over(entry: Entry, today: date) -> bool:
    return entry.expires is not None and entry.expires <= today


def _told(entry: Entry) -> int:
    """How much a line says of why it is there."""
    return sum(map(bool, (entry.reason, entry.owner, entry.expires)))


def _share(minimum: Minimum) -> float:
    return minimum.minimum


def updated(baseline: Baseline, match: Match, *, add: Callable[[Finding], Entry] | None = None) -> Baseline:
    """A baseline without what is stale, each entry as its finding is now.

    Args:
        baseline: What was accepted.
        match: Its match with what was found.
        add: Makes the entries of new findings; None to accept none of them.
    """
    entries = list(_carried_over((*match.known, *match.expired)))
    if add is not None:
        entries += map(add, match.new)
    return Baseline(tuple(entries), baseline.minimums)


def _carried_over(pairs: Iterable[tuple[Entry, Finding]]) -> Iterator[Entry]:
    for entry, finding in pairs:
        yield entry_of(finding, reason=entry.reason, owner=entry.owner, expires=entry.expires)


def with_minimums(baseline: Baseline, metrics: Iterable[Metric]) -> Baseline:
    """A baseline that keeps the highest share that each metric has ever had."""
    reached = {minimum.metric: minimum.minimum for minimum in baseline.minimums}
    for metric in metrics:
        if metric.share is not None:
            reached[metric.id] = max(metric.share, reached.get(metric.id, 0.0))
    return Baseline(baseline.entries, tuple(Minimum(name, share) for name, share in sorted(reached.items())))
