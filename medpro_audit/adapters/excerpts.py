"""Reads the lines around findings, for reports that show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from pathlib import Path

from medpro_audit.adapters.reading import read_below
from medpro_audit.core.finding import Finding
from medpro_audit.core.place import Place
from medpro_audit.model.secrecy.masking import masked
from medpro_audit.reporters.excerpt import Excerpt

AROUND = 3
"""Lines before and after the one in question."""
MOST_OF_A_RULE = 5
"""Findings of one rule whose code is shown; the others are one line each."""
_LONGEST_LINE = 200
_MAX_BYTES = 1_000_000


def read_excerpts(
    root: Path, findings: Iterable[Finding], secrets: Collection[Place] = (), *, most: int = MOST_OF_A_RULE
) -> tuple[Excerpt, ...]:
    """The code around the first findings of each rule, sorted; what can't be read any more has none.

    Args:
        root: The scanned folder.
        findings: In their order.
        secrets: Where secrets stand, which are never shown.
        most: Findings of one rule whose code is shown.
    """
    wanted = sorted({Place(each.file, each.line) for each in _first_of_each_rule(findings, most) if each.line})
    hidden = {(place.file, place.line) for place in secrets}
    excerpts: list[Excerpt] = []
    for file, places in groupby(wanted, key=lambda place: place.file):
        content = read_below(root, file, _MAX_BYTES)
        if isinstance(content, bytes):
            lines = content.decode("utf-8", "replace").split("\n")
            excerpts += [_around(place, lines, hidden) for place in places if place.line <= len(lines)]
    return tuple(excerpts)


def _first_of_each_rule(findings: Iterable[Finding], most: int) -> list[Finding]:
    by_rule: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_rule[finding.rule].append(finding)
    return [finding for found in by_rule.values() for finding in found[:most]]


def _around(place: Place, lines: Sequence[str], hidden: Collection[tuple[str, int]]) -> Excerpt:
    first = max(1, place.line - AROUND)
    numbered = enumerate(lines[first - 1 : place.line + AROUND], first)
    shown = [masked(line.rstrip("\r"), is_secret=(place.file, number) in hidden) for number, line in numbered]
    cut = (line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…" for line in shown)
    return Excerpt(place.file, place.line, first, tuple(cut))
