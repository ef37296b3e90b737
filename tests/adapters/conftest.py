"""Trees on disk, and ways to make parts of them unreadable."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

Plant = Callable[[Mapping[str, str | bytes]], Path]

NOBODY = 65534


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Write files below a fresh folder and return it."""
    root = tmp_path / "project"

    def write(files: Mapping[str, str | bytes]) -> Path:
        root.mkdir(exist_ok=True)
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return write


@pytest.fixture
def forbid(tmp_path: Path) -> Iterator[Callable[[Path], None]]:
    """Make a file or folder unreadable for the rest of the test, also when the tests run as root."""
    if not hasattr(os, "geteuid"):
        pytest.skip("this system has no user ids to take permissions from")
    is_root = os.geteuid() == 0
    forbidden: list[Path] = []

    def take_away(path: Path) -> None:
        path.chmod(0)
        forbidden.append(path)
        if is_root:  # nothing is forbidden to root, so become somebody else who can still get to the folder
            for folder in (tmp_path, *tmp_path.parents):
                if folder == Path(tempfile.gettempdir()):
                    break
                folder.chmod(0o711)
            os.seteuid(NOBODY)
            if not os.access(tmp_path, os.X_OK, effective_ids=True):
                os.seteuid(0)
                pytest.skip("the folder for temporary files is closed to other users")

    yield take_away
    if is_root:
        os.seteuid(0)
    for path in forbidden:
        path.chmod(0o700)
