"""Clover and Cobertura reports, which are XML.

A document that declares entities is refused, so that none can be blown up, and nothing that it refers to is fetched.
Cobertura's own DOCTYPE only names a file, which is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

from medpro_audit.model.testing.coverage.report import MAX_FILES, MAX_LINES, FileCoverage, ReportFault, of_lines

MAX_DEPTH = 60
"""Elements in elements; a report has less than ten."""

Attributes = dict[str, str]


def read_xml(content: bytes) -> Iterator[FileCoverage]:
    """Each file of a report."""
    reading = _Reading()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = reading.doctype
    parser.EntityDeclHandler = reading.entity
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat takes it by position: this is all
    except expat.ExpatError as error:
        raise ReportFault(f"malformed XML, {expat.errors.messages[error.code]} in line {error.lineno}") from None
    if reading.root != "coverage":
        raise ReportFault("it is neither a Clover nor a Cobertura report: its root is no <coverage>")
    for path, lines in reading.files.items():
        yield of_lines(path, lines)


class _Reading:
    """Takes the lines of each file as the parser meets them."""

    def __init__(self) -> None:
        self.files: dict[str, dict[int, int]] = {}
        self.root = ""
        self._depth = 0
        self._file: dict[int, int] | None = None
        self._source = ""
        self._is_source = False

    def doctype(self, _name: str, _system: str | None, _public: str | None, has_internal_subset: int) -> None:
        if has_internal_subset:
            raise ReportFault("it declares a document type of its own, which no report does")

    def entity(self, *_declaration: object) -> None:
        raise ReportFault("it declares entities, which no report does")

    def start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ReportFault("it is nested too deeply")
        self.root = self.root or name
        if name == "source":
            self._is_source, self._source = True, ""
        elif name == "file":
            self._open(attributes.get("path") or attributes.get("name", ""))
        elif name == "class" and "filename" in attributes:
            self._open(self._below_source(attributes["filename"]))
        elif name == "line" and self._file is not None and attributes.get("type") != "method":
            self._line(
                attributes.get("num") or attributes.get("number", ""),
                attributes.get("count") or attributes.get("hits", ""),
            )

    def end(self, name: str) -> None:
        self._depth -= 1
        if name == "source":
            self._is_source = False
        elif name in {"file", "class"}:
            self._file = None

    def text(self, text: str) -> None:
        if self._is_source:
            self._source += text

    def _open(self, path: str) -> None:
        if path and (path in self.files or len(self.files) < MAX_FILES):
            self._file = self.files.setdefault(path, {})

    def _line(self, line: str, count: str) -> None:
        assert self._file is not None
        if line.isdecimal() and count.isdecimal() and len(self._file) < MAX_LINES and len(line + count) < 20:  # noqa: PLR2004 - digits
            self._file[int(line)] = max(self._file.get(int(line), 0), int(count))

    def _below_source(self, path: str) -> str:
        source = self._source.strip().rstrip("/")
        return path if path.startswith("/") or not source else f"{source}/{path}"
