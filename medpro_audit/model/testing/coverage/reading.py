"""Finds coverage reports and holds them against the sources."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.facts.file import FileFacts
from medpro_audit.facts.inventory import LANGUAGES
from medpro_audit.model.known import Known
from medpro_audit.model.modules.jsonc import as_object, as_text, as_texts
from medpro_audit.model.modules.paths import joined
from medpro_audit.model.testing.coverage.istanbul import read_final, read_summary
from medpro_audit.model.testing.coverage.lcov import read_lcov
from medpro_audit.model.testing.coverage.report import FileCoverage, ReportFault
from medpro_audit.model.testing.coverage.xml import read_xml
from medpro_audit.model.testing.runners import test_runs
from medpro_audit.model.testing.settings import Settings, is_unread

READERS: Mapping[str, Callable[[bytes], Iterator[FileCoverage]]] = {
    "lcov.info": read_lcov,
    "coverage-final.json": read_final,
    "clover.xml": read_xml,
    "cobertura-coverage.xml": read_xml,
    "cobertura.xml": read_xml,
    "coverage.xml": read_xml,
    "coverage-summary.json": read_summary,
}
"""By the name of the file, the one that says most first."""
FOLDERS = ("coverage", "coverage/lcov-report", "tmp/coverage", "reports/coverage", "test-results/coverage", "")
"""Where reports usually are, as seen from a package."""
_SUFFIXES: Mapping[str, Callable[[bytes], Iterator[FileCoverage]]] = {
    ".info": read_lcov,
    ".lcov": read_lcov,
    ".xml": read_xml,
    ".json": read_final,
}
MAX_VOTES = 200
"""Files of a report that have a say in where it was made."""
_DRIVE = re.compile(r"^[A-Za-z]:")


class Covered(Struct, frozen=True):
    """What a report says of one source file."""

    report: str
    covered: int
    total: int
    lines: Mapping[int, int]
    """Runs by line; empty where the report has totals only."""
    fault: str | None = None
    """Why it does not fit the file as it is now."""


class Coverage(Struct, frozen=True):
    """All that reports say."""

    reports: tuple[str, ...]
    """Paths of the reports that were read."""
    files: Mapping[str, Covered]
    """By source file."""
    strangers: Mapping[str, tuple[str, ...]]
    """By report: files in it that the repository doesn't have."""


def coverage(known: Known) -> Coverage:
    """Read the configured reports, else those in well-known places."""
    reports = list(_reports(known))
    files: dict[str, Covered] = {}
    strangers: dict[str, tuple[str, ...]] = {}
    for path, found in reports:
        matched, lost = _matched(found, known.base.inventory.paths)
        strangers[path] = lost
        for source, file in matched.items():
            facts = known.base.facts.get(source)
            if facts is not None and source not in files:
                fault = _fault(known, facts, file)
                files[source] = Covered(path, file.covered, file.total, file.lines, fault)
    return Coverage(tuple(path for path, _ in reports), files, strangers)


def _reports(known: Known) -> Iterator[tuple[str, list[FileCoverage]]]:
    configured = known.base.config.testing.coverage
    for path in configured:
        content = known.base.read_asset(path) if not path.startswith(("/", "..")) else None
        if content is None:
            advice = "run the tests with coverage first, or correct the path"
            known.notices.add(Notice("configuration", f"testing.coverage names {path}, which can't be read: {advice}"))
        else:
            yield from _report(known, path, content)
    for candidates in () if configured else _places(known):
        for path in candidates:
            content = known.base.read_asset(path)
            found = list(_report(known, path, content)) if content is not None else []
            if found:
                yield from found
                break  # the others in this folder say the same


