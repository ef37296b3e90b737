"""Which finding of an earlier state is which one now.

By fingerprint first. What is left has moved where rule and code are the same: in a file of the same name in another
folder, with its code in another file, or in a file that was renamed. Of several equal ones the first is matched with
the first, so that their number is always right: one finding swapped for another is seen.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Generic, NamedTuple, Protocol, TypeVar

from msgspec import structs

from medpro_audit.core.finding import Finding


class Earlier(Protocol):
    """A finding, or what is kept of one."""

    @property
    def fingerprint(self) -> str:
        """Its fingerprint."""

    @property
    def content(self) -> str:
        """Its fingerprint without the file."""

    @property
    def file(self) -> str:
        """Where it stood."""


Old = TypeVar("Old", bound=Earlier)
Item = TypeVar("Item")
Other = TypeVar("Other")
Renamed = Callable[[Sequence[str]], Mapping[str, str]]
"""What files are called now, by what they were called; asked for files whose findings are not found again."""

Added = Callable[[str], AbstractSet[int]]
"""Lines of a file that are new or other ones since an earlier state."""


class Paired(NamedTuple, Generic[Item, Other]):
    """Two sequences, matched."""

    pairs: list[tuple[Item, Other]]
    """In the order of the second one."""
    gone: list[Item]
    """Left of the first, in its order."""
    new: list[Other]
    """Left of the second, in its order."""


def no_renames(_files: Sequence[str]) -> Mapping[str, str]:
    """No file was renamed, or nobody knows."""
    return {}


def pair_findings(
    before: Sequence[Old], after: Sequence[Finding], renamed: Renamed = no_renames
) -> Paired[Old, Finding]:
    """Match earlier findings with those of now."""
    found = pair(before, after, lambda old: old.fingerprint, lambda new: new.fingerprint)
    found = _more(found, lambda old: _base(old.file), lambda new: _base(new.file))
    found = _more(found, lambda _old: "code", lambda new: "code" if new.snippet else None)
    if found.gone and found.new:
        names = renamed(sorted({old.file for old in found.gone}))
        found = _more(found, lambda old: names.get(old.file), lambda new: new.file)
    order = {id(finding): index for index, finding in enumerate(after)}
    return found._replace(pairs=sorted(found.pairs, key=lambda each: order[id(each[1])]))


def told_apart(before: Sequence[Finding], after: Sequence[Finding], added: Added) -> tuple[Finding, ...]:
    """Findings of now, of which those that were added to equal ones of their file have the later fingerprints.

    Equal findings of a file differ by their number only, which follows their order: where one is added above the
    others, it would otherwise be the last of them that seems new.
    """
    earlier, now, added = _families(before), _families(after), cache(added)
    names: dict[int, str] = {}
    for family, findings in now.items():
        if 0 < len(earlier.get(family, ())) < len(findings):
            names |= dict(_renumbered(findings, len(findings) - len(earlier[family]), added(family[0])))
    renamed = (structs.replace(each, fingerprint=names.get(id(each), each.fingerprint)) for each in after)
    return tuple(sorted(renamed, key=lambda each: each.order)) if names else tuple(after)


def _families(findings: Iterable[Finding]) -> dict[tuple[str, str], list[Finding]]:
    """Equal findings of each file in their order."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for each in findings:
        if each.content:
            found.setdefault((each.file, each.content), []).append(each)
    return found


def _renumbered(findings: Sequence[Finding], count: int, added: AbstractSet[int]) -> Iterator[tuple[int, str]]:
    """The fingerprints of equal findings, the last ones for those that are new: what stands in added lines first."""
    by_age = sorted(range(len(findings)), key=lambda index: (findings[index].line in added, index))
    new = set(by_age[len(findings) - count :])
    order = sorted(range(len(findings)), key=lambda index: (index in new, index))
    return ((id(findings[index]), each.fingerprint) for index, each in zip(order, findings, strict=True))


def pair(
    before: Sequence[Item],
    after: Sequence[Other],
    key_before: Callable[[Item], Hashable],
    key_after: Callable[[Other], Hashable],
) -> Paired[Item, Other]:
    """Match items of equal keys, the first with the first; what has the key None is matched with nothing."""
    waiting: defaultdict[Hashable, deque[Item]] = defaultdict(deque)
    for item in before:
        waiting[key_before(item)].append(item)
    pairs: list[tuple[Item, Other]] = []
    new: list[Other] = []
    for other in after:
        key = key_after(other)
        candidates = waiting.get(key) if key is not None else None
        if candidates:
            pairs.append((candidates.popleft(), other))
        else:
            new.append(other)
    left = {id(item) for items in waiting.values() for item in items}
    return Paired(pairs, [item for item in before if id(item) in left], new)


def _more(
    found: Paired[Old, Finding], key_before: Callable[[Old], str | None], key_after: Callable[[Finding], str | None]
) -> Paired[Old, Finding]:
    """Match what is still left where rule and code are the same, and another key too."""
    if not found.gone or not found.new:
        return found
    more = pair(
        found.gone,
        found.new,
        lambda old: _both(old.content, key_before(old)),
        lambda new: _both(new.content, key_after(new)),
    )
    return more._replace(pairs=[*found.pairs, *more.pairs])


def _both(content: str, key: str | None) -> tuple[str, str] | None:
    return (content, key) if content and key is not None else None


def _base(file: str) -> str:
    return file.rpartition("/")[2]


def renames_of(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Names of now from renames in their order, each old and new: a file may have been renamed more than once."""
    now: dict[str, str] = {}
    for old, new in pairs:
        now = {name: new if current == old else current for name, current in now.items()}
        now[old] = new
    return now
