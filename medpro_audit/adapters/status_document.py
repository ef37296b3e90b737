"""The status document that a team keeps beside its code."""

from pathlib import Path

from medpro_audit.adapters.config import LoadedConfig
from medpro_audit.adapters.reading import read_below

_MAX_BYTES = 1_000_000


def read_status(loaded: LoadedConfig, root: Path) -> str | None:
    """Its text; None when there is none, it is too large, or it stands outside of the project."""
    base = loaded.path.parent if loaded.path is not None else root
    path = Path(loaded.config.claims.document)
    if path.is_absolute() or ".." in path.parts:
        return None
    content = read_below(base, path.as_posix(), _MAX_BYTES)
    return content.decode("utf-8-sig", "replace") if isinstance(content, bytes) else None
