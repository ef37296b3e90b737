"""Configurations for tests that are about one pack: what other packs find would stand in their way."""

from pathlib import Path

PACKS = sorted(path.parent.name for path in (Path(__file__).parents[1] / "rules").glob("*/pack.yaml"))


def only(*packs: str) -> str:
    """A table of the configuration that switches all other packs off."""
    others = ", ".join(f'"{pack}"' for pack in PACKS if pack not in packs)
    return f"[rules]\ndisable = [{others}]\n"
