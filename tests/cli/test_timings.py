"""``--timings``, and the stopwatch behind it."""

import re
from pathlib import Path

from cli.programs import run
from medpro_audit.cli.timings import SLOWEST, Stopwatch
from medpro_audit.core.stages import STAGES
from medpro_audit.reporters.terminal import Terminal, columns

EXAMPLE = "examples/clinic-api"
TERMINAL = Terminal(80, colour=False, unicode=True)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        """What it shows."""
        return self.time


def rows(table: str) -> dict[str, float]:
    """Seconds by what took them."""
    found = re.findall(r"^ *(\d+\.\d+) s +(?:\d+\.\d %)? *(.+)$", table, re.MULTILINE)
    return {name: float(seconds) for seconds, name in found}


def test_each_moment_counts_for_the_innermost_stage() -> None:
    """What a stage within takes is no part of the one around it, and all add up."""
    clock = Clock()
    watch = Stopwatch(clock, elapsed=0.5)
    clock.time += 1
    watch.begin("wiring", "server.js")
    clock.time += 2
    watch.begin("reading and extraction", "routes.js")
    clock.time += 4
    watch.end()
    watch.begin("wiring", "")
    clock.time += 8
    watch.end()
    watch.end()
    told = rows(watch.table(TERMINAL))
    assert {name: seconds for name, seconds in told.items() if seconds} == {
        "start-up": 0.5,
        "wiring": 10,
        "reading and extraction": 4,
        "everything else": 1,
        "in all": 15.5,
        "server.js": 10,
        "routes.js": 4,
    }


def test_only_the_slowest_are_named_and_harmlessly() -> None:
    """The worst first; no line is longer than 80 columns, and no control character survives."""
    clock = Clock()
    watch = Stopwatch(clock, elapsed=0)
    for number in range(30):
        watch.begin("reading and extraction", f"{'deep/' * 30}\x1b[31m{number:02}.js")
        clock.time += number + 1
        watch.end()
    table = watch.table(TERMINAL)
    assert [line[-5:] for line in table.splitlines() if ".js" in line] == [
        f"{number:02}.js" for number in range(29, 29 - SLOWEST, -1)
    ]
    assert "\x1b" not in table
    assert all(columns(line) <= 80 for line in table.splitlines())


def test_a_scan_tells_on_stderr_where_the_time_went() -> None:
    """Every stage, the slowest files, programs and endpoints; the report is the same to the byte without it."""
    plain = run("scan", EXAMPLE, "--no-cache", "-f", "json")
    timed = run("scan", EXAMPLE, "--no-cache", "-f", "json", "--timings")
    assert (timed.code, timed.out) == (plain.code, plain.out)
    assert plain.err == ""
    told = rows(timed.err)
    assert [name for name in told if name in STAGES] == list(STAGES)
    assert told["in all"] > told["reading and extraction"] > 0
    assert all(told[stage] > 0 for stage in ("start-up", "wiring", "endpoints", "rules"))
    assert "server.js" in told
    assert abs(sum(told[stage] for stage in STAGES) + told["everything else"] - told["in all"]) < 0.01
    assert all(columns(line) <= 80 for line in timed.err.splitlines())


def test_a_known_model_leaves_nothing_to_extract(tmp_path: Path) -> None:
    """The table of a second scan shows what the cache saves."""
    command = ("scan", EXAMPLE, "--cache-dir", str(tmp_path), "--timings")
    run(*command)
    told = rows(run(*command).err)
    assert told["reading and extraction"] == told["wiring"] == told["endpoints"] == 0
    assert told["cache"] > 0
