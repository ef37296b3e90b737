"""Findings that a comment in the source accepts: taken out of what is found, and kept beside it.

What is measured stays as it is: an accepted finding is still one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, structs

from medpro_audit.core.finding import Finding
from medpro_audit.core.nearest import nearest
from medpro_audit.model.subjects import Subject
from medpro_audit.model.subjects.suppression import Suppression
from medpro_audit.rules.matching import Matches, joined, match_rules
from medpro_audit.rules.rule import RuleSet


class Suppressed(Struct, frozen=True):
    """A finding that is accepted, and why."""

    finding: Finding
    reason: str
    file: str
    line: int
    """Of the comment."""


class Sorted(Struct, frozen=True):
    """Findings parted by whether they are accepted."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    suppressions: tuple[Suppression, ...]
    """Each with whether it is known and used."""


def suppress(
    findings: Sequence[Finding], suppressions: Sequence[Suppression], *, known: Collection[str], active: Collection[str]
) -> Sorted:
    """Part findings by what comments accept.

    Args:
        findings: What the rules found.
        suppressions: What comments accept, as the survey found it.
        known: Ids of all rules there are.
        active: Ids of those that ran; a comment on another is neither used nor idle.
    """
    by_file: Mapping[str, list[int]] = _by_file(suppressions)
    used: set[int] = set()
    suppressed: dict[int, Suppressed] = {}
    for index, finding in enumerate(findings):
        for each in _accepting(finding, by_file.get(finding.file, ()), suppressions):
            used.add(each)
            by = suppressions[each]
            suppressed.setdefault(index, Suppressed(finding, by.reason, by.file, by.line))
    return Sorted(
        findings=tuple(finding for index, finding in enumerate(findings) if index not in suppressed),
        suppressed=tuple(suppressed.values()),
        suppressions=tuple(
            structs.replace(
                each,
                is_known=each.rule in known,
                is_used=index in used or not each.reason or (each.rule in known and each.rule not in active),
                nearest=None if each.rule in known else nearest(each.rule, known),
            )
            for index, each in enumerate(suppressions)
        ),
    )


def match_and_suppress(
    ruleset: RuleSet, subjects: Mapping[str, Sequence[Subject]]
) -> tuple[Matches, tuple[Suppressed, ...]]:
    """Ask all rules, take out what comments accept, and then ask those that are about these comments."""
    about = tuple(rule for rule in ruleset.rules if rule.subject == _SUPPRESSION)
    others = tuple(rule for rule in ruleset.rules if rule.subject != _SUPPRESSION)
    found = match_rules(structs.replace(ruleset, rules=others), subjects)
    comments = [each for each in subjects.get(_SUPPRESSION, ()) if isinstance(each, Suppression)]
    active = {rule.id for rule in ruleset.rules}
    parted = suppress(found.findings, comments, known=active.union(ruleset.switched_off), active=active)
    of_comments = match_rules(structs.replace(ruleset, rules=about), {**subjects, _SUPPRESSION: parted.suppressions})
    return joined(structs.replace(found, findings=parted.findings), of_comments), parted.suppressed


_SUPPRESSION = "suppression"


def _by_file(suppressions: Iterable[Suppression]) -> Mapping[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for index, each in enumerate(suppressions):
        found[each.file].append(index)
    return found


def _accepting(finding: Finding, indexes: Iterable[int], suppressions: Sequence[Suppression]) -> Iterator[int]:
    for index in indexes:
        each = suppressions[index]
        if each.reason and each.rule == finding.rule and each.first <= finding.line <= each.last:
            yield index
