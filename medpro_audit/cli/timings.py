"""Where the time of a run went: by stage, and which files, programs and endpoints took most."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from medpro_audit.core.stages import STAGES, StageName

if TYPE_CHECKING:
    from medpro_audit.reporters.terminal import Terminal

SLOWEST = 8
"""Files, programs and endpoints that are named, each."""
_LEAST = 0.001
"""Seconds below which none is worth naming."""
_WHICH: dict[StageName, str] = {
    "reading and extraction": "Slowest files to read and extract",
    "wiring": "Slowest programs to follow, files that they load included",
    "endpoints": "Slowest endpoints, shared middleware where it comes first",
    "surveys": "Slowest surveys of what rules ask about",
}


class Stopwatch:
    """A `core.stages.Recorder`: each moment counts for the innermost stage alone."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter, elapsed: float | None = None) -> None:
        """Start; ``elapsed`` is how long the process has taken to get here, None for all of its CPU time."""
        self._clock = clock
        self._running: list[tuple[StageName | None, str]] = [(None, "")]
        self._spent: defaultdict[StageName | None, float] = defaultdict(float)
        self._by_subject: defaultdict[tuple[StageName | None, str], float] = defaultdict(float)
        self._spent["start-up"] = time.process_time() if elapsed is None else elapsed
        self._since = clock()

    def begin(self, stage: StageName, subject: str) -> None:
        """A stage begins; that around it, if any, waits. Without a subject it is about that of the same stage."""
        self._count()
        around, about = self._running[-1]
        self._running.append((stage, subject or (about if around == stage else "")))

    def end(self) -> None:
        """The innermost stage ends."""
        self._count()
        self._running.pop()

    def _count(self) -> None:
        now = self._clock()
        running = self._running[-1]
        self._spent[running[0]] += now - self._since
        if running[1]:
            self._by_subject[running] += now - self._since
        self._since = now

    def table(self, terminal: Terminal) -> str:
        """The time until now, in lines for a terminal."""
        self._count()
        return "\n".join([*self._stages(terminal), *self._slowest(terminal), ""])

    def _stages(self, terminal: Terminal) -> Iterator[str]:
        total = sum(self._spent.values())
        yield terminal.paint("Where the time went", "strong")
        for stage in (*STAGES, None):
            yield _row(self._spent[stage], total, stage or "everything else")
        yield _row(total, total, "in all")

    def _slowest(self, terminal: Terminal) -> Iterator[str]:
        for stage, title in _WHICH.items():
            spent = [(-seconds, name) for (of, name), seconds in self._by_subject.items() if of == stage]
            worst = [(name, -negative) for negative, name in sorted(spent)[:SLOWEST] if -negative >= _LEAST]
            if worst:
                yield from ("", terminal.paint(title, "strong"))
            for name, seconds in worst:
                start = f"{seconds:8.3f} s  "
                yield start + terminal.short(name, terminal.width - len(start))


def _row(seconds: float, total: float, name: str) -> str:
    return f"{seconds:8.3f} s  {100 * seconds / (total or 1):5.1f} %  {name}"
