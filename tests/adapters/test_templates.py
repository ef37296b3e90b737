"""Reading report templates from disk."""

from pathlib import Path

import pytest

from medpro_audit.adapters.templates import read_templates
from medpro_audit.core.errors import ConfigurationError


def test_the_shipped_templates_are_read() -> None:
    """The page, the Markdown, and what they include."""
    assert {"html.html.j2", "markdown.md.j2", "_style.css", "_behaviour.js"} <= read_templates().keys()


def test_a_users_template_wins(tmp_path: Path) -> None:
    """A file of a shipped name replaces it, another is added, and what is no template is not read."""
    (tmp_path / "markdown.md.j2").write_text("mine", encoding="utf-8")
    (tmp_path / "csv.txt.j2").write_text("é", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\xff")
    (tmp_path / "folder.j2").mkdir()
    templates = read_templates([tmp_path])
    assert (templates["markdown.md.j2"], templates["csv.txt.j2"]) == ("mine", "é")
    assert not {"picture.png", "folder.j2"} & templates.keys()
    assert "html.html.j2" in templates


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A missing folder and a file that isn't UTF-8 are configuration errors."""
    with pytest.raises(ConfigurationError, match=r"none: report templates can't be read"):
        read_templates([tmp_path / "none"])
    (tmp_path / "bad.md.j2").write_bytes(b"\xff")
    with pytest.raises(ConfigurationError, match="report templates can't be read"):
        read_templates([tmp_path])
