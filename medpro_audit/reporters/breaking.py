"""Promises to clients that a change breaks, or may break: alike ones in one line."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct

from medpro_audit.reporters.marks import SEVERITY_MARKS, UNKNOWN, Mark
from medpro_audit.reporters.summary import at, count
from medpro_audit.result.difference import Break, Difference, Undecided

Promise = TypeVar("Promise", Break, Undecided)


class Broken(Struct, frozen=True):
    """What several endpoints do, or may do, to their clients."""

    mark: Mark
    file: str
    line: int
    """Of the first endpoint."""
    text: str
    """In one sentence."""
    is_certain: bool
    backend: str

    @property
    def place(self) -> str:
        """Of the first endpoint, in one word."""
        return at(self.file, self.line)


def broken(difference: Difference) -> tuple[Broken, ...]:
    """All that breaks clients, then all that may."""
    return (*certain(difference.breaks), *_uncertain(difference.undecided))


def counted(difference: Difference) -> str:
    """How much there is, in words; empty for nothing."""
    parts = [
        f"{count(len(difference.breaks), 'promise')} to clients broken" if difference.breaks else "",
        f"{len(difference.undecided):,} that can't be told" if difference.undecided else "",
    ]
    return ", ".join(filter(None, parts))


def certain(breaks: Iterable[Break]) -> Iterator[Broken]:
    """Promises that are broken for sure, alike ones together."""
    for group in _alike(breaks):
        verb = "breaks clients" if len(group) == 1 else "break clients"
        text = f"{_who(group)} {verb}: {group[0].sentence}"
        yield Broken(
            SEVERITY_MARKS["warning"], group[0].file, group[0].line, text, is_certain=True, backend=group[0].backend
        )


def _uncertain(undecided: Sequence[Undecided]) -> Iterator[Broken]:
    for group in _alike(undecided):
        text = f"{_who(group)} may break clients, which can't be told: {group[0].sentence}"
        yield Broken(UNKNOWN, group[0].file, group[0].line, text, is_certain=False, backend=group[0].backend)


def _alike(promises: Iterable[Promise]) -> Iterator[list[Promise]]:
    groups: dict[tuple[str, str], list[Promise]] = {}
    for each in promises:
        groups.setdefault((each.backend, each.sentence), []).append(each)
    yield from groups.values()


def _who(group: Sequence[Break] | Sequence[Undecided]) -> str:
    more = f" and {count(len(group) - 1, 'more endpoint')}" if len(group) > 1 else ""
    return f"{group[0].identity}{more}"