def _places(known: Known) -> Iterator[list[str]]:
    """Paths to try, for each folder in which a report may be."""
    packages = sorted({"", *(backend.root.removeprefix(".") for backend in known.base.backends)})
    folders = [joined(package, folder) for package in packages for folder in FOLDERS]
    folders += [
        joined(run.folder, folder) for run in known.shared(test_runs).runs for folder in _directories(run.settings)
    ]
    for folder in dict.fromkeys(folders):
        if not folder.startswith(".."):
            yield [joined(folder, name) for name in READERS if folder or name not in {"coverage.xml", "cobertura.xml"}]


def _directories(settings: Settings) -> Sequence[str]:
    """Where a runner is told to write its report."""
    nested = as_object(as_object(settings.get("test")).get("coverage"))
    named = (*as_texts(settings.get("coverageDirectory")), as_text(nested.get("reportsDirectory")))
    return [
        text.replace("<rootDir>/", "") for text in named if text and not is_unread(text) and not text.startswith("/")
    ]


def _report(known: Known, path: str, content: bytes) -> Iterator[tuple[str, list[FileCoverage]]]:
    name = path.rpartition("/")[2]
    reader = READERS.get(name) or _SUFFIXES.get(path[path.rfind(".") :], read_lcov)
    try:
        yield path, list(reader(content))
    except ReportFault as fault:
        known.notices.add(Notice("configuration", f"this coverage report is not read: {fault}", Place(path, 0)))


def _matched(files: Iterable[FileCoverage], paths: frozenset[str]) -> tuple[dict[str, FileCoverage], tuple[str, ...]]:
    """Files of a report by their path in the repository, and the paths that it doesn't have.

    A report names files by where they stood on the machine that made it; all of them stood below one folder. That
    folder is the one which most files agree on.
    """
    named = [(_normal(file.path), file) for file in files]
    votes: Counter[tuple[str, str]] = Counter()
    for path, _ in named[:MAX_VOTES]:
        votes.update(_roots(path, paths))
    (outer, inner), _ = min(votes.items(), key=lambda vote: (-vote[1], len(vote[0][0]), vote[0]), default=(("", ""), 0))
    matched, lost = {}, []
    for path, file in named:
        rest = path[len(outer) :] if path.startswith(outer) else None
        own = joined(inner, rest) if rest is not None else None
        if own is not None and own in paths:
            matched[own] = file
        elif path[path.rfind(".") :] in LANGUAGES:
            lost.append(path if rest is None else own or path)
    return matched, tuple(sorted(set(lost)))


def _roots(path: str, paths: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Ways to read a path: what stands before the scanned directory in it, and the folder of ours it is seen from."""
    at = 0
    while at != -1 and at < len(path):
        rest = path[at:]
        if rest in paths:
            yield path[:at], ""
        slash = path.find("/", at)
        at = slash + 1 if slash != -1 else -1
    if not path.startswith("/"):
        for own in _ending(path, paths):
            yield "", own


def _ending(path: str, paths: frozenset[str]) -> Iterator[str]:
    """Folders of ours from which a relative path leads to a file: the report is that of a package."""
    folders = {one[: -len(path) - 1] for one in paths if one.endswith(f"/{path}")}
    yield from sorted(folders)[:10]


def _normal(path: str) -> str:
    plain = _DRIVE.sub("", path.replace("\\", "/"))
    return plain.removeprefix("file://").removeprefix("./")


def _fault(known: Known, facts: FileFacts, file: FileCoverage) -> str | None:
    """What shows that a report was made of another version of a file."""
    if not file.lines:
        return None
    count = len(facts.line_starts) // 4 + 1
    last = max(file.lines)
    if last > count:
        return f"it counts line {last}, and the file has {count}"
    if len(file.lines) >= count - 1:
        return None  # V8 counts every line, blank ones too
    text = known.base.interpreter.code.snippet(facts.path, 0, facts.size).split("\n")
    blank = next((line for line in sorted(file.lines) if line <= len(text) and not text[line - 1].strip()), None)
    return f"it counts line {blank}, which is blank now" if blank is not None else None
