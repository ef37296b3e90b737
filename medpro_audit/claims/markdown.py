"""Reads the claims of a status document in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.claims.dates import day_in, effort_in, range_in
from medpro_audit.claims.document import OVERALL, Claim, Dated, Document, Effort, Period
from medpro_audit.core.errors import UsageError

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_CHARACTERS = 1_000_000
_FULL = 100.0

_DONE_MARKS = "✅☑✔"
_OPEN_MARKS = "❌⬜"
_MARKS = frozenset(_DONE_MARKS + _OPEN_MARKS)
_AIM = re.compile(r"\b(?:target|goal)\b", re.IGNORECASE)
_BOX = re.compile(r"^\[([ xX])\]\s+")
_MARKUP = re.compile(r"\*\*|__|``?|~~|(?<![\w*])[*_](?=\w)|(?<=\w)[*_](?![\w*])")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_NUMBERING = re.compile(r"^(?:\d+[.)]|[-*+])\s+")
_SYMBOLS = re.compile(r"[^\w\s()%.,:;/<>=≥+&'\"\-–—#@]+")  # noqa: RUF001 - the dashes that people type
_LABELLED = re.compile(r"^([^:%]{1,80}):\s+(.*)$")
_TARGET = re.compile(r"\(?\btarget\s*:?\s*(?:>=?|≥)?\s*(\d{1,3}(?:\.\d+)?)\s*%[^)]*\)?", re.IGNORECASE)
_SHARE = re.compile(
    r"^(?:about|only|ca\.?|~|>=?|≥)?\s*(\d{1,3}(?:\.\d+)?)\s*%\+?\s*"
    r"(?:$|[-–—(,.;]|(?:complete|completed|done|finished|implemented|migrated|covered|coverage|documented|tested"  # noqa: RUF001
    r"|validated|ready)\b)",
    re.IGNORECASE,
)
_INNER_SHARE = re.compile(r"\((\d{1,3}(?:\.\d+)?)\s*%\s*(?:complete|completed|done|finished)\)", re.IGNORECASE)
_IMPROVEMENT = re.compile(
    r"\d\s*%\+?\s+(?:[\w-]+\s+){0,4}(?:improvement|improved|faster|slower|reduction|reduced|less|fewer|more|speed-?up"
    r"|increase|decrease)\b",
    re.IGNORECASE,
)
_STATE_LABELS = frozenset({"status", "current status", "state", "progress", "current", "completion", "current state"})
_FINISHED = re.compile(
    r"\b(?:items?|tasks?|phase|work)\s+(?:are\s+|is\s+)?(?:all\s+)?(?:done|complete|completed)\b", re.IGNORECASE
)
_DATE_LABELS = {
    "updated": re.compile(r"\b(?:last\s+)?updated\b|\bas of\b", re.IGNORECASE),
    "started": re.compile(r"\bstart(?:ed|s)?\b|\bbegan\b", re.IGNORECASE),
    "due": re.compile(r"\b(?:due|deadline|until|completion date|target date)\b", re.IGNORECASE),
}
_EFFORT_LABEL = re.compile(r"\b(?:effort|estimate|estimated time|duration)\b", re.IGNORECASE)


class _Line(NamedTuple):
    number: int
    raw: str
    sections: tuple[str, ...]
    is_heading: bool = False


def read_document(name: str, text: str) -> Document:
    """Read a status document.

    Raises:
        UsageError: It is larger than a status document can be.
    """
    if len(text) > MAX_CHARACTERS:
        raise UsageError(f"{name}: larger than {MAX_CHARACTERS:,} characters; is this the status document?")
    lines = list(_lines(text))
    claims: list[Claim] = []
    periods: list[Period] = []
    dates: list[Dated] = []
    efforts: list[Effort] = []
    for line in lines:
        said = plain(line.raw)
        section = line.sections[-1] if line.sections else ""
        period = range_in(said)
        if period is not None:
            periods.append(Period(line.number, section, *period))
        else:
            dates += _dates(line, said, section)
        label = _LABELLED.match(said)
        effort = effort_in(said) if label is not None and _EFFORT_LABEL.search(label[1]) else None
        if effort is not None:
            efforts.append(Effort(line.number, section, *effort))
        else:
            claims += _claims(line, said)
    return Document(name, tuple(claims), tuple(periods), tuple(dates), tuple(efforts))


def plain(text: str) -> str:
    """A line of Markdown without its markup, symbols and numbering."""
    bare = _MARKUP.sub("", _LINK.sub(r"\1", text))
    bare = _SYMBOLS.sub(" ", _BOX.sub("", bare.strip()))
    return " ".join(_NUMBERING.sub("", bare.strip()).split())


def _lines(text: str) -> Iterator[_Line]:
    """The lines of headings, paragraphs, list items and table rows, with the headings above each."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - slow to import

    headings: list[tuple[int, str]] = []
    table = _Table()
    opened: Token | None = None
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        above = tuple(title for _, title in headings)
        if token.type == "inline" and token.map is not None and opened is not None:
            number = token.map[0] + 1
            if opened.type == "heading_open":
                level = int(opened.tag[1:])
                headings = [each for each in headings if each[0] < level]
                yield _Line(number, token.content, tuple(title for _, title in headings), is_heading=True)
                headings.append((level, plain(token.content)))
            elif opened.type in {"th_open", "td_open"}:
                table.add(token.content, number)
            else:
                for offset, raw in enumerate(token.content.split("\n")):
                    yield _Line(number + offset, raw.strip(), above)
        elif token.type == "thead_close":
            table.end_head()
        elif token.type == "tr_close":
            yield from table.row(above)
        opened = token


