"""Writes figures as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from corpus import Corpus
from measuring import Summary

HEADER = ("| tool | CPU s | wall s | peak MiB | CPU ÷ parse |", "|---|---:|---:|---:|---:|")


def section(title: str, corpus: Corpus, rows: Sequence[Summary], remarks: Sequence[str]) -> str:
    """The figures of one directory, and which files they are about."""
    lines = [f"### {title}: {len(corpus.files):,} files, {corpus.size / 1e6:.1f} MB", ""]
    if corpus.outside:
        lines += [f"{corpus.outside:,} of these files lie outside of the directory; the scan reads them too.", ""]
    lines += [*HEADER, *map(_row, rows)]
    lines += ["", *(f"- {remark}" for remark in remarks)] if remarks else []
    return "\n".join(lines) + "\n"


def _row(row: Summary) -> str:
    used = row.usage
    return f"| {row.name} | {used.cpu:.2f} | {used.wall:.2f} | {used.peak:,.0f} | {row.ratio:.1f} |"


def title_of(folder: Path) -> str:
    """A short name of a directory: its own and that of the folder above, which tells one ``server`` from another."""
    return "/".join(folder.resolve().parts[-2:])
