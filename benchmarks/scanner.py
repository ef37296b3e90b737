"""How medpro-audit itself is started for measuring: with what the installed version offers."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

from measuring import Program

ACCEPTED = frozenset({0, 1, 3})
"""Passed, failed, incomplete: all of them have scanned."""


@cache
def help_text() -> str:
    """The options of ``scan``."""
    command = [sys.executable, "-m", "medpro_audit", "scan", "--help"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def alone() -> tuple[str, ...]:
    """Options with which a scan uses neither cache nor other processes."""
    return (*cold(), *(("--jobs", "1") if "--jobs" in help_text() else ()))


def cold() -> tuple[str, ...]:
    """Options with which nothing is remembered from one scan to the next."""
    return ("--no-cache",) if "--no-cache" in help_text() else ()


def scans(folder: Path, scratch: Path) -> list[Program]:
    """A scan without a cache and, where there is one, with it: all rules, three reports."""
    programs = [_scan("medpro-audit, all rules", folder, scratch, *cold())]
    if "--cache-dir" in help_text():
        programs.append(
            _scan("medpro-audit, all rules, cache", folder, scratch, "--cache-dir", str(scratch / "medpro-audit"))
        )
    return programs


def _scan(name: str, folder: Path, scratch: Path, *options: str) -> Program:
    reports = ["-f", "json", "-o", f"sarif:{scratch / 'report.sarif'}", "-o", f"html:{scratch / 'report.html'}"]
    command = [sys.executable, "-m", "medpro_audit", "scan", str(folder), *reports, *options]
    return Program(name, command, scratch, accepted=ACCEPTED)
