"""The modules of a repository by folder: what they are, whether they stand in their place, and where they belong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from medpro_audit.model.subjects.directory import Directory
from medpro_audit.model.subjects.module import Module
from medpro_audit.reporters.document import encode
from medpro_audit.reporters.marks import BROKEN, HOLDS, UNKNOWN, Mark
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.summary import count, percent
from medpro_audit.reporters.terminal import Cell, Terminal, columns, fitted, joined

_HEADS = ("", "folder", "in place", "modules by what they are")
_LEAST = (1, 16, 8, 24)
_HELPER_HEADS = ("folder", "modules", "used by", "belongs in")
_HELPER_LEAST = (12, 7, 7, 16)
MISPLACED_SHOWN = 20
_LAYOUTS = {
    "configured": "the configured layout",
    "inferred": "the layout that most modules follow",
    "default": "src/ with a folder a kind, since most modules follow no layout",
}


def render_modules(modules: Sequence[Module], directories: Sequence[Directory], options: RenderOptions) -> str:
    """A table of folders, the folders of helpers with where they belong, and the other modules out of place."""
    terminal = Terminal.of(options)
    lines = [*_summary(terminal, modules), ""]
    lines += _table(terminal, _HEADS, _LEAST, [_row(each, modules) for each in directories])
    helpers = [each for each in directories if each.is_helper_folder]
    if helpers:
        lines += ["", terminal.paint("Folders of helpers at the root", "strong")]
        lines += _table(terminal, _HELPER_HEADS, _HELPER_LEAST, list(map(_helper_row, helpers)))
    lines += _misplaced(terminal, modules, None if options.show_all else MISPLACED_SHOWN)
    return joined(lines)


def render_modules_json(modules: Sequence[Module], directories: Sequence[Directory]) -> str:
    """Every module and every folder."""
    return encode({"schema_version": 1, "modules": list(modules), "directories": list(directories)})


def _summary(terminal: Terminal, modules: Sequence[Module]) -> Iterator[str]:
    good = sum(module.in_place is True for module in modules)
    unknown = sum(module.in_place is None for module in modules)
    told = f", {unknown} unknown" if unknown else ""
    share = f"{percent(100 * good / len(modules))} · {good} of {len(modules)}{told}" if modules else "not measured"
    yield from terminal.paragraph(f"Modules of server code in their place: {share}", style="strong")
    layouts = sorted({_LAYOUTS[module.layout] for module in modules})
    if layouts:
        yield from terminal.paragraph(f"held to {', '.join(layouts)}", style="none")


def _row(directory: Directory, modules: Sequence[Module]) -> tuple[Cell, ...]:
    mark = _mark(directory)
    kinds = Counter(module.kind for module in modules if module.folder == directory.path)
    told = ", ".join(f"{kinds[kind]} {kind}" for kind in directory.kinds)
    return (
        Cell(mark.glyph, mark.tone),
        Cell(f"{directory.path or '.'}/", "accent"),
        Cell(f"{directory.in_place} of {directory.modules}"),
        Cell(told),
    )


def _mark(directory: Directory) -> Mark:
    if directory.in_place + directory.unknown < directory.modules:
        return BROKEN
    return UNKNOWN if directory.unknown else HOLDS


def _helper_row(directory: Directory) -> tuple[Cell, ...]:
    return (
        Cell(f"{directory.path}/", "accent"),
        Cell(str(directory.modules)),
        Cell(str(len(directory.used_by))),
        Cell(", ".join(f"{folder}/" for folder in directory.destinations) or "?"),
    )


def _misplaced(terminal: Terminal, modules: Sequence[Module], most: int | None) -> Iterator[str]:
    """Modules out of place that no folder of helpers stands for."""
    found = [module for module in modules if module.in_place is False and not module.in_helper_folder]
    if not found:
        return
    yield ""
    yield terminal.paint("Other modules out of place", "strong")
    for module in found[:most]:
        yield from terminal.paragraph(module.file, first=terminal.mark(BROKEN) + " ", rest="  ", style="accent")
        text = f"→ {module.belongs} ({module.evidence}; {module.users})"
        yield from terminal.paragraph(text, first="  ", rest="    ")
    if most is not None and len(found) > most:
        yield f"  and {count(len(found) - most, 'more module')} (--all)".replace("more modules", "more")


def _table(
    terminal: Terminal, heads: Sequence[str], least: Sequence[int], rows: Sequence[Sequence[Cell]]
) -> Iterator[str]:
    wanted = [max([columns(head), *(columns(row[at].text) for row in rows)]) for at, head in enumerate(heads)]
    low = [min(width, bound) for width, bound in zip(wanted, least, strict=True)]
    widths = fitted(wanted, low, terminal.width - 2 * (len(heads) - 1))
    yield from terminal.row([Cell(head, "none") for head in heads], widths)
    for row in rows:
        yield from terminal.row(row, widths)
