"""The least coverage that a run of tests asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from medpro_audit.model.known import Known
from medpro_audit.model.modules.jsonc import Json, as_object
from medpro_audit.model.modules.paths import joined
from medpro_audit.model.testing.runners import TestRun
from medpro_audit.model.testing.settings import Settings, section_of, settings_in

_MEASURES = ("lines", "statements")
_FILES = (".nycrc", ".nycrc.json", ".nycrc.yml", ".c8rc", ".c8rc.json", "nyc.config.js")


def threshold(known: Known, runs: Iterable[TestRun], folders: Iterable[str]) -> float | None:
    """The least share of lines, or else of statements, in percent; None where nothing fails for want of coverage.

    Args:
        known: The model.
        runs: Runs of the tests that count.
        folders: Of the packages whose nyc or c8 settings count.
    """
    found = [
        *(one for run in runs for one in _of_run(run)),
        *(one for each in folders for one in _of_folder(known, each)),
    ]
    return max(found, default=None)


def _of_run(run: TestRun) -> Iterator[float]:
    jest = as_object(as_object(run.settings.get("coverageThreshold")).get("global"))
    vitest = as_object(as_object(run.settings.get("test")).get("coverage"))
    thresholds = as_object(vitest.get("thresholds"))
    for section in (jest, thresholds, vitest):
        yield from _least(section)
    if thresholds.get("100") is True:
        yield 100.0
    if run.command.value("--check-coverage"):
        yield from _numbers(run.command.value("--lines") or run.command.value("--statements"))


def _of_folder(known: Known, folder: str) -> Iterator[float]:
    """Nyc and c8 only fail where ``check-coverage`` says so."""
    manifest = joined(folder, "package.json")
    sections = [section_of(known, manifest, name) for name in ("nyc", "c8")]
    paths = (joined(folder, name) for name in _FILES)
    sections += [settings_in(known, path) for path in paths if path in known.base.inventory.paths]
    for section in sections:
        if section is not None and section.get("check-coverage", section.get("checkCoverage")) is True:
            yield from _least(section)


def _least(section: Settings) -> Iterator[float]:
    yield from (number for name in _MEASURES for number in _numbers(section.get(name)))


def _numbers(value: Json) -> Iterator[float]:
    if isinstance(value, str) and value.isdecimal():
        value = float(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 100:  # noqa: PLR2004 - percent
        yield float(value)
