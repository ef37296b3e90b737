"""Finding the status document."""

from pathlib import Path

import pytest

from medpro_audit.adapters.config import load_config
from medpro_audit.adapters.status_document import read_status


def test_it_is_where_it_usually_is(tmp_path: Path) -> None:
    """In docs/STATUS.md, or where the configuration says; without it, there is none."""
    assert read_status(load_config(tmp_path), tmp_path) is None
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "STATUS.md").write_text("\ufeffhere", encoding="utf-8")
    assert read_status(load_config(tmp_path), tmp_path) == "here"
    (tmp_path / "medpro-audit.toml").write_text('[claims]\ndocument = "STATE.md"\n')
    (tmp_path / "STATE.md").write_text("there")
    assert read_status(load_config(tmp_path), tmp_path) == "there"


@pytest.mark.parametrize("name", ["../outside.md", "/etc/hostname", "link.md"])
def test_nothing_outside_is_read(tmp_path: Path, name: str) -> None:
    """The configuration of a pull request is a stranger's."""
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "outside.md").write_text("secret")
    (root / "link.md").symlink_to(tmp_path / "outside.md")
    (root / "medpro-audit.toml").write_text(f'[claims]\ndocument = "{name}"\n')
    assert read_status(load_config(root), root) is None
