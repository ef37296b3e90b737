"""What a scan takes over from earlier ones: never what has changed since."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medpro_audit.adapters import contents
from medpro_audit.adapters.cache import FILE_NAME, Cache
from medpro_audit.adapters.reading import read_source
from medpro_audit.adapters.scan_memory import Model
from medpro_audit.core.notice import Notice
from medpro_audit.extract import scan
from medpro_audit.facts.inventory import SourceFile
from medpro_audit.pipeline import Means, model, open_project

EXAMPLE = Path(__file__).parents[2] / "examples" / "clinic-api"
OLD = time.time() - 3600


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the example whose files have not changed for a while."""
    root = shutil.copytree(EXAMPLE, tmp_path / "clinic", ignore=shutil.ignore_patterns("node_modules"))
    age(root)
    return root


def age(root: Path) -> None:
    """Set modification times back; change times can't be, so the tests wait for these where it matters."""
    for path in root.rglob("*"):
        if path.is_file():
            os.utime(path, (OLD, OLD))


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths of the files that are parsed."""
    paths: list[str] = []
    original = scan.SourceText.__init__

    def recorded(self: scan.SourceText, path: str, *rest: object) -> None:
        paths.append(path)
        original(self, path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(scan.SourceText, "__init__", recorded)
    return paths


def scanned(root: Path, folder: Path, jobs: int = 1) -> Model:
    """The model of a project, with a cache."""
    with Cache(folder, pytest.fail) as cache:
        return model(open_project(root), Means(cache, jobs=jobs))


def test_nothing_is_parsed_twice(project: Path, tmp_path: Path, parsed: list[str]) -> None:
    """A second scan of the same files gives the same model without looking into them."""
    expected = model(open_project(project))
    assert scanned(project, tmp_path / "cache") == expected
    parsed.clear()
    assert scanned(project, tmp_path / "cache") == expected
    assert parsed == []


def test_nothing_is_read_twice(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files whose size, times and inode are the same are not even opened."""
    read: list[str] = []

    def recorded(root: Path, file: SourceFile, limit: int) -> bytes | Notice:
        read.append(file.path)
        return read_source(root, file, limit)

    monkeypatch.setattr(contents, "_SETTLED", 0)
    monkeypatch.setattr(contents, "read_source", recorded)
    scanned(project, tmp_path / "cache")
    read.clear()
    scanned(project, tmp_path / "cache")
    assert read == []


def test_processes_make_no_difference(project: Path, tmp_path: Path, parsed: list[str]) -> None:
    """Several processes extract the same, and what they have found is kept as well."""
    expected = model(open_project(project))
    assert scanned(project, tmp_path / "cache", jobs=2) == expected
    parsed.clear()
    edit_source(project)
    changed = scanned(project, tmp_path / "cache")
    assert changed == model(open_project(project))
    assert parsed[0] == "app.js"


def test_another_checkout_shares_it(project: Path, tmp_path: Path, parsed: list[str]) -> None:
    """What counts is the content of files, not where they stand or when they were written."""
    first = scanned(project, tmp_path / "cache")
    parsed.clear()
    copy = shutil.copytree(project, tmp_path / "elsewhere" / "clinic")
    assert scanned(copy, tmp_path / "cache") == first
    assert parsed == []


def test_numbers_come_back_as_they_were(tmp_path: Path) -> None:
    """A bound of a schema is a whole number where it is written as one, also in a model from the cache."""
    root = tmp_path / "app"
    root.mkdir()
    (root / "server.js").write_text(
        "const { z } = require('zod');\nconst app = require('express')();\n"
        "const body = z.object({ n: z.number().min(5) });\n"
        "app.post('/n', (req, res) => { body.parse(req.body); res.json({}); });"
    )
    texts = [msgspec.json.encode(scanned(root, tmp_path / "cache").repository.endpoints) for _ in range(2)]
    assert b'"limit":5,' in texts[0]
    assert texts[0] == texts[1]


def edit_source(root: Path) -> None:
    """A route more."""
    path = root / "app.js"
    path.write_text(path.read_text() + "\napp.get('/added', (req, res) => res.json({}));\n")


def swap_bytes(root: Path) -> None:
    """Same size, and the times are set back."""
    path = root / "app.js"
    path.write_text(path.read_text().replace("'/", "'~", 1))
    os.utime(path, (OLD, OLD))


def add_file(root: Path) -> None:
    """An application more."""
    (root / "extra.js").write_text("require('express')().get('/extra', (req, res) => res.end());")


def remove_file(root: Path) -> None:
    """A router less."""
    next(path for path in sorted(root.rglob("*.js")) if "routes" in path.parts).unlink()


