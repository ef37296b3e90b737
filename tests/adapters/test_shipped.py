"""Rule packs and templates are found wherever the program is installed."""

import importlib.util
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from medpro_audit.adapters.shipped import shipped

CHECKOUT = Path(__file__).resolve().parents[2]
ASK = "from medpro_audit.adapters.shipped import shipped; print(shipped('rules'), shipped('reports'), sep='\\n')"


def test_checkout_and_editable_install_find_the_folders_at_the_top() -> None:
    """The folders that one edits are the ones that are read."""
    assert shipped("rules") == CHECKOUT / "rules"
    assert shipped("reports") == CHECKOUT / "reports"


@pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="hatchling is needed to build the wheel")
@pytest.mark.skipif(importlib.util.find_spec("pip") is None, reason="pip is needed to build the wheel")
def test_wheel_brings_the_folders_along(tmp_path: Path) -> None:
    """A wheel that is installed elsewhere has every rule and template inside the package."""
    offline = {**os.environ, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONPATH": ""}
    pip = [sys.executable, "-m", "pip", "--quiet"]
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), str(CHECKOUT)]
    subprocess.run([*pip, *build], check=True, env=offline, cwd=tmp_path)
    venv.create(tmp_path / "venv", with_pip=False, symlinks=os.name != "nt")
    python = tmp_path / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    (wheel,) = tmp_path.glob("*.whl")
    subprocess.run([*pip, "--python", str(python), "install", "--no-deps", str(wheel)], check=True, env=offline)
    answer = subprocess.run([python, "-c", ASK], check=True, env=offline, cwd=tmp_path, capture_output=True, text=True)
    for name, folder in zip(("rules", "reports"), answer.stdout.splitlines(), strict=True):
        assert Path(folder).is_relative_to(tmp_path / "venv")
        assert files_below(Path(folder)) == files_below(CHECKOUT / name)


def files_below(folder: Path) -> set[str]:
    """Relative paths of all files that stand below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
