"""Reading packs and fixtures from disk, when a stranger has written them."""

from pathlib import Path

import pytest

from medpro_audit.adapters.rule_files import read_fixtures, read_packs
from medpro_audit.core.errors import ConfigurationError
from medpro_audit.rules.loading import load_packs


def _write(folder: Path, files: dict[str, str]) -> Path:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    return folder


def test_the_shipped_packs_load() -> None:
    """Whatever way the program is installed, its packs are there and right."""
    assert [pack.id for pack in load_packs(read_packs()).packs] == ["database", "logging", "suppressions", "zod"]


def test_a_users_packs_come_on_top(tmp_path: Path) -> None:
    """Packs are the folders with YAML files, in the folder that is named; other files are left out."""
    _write(tmp_path, {"mine/pack.yaml": "x", "mine/rule.yaml": "y", "mine/notes.md": "z", "mine/deep/a.yaml": "z"})
    files = read_packs([tmp_path])
    own = {path: content for path, content in files.items() if not path.startswith("rules/")}
    assert own == {f"{tmp_path.as_posix()}/mine/pack.yaml": b"x", f"{tmp_path.as_posix()}/mine/rule.yaml": b"y"}
    assert "rules/zod/pack.yaml" in files


def test_a_folder_can_itself_be_a_pack(tmp_path: Path) -> None:
    """``--rules my-pack`` works as well as ``--rules folder-of-packs``."""
    files = read_packs([_write(tmp_path / "mine", {"pack.yaml": "x", "rule.yaml": "y"})])
    assert f"{tmp_path.as_posix()}/mine/rule.yaml" in files


@pytest.mark.parametrize("files", [{}, {"readme.md": "x"}, {"mine/notes.md": "x"}, {"mine/rule.yaml": "x"}])
def test_a_folder_without_a_pack_is_refused(tmp_path: Path, files: dict[str, str]) -> None:
    """A folder that was named by mistake does not pass for no rules."""
    with pytest.raises(ConfigurationError, match="there is no rule pack here"):
        read_packs([_write(tmp_path, files)])


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """The message names the folder as it was given."""
    with pytest.raises(ConfigurationError, match="nowhere: this folder can't be read: no such file or directory"):
        read_packs([tmp_path / "nowhere"])


def test_links_and_huge_files_are_refused(tmp_path: Path) -> None:
    """A link can't show what stands elsewhere on the machine, and both problems are said at once."""
    _write(tmp_path, {"secret.txt": "secret", "packs/mine/pack.yaml": "x", "packs/mine/huge.yaml": "x" * 200_000})
    (tmp_path / "packs" / "mine" / "link.yaml").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(ConfigurationError) as raised:
        read_packs([tmp_path / "packs"])
    huge, link = raised.value.problems
    assert "mine/huge.yaml: not read: it is larger than" in huge
    assert "mine/link.yaml: not read: " in link
    assert "secret" not in link


def test_a_linked_folder_is_not_entered(tmp_path: Path) -> None:
    """What a link leads to is neither a pack nor a fixture."""
    _write(tmp_path, {"elsewhere/pack.yaml": "x", "packs/mine/pack.yaml": "x"})
    (tmp_path / "packs" / "linked").symlink_to(tmp_path / "elsewhere")
    assert not any("/linked/" in path for path in read_packs([tmp_path / "packs"]))


def test_fixtures_are_the_folders_that_are_no_packs(tmp_path: Path) -> None:
    """Each with all its files by path; fixtures and packs may stand side by side."""
    _write(
        tmp_path,
        {"clash/server.js": "a", "clash/config/.env": "b", "mine/pack.yaml": "x", "empty/.keep": "", "README.md": ""},
    )
    assert read_fixtures(tmp_path) == {
        "clash": {"config/.env": b"b", "server.js": b"a"},
        "empty": {".keep": b""},
    }


def test_a_deep_fixture_is_refused(tmp_path: Path) -> None:
    """Nesting is capped."""
    with pytest.raises(ConfigurationError, match="folders deep"):
        read_fixtures(_write(tmp_path, {"deep/" + "a/" * 20 + "x.js": ""}))
