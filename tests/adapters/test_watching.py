"""What is worth another scan, and that no change is lost."""

import os
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from medpro_audit.adapters.discovery import discover
from medpro_audit.adapters.watching import Watched, Watcher
from medpro_audit.core.config import ScanConfig

Plant = Callable[[Mapping[str, str | bytes]], Path]


def watched(root: Path, *others: Path, config: ScanConfig | None = None) -> Watched:
    """What a scan of a folder depends on."""
    return Watched(root.resolve(), discover(root, config or ScanConfig()), others)


def concerned(project: Watched, *paths: str) -> set[str]:
    """Which of these paths, relative to the scanned folder, are worth another scan."""
    return set(project.concerned(Path(project.root / path).resolve() for path in paths))


def test_what_is_read_counts(plant: Plant) -> None:
    """Sources, JSON, settings, ignore files and configuration, also those that are not there yet."""
    project = watched(plant({"app.js": "1", "src/deep/x.ts": "1"}))
    counted = {"app.js", "new.mts", "src/y.jsx", "src/deep/z.json", ".env", "src/.gitignore", "medpro-audit.toml"}
    assert concerned(project, *counted, "server.log", "src/style.css", "src/app.js~", "src/.app.js.swp") == counted


def test_what_is_left_out_does_not(plant: Plant) -> None:
    """A folder or file that is ignored, installed or built, and whatever is in it."""
    files = {
        "app.js": "1",
        ".gitignore": "out/\n*.gen.js\n",
        "out/x.js": "1",
        "a.gen.js": "1",
        "node_modules/x/index.js": "1",
    }
    project = watched(plant(files))
    assert concerned(project, "out", "out/x.js", "a.gen.js", "node_modules", "node_modules/x/index.js") == set()
    assert concerned(project, "app.js", "out", "b.gen.js") == {"app.js", "b.gen.js"}


def test_what_could_not_be_had_may_come_back(plant: Plant) -> None:
    """A file that had just vanished, or leads out of the folder, is not left out for good."""
    root = plant({"app.js": "1"})
    (root / "away.js").symlink_to("/etc/hostname")
    project = watched(root)
    assert "away.js" in {exclusion.path for exclusion in project.inventory.exclusions}
    assert set(project.concerned([project.root / "away.js"])) == {"away.js"}


def test_folders_count(plant: Plant) -> None:
    """Those that have come, whatever is in them, and those that have gone."""
    root = plant({"app.js": "1", "src/x.js": "1"})
    project = watched(root)
    (root / "fresh").mkdir()
    (root / "src" / "x.js").unlink()
    (root / "src").rmdir()
    assert concerned(project, "fresh", "src", "gone") == {"fresh", "src"}
    assert set(project.concerned([project.root])) == {"."}


def test_every_folder_in_which_a_file_could_come_is_watched(plant: Plant) -> None:
    """Empty ones too, and those of packages that an ``include`` pattern asks for; none of what is left out."""
    root = plant({"src/deep/x.js": "1", "node_modules/a/lib/x.js": "1", "node_modules/b/x.js": "1", "built/x.js": "1"})
    (root / "empty" / "below").mkdir(parents=True)
    config = ScanConfig(include=("node_modules/a/lib",), exclude=("built",))
    folders = {path.relative_to(root.resolve()).as_posix() for path in watched(root, config=config).folders}
    assert folders == {".", "src", "src/deep", "empty", "empty/below", "node_modules/a/lib"}


def test_what_steers_from_above_counts(plant: Plant) -> None:
    """Configuration, ignore files and manifests up to the root of the repository, but no code."""
    root = plant({".git/HEAD": "", "packages/api/app.js": "1", "packages/x.js": "1"})
    project = watched(root / "packages" / "api")
    assert {root.resolve(), (root / "packages").resolve()} <= project.folders
    steering = {"../../medpro-audit.toml", "../.gitignore", "../../package.json"}
    assert concerned(project, *steering, "../x.js", "../../app.js", "../../../package.json") == steering


def test_named_files_and_rule_packs_count(plant: Plant, tmp_path: Path) -> None:
    """Wherever they stand."""
    packs, config = tmp_path / "packs", tmp_path / "settings" / "mine.toml"
    (packs / "ours").mkdir(parents=True)
    config.parent.mkdir()
    project = watched(plant({"app.js": "1"}), packs, config)
    assert {packs, packs / "ours", config.parent} <= project.folders
    counted = [packs / "ours" / "rule.yaml", packs / "new" / "pack.yaml", config]
    others = [packs / "ours" / "README.md", config.parent / "other.toml"]
    assert len(project.concerned([*counted, *others])) == len(counted)


def test_no_change_is_lost_between_two_questions(tmp_path: Path) -> None:
    """Also what changes while nobody waits is told."""
    with closing(Watcher()) as watcher:
        assert watcher.cover(frozenset({tmp_path}))
        for name in ("a.js", "b.js"):
            (tmp_path / name).write_text("1")
            assert tmp_path / name in watcher.wait()


def test_only_more_folders_are_news(tmp_path: Path) -> None:
    """Who is told that a folder is watched from now on has to look into it again."""
    folder = tmp_path / "below"
    folder.mkdir()
    with closing(Watcher()) as watcher:
        assert watcher.cover(frozenset({tmp_path, folder}))
        assert not watcher.cover(frozenset({tmp_path}))
        assert watcher.cover(frozenset({tmp_path, folder}))
        (folder / "x.js").write_text("1")
        assert folder / "x.js" in watcher.wait()


def test_a_folder_that_has_gone_and_come_back_is_watched_again(tmp_path: Path) -> None:
    """Though the folders are the same."""
    folder = tmp_path / "below"
    folder.mkdir()
    both = frozenset({tmp_path, folder})
    with closing(Watcher()) as watcher:
        watcher.cover(both)
        folder.rmdir()
        folder.mkdir()
        while folder not in watcher.wait():
            pass
        assert watcher.cover(both)
        (folder / "x.js").write_text("1")
        assert folder / "x.js" in watcher.wait()


def test_a_folder_that_vanishes_before_it_is_watched_is_asked_for_again(tmp_path: Path) -> None:
    """Without it the others are watched."""
    with closing(Watcher()) as watcher:
        assert watcher.cover(frozenset({tmp_path, tmp_path / "vanished"}))
        assert watcher.cover(frozenset({tmp_path}))
        (tmp_path / "x.js").write_text("1")
        assert tmp_path / "x.js" in watcher.wait()


def test_a_name_that_is_not_utf8_does_not_end_it(tmp_path: Path) -> None:
    """Something has changed somewhere is all that is known then; afterwards all is as before."""
    both = frozenset({tmp_path})
    with closing(Watcher()) as watcher:
        watcher.cover(both)
        Path(os.fsdecode(bytes(tmp_path) + b"/\xff.js")).touch()
        assert watcher.wait() == both
        assert watcher.cover(both)
        (tmp_path / "x.js").write_text("1")
        assert tmp_path / "x.js" in watcher.wait()


@pytest.fixture(autouse=True)
def _no_polling(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own notifications, whatever the environment asks for."""
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "false")
