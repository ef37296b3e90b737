"""Runs programs side by side and measures each as a whole: CPU of it and its children, wall time, peak memory."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer

TIME_LIMIT = 900
"""Seconds after which a program is stopped."""


@dataclass(frozen=True)
class Program:
    """A command line to measure."""

    name: str
    arguments: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    accepted: frozenset[int] = frozenset({0, 1})
    """Exit codes with which it has done its work; most linters end with 1 when they find something."""


@dataclass(frozen=True)
class Usage:
    """What one run took: seconds of CPU (user and system) and of the clock, MiB of the largest process."""

    cpu: float
    wall: float
    peak: float


@dataclass(frozen=True)
class Summary:
    """Medians of all runs of a program; ``ratio`` is that of its CPU time to another's in the same round."""

    name: str
    usage: Usage
    ratio: float


class FailedError(Exception):
    """A program ended in a way that makes its figures worthless."""


def run(program: Program) -> Usage:
    """Run a program to its end.

    Raises:
        FailedError: It can't be started, takes too long, or ends with a code that does not mean findings.
    """
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        try:
            process = subprocess.Popen(
                program.arguments,
                cwd=program.folder,
                env=_environment(program),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
        except OSError as fault:
            raise FailedError(f"{program.name}: {fault}") from fault
        used = _wait(process, started)
        if process.returncode not in program.accepted:
            errors.seek(0)
            said = errors.read().decode("utf-8", "replace").strip().splitlines()
            raise FailedError(
                f"{program.name}: exit code {process.returncode}: {said[-1] if said else 'no word'}"[:300]
            )
    return used


def _wait(process: subprocess.Popen[bytes], started: float) -> Usage:
    """Wait for a process; stop it, and what it has started, when it takes too long or we are interrupted."""

    def stop() -> None:
        os.killpg(process.pid, signal.SIGKILL)

    timer = Timer(TIME_LIMIT, stop)
    timer.start()
    try:
        _, status, resources = os.wait4(process.pid, 0)
    except BaseException:
        stop()
        raise
    finally:
        timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    return Usage(resources.ru_utime + resources.ru_stime, wall, resources.ru_maxrss / 1024)


def _environment(program: Program) -> dict[str, str]:
    """The environment to run in: Python may keep bytecode, as on any machine that is not set up otherwise."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "NO_COLOR": "1", **program.environment}


def interleaved(
    programs: Sequence[Program], runs: int, run_: Callable[[Program], Usage] = run
) -> tuple[dict[str, list[Usage]], list[str]]:
    """Run all programs in turn, round after round, so that what else the machine does falls on all of them.

    A first round is not counted: it warms disk and caches. A program that fails in it runs no more; the second value
    says why, for each.
    """
    working: list[Program] = []
    failures: list[str] = []
    for program in programs:
        try:
            run_(program)
            working.append(program)
        except FailedError as fault:
            failures.append(str(fault))
    used: dict[str, list[Usage]] = {program.name: [] for program in working}
    for _ in range(runs):
        for program in working:
            used[program.name].append(run_(program))
    return used, failures


def summaries(used: Mapping[str, Sequence[Usage]], floor: str) -> list[Summary]:
    """Medians of each program; ratios to the CPU time of the program called ``floor``, round by round."""
    return [
        Summary(
            name,
            Usage(
                statistics.median(usage.cpu for usage in usages),
                statistics.median(usage.wall for usage in usages),
                statistics.median(usage.peak for usage in usages),
            ),
            statistics.median(own.cpu / base.cpu for own, base in zip(usages, used[floor], strict=True)),
        )
        for name, usages in used.items()
    ]
