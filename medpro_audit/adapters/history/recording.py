"""Which state of the code is scanned, and with what: what a record of a scan begins with."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from medpro_audit import __version__
from medpro_audit.adapters.git_log import GitLog
from medpro_audit.core.config import Config
from medpro_audit.facts.inventory import Inventory
from medpro_audit.history.record import Epoch, Revision, epoch_of
from medpro_audit.rules.rule import RuleSet


def present_revision(root: Path, inventory: Inventory) -> Revision:
    """The state of a directory: its commit, or the present moment where it stands in no git repository.

    Raises:
        UsageError: There is a repository, and git can't read it.
    """
    folder = root.resolve()
    is_in_git = any((each / ".git").exists() for each in (folder, *folder.parents))
    found = GitLog(root).revision({source.path for source in inventory.sources}) if is_in_git else None
    return found or Revision(at=datetime.now(UTC))


def present_epoch(ruleset: RuleSet, config: Config) -> Epoch:
    """What this program measures with."""
    return epoch_of(__version__, ruleset, config)
