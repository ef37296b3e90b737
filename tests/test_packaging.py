"""The wheel, installed where nothing of the checkout is: the program runs, and brings its rules and templates along."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "clinic-api"
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="hatchling is needed to build the wheel"),
    pytest.mark.skipif(importlib.util.find_spec("pip") is None, reason="pip is needed to build the wheel"),
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout; the build tool is the one that is installed, so no index is asked."""
    folder = tmp_path_factory.mktemp("wheel")
    build = ["wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([*PIP, *build], check=True, cwd=folder)
    [made] = folder.glob("*.whl")
    return made


def test_it_holds_what_is_shipped_and_nothing_else(wheel: Path) -> None:
    """Code, types, rules, templates, licence; no tests, no caches."""
    with ZipFile(wheel) as archive:
        names = archive.namelist()
    code = {path.relative_to(ROOT).as_posix() for path in (ROOT / "medpro_audit").rglob("*.py")}
    rules = {f"medpro_audit/_shipped/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "rules").rglob("*.yaml")}
    reports = {
        f"medpro_audit/_shipped/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "reports").rglob("*.j2")
    }
    assert code | rules | reports | {"medpro_audit/py.typed"} <= set(names)
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"medpro_audit"}
    assert [name for name in names if "cache" in name.rpartition("/")[0] or name.endswith(".pyc")] == []


def test_it_runs_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    """Installed by itself, with this environment's dependencies, in a folder far from the checkout."""
    home, elsewhere = tmp_path / "venv", tmp_path / "elsewhere"
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    python = str(programs / "python")
    subprocess.run([*PIP, "--python", python, "install", "--no-index", "--no-deps", str(wheel)], check=True)
    [packages] = home.glob("[Ll]ib/**/site-packages")
    used = sorted({path for path in sys.path if path.endswith("site-packages")})
    (packages / "dependencies.pth").write_text("".join(f"{path}\n" for path in used))
    shutil.copytree(EXAMPLE, elsewhere, ignore=shutil.ignore_patterns("node_modules"))
    command = [str(programs / "medpro-audit"), "scan", ".", "-f", "json", "-o", "html:report.html"]
    environment = {**os.environ, "PYTHONPATH": "", "MEDPRO_AUDIT_CACHE_DIR": str(tmp_path / "cache")}
    done = subprocess.run(command, cwd=elsewhere, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)["endpoints"]) > 40
    assert (elsewhere / "report.html").read_text().lower().startswith("<!doctype html>")
    ask = [python, "-c", "import medpro_audit; print(medpro_audit.__file__)"]
    where = subprocess.run(ask, cwd=elsewhere, env=environment, capture_output=True, text=True, check=True)
    assert Path(where.stdout.strip()).is_relative_to(home)
