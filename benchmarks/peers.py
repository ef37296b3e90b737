"""Tools that read the same kind of source, and how each is asked for about the same work."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from measuring import Program
from parse_floor import LANGUAGES

RULES = Path(__file__).parent / "peer_rules"
SUFFIXES = ",".join(suffix.removeprefix(".") for suffix in LANGUAGES)


class Peer(NamedTuple):
    """A tool, and its command line in the folder that it reads; ``{scratch}`` is where it may keep something."""

    name: str
    command: str

    def words(self, scratch: Path) -> list[str]:
        """The command line, word by word; no path is taken apart."""
        places = {"scratch": scratch, "rules": RULES, "suffixes": SUFFIXES}
        return [word.format_map(places) for word in self.command.split()]


_DEPCRUISE = "depcruise --no-config --ts-pre-compilation-deps --output-type json ."
_ESLINT = "eslint --no-config-lookup --config {rules}/eslint.config.cjs --format json ."

PEERS = (
    Peer("ast-grep, 10 rules", "ast-grep scan --config {rules}/sgconfig.yml ."),
    Peer("oxlint, its default rules", "oxlint --silent ."),
    Peer("madge, cycles", "madge --circular --extensions {suffixes} ."),
    Peer("dependency-cruiser, no rules", _DEPCRUISE),
    Peer("dependency-cruiser, cache", f"{_DEPCRUISE} --cache {{scratch}}/depcruise --cache-strategy content"),
    Peer("ESLint, 11 rules", _ESLINT),
    Peer("ESLint, cache", f"{_ESLINT} --cache --cache-strategy content --cache-location {{scratch}}/eslint"),
    Peer(
        "semgrep, 10 rules",
        "semgrep scan --metrics off --disable-version-check --no-git-ignore -q --config {rules}/semgrep.yml .",
    ),
)


def installed(folder: Path, scratch: Path, search: str | None = None) -> tuple[list[Program], list[str]]:
    """Command lines of the peers that are on the search path, for a folder; and the names of those that are not."""
    found: list[Program] = []
    missing: list[str] = []
    for peer in PEERS:
        name, *arguments = peer.words(scratch)
        program = shutil.which(name, path=search)
        if program is not None:
            found.append(Program(peer.name, [program, *arguments], folder))
        elif name not in missing:
            missing.append(name)
    return found, missing
