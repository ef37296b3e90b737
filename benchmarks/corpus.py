"""The files that a scan of a directory parses, so that every tool is given the same work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
MANIFESTS = ("package.json", "tsconfig.json", "jsconfig.json")


@dataclass(frozen=True)
class Corpus:
    """A directory with the source files that a scan of it parses, in order; some may lie outside of it."""

    folder: Path
    files: tuple[Path, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.stat().st_size for file in self.files)

    @property
    def outside(self) -> int:
        """How many files lie outside of the directory: a package of a workspace reads its neighbours."""
        return sum(not file.is_relative_to(self.folder) for file in self.files)


def observe(folder: Path, scratch: Path, alone: tuple[str, ...] = ()) -> Corpus:
    """Find out what a scan parses: the sources that it lists, and opens more often than the listing does.

    ``alone`` are the options that keep a scan from using caches and other processes.
    """
    folder = folder.resolve()
    listing, listed = _watch(scratch, folder, "--explain-files")
    _, scanned = _watch(scratch, folder, "-f", "json", *alone)
    parsed = [path for path in sources_in(listing, folder) if scanned.get(path, 0) > listed.get(path, 0)]
    return Corpus(folder, tuple(sorted(parsed)))


def sources_in(listing: str, folder: Path) -> set[Path]:
    """The files that ``--explain-files`` says are read, or would be read on demand."""
    found = re.findall(r"^(?:read|on demand) +(.+)$", listing, re.MULTILINE)
    return {Path(os.path.normpath(folder / path)) for path in found}


def _watch(scratch: Path, folder: Path, *arguments: str) -> tuple[str, dict[Path, int]]:
    """What a scan prints, and how often it opens each source file."""
    target = scratch / "opened.txt"
    command = [sys.executable, str(HERE / "opened_files.py"), str(target), "scan", str(folder), *arguments]
    printed = subprocess.run(command, check=False, capture_output=True, encoding="utf-8").stdout
    pairs = (line.split(" ", 1) for line in target.read_text(encoding="utf-8").splitlines())
    return printed, {Path(path): int(times) for times, path in pairs}


def mirror(corpus: Corpus, target: Path) -> Path:
    """Copy the files, and the manifests above them, for tools that take folders; return the copy of the directory.

    Nothing else is copied: no tool is charged for vendored files that another leaves out, and none runs configuration
    that it finds.
    """
    top = Path(os.path.commonpath([corpus.folder, *corpus.files]))
    folders = {parent for file in corpus.files for parent in file.parents if parent.is_relative_to(top)}
    manifests = [folder / name for folder in folders for name in MANIFESTS]
    for file in [*corpus.files, *(each for each in manifests if each.is_file())]:
        copy = target / file.relative_to(top)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    return target


def write_list(corpus: Corpus, target: Path) -> Path:
    """Write the paths of the files, one a line."""
    target.write_text("".join(f"{file}\n" for file in corpus.files), encoding="utf-8")
    return target