def edit_settings(root: Path) -> None:
    """Another port."""
    (root / ".env").write_text("DB_PORT=3399\n")


def configure(root: Path) -> None:
    """Another module is canonical."""
    (root / "medpro-audit.toml").write_text('[database]\ncanonical = "other.js"\n')


@pytest.mark.parametrize("change", [edit_source, swap_bytes, add_file, remove_file, edit_settings, configure])
def test_whatever_changes_is_seen(project: Path, tmp_path: Path, change: Callable[[Path], None]) -> None:
    """After any change a scan with the cache says what one without it says."""
    scanned(project, tmp_path / "cache")
    change(project)
    assert scanned(project, tmp_path / "cache") == model(open_project(project))


SOURCES = sorted(
    path.relative_to(EXAMPLE).as_posix() for path in EXAMPLE.rglob("*.js") if "node_modules" not in path.parts
)
EDITS = st.tuples(
    st.sampled_from(SOURCES), st.integers(0, 200), st.sampled_from(["left out", "twice", "moved up", "cut off"])
)
"""A file, a line of it, and what happens to that."""


def edit_line(path: Path, at: int, change: str) -> None:
    """Change one line, or all that follows it."""
    lines = path.read_text().splitlines(keepends=True) or ["\n"]
    line = lines.pop(at % len(lines))
    at %= len(lines) + 1
    if change == "cut off":
        del lines[at:]
    elif change == "moved up":
        lines.insert(0, line)
    elif change == "twice":
        lines[at:at] = [line, line]
    path.write_text("".join(lines))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EDITS, min_size=1, max_size=3))
def test_whatever_is_edited_is_seen(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, int, str]]
) -> None:
    """One edit after the other, however it breaks the code: the scan after it says what one without a cache says."""
    folder = tmp_path_factory.mktemp("edited")
    root = shutil.copytree(EXAMPLE, folder / "clinic", ignore=shutil.ignore_patterns("node_modules"))
    scanned(root, folder / "cache")
    for path, at, change in edits:
        edit_line(root / path, at, change)
        assert scanned(root, folder / "cache") == model(open_project(root))


def test_an_edited_file_is_the_only_one_parsed(project: Path, tmp_path: Path, parsed: list[str]) -> None:
    """The others are taken from their extracts."""
    scanned(project, tmp_path / "cache")
    parsed.clear()
    edit_source(project)
    scanned(project, tmp_path / "cache")
    assert set(parsed) == {"app.js"}


def test_an_asset_that_a_program_reads_counts(tmp_path: Path) -> None:
    """A model depends on JSON files that the code loads, though they are no sources."""
    root = tmp_path / "app"
    root.mkdir()
    (root / "server.js").write_text(
        "const { path } = require('./routes.json');\nrequire('express')().get(path, (req, res) => res.end());"
    )
    (root / "routes.json").write_text('{"path": "/one"}')
    assert [each.path for each in scanned(root, tmp_path / "cache").repository.endpoints] == ["/one"]
    (root / "routes.json").write_text('{"path": "/two"}')
    assert [each.path for each in scanned(root, tmp_path / "cache").repository.endpoints] == ["/two"]


def test_a_model_that_is_soon_out_of_date_is_not_kept(project: Path, tmp_path: Path, parsed: list[str]) -> None:
    """Whoever scans on every change keeps the extracts, but not a model for each."""
    folder = tmp_path / "cache"
    with Cache(folder, pytest.fail) as cache:
        made = model(open_project(project), Means(cache, jobs=1, keeps_model=False))
    size = (folder / FILE_NAME).stat().st_size
    parsed.clear()
    assert scanned(project, folder) == made
    assert parsed == []
    assert (folder / FILE_NAME).stat().st_size > size


def test_an_ignored_report_is_noticed_when_it_appears(project: Path, tmp_path: Path) -> None:
    """A file that was looked for and wasn't there is a part of what a model was made from; so is its disappearance."""
    (project / ".gitignore").write_text("coverage/\n")
    report = project / "coverage" / "lcov.info"

    def reports() -> list[str]:
        return [each.file for each in scanned(project, tmp_path / "cache").repository.found("coverage-report")]

    assert reports() == []
    report.parent.mkdir()
    report.write_text("SF:app.js\nDA:1,1\nend_of_record\n")
    assert reports() == ["coverage/lcov.info"]
    report.unlink()
    assert reports() == []


def test_a_report_behind_a_link_is_not_read(project: Path, tmp_path: Path) -> None:
    """A link may lead out of the repository."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "lcov.info").write_text("SF:app.js\nDA:1,1\nend_of_record\n")
    (project / "coverage").symlink_to(outside)
    assert scanned(project, tmp_path / "cache").repository.found("coverage-report") == ()