class _Table:
    """The table under way."""

    def __init__(self) -> None:
        self._heads: list[str] = []
        self._cells: list[str] = []
        self._line = 0

    def add(self, cell: str, line: int) -> None:
        self._cells.append(cell)
        self._line = line

    def end_head(self) -> None:
        self._cells, self._heads = [], self._cells

    def row(self, sections: tuple[str, ...]) -> Iterator[_Line]:
        """A row of the body as the sentence ``name: share (Target: share)``."""
        if not self._heads or not self._cells:
            return
        name, *cells = self._cells
        self._cells = []
        values = [
            (_AIM.search(plain(head)) is not None, cell) for head, cell in zip(self._heads[1:], cells, strict=False)
        ]
        shares = [(is_aim, cell) for is_aim, cell in values if "%" in cell or set(cell) & _MARKS]
        if shares:
            said = " ".join(f"(Target: {cell})" if is_aim else cell for is_aim, cell in sorted(shares))
            yield _Line(self._line, f"{name}: {said}", sections)


def _dates(line: _Line, said: str, section: str) -> Iterator[Dated]:
    day = day_in(said)
    if day is not None:
        for kind, pattern in _DATE_LABELS.items():
            if pattern.search(said):
                yield Dated(line.number, kind, section, day)  # type: ignore[arg-type] # the keys are its kinds
                return


def _claims(line: _Line, said: str) -> Iterator[Claim]:
    target = _TARGET.search(said)
    aim = float(target[1]) if target is not None else None
    rest = _TARGET.sub("", said).strip()
    box = _BOX.match(line.raw)
    if box is not None:
        yield _task(line, said, rest, aim, is_done=box[1] in "xX")
        return
    label = _LABELLED.match(rest)
    name, value = (label[1].strip(), label[2].strip()) if label is not None else ("", rest)
    value = value.removesuffix(":").strip()
    subject = _subject(name, line)
    found = _SHARE.match(value) if label is not None else None
    is_marked = bool(set(line.raw) & set(_DONE_MARKS))
    if (label is not None or is_marked) and _IMPROVEMENT.search(value):
        about = f"{subject} {value}".strip()
        yield Claim(line.number, "done", about, said, None, aim, line.sections, is_improvement=True)
    elif found is not None:
        yield Claim(line.number, "share", subject, said, min(float(found[1]), _FULL), aim, line.sections)
        remark = value[found.end() :].strip(" ,;-–—")  # noqa: RUF001 - the dashes that people type
        if is_marked and float(found[1]) < _FULL and _FINISHED.search(remark):
            yield Claim(line.number, "done", remark, said, _FULL, None, line.sections)
    elif line.is_heading:
        return
    elif is_marked:
        yield Claim(line.number, "done", subject or value, said, _FULL, aim, line.sections)
    elif set(line.raw) & _MARKS:
        yield Claim(line.number, "open", subject or value, said, None, aim, line.sections)
    elif name.lower() in _STATE_LABELS:
        yield Claim(line.number, "words", subject, said, None, aim, line.sections)


def _task(line: _Line, said: str, rest: str, aim: float | None, *, is_done: bool) -> Claim:
    """A check box; one may say in brackets how far it is."""
    begun = _INNER_SHARE.search(rest)
    share = _FULL if is_done else float(begun[1]) if begun is not None else None
    task = _INNER_SHARE.sub("", rest).strip()
    return Claim(line.number, "done" if is_done else "open", task, said, share, aim, line.sections)


def _subject(name: str, line: _Line) -> str:
    """What a line is about: its label, or for one that only says ``Status:`` the heading above it."""
    if name.lower() not in _STATE_LABELS:
        return name
    if line.is_heading or not line.sections:
        return OVERALL
    return line.sections[-1]
