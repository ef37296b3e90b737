"""lcov tracefiles. Source: geninfo(1), "FILES"."""

from __future__ import annotations

from collections.abc import Iterator

from medpro_audit.model.testing.coverage.report import MAX_FILES, MAX_LINES, FileCoverage, ReportFault, of_lines


def read_lcov(content: bytes) -> Iterator[FileCoverage]:
    """Each file of a tracefile; records of one file that appears several times are added up."""
    files: dict[str, dict[int, int]] = {}
    lines: dict[int, int] | None = None
    for record in content.decode("utf-8", "replace").splitlines():
        if record.startswith("SF:") and len(files) < MAX_FILES:
            lines = files.setdefault(record[3:].strip(), {})
        elif record.startswith("DA:") and lines is not None:
            _add(record[3:], lines)
        elif record == "end_of_record":
            lines = None
    if not files and content.strip():
        raise ReportFault("it holds no SF: record, as every lcov tracefile does")
    for path, counts in files.items():
        yield of_lines(path, counts)


def _add(record: str, lines: dict[int, int]) -> None:
    line, _, rest = record.partition(",")
    count = rest.partition(",")[0]
    if line.isdecimal() and count.isdecimal() and len(lines) < MAX_LINES and len(line) + len(count) < 20:  # noqa: PLR2004 - digits
        lines[int(line)] = lines.get(int(line), 0) + int(count)
