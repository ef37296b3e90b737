"""The baseline of a project on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from medpro_audit.adapters.config import LoadedConfig
from medpro_audit.core.errors import ConfigurationError, UsageError
from medpro_audit.core.finding import Finding
from medpro_audit.gate.baseline import Baseline, Match, match_baseline, read_baseline, write_baseline


class BaselineFile:
    """Where the baseline of a project is kept: beside its configuration."""

    def __init__(self, loaded: LoadedConfig, root: Path) -> None:
        self.path = (loaded.path.parent if loaded.path is not None else root) / loaded.config.baseline.file
        self.name = loaded.config.baseline.file
        self._root = root

    def read(self) -> Baseline | None:
        """The baseline; None when there is none.

        Raises:
            ConfigurationError: It can't be read.
        """
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as fault:
            raise ConfigurationError([f"{self.name}: the baseline can't be read: {fault}"]) from fault
        return read_baseline(self.name, text)

    def write(self, baseline: Baseline) -> None:
        """Keep a baseline.

        Raises:
            UsageError: It can't be written.
        """
        try:
            self.path.write_text(write_baseline(baseline), encoding="utf-8", newline="\n")
        except OSError as fault:
            raise UsageError(f"{self.name} can't be written: {fault.strerror}; check its folder") from fault

    def match(self, baseline: Baseline, findings: Sequence[Finding], today: date) -> Match:
        """Hold it against findings; where a finding is gone, git is asked whether its file was renamed."""
        return match_baseline(baseline, findings, today=today, renamed=self._renamed)

    def _renamed(self, files: Sequence[str]) -> Mapping[str, str]:
        from medpro_audit.adapters.git import Git  # noqa: PLC0415 - rarely needed

        try:
            return Git(self._root).renamed(files)
        except UsageError:  # no repository: then nobody knows
            return {}
